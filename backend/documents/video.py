"""MP4 films: recognised by their boxes, and relieved of the boxes that hold the place they were taken at."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

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
CONTAINERS = (b"moov", b"trak", b"mdia", b"moof", b"traf")
TOLD_BESIDE = (b"udta", b"meta", b"uuid", b"free", b"skip", b"wide")
SEEN_AND_HEARD = (b"vide", b"soun")
"""The kinds of tracks that are kept. Telephones, drones and cameras write the way they went into others."""
KNOWN = (
    b"ftyp",
    b"moov",
    b"mdat",
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
    """The same film; user data, meta and private boxes, and tracks that are neither picture nor sound, become empty
    room, so that no offset moves."""
    result = bytearray(content)
    _blank(result, 0, len(result))
    return bytes(result)


def _blank(film: bytearray, start: int, end: int) -> None:
    for at, size, name, head in list(_boxes(film, start, end)):
        is_other = name == b"trak" and _kind(film, at + head, at + size) not in SEEN_AND_HEARD
        if is_other:
            for first, length in _chunks(film, at + head, at + size):
                film[first : first + length] = bytes(max(0, min(length, len(film) - first)))
        if is_other or name in TOLD_BESIDE:
            film[at + 4 : at + 8] = b"free"
            film[at + head : at + size] = bytes(size - head)
        elif name in CONTAINERS:
            _blank(film, at + head, at + size)


def _kind(film: bytearray, start: int, end: int) -> bytes:
    """What a track is, "" where it does not say."""
    handler = _inside(film, start, end, b"mdia", b"hdlr")
    return bytes(film[handler[0] + 8 : handler[0] + 12]) if handler else b""


def _inside(film: bytearray, start: int, end: int, *path: bytes) -> tuple[int, int] | None:
    """Where the content of a box begins and ends that is reached by these names."""
    for name in path:
        there = (
            (at + head, at + size) for at, size, found, head in _boxes(film, start, end) if found == name
        )
        if (span := next(there, None)) is None:
            return None
        start, end = span
    return start, end


def _chunks(film: bytearray, start: int, end: int) -> Iterator[tuple[int, int]]:
    """(first byte, length) of each chunk of samples of a track; of a damaged table as much as it says."""
    table = _inside(film, start, end, b"mdia", b"minf", b"stbl")
    if table is None:
        return
    offsets = _numbers(film, _inside(film, *table, b"stco"), 4) or _numbers(
        film, _inside(film, *table, b"co64"), 8
    )
    runs = _numbers(film, _inside(film, *table, b"stsc"), 4, 3)
    sizes = _inside(film, *table, b"stsz")
    if not (offsets and runs and sizes):
        return
    fixed = int.from_bytes(film[sizes[0] + 4 : sizes[0] + 8])
    each = iter(_numbers(film, (sizes[0] + 4, sizes[1]), 4))
    here, at = 0, 0
    for number, first in enumerate(offsets, 1):
        while at < len(runs) and runs[at] <= number:
            here, at = runs[at + 1], at + 3
        yield first, here * fixed if fixed else sum(islice(each, min(here, len(film))))


def _numbers(film: bytearray, span: tuple[int, int] | None, width: int, columns: int = 1) -> list[int]:
    """The numbers of a table: version and flags, how many rows, the rows."""
    if span is None:
        return []
    first, count = span[0] + 8, int.from_bytes(film[span[0] + 4 : span[0] + 8]) * columns
    last = min(span[1], first + count * width)
    return [int.from_bytes(film[at : at + width]) for at in range(first, last - width + 1, width)]


def _boxes(content: bytes | bytearray, start: int, end: int) -> Iterator[tuple[int, int, bytes, int]]:
    """(start, size, name, length of the head) of each box; UNSUPPORTED where they do not fill the space."""
    at = start
    while at < end:
        size, name, head = int.from_bytes(content[at : at + 4]), bytes(content[at + 4 : at + 8]), 8
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
