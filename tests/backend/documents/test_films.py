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


def test_tables_that_lie_end_soon_and_write_nothing_behind_the_film() -> None:
    content = bytearray(content_of("telefon.mp4"))
    for table in (b"stsc", b"stsz", b"stco"):
        at = content.rindex(table)  # of the last track, the text
        content[at + 8 : at + 12] = b"\xff" * 4
    found = video.without_metadata(bytes(content))
    assert len(found) == len(content)
    assert b"GPS:" not in found
