"""What comes back of the replies that were handed over to be entered in CİMER: a table with number, day and
confirmation, of which every row becomes the record of an entry, or a sentence that says why not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from django.db import transaction
from django.utils.translation import gettext as _

from backend.complaints.choices import Status
from backend.complaints.importing import cells
from backend.complaints.importing.cells import CellError
from backend.complaints.importing.report import Outcome, RowResult
from backend.complaints.law.cimer import cimer_number
from backend.complaints.models import Complaint
from backend.complaints.replies.cimer_entry import record_cimer_entry
from backend.core.errors import DomainError, ErrorCode
from backend.core.localtime import local_date
from backend.core.table_reader.columns import find_columns
from backend.core.table_reader.tables import TableError
from backend.core.table_reader.workbooks import table_rows
from backend.organization.models import User

MOST_ROWS = 5_000
HEADERS = {
    "number": (
        "cimer başvuru numarası; cimer başvuru no; cimer numarası; cimer no; başvuru numarası; başvuru no;"
        " cimer's number"
    ),
    "entered_on": (
        "cimer'e girildiği gün; cimer'e giriş tarihi; giriş tarihi; girildiği gün; girildiği tarih; cevap tarihi;"
        " entered in cimer on"
    ),
    "proof": (
        "cimer onayı; cimer'in onayı; cimer onay no; onay; onay no; onay numarası; teyit; işlem no; açıklama;"
        " cimer's confirmation"
    ),
}


@dataclass(frozen=True)
class Entry:
    """A row of the table; `problems` are of its cells. Without day and confirmation it was not entered yet."""

    row: int
    number: str
    entered_on: dt.date | None
    proof: str
    problems: list[str] = field(default_factory=list)

    @property
    def is_blank(self) -> bool:
        return not (self.entered_on or self.proof or self.problems)


@dataclass
class Return:
    """What became, or would become, of each row that says something; `waiting` rows are not entered yet."""

    rows: list[RowResult] = field(default_factory=list)
    waiting: int = 0

    def count(self, outcome: Outcome) -> int:
        return sum(row.outcome is outcome for row in self.rows)

    @property
    def recorded(self) -> int:
        return self.count(Outcome.ADDED)

    @property
    def known(self) -> int:
        return self.count(Outcome.ALREADY_THERE)

    @property
    def refused(self) -> int:
        return self.count(Outcome.REFUSED)


def read(file: BinaryIO) -> list[Entry]:
    """The rows with a number. TableError if the file is no table, has no column of numbers, or too many rows."""
    rows = table_rows(file)
    missing = _("There is no column “CİMER's number”. Take the file that was handed over and fill it in.")
    columns = find_columns(rows, HEADERS, "number", missing)
    if "entered_on" not in columns:
        message = _(
            "There is no column “Entered in CİMER on”. Take the file that was handed over and fill it in."
        )
        raise TableError(message)
    result: list[Entry] = []
    for line, values in rows:
        if any(value not in (None, "") for value in values):
            result.append(_entry(line, values, columns))
        if len(result) > MOST_ROWS:
            message = _("More than %(count)s rows. Divide the file and read the parts.")
            raise TableError(message % {"count": MOST_ROWS}, ErrorCode.TOO_LARGE)
    return result


def _entry(line: int, values: list[Any], columns: dict[str, int]) -> Entry:
    problems: list[str] = []

    def cell[V](name: str, reading: Callable[[Any], V], otherwise: V) -> V:
        position = columns.get(name)
        value = values[position] if position is not None and position < len(values) else None
        try:
            return reading(value)
        except CellError as problem:
            problems.append(str(problem))
            return otherwise

    number = cell("number", lambda value: cells.filled(cimer_number(cells.number_of_source(value))), "")
    entered_on = cell("entered_on", cells.day, None)
    return Entry(line, number, entered_on, cell("proof", cells.text, ""), problems)


def record(
    entries: Iterable[Entry], cases: Iterable[Complaint], *, may: Iterable[int], by: User | None
) -> Return:
    """Record the entries of the rows, each by itself: a refused one does not keep the others out, and one that is
    recorded already stays as it is.

    `cases`: those with these numbers that the asker sees; `may`: of those the locked ones whose entry they may record.
    """
    by_number: dict[str, list[Complaint]] = {}
    for case in cases:
        by_number.setdefault(case.source_number, []).append(case)
    allowed, seen, result = set(may), dict[str, int](), Return()
    for entry in entries:
        if entry.is_blank:
            result.waiting += 1
            continue
        if (first := seen.get(entry.number)) is not None:
            message = _("Row %(row)s has the same number; it is recorded once.") % {"row": first}
            result.rows.append(RowResult(entry.row, Outcome.ALREADY_THERE, [message]))
            continue
        row = _record(entry, by_number.get(entry.number, []), allowed, by)
        if row.outcome is not Outcome.REFUSED:
            seen[entry.number] = entry.row
        result.rows.append(row)
    return result


def _record(entry: Entry, cases: list[Complaint], allowed: set[int], by: User | None) -> RowResult:
    if entry.problems:
        return RowResult(entry.row, Outcome.REFUSED, entry.problems)
    try:
        case = _meant(entry, cases)
        if case.replied_at is not None:
            message = _("Recorded already, as entered on %(day)s.")
            return RowResult(
                entry.row,
                Outcome.ALREADY_THERE,
                [message % {"day": f"{local_date(case.replied_at):%d.%m.%Y}"}],
                case.reference,
            )
        _check(entry, case, allowed)
        with transaction.atomic():
            record_cimer_entry(case, by=by, proof=entry.proof, entered_on=entry.entered_on)
    except DomainError as error:
        named = cases[0].reference if len(cases) == 1 else ""
        return RowResult(entry.row, Outcome.REFUSED, [str(error)], named)
    return RowResult(entry.row, Outcome.ADDED, [], case.reference)


def _meant(entry: Entry, cases: list[Complaint]) -> Complaint:
    """The case of a number: of several the one that waits to be entered, or was."""
    if not cases:
        message = _("There is no application with this CİMER number before you: %(number)s.")
        raise DomainError(ErrorCode.NOT_FOUND, message % {"number": entry.number})
    waiting = [case for case in cases if case.is_to_be_entered]
    if len(waiting) > 1:
        message = _("Several applications have this number: %(references)s. Record the entry on their pages.")
        names = ", ".join(case.reference for case in waiting)
        raise DomainError(ErrorCode.CONFLICT, message % {"references": names})
    return next(iter([*waiting, *(case for case in cases if case.replied_at), *cases]))


def _check(entry: Entry, case: Complaint, allowed: set[int]) -> None:
    if case.pk not in allowed:
        raise DomainError(ErrorCode.FORBIDDEN, _("You are not allowed to do this."))
    if not case.is_to_be_entered:
        message = _("Its reply is not approved: the application is “%(status)s”.")
        raise DomainError(ErrorCode.WRONG_STATE, message % {"status": Status(case.status).label})
    if entry.entered_on is None:
        message = _("The day is missing on which it was entered. Write it as 24.11.2026.")
        raise DomainError(ErrorCode.REQUIRED, message)
