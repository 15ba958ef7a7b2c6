"""Making the file: the keys of all rows first, in the order of the list, then the rows by the slice.

Each slice is a short transaction of the person's own, in which it is asked anew what they see: a row that left their
sight meanwhile is not in the file, and no statement is long.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import BinaryIO

from django.utils import timezone
from django.utils.translation import gettext as _

from backend.core.errors import DomainError, ErrorCode
from backend.core.localtime import moment_text
from backend.documents import table_writer
from backend.documents.table_writer import Cell, Progress, TableFormat
from backend.exports.lists import OpenList

MOST_ROWS = 100_000
"""More is not a list any more but a copy of the register; Excel takes a minute to open it."""
SLICE = 500


def limit_of(format: str, opened: OpenList) -> int:
    """How many rows are taken at most: what the list itself tells, and what the format bears."""
    most = table_writer.PDF_ROWS if format == TableFormat.PDF else MOST_ROWS
    return most if opened.most is None else min(most, opened.most)


def keys_of(format: str, opened: OpenList) -> Sequence[Hashable]:
    """All keys of the list. TOO_LARGE, with what to do, where there are more than the format bears."""
    limit = limit_of(format, opened)
    keys = opened.keys(limit + 1)
    if len(keys) > limit and limit != opened.most:
        raise too_many(format)
    return keys[:limit]


def too_many(format: str) -> DomainError:
    if format == TableFormat.PDF:
        return table_writer.too_long_for_pdf()
    message = _("An export holds at most %(n)s rows. Narrow the list down, for example by a period.")
    return DomainError(ErrorCode.TOO_LARGE, message % {"n": table_writer.number(MOST_ROWS)})


def write(
    file: BinaryIO,
    *,
    format: str,
    opened: OpenList,
    keys: Sequence[Hashable],
    who: str,
    reopened: Callable[[], AbstractContextManager[OpenList]],
    progress: Progress | None = None,
) -> tuple[int, list[Hashable]]:
    """The list as a file; returns how many rows are in it, and their keys. `reopened` opens the list for one slice."""
    written: list[Hashable] = []

    def rows() -> Iterator[list[Cell]]:
        for start in range(0, len(keys), SLICE):
            with reopened() as again:
                part = keys[start : start + SLICE]
                cells = again.cells(part)
                written.extend(part if len(cells) == len(part) else again.seen(part))
            yield from cells

    lines = [*opened.lines, f"{moment_text(timezone.now())} · {who}"]
    if opened.most is not None and len(keys) >= opened.most:
        text = _("The list tells at most %(n)s rows, so there may be more. Narrow it down to see the rest.")
        lines.append(text % {"n": table_writer.number(opened.most)})
    count = table_writer.write(
        format,
        file,
        title=opened.title,
        lines=lines,
        headings=opened.headings,
        rows=rows(),
        progress=progress,
    )
    return count, written
