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
DEEPEST, MOST_ROWS = 8, 200_000
"""So deep boxes lie in one another; so many boxes lie side by side, so many chunks or samples a track has
that is not kept: an hour, fifty a second."""
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
    room, so that no offset moves. UNSUPPORTED where such a track does not say where all of it lies."""
    film = bytearray(content)
    names = {name for _start, _size, name, _head in _boxes(film, 0, len(film))}
    chunks = list(islice(_blank(film, 0, len(film), is_whole=b"moof" not in names), MOST_ROWS + 1))
    if len(chunks) > MOST_ROWS or sum(length for _first, length in chunks) > len(film):
        raise _damaged()
    for first, length in chunks:
        if first + length > len(film):
            raise _damaged()
        film[first : first + length] = bytes(length)
    return bytes(film)


def _blank(
    film: bytearray, start: int, end: int, *, is_whole: bool, depth: int = 0
) -> Iterator[tuple[int, int]]:
    """Empty the boxes that are not kept, and find the chunks of the tracks that are not. `is_whole`: the tracks say
    themselves where they lie, not the fragments of the film."""
    if depth > DEEPEST:
        raise _damaged()
    for at, size, name, head in list(_boxes(film, start, end)):
        is_other = name == b"trak" and _kind(film, at + head, at + size) not in SEEN_AND_HEARD
        if is_other:
            if not is_whole:
                raise _damaged()
            yield from _chunks(film, at + head, at + size)
        if is_other or name in TOLD_BESIDE:
            film[at + 4 : at + 8] = b"free"
            film[at + head : at + size] = bytes(size - head)
        elif name in CONTAINERS:
            yield from _blank(film, at + head, at + size, is_whole=is_whole, depth=depth + 1)


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
    """(first byte, length) of each chunk of samples of a track; UNSUPPORTED where its tables do not say."""
    table = _inside(film, start, end, b"mdia", b"minf", b"stbl")
    if table is None:
        raise _damaged()
    offsets = _numbers(film, _inside(film, *table, b"stco"), 4) or _numbers(
        film, _inside(film, *table, b"co64"), 8
    )
    if not offsets:
        return
    runs = _numbers(film, _inside(film, *table, b"stsc"), 4, 3)
    sizes = _inside(film, *table, b"stsz")
    if not runs or sizes is None:
        raise _damaged()
    fixed, left = (int.from_bytes(film[sizes[0] + at : sizes[0] + at + 4]) for at in (4, 8))
    each = iter(() if fixed else _numbers(film, (sizes[0] + 4, sizes[1]), 4))
    here, at = 0, 0
    for number, first in enumerate(offsets, 1):
        while at < len(runs) and runs[at] <= number:
            here, at = runs[at + 1], at + 3
        count = min(here, left)
        left -= count
        yield first, count * fixed if fixed else sum(islice(each, count))


def _numbers(film: bytearray, span: tuple[int, int] | None, width: int, columns: int = 1) -> list[int]:
    """The numbers of a table: version and flags, how many rows, the rows. UNSUPPORTED where it has not so many."""
    if span is None:
        return []
    first, count = span[0] + 8, int.from_bytes(film[span[0] + 4 : span[0] + 8])
    last = first + count * columns * width
    if count > MOST_ROWS or last > span[1]:
        raise _damaged()
    return [int.from_bytes(film[at : at + width]) for at in range(first, last, width)]


def _boxes(content: bytes | bytearray, start: int, end: int) -> Iterator[tuple[int, int, bytes, int]]:
    """(start, size, name, length of the head) of each box; UNSUPPORTED where they do not fill the space."""
    at, count = start, 0
    while at < end:
        count += 1
        size, name, head = int.from_bytes(content[at : at + 4]), bytes(content[at + 4 : at + 8]), 8
        if size == 1:
            size, head = int.from_bytes(content[at + 8 : at + 16]), 16
        elif size == 0:
            size = end - at
        if size < head or at + size > end or count > MOST_ROWS:
            raise _damaged()
        yield at, size, name, head
        at += size


def _damaged() -> DomainError:
    return DomainError(
        ErrorCode.UNSUPPORTED, _("The film is damaged, or of a kind that is not taken."), "file"
    )
