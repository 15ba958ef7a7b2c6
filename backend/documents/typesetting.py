"""Documents on paper: a Typst template and values as data, never formatted into its source, so that no text of a person
is ever read as markup. PDF/A-2a and PDF/UA-1; only the fonts that the compiler and this package bring along, so that
every machine prints alike. It compiles in some ten milliseconds and asks no network.
"""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

from django.template.loader import get_template
from django.utils import timezone

FONTS = Path(__file__).parent / "fonts"


def pdf(template: str, values: dict[str, Any]) -> bytes:
    """The document as PDF. `template` is the name of a `.typ` among the templates; it finds the values as JSON in
    `sys.inputs.data`."""
    return bytes(
        _compiler(template).compile(
            sys_inputs=_inputs(values),
            pdf_standards=["a-2a", "ua-1"],
            timestamp=int(timezone.now().timestamp()),
        )
    )


def pages(template: str, values: dict[str, Any], ppi: float = 96) -> list[bytes]:
    """Render the document as PNG pages, for previews in a browser."""
    drawn = _compiler(template).compile(format="png", ppi=ppi, sys_inputs=_inputs(values))
    return [bytes(one) for one in (drawn if isinstance(drawn, list) else [drawn])]


def qr(text: str) -> str:
    """A text as QR code, drawn (SVG): a value of a document."""
    import segno  # here, as `typst` below: no command starts slower for it

    drawn = io.BytesIO()
    segno.make_qr(text, error="m").save(drawn, kind="svg", xmldecl=False, omitsize=True, border=0)
    return drawn.getvalue().decode()


def _compiler(template: str) -> Any:
    import typst

    source = Path(get_template(template).origin.name)  # type: ignore[attr-defined]
    return typst.Compiler(
        input=str(source), root=str(source.parent), font_paths=[str(FONTS)], ignore_system_fonts=True
    )


def _inputs(values: dict[str, Any]) -> dict[str, str]:
    return {"data": json.dumps(values, ensure_ascii=False)}
