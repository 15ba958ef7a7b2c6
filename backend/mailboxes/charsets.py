"""Bytes of mails as text: declared character sets are often wrong, and Turkish letters show it first."""

from __future__ import annotations

import codecs
import re
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from urllib.parse import unquote_to_bytes

_WESTERN = frozenset({"iso8859-1", "cp1252", "iso8859-9", "cp1254", "latin-1"})
"""Read as windows-1254: it has every letter of ISO-8859-9, and differs from the western ones in the six Turkish letters
alone, which senders in Türkiye mean when they name those."""
_ASCII = frozenset(
    {"", "ascii", "us-ascii", "default", "unknown-8bit", "x-unknown", "8bit", "7bit", "binary", "none"}
)
_ALIASES = {
    "iso-8859-9-e": "cp1254",
    "iso-8859-9-i": "cp1254",
    "utf8mb4": "utf-8",
    "utf-8-bom": "utf-8-sig",
    "unicode": "utf-8",
    "unicode-1-1-utf-7": "utf-7",
    "win-1254": "cp1254",
    "x-windows-1254": "cp1254",
    "x-mac-turkish": "mac-turkish",
    "x-mac-ce": "mac-latin2",
    "ks_c_5601-1987": "cp949",
    "gb2312": "gb18030",
}
_ENCODED_WORD = re.compile(r"=\?[^?\s]*\?[bBqQ]\?")
_PARAMETER = re.compile(
    r";\s*([A-Za-z]{2,20})(\*\d{1,3})?(\*)?\s*=\s*(?:\"((?:[^\"\\]|\\.){0,2000})\"|([^;\s\"]{1,2000}))",
    re.DOTALL,
)
_LINE_BREAK = re.compile(r"[\r\n]")
_TYPE = re.compile(r"\s*([\w.+-]+/[\w.+-]+)")
_FOLD = re.compile(r"\r?\n[ \t]?|\r")


def decoded(content: bytes, declared: str) -> tuple[str, bool]:
    """Return the text of bytes, and whether they are what was declared."""
    name = _known(declared)
    if name is None or name == "ascii":
        return _guessed(content), content.isascii() or (not declared and _is_utf8_of_several_bytes(content))
    if name in _WESTERN:
        if _is_utf8_of_several_bytes(content):
            return content.decode("utf-8"), False
        return content.decode("cp1254", "replace"), True
    try:
        return content.decode(name), True
    except (UnicodeError, ValueError):
        return _guessed(content), False


def header_text(raw: str) -> str:
    """Return a header as it is meant: folded lines joined, encoded words decoded, bytes of no declared set guessed."""
    raw = _FOLD.sub(" ", raw)
    if not raw.isascii():
        raw = _guessed(raw.encode("utf-8", "surrogateescape"))
    if not _ENCODED_WORD.search(raw):
        return raw
    try:
        pieces = decode_header(raw)
    except (HeaderParseError, ValueError, LookupError):
        return raw
    return "".join(_piece(piece, charset) for piece, charset in pieces)


def type_of(raw: str) -> str:
    """Return the type that a Content-Type names, in small letters; text/plain where it names none."""
    found = _TYPE.match(raw)
    return found[1].lower() if found else "text/plain"


def content_of(part: Message) -> bytes:
    """Return the bytes of a part, decoded; what cannot be decoded as it came."""
    try:
        content = part.get_payload(decode=True)
    except Exception:
        content = None
    if isinstance(content, bytes):
        return content
    payload = part.get_payload()
    return payload.encode("utf-8", "surrogateescape") if isinstance(payload, str) else b""


def parameter(raw: str, wanted: str) -> str:
    """Return a parameter of a header, however it is cut and encoded (RFC 2231); "" where there is none."""
    pieces: list[tuple[int, bool, str]] = []
    for name, number, star, quoted, plain in _PARAMETER.findall(_LINE_BREAK.sub("", raw)):
        if name.lower() == wanted:
            value = re.sub(r"\\(.)", r"\1", quoted) if quoted else plain
            pieces.append((int(number[1:] or 0) if number else 0, bool(star), value))
    if not pieces:
        return ""
    if not any(star for _number, star, _value in pieces):
        return header_text("".join(value for _number, _star, value in sorted(pieces)))
    charset, content = "utf-8", b""
    for position, (_number, star, value) in enumerate(sorted(pieces)):
        if position == 0 and value.count("'") >= 2:
            charset, _language, value = value.split("'", 2)
        content += unquote_to_bytes(value) if star else value.encode("utf-8", "surrogateescape")
    return decoded(content, charset)[0]


def _piece(piece: bytes | str, charset: str | None) -> str:
    if isinstance(piece, str):
        return piece
    if charset is None:  # between encoded words, where the library writes as raw-unicode-escape
        return piece.decode("raw-unicode-escape", "replace") if b"\\u" not in piece else _guessed(piece)
    return decoded(piece, charset)[0]


def _known(declared: str) -> str | None:
    """The name by which Python knows a character set; "ascii" where none is named; None: it knows none of the kind."""
    name = declared.strip().strip("\"'").lower().partition("*")[0]  # with a language behind it: RFC 2231
    if name in _ASCII:
        return "ascii"
    name = _ALIASES.get(name, name)
    try:
        found = codecs.lookup(name)
    except (LookupError, ValueError, UnicodeError):
        return None
    # Some of Python's codecs turn bytes into bytes, or read escapes: none is a character set of mails.
    if not getattr(found, "_is_text_encoding", True) or found.name in {
        "unicode-escape", "raw-unicode-escape", "idna", "punycode", "undefined", "mbcs", "oem"
    }:  # fmt: skip
        return None
    return found.name


def _guessed(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1254", "replace")


def _is_utf8_of_several_bytes(content: bytes) -> bool:
    if content.isascii():
        return False
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
