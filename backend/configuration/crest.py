"""The crest as a drawing: what is taken for one, and how it becomes a picture for mails; colours that can be read."""

from __future__ import annotations

import base64
import re
from functools import cache, lru_cache
from pathlib import Path

from django.utils.translation import gettext as _

from backend.core.errors import DomainError, ErrorCode

MOST = 400_000
"""Bytes of a crest that is uploaded: it stands in every mail."""
READABLE = 4.5
"""The contrast that WCAG asks of letters (1.4.3)."""
_PNG = b"\x89PNG"
_DANGEROUS = re.compile(
    rb"<\s*(?:\w+:)?(?:script|foreignobject|iframe|object|embed|handler|a|animate|set)\b"
    rb"|<!entity|<!doctype|<\?xml-stylesheet|\son\w+\s*=|javascript:|@import"
    rb"|(?:href|src)\s*=\s*[\"']\s*(?!#|data:image/(?:png|jpeg);)|url\(\s*[\"']?\s*[^#\"'\s]",
    re.IGNORECASE,
)
"""What a drawing may not have: a program, and the address of anything outside it."""


def as_svg(content: bytes) -> str:
    """A drawing as it is, a photograph (PNG) within one. UnicodeDecodeError for what is neither."""
    if not content.startswith(_PNG):
        return content.decode()
    data = base64.b64encode(content).decode()
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100">'
        f'<image width="100" height="100" href="data:image/png;base64,{data}"/></svg>'
    )


def checked(content: bytes, name: str) -> str:
    """The drawing of an upload. TOO_LARGE, INVALID."""
    if len(content) > MOST:
        message = _("The crest may have %(size)s kB at most. Save it smaller.") % {"size": MOST // 1000}
        raise DomainError(ErrorCode.TOO_LARGE, message, name)
    if _DANGEROUS.search(content):
        message = _(
            "This drawing has parts that do something or come from elsewhere."
            " Save it as a plain SVG, or as PNG."
        )
        raise DomainError(ErrorCode.INVALID, message, name)
    if not is_picture(content):
        raise DomainError(ErrorCode.INVALID, _("This is no picture. Choose an SVG or PNG file."), name)
    return as_svg(content)


def is_picture(content: bytes) -> bool:
    """Whether a document can show it as its crest."""
    from typst import TypstError

    try:
        _drawn(as_svg(content), 24)
    except (TypstError, UnicodeDecodeError):
        return False
    return True


@lru_cache(maxsize=4)
def png(drawing: str) -> bytes:
    """The drawing as a picture of 192 dots, for programs that show no drawings."""
    return _drawn(drawing, 192)


def _drawn(drawing: str, dots: int) -> bytes:
    from typst import Compiler

    source = b"""#set page(width: 72pt, height: 72pt, margin: 0pt, fill: none)
#image(bytes(sys.inputs.drawn), format: "svg", width: 72pt, height: 72pt, fit: "contain")"""
    compiler = Compiler(input=source)
    drawn = compiler.compile(format="png", ppi=dots, sys_inputs={"drawn": drawing})
    return bytes(drawn[0] if isinstance(drawn, list) else drawn or b"")


@cache
def of_file(file: str) -> str:
    """The drawing in a file of the installation."""
    return as_svg(Path(file).read_bytes())


# -- colours ------------------------------------------------------------------------------------------------------
def contrast_with_white(colour: str) -> float:
    """How far `#rrggbb` stands off from white (WCAG)."""
    return 1.05 / (_luminance(colour) + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (one / 12.92 if one <= 0.03928 else ((one + 0.055) / 1.055) ** 2.4 for one in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def lightened(colour: str, share: float) -> str:
    """The colour mixed with so much white (0 to 1): for letters on a dark page."""
    parts = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return "#" + "".join(f"{round(one + (255 - one) * share):02x}" for one in parts)


def on_dark(colour: str) -> str:
    """The colour, as light as letters on a dark page have to be."""
    share = 0.0
    while contrast_with_white(lightened(colour, share)) > 2.2 and share < 1:
        share += 0.05
    return lightened(colour, share)
