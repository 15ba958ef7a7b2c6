"""Load reference data that an administrator edits as files: units, mahalle, categories, outside bodies.

Rows are identified by code. New ones are created, changed ones updated, missing ones reported and left: a department
is closed with `valid_to`, never deleted. All files together or nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.utils import IntegrityError
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from backend.core.models import Sourced
from backend.core.session import elevated
from backend.core.table_reader.tables import TableError, csv_rows_of
from backend.journal.actions import record
from backend.organization.models import CategoryCandidate, Department, User
from backend.organization.reference_sheets import CellError, Column, Sheet, words

DEFAULT_DIRECTORY = Path(__file__).parent / "data"


def sheets() -> list[Sheet]:
    """Every file there is: the domains above have some of their own (`settings.REFERENCE_SHEETS`)."""
    return [sheet for name in settings.REFERENCE_SHEETS for sheet in import_string(name)]


@dataclass(frozen=True)
class Problem:
    """Why nothing was loaded: where it is, and what to do."""

    file: str
    line: int
    column: str
    message: str

    def __str__(self) -> str:
        where = [self.file]
        if self.line:
            where.append(_("line %(line)s") % {"line": self.line})
        if self.column:
            where.append(_("column %(column)s") % {"column": self.column})
        return f"{', '.join(where)}: {self.message}"


@dataclass(frozen=True)
class Change:
    """A row whose values differ: column -> (text before, text after)."""

    file: str
    code: str
    fields: dict[str, tuple[str, str]]

    def __str__(self) -> str:
        result = "; ".join(f"{name}: {old or '–'} → {new or '–'}" for name, (old, new) in self.fields.items())
        return f"{self.file} {self.code}: {result}"


@dataclass
class Report:
    """What was done, or in a dry run would be. With `problems` nothing was written."""

    dry_run: bool
    problems: list[Problem] = field(default_factory=list)
    created: dict[str, list[str]] = field(default_factory=dict)
    changed: list[Change] = field(default_factory=list)
    missing: dict[str, list[str]] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        return not (self.problems or self.created or self.changed)

    def lines(self) -> Iterator[str]:
        """The report as a person reads it."""
        if self.problems:
            yield _("Nothing was loaded. Correct these and load again:")
            yield from map(str, self.problems)
            return
        for file, codes in self.created.items():
            yield _("%(file)s: new (%(count)s): %(codes)s") % {
                "file": file,
                "count": len(codes),
                "codes": ", ".join(codes),
            }
        yield from map(str, self.changed)
        for file, codes in self.missing.items():
            yield _("%(file)s: not in the file, left as they are: %(codes)s") % {
                "file": file,
                "codes": ", ".join(codes),
            }
        if self.is_empty:
            yield _("Everything is as in the files; nothing to change.")
        elif self.dry_run:
            yield _("Dry run: nothing was written.")


@dataclass
class Row:
    line: int
    values: dict[str, Any]

    @property
    def code(self) -> str:
        return str(self.values["code"])


def load(directory: Path = DEFAULT_DIRECTORY, *, dry_run: bool = False, by: User | None = None) -> Report:
    """Bring the database to what the files of `directory` say; a file that is not there is left out.

    Writes under the office's role, in one transaction, with journal records. The caller has made sure that
    `by` may. A second run changes nothing.
    """
    report = Report(dry_run)
    items = [sheet for sheet in sheets() if (directory / sheet.file).is_file()]
    if not items:
        wanted = ", ".join(sheet.file for sheet in sheets())
        report.problems.append(
            Problem(str(directory.name), 0, "", _("None of these files is here: %s") % wanted)
        )
        return report
    with elevated():
        rows = {sheet.file: _read(sheet, directory / sheet.file, report) for sheet in items}
        _check_references(items, rows, report)
        if not report.problems:
            for sheet in items:
                _Loading(sheet, rows[sheet.file], report, by).run()
        if dry_run or report.problems:
            transaction.set_rollback(True)
    return report


# -- reading -------------------------------------------------------------------------------------------------
def _read(sheet: Sheet, path: Path, report: Report) -> list[Row]:
    try:
        records = list(csv_rows_of(path))
    except TableError as error:
        report.problems.append(Problem(sheet.file, 0, "", str(error)))
        return []
    header = [name.strip().lstrip("\ufeff").lower() for name in records[0][1]] if records else []
    lacking = [column.name for column in sheet.columns if column.name not in header]
    if lacking:
        message = _("The header lacks: %s. Add the column.") % ", ".join(lacking)
        report.problems.append(Problem(sheet.file, 1, "", message))
        return []
    rows, seen = [], dict[str, int]()
    for line, cells in records[1:]:
        if not any(cell.strip() for cell in cells):
            continue
        row = _read_row(sheet, line, dict(zip(header, cells, strict=False)), report)
        if first := seen.get(row.code):
            message = _("The code “%(code)s” is already on line %(line)s. Every code once.")
            report.problems.append(
                Problem(sheet.file, line, "code", message % {"code": row.code, "line": first})
            )
        seen.setdefault(row.code, line)
        rows.append(row)
    return rows


def _read_row(sheet: Sheet, line: int, cells: dict[str, str], report: Report) -> Row:
    values: dict[str, Any] = {"code": ""}
    for column in sheet.columns:
        try:
            values[column.name] = _read_cell(sheet.model, column, cells.get(column.name, ""))
        except (CellError, ValidationError) as error:
            text = " ".join(error.messages) if isinstance(error, ValidationError) else str(error)
            report.problems.append(Problem(sheet.file, line, column.name, text))
    if sheet.model is Department and values.get("valid_to") is None and values.get("successor"):
        message = _("Only a closed department has a successor: give its last day in valid_to.")
        report.problems.append(Problem(sheet.file, line, "successor", message))
    if values.get("valid_to") and values.get("valid_from") and values["valid_to"] < values["valid_from"]:
        message = _("The last day is before the first.")
        report.problems.append(Problem(sheet.file, line, "valid_to", message))
    return Row(line, values)


def _read_cell(model: type[models.Model], column: Column, text: str) -> Any:
    text = text.strip()
    if column.required and not text:
        raise CellError(_("Must not be empty."))
    if column.many:
        return words(text)
    value = column.read(text)
    if not column.refers_to and value not in (None, "", []):
        model._meta.get_field(column.name).clean(value, None)  # type: ignore[union-attr]
    return value


def _check_references(found: list[Sheet], rows: dict[str, list[Row]], report: Report) -> None:
    """Every code that is referred to is in the file or already in the database; one open private office."""
    known: dict[str, set[str]] = {}
    for sheet in sheets():
        stored = set(sheet.model._default_manager.values_list("code", flat=True))
        known[sheet.file] = stored | {row.code for row in rows.get(sheet.file, [])}
    for sheet in found:
        for column in (c for c in sheet.columns if c.refers_to):
            for row in rows[sheet.file]:
                value = row.values.get(column.name)
                for code in value if column.many and value else [value] if value else []:
                    if code not in known[column.refers_to] or (column in sheet.inward and code == row.code):
                        message = _(
                            "There is no other “%(code)s” in %(file)s. Add it there or correct it here."
                        )
                        problem = message % {"code": code, "file": column.refers_to}
                        report.problems.append(Problem(sheet.file, row.line, column.name, problem))
    offices = [r for r in rows.get("departments.csv", []) if _is_office(r)]
    for row in offices[1:]:
        message = _("There is one private office; write no in all the others.")
        report.problems.append(Problem("departments.csv", row.line, "is_private_office", message))


def _is_office(row: Row) -> bool:
    return bool(row.values.get("is_private_office")) and row.values.get("valid_to") is None


def unverified() -> list[tuple[str, list[Sourced]]]:
    """Return what was not compared with its source (DOĞRULANMADI), by the name of its table."""
    result = []
    for model in dict.fromkeys(sheet.model for sheet in sheets()):
        if issubclass(model, Sourced):
            rows = list(model._default_manager.filter(checked_on=None))
            result.append((str(model._meta.verbose_name_plural), rows))
    return [(name, rows) for name, rows in result if rows]


# -- writing -------------------------------------------------------------------------------------------------
class _Loading:
    """One file against its table: first what is there, then what is new, then references inside the file."""

    def __init__(self, sheet: Sheet, rows: list[Row], report: Report, by: User | None) -> None:
        self.sheet, self.rows, self.report, self.by = sheet, rows, report, by
        self.ids = {
            column.refers_to: dict(_sheet(column.refers_to).model._default_manager.values_list("code", "pk"))
            for column in sheet.columns
            if column.refers_to and column.refers_to != sheet.file
        }
        self.stored: dict[str, Any] = {r.code: r for r in sheet.model._default_manager.all()}  # type: ignore[attr-defined]
        self.codes_of = {pk: code for ids in self.ids.values() for code, pk in ids.items()}

    def run(self) -> None:
        differing = {row.code: self._differences(row) for row in self.rows if row.code in self.stored}
        try:
            with transaction.atomic():
                # The private office may move from one row to another: let go before taking.
                for row in sorted(self.rows, key=_is_office):
                    if differing.get(row.code):
                        self._write(row, self.stored[row.code])
                self._create([row for row in self.rows if row.code not in self.stored])
                self._write_inward()
                self._write_many()
        except IntegrityError:
            message = _(
                "Contradicts rows that are not in the file. Add them to the file, or correct this one."
            )
            self.report.problems.append(Problem(self.sheet.file, 0, "", message))
            return
        except ValidationError as error:
            self.report.problems.append(Problem(self.sheet.file, 0, "", " ".join(error.messages)))
            return
        for code, fields in differing.items():
            if fields:
                change = Change(self.sheet.file, code, fields)
                self.report.changed.append(change)
                note = str(change).partition(": ")[2]
                record(verb="reference_changed", about=self.stored[code], by=self.by, note=note)
        missing = sorted(set(self.stored) - {row.code for row in self.rows} - set(self._new))
        if missing:
            self.report.missing[self.sheet.file] = missing

    def _differences(self, row: Row) -> dict[str, tuple[str, str]]:
        stored, outcome = self.stored[row.code], {}
        for column in self.sheet.columns:
            old, new = self._stored_value(stored, column), row.values[column.name]
            if (old or None) != (new or None) or (old is False) != (new is False):
                outcome[column.name] = (_text(old), _text(new))
        return outcome

    def _stored_value(self, stored: Any, column: Column) -> Any:
        if column.many:
            return [
                candidate.department.code for candidate in stored.candidate_rows.select_related("department")
            ]
        if column.refers_to:
            other = getattr(stored, column.name)
            return other.code if other else ""
        return getattr(stored, column.name)

    def _write(self, row: Row, stored: Any) -> None:
        for column in self.sheet.own:
            if column.refers_to:
                setattr(stored, f"{column.name}_id", self.ids[column.refers_to].get(row.values[column.name]))
            else:
                setattr(stored, column.name, row.values[column.name])
        for column in self.sheet.inward:
            if not row.values[column.name]:
                setattr(stored, column.name, None)
        stored.save()

    def _create(self, rows: list[Row]) -> None:
        self._new = [row.code for row in rows]
        for row in rows:
            self.stored[row.code] = created = self.sheet.model(code=row.code)
            self._write(row, created)
        if rows:
            self.report.created[self.sheet.file] = self._new
            label = f"{self.sheet.file}: {len(rows)}"
            note = ", ".join(self._new)
            record(verb="reference_created", about=self.sheet.model(), by=self.by, label=label, note=note)

    def _write_inward(self) -> None:
        for column in self.sheet.inward:
            for row in self.rows:
                if not row.values[column.name]:
                    continue
                stored, other = self.stored[row.code], self.stored[row.values[column.name]]
                if getattr(stored, f"{column.name}_id") != other.pk:
                    setattr(stored, column.name, other)
                    stored.save(update_fields=[column.name])

    def _write_many(self) -> None:
        for column in (c for c in self.sheet.columns if c.many):
            for row in self.rows:
                stored = self.stored[row.code]
                if self._stored_value(stored, column) == row.values[column.name]:
                    continue
                stored.candidate_rows.all().delete()
                CategoryCandidate.objects.bulk_create(
                    CategoryCandidate(
                        category=stored, department_id=self.ids[column.refers_to][code], position=position
                    )
                    for position, code in enumerate(row.values[column.name])
                )


def _sheet(file: str) -> Sheet:
    return next(sheet for sheet in sheets() if sheet.file == file)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return ";".join(value)
    return "" if value is None else str(value)
