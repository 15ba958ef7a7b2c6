"""Columns of an uploaded table, by known headers in the first rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from backend.core.table_reader.tables import TableError
from backend.core.words.text import clean, tr_tokens

HEADER_ROWS = 15
"""A list may begin with a title and a date."""

Rows = Iterator[tuple[int, list[Any]]]


def find_columns(rows: Rows, headers: Mapping[str, str], needed: str, missing: Any) -> dict[str, int]:
    """Field -> position, from the first row that names the field `needed`; the rows behind it are left in `rows`.

    `headers`: field -> what people write above it, with semicolons between. TableError(`missing`) if none does.
    """
    known = {tr_tokens(word): name for name, words in headers.items() for word in words.split(";")}
    for number, (_line, cells) in enumerate(rows):
        named: dict[str, int] = {}
        for position, cell in enumerate(cells):
            if name := known.get(tr_tokens(str(cell or "").lstrip("\ufeff"))):
                named.setdefault(name, position)
        if needed in named:
            return named
        if number >= HEADER_ROWS:
            break
    raise TableError(missing)


def cell_text(cells: list[Any], position: int) -> str:
    """What stands there, in one line: whole numbers without decimals, nothing where the row is shorter."""
    value = cells[position] if position < len(cells) else ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return clean(" ".join(str("" if value is None else value).split()))
