"""MP4 films: recognised by their boxes, and relieved of the boxes that hold the place they were taken at."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from backend.core.errors import DomainError, ErrorCode

BRANDS = (
    b"isom",
    b"iso2",
    b"iso4",
    b"iso5",
    b"iso6",
    b"mp41",
    b"mp42",
    b"avc1",
    b"M4V ",
    b"MSNV",
    b"qt  ",
    b"3gp4",
    b"3gp5",
)
STILL = (b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"avif")
CONTAINERS = (b"moov", b"trak")
TOLD_BESIDE = (b"udta", b"meta", b"uuid")
KNOWN = (
    b"ftyp",
    b"moov",
    b"mdat",
    b"free",
    b"skip",
    b"wide",
    b"moof",
    b"mfra",
    b"sidx",
    b"styp",
    b"pdin",
    *TOLD_BESIDE,
)


def checked_type(content: bytes) -> str:
    """`video/mp4`, or UNSUPPORTED: another kind of ISO file, or one that is not boxes from end to end."""
    brand = content[8:12]
    if brand in STILL:
        message = _("HEIC pictures are not taken. Set the telephone's camera to “most compatible” (JPEG).")
        raise DomainError(ErrorCode.UNSUPPORTED, message, "file")
    names = [name for _start, _size, name, _head in _boxes(content, 0, len(content))]
    if brand not in BRANDS or b"moov" not in names or not set(names) <= set(KNOWN):
        raise _damaged()
    return "video/mp4"


def without_metadata(content: bytes) -> bytes:
    """The same film; user data, meta and private boxes become empty room, so that no offset moves."""
    result = bytearray(content)
    _blank(result, 0, len(result))
    return bytes(result)


def _blank(film: bytearray, start: int, end: int) -> None:
    for at, size, name, head in list(_boxes(bytes(film), start, end)):
        if name in CONTAINERS:
            _blank(film, at + head, at + size)
        elif name in TOLD_BESIDE:
            film[at + 4 : at + 8] = b"free"
            film[at + head : at + size] = bytes(size - head)


def _boxes(content: bytes, start: int, end: int) -> Iterator[tuple[int, int, bytes, int]]:
    """(start, size, name, length of the head) of each box; UNSUPPORTED where they do not fill the space."""
    at = start
    while at < end:
        size, name, head = int.from_bytes(content[at : at + 4]), content[at + 4 : at + 8], 8
        if size == 1:
            size, head = int.from_bytes(content[at + 8 : at + 16]), 16
        elif size == 0:
            size = end - at
        if size < head or at + size > end:
            raise _damaged()
        yield at, size, name, head
        at += size


def _damaged() -> DomainError:
    return DomainError(
        ErrorCode.UNSUPPORTED, _("The film is damaged, or of a kind that is not taken."), "file"
    )
