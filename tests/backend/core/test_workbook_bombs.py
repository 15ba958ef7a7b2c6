"""A small workbook that unfolds to gigabytes is refused by what it says of itself, or where it lies."""

from __future__ import annotations

import io
import struct
import zipfile

import pytest

from backend.core.errors import ErrorCode
from backend.core.table_reader.tables import TableError
from backend.core.table_reader.workbooks import MAX_IN_MEMORY, MAX_PARTS, row_count, table_rows


def workbook(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {"xl/workbook.xml": b"<workbook/>", **parts}.items():
            archive.writestr(name, content)
    return out.getvalue()


def claiming(content: bytes, size: int) -> bytes:
    """The same workbook, whose last part says in both of its headers that it unfolds to this."""
    at = content.rindex(b"PK\x01\x02")
    (local,) = struct.unpack("<I", content[at + 42 : at + 46])
    claimed = bytearray(content)
    claimed[at + 24 : at + 28] = claimed[local + 22 : local + 26] = struct.pack("<I", size)
    return bytes(claimed)


BOMBS = {
    "ratio": workbook({"xl/worksheets/sheet1.xml": bytes(10_000_000)}),
    "parts": workbook({f"xl/a{number}": b"" for number in range(MAX_PARTS)}),
    "texts": claiming(workbook({"xl/sharedStrings.xml": b"x" * 100}), MAX_IN_MEMORY + 1),
    "in all": claiming(workbook({"xl/worksheets/sheet1.xml": b"x" * 100}), (1 << 30) + 1),
}


@pytest.mark.parametrize("what", BOMBS)
def test_a_bomb_is_too_large(what: str) -> None:
    assert len(BOMBS[what]) < 1_000_000
    for read in (lambda file: list(table_rows(file)), row_count):
        with pytest.raises(TableError) as refused:
            read(io.BytesIO(BOMBS[what]))
        assert refused.value.code is ErrorCode.TOO_LARGE


def test_a_part_that_unfolds_to_more_than_it_says_is_damaged() -> None:
    lying = claiming(workbook({"xl/worksheets/sheet1.xml": bytes(900_000)}), 100)
    with pytest.raises(TableError):
        list(table_rows(io.BytesIO(lying)))
