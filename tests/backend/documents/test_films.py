"""Films of a real encoder: taken as they are, but for what says where, when and by what they were made."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from backend.core.errors import DomainError
from backend.documents import video
from backend.documents.intake import accept

FILMS = Path(__file__).parent / "films"
HIDDEN = (b"41.0082", b"28.9784", b"GIZLI-KAMERA", b"GPS:", b"09:30:00")


def content_of(name: str) -> bytes:
    return (FILMS / name).read_bytes()


def frames(content: bytes) -> bytes:
    """Picture and sound, read by a way of its own: the one `mdat` of these films."""
    at = content.index(b"mdat")
    return content[at + 4 : at - 4 + int.from_bytes(content[at - 4 : at])]


@pytest.mark.parametrize(("name", "others"), [("telefon.mp4", 1), ("telefon.mov", 1)])
def test_a_film_keeps_picture_and_sound_alone(name: str, others: int) -> None:
    content = content_of(name)
    found = accept(io.BytesIO(content), name)
    assert found.content_type == "video/mp4"
    assert [one for one in HIDDEN if one in found.content] == []
    assert len([one for one in HIDDEN if one in content]) >= 3
    assert len(found.content) == len(content)
    assert found.content.count(b"trak") == content.count(b"trak") - others == 2
    before, after = frames(content), frames(found.content)
    changed = [at for at, (old, new) in enumerate(zip(before, after, strict=True)) if old != new]
    assert 0 < len(changed) <= 40  # the samples of the other track
    assert accept(io.BytesIO(found.content), name).content == found.content


@pytest.mark.parametrize("name", ["telefon.mp4", "telefon.mov"])
def test_a_film_that_breaks_off_is_refused(name: str) -> None:
    with pytest.raises(DomainError):
        accept(io.BytesIO(content_of(name)[:-9]), name)


def table_of(content: bytes, name: bytes) -> int:
    """Where the content of a table of the last track, the text, begins."""
    return content.rindex(name) + 4


@pytest.mark.parametrize("table", [b"stsc", b"stsz", b"stco"])
def test_a_table_with_more_rows_than_it_holds_is_refused(table: bytes) -> None:
    content = bytearray(content_of("telefon.mp4"))
    at = table_of(content, table) + (8 if table == b"stsz" else 4)
    content[at : at + 4] = b"\xff" * 4
    with pytest.raises(DomainError):
        video.without_metadata(bytes(content))


def test_a_chunk_behind_the_end_is_refused() -> None:
    content = bytearray(content_of("telefon.mp4"))
    at = table_of(content, b"stco") + 8
    content[at : at + 4] = (len(content) - 1).to_bytes(4)
    with pytest.raises(DomainError):
        video.without_metadata(bytes(content))


def test_chunks_that_are_larger_than_the_film_together_are_refused_at_once() -> None:
    """Each of them would be emptied: a small film could keep a process for hours."""
    film, rows = content_of("telefon.mp4"), 100
    size = len(film)
    chunks = b"\0" * 4 + rows.to_bytes(4) + bytes(4 * rows)
    runs = b"\0" * 4 + (1).to_bytes(4) + (1).to_bytes(4) * 3
    sizes = b"\0" * 4 + size.to_bytes(4) + rows.to_bytes(4)
    stbl = box(b"stbl", box(b"stco", chunks), box(b"stsc", runs), box(b"stsz", sizes))
    with pytest.raises(DomainError):
        accept(io.BytesIO(film + box(b"moov", text_track(stbl))), "telefon.mp4")


def test_a_track_that_does_not_say_where_it_lies_is_refused() -> None:
    """Sizes of half a byte (stz2), and films in fragments: what is not found would stay, such as the way flown."""
    film, count = content_of("telefon.mp4"), (1).to_bytes(4)
    chunks, runs = box(b"stco", bytes(4), count, bytes(4)), box(b"stsc", bytes(4), count, count * 3)
    fixed = box(b"stsz", bytes(4), count, count)
    fragments = box(b"moof", box(b"traf", b""))
    for more in (
        box(b"moov", text_track(box(b"stbl", chunks, runs, box(b"stz2", bytes(12))))),
        box(b"moov", text_track(b"")),
        box(b"moov", text_track(box(b"stbl", chunks, runs, fixed))) + fragments,
    ):
        with pytest.raises(DomainError):
            accept(io.BytesIO(film + more), "telefon.mp4")
    assert accept(io.BytesIO(film + box(b"moov", text_track(box(b"stbl", chunks, runs, fixed)))), "a.mp4")


def test_boxes_in_boxes_in_boxes_are_refused() -> None:
    deep = b""
    for _layer in range(3000):
        deep = box(b"moov", deep)
    with pytest.raises(DomainError):
        accept(io.BytesIO(content_of("telefon.mp4") + deep), "telefon.mp4")


def box(name: bytes, *content: bytes) -> bytes:
    inner = b"".join(content)
    return (8 + len(inner)).to_bytes(4) + name + inner


def text_track(stbl: bytes) -> bytes:
    handler = box(b"hdlr", bytes(8), b"text", bytes(12))
    return box(b"trak", box(b"mdia", handler, box(b"minf", stbl)))
