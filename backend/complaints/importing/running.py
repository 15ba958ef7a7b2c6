"""One import from the first byte to the report: all of the file, or nothing of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import chain, islice
from pathlib import Path
from typing import Any, BinaryIO

from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from backend.complaints.actions.registering import named_source
from backend.complaints.importing import writing
from backend.complaints.importing.columns import (
    DEFAULT_SOURCE,
    HEADER_ROWS,
    filled,
    find_layout,
    known_headers,
)
from backend.complaints.importing.report import Outcome, Report, RowResult
from backend.complaints.importing.rows import Case, Reader, RowError
from backend.complaints.models import Complaint
from backend.complaints.reporting.jobs import keep_figures_soon
from backend.core.errors import ErrorCode
from backend.core.session import elevated, without_timeout
from backend.core.table_reader.tables import TableError
from backend.core.table_reader.workbooks import table_rows
from backend.journal.actions import record
from backend.organization.models import User

MAX_ROWS = 1_000_000
Progress = Callable[[str, int], object]
"""Hears what is being done ("read", "write") and how many rows were done since it last heard."""


def import_file(
    file: Path | BinaryIO,
    *,
    source: str = DEFAULT_SOURCE,
    mapping: Mapping[str, str] | None = None,
    by: User | None,
    dry_run: bool = False,
    skip_invalid: bool = False,
    progress: Progress = lambda phase, count: None,
    units: Mapping[int, int] | None = None,
) -> Report:
    """Register every new row of a CSV or Excel file; the key is source and number.

    One transaction: after any fault nothing is written. An invalid row refuses the whole file, unless `skip_invalid`.
    Numbers, dates, tracking codes and first lines are those of `register`; no receipts are sent, since the source has
    acknowledged receipt. `mapping`: header -> field. `units`: category -> the department that has what ended of it (by
    their numbers in the tables); what is open the office routes. The caller has checked that `by` may register.
    Raises TableError if the file as a whole cannot be read.
    """
    if isinstance(file, Path):
        with file.open("rb") as opened:
            return import_file(
                opened, source=source, mapping=mapping, by=by, dry_run=dry_run, skip_invalid=skip_invalid,
                progress=progress, units=units,
            )  # fmt: skip
    source = checked_source(source)
    report = Report(source, dry_run)
    with elevated():
        without_timeout()
        cases = _read(file, report, mapping, progress)
        _write(cases, report, by, skip_invalid, progress, units or {})
    report.rows.sort(key=lambda row: row.row)
    return report


def checked_source(source: str) -> str:
    source = named_source(source, "", "")
    if not source or len(source) > 40:
        raise TableError(_("Name the source with at most 40 letters, always the same."), ErrorCode.INVALID)
    return source


def _read(
    file: BinaryIO, report: Report, mapping: Mapping[str, str] | None, progress: Progress
) -> list[Case]:
    rows = filled(table_rows(file))
    first = list(islice(rows, HEADER_ROWS))
    if not first:
        raise TableError(_("The file is empty. Export it again and choose that file."))
    header, layout = find_layout(first, known_headers(report.source, mapping))
    report.columns, report.unused = layout.headers, layout.unused
    reader = Reader(layout, report.source, timezone.now())
    seen: dict[str, Case] = {}
    for number, values in chain((row for row in first if row[0] > header), rows):
        _read_row(reader, number, values, seen, report)
        if len(seen) > MAX_ROWS:
            message = _("More than %(count)s rows. Divide the file and import the parts.") % {
                "count": MAX_ROWS
            }
            raise TableError(message, ErrorCode.TOO_LARGE)
        progress("read", 1)
    return list(seen.values())


def _read_row(reader: Reader, number: int, values: list[Any], seen: dict[str, Case], report: Report) -> None:
    """Keep the case of a row. A number that an earlier row has is no case of its own: the earlier one notes it."""
    try:
        case = reader.read(number, values)
    except RowError as refused:
        report.rows.append(RowResult(number, Outcome.REFUSED, refused.messages))
        return
    first = seen.setdefault(case.source_number, case)
    if first is case:
        return
    message = _("Row %(row)s has the same number and says the same; it is one case.")
    if not first.agrees_with(case):
        message = _("Row %(row)s has the same number but says something else; only this row was taken.")
    first.repeats.append(message % {"row": number})


def _write(
    cases: list[Case],
    report: Report,
    by: User | None,
    skip_invalid: bool,
    progress: Progress,
    units: Mapping[int, int],
) -> None:
    with (
        connection.cursor() as cursor
    ):  # two imports of one source at once: the second waits and adds nothing
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 2))", [f"import {report.source}"])
    there = writing.already_there(report.source, cases)
    new = [case for case in cases if case.row not in there]
    results = {case.row: RowResult(case.row, Outcome.ADDED, case.notes + case.repeats) for case in new}
    report.rows += results.values()
    report.rows += [
        RowResult(case.row, Outcome.ALREADY_THERE, case.repeats, there[case.row])
        for case in cases
        if case.row in there
    ]
    if report.dry_run or not new or (report.refused and not skip_invalid):
        return
    try:
        with transaction.atomic():
            report.written = True
            references = writing.write(
                new,
                source=report.source,
                by=by,
                report=lambda count: progress("write", count),
                units=units,
            )
            note = report.summary()
            record(verb="complaints_imported", about=Complaint(), by=by, label=report.source, note=note)
            keep_figures_soon()
    except IntegrityError as error:
        message = _("Some of these cases were registered at this moment by another user. Import again.")
        raise TableError(message, ErrorCode.CONFLICT) from error
    for row, reference in references.items():
        results[row].reference = reference
