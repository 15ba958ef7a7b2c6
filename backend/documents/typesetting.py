"""Documents on paper: a Typst template and values as data, never formatted into its source, so that no text of a person
is ever read as markup. PDF/A-2a and PDF/UA-1; only the fonts that the compiler and this package bring along, so that
every machine prints alike. It compiles in some ten milliseconds and asks no network.

No letter stops a paper. The standards refuse a document for one letter that no font has or that they forbid; it is
printed in its plain form (“ｆ” as f) or as a box.
"""

from __future__ import annotations

import io
import json
import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from django.template.loader import get_template
from django.utils import timezone

from backend.configuration.office import configured

FONTS = Path(__file__).parent / "fonts"
BOX = "□"
"""What is printed for a letter that cannot be."""

_UNPRINTED = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb\ufffe\uffff]"
)
_NOT_IN_A_NAME = re.compile(r'[\x00-\x1f<>:"/\\|?*]+')
_QUOTED = re.compile(r'(?:the text|codepoint) `"((?:[^"\\]|\\.)+)"`')
"""How the compiler names each text and code point that it refuses, in one go."""
_ESCAPE = re.compile(r"\\u\{([0-9a-f]+)\}")
_BASIC = frozenset(
    map(chr, (0x09, 0x0A, *range(0x20, 0x7F), *range(0xA0, 0x180), 0x2013, 0x2019, 0x201C, 0x201D))
) | {BOX}
"""What every font has that a template sets."""
_ROUNDS = 4


def pdf(template: str, values: dict[str, Any]) -> bytes:
    """The document as PDF. `template` is the name of a `.typ` among the templates; it finds the values as JSON in
    `sys.inputs.data`. No text in them can make it fail."""
    from typst import TypstError

    compiler, printed = _compiler(template), _each_text(values, _cleaned)
    for _round in range(_ROUNDS):
        try:
            return _standard_pdf(compiler, printed)
        except TypstError as error:
            if not (refused := _refused(error)):
                raise
            printed = _mended(printed, refused)
    return _standard_pdf(compiler, _each_text(printed, _basic))


def _standard_pdf(compiler: Any, values: Any) -> bytes:
    return bytes(
        compiler.compile(
            sys_inputs=_inputs(values),
            pdf_standards=["a-2a", "ua-1"],
            timestamp=int(timezone.now().timestamp()),
        )
    )


def pages(template: str, values: dict[str, Any], ppi: float = 96) -> list[bytes]:
    """Render the document as PNG pages, for previews in a browser."""
    printed = _each_text(values, _cleaned)
    drawn = _compiler(template).compile(format="png", ppi=ppi, sys_inputs=_inputs(printed))
    return [bytes(one) for one in (drawn if isinstance(drawn, list) else [drawn])]


def file_name(words: str, ending: str = "pdf") -> str:
    """“Zimmet listesi 28.11.2026.pdf”: what a paper is called when it is saved; no folder, no mark a system refuses."""
    return f"{_NOT_IN_A_NAME.sub('-', _cleaned(words)).strip(' .-')}.{ending}"


def qr(text: str) -> str:
    """A text as QR code, drawn (SVG): a value of a document."""
    import segno  # here, as `typst` below: no command starts slower for it

    drawn = io.BytesIO()
    segno.make_qr(text, error="m").save(drawn, kind="svg", xmldecl=False, omitsize=True, border=0)
    return drawn.getvalue().decode()


def crest() -> str:
    """The municipality's crest (SVG): a value of a document; empty where the settings have none."""
    drawing: str = configured.MUNICIPALITY_CREST
    return drawing


@cache
def _fonts() -> Any:
    import typst

    return typst.Fonts(include_system_fonts=False, font_paths=[str(FONTS)])


def _compiler(template: str) -> Any:
    import typst

    source = Path(get_template(template).origin.name)  # type: ignore[attr-defined]
    return typst.Compiler(input=str(source), root=str(source.parent), font_paths=_fonts())


def _inputs(values: Any) -> dict[str, str]:
    return {"data": json.dumps(values, ensure_ascii=False)}


def _each_text(value: Any, change: Callable[[str], str]) -> Any:
    """The values with every text in them changed, at whatever depth; none becomes empty, since a heading may not be."""
    if isinstance(value, str):
        changed = change(value)
        return BOX if value.strip() and not changed.strip() else changed
    if isinstance(value, dict):
        return {name: _each_text(one, change) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_each_text(one, change) for one in value]
    return value


def _cleaned(text: str) -> str:
    """Without what is no letter at all; composed, since a font has “ş” rather than s and a mark."""
    return _UNPRINTED.sub("", unicodedata.normalize("NFC", text))


def _refused(error: Any) -> set[str]:
    """The texts for which the compiler refuses the document; none for a fault of the template."""
    quoted: Iterator[str] = (found[1] for found in _QUOTED.finditer(error.diagnostic))
    return {_ESCAPE.sub(lambda found: chr(int(found[1], 16)), text) for text in quoted}


def _mended(values: Any, refused: set[str]) -> Any:
    """The values without the marks behind refused letters, which no font has together; if there are none, with those
    letters in their plain form."""
    letters = frozenset(letter for one in refused for letter in one)
    bare = _each_text(values, lambda text: _without_marks(text, letters))
    if bare != values:
        return bare
    return _each_text(values, lambda text: "".join(_plain(one) if one in letters else one for one in text))


def _without_marks(text: str, behind: frozenset[str]) -> str:
    kept, letter = [], ""
    for one in text:
        is_mark = unicodedata.category(one)[0] == "M"
        letter = letter if is_mark else one
        if not (is_mark and letter in behind):
            kept.append(one)
    return "".join(kept)


def _basic(text: str) -> str:
    return "".join(map(_plain, text))


def _plain(letter: str) -> str:
    """The letter in its basic form; nothing for a mark or an invisible sign, else a box. It may stand in a drawing, so
    it never becomes markup."""
    plain = unicodedata.normalize("NFKC", letter)
    if plain == letter in _BASIC or set(plain) <= _BASIC - set("<>&"):
        return plain
    return "" if unicodedata.category(letter) in {"Mn", "Me", "Cf"} else BOX
