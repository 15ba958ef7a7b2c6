"""Excel workbooks (.xlsx) that people bring, read row by row without loading them whole."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from typing import Any, BinaryIO

from django.utils.translation import gettext_lazy as _

from backend.core.errors import ErrorCode
from backend.core.table_reader.tables import TableError, csv_rows

MAX_UNPACKED = 1 << 30  # bytes; a million rows of real data stay far below
MAX_IN_MEMORY = 1 << 27  # bytes of a part that is not read row by row: texts, styles
MAX_PARTS = 5000
MAX_RATIO = 200  # of a part above a megabyte; repeated rows come to fifty
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_ERRORS = frozenset({"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!"})


class Uncomputed:
    """Formula without a computed result: a program wrote the file, and Excel never opened it."""

    def __str__(self) -> str:
        return ""


UNCOMPUTED = Uncomputed()


def table_rows(file: BinaryIO) -> Iterator[tuple[int, list[Any]]]:
    """(line or row number, cells) of a CSV or Excel file, recognised by content, never by name.

    CSV cells are text; Excel cells also numbers, datetimes and None. Raises TableError.
    """
    file.seek(0)
    start = file.read(4)
    if start == _OLE:
        raise TableError(
            _("This is an old (.xls) or password-protected Excel file. Save it as .xlsx without a password."),
            ErrorCode.UNSUPPORTED,
        )
    return xlsx_rows(file) if start == _ZIP else csv_rows(file)


def row_count(file: BinaryIO) -> int | None:
    """About how many rows there are, at a fraction of the cost of reading them: of a CSV file its records, of a
    workbook what the program that wrote it says, None if it says nothing. For a bar, never for a decision."""
    file.seek(0)
    if file.read(4) != _ZIP:
        return sum(1 for _row in csv_rows(file)) - 1
    _checked(file)
    last: int | None = _visible_sheet(file, data_only=True).max_row
    return last - 1 if last else None


def xlsx_rows(file: BinaryIO) -> Iterator[tuple[int, list[Any]]]:
    """The rows of the first visible sheet. Values of formulas are those that Excel last computed."""
    has_formulas = _checked(file)
    values = _first_sheet(file, data_only=True)
    formulas = _first_sheet(file, data_only=False) if has_formulas else None
    try:
        for number, cells in enumerate(values, start=1):
            row = [None if value in _ERRORS else value for value in cells]
            if formulas is not None:
                row = _with_formulas(row, next(formulas, ()))
            yield number, row
    except (ValueError, KeyError, TypeError, zipfile.BadZipFile, SyntaxError) as error:
        raise TableError(_("The Excel file is damaged. Open it in Excel and save it again.")) from error


def _checked(file: BinaryIO) -> bool:
    """Whether any sheet holds formulas; TableError if it is no workbook or unpacks to too much."""
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as archive:
            if "xl/workbook.xml" not in archive.namelist():
                raise TableError(
                    _("This is not an Excel workbook. Choose a CSV or Excel (.xlsx) file."),
                    ErrorCode.UNSUPPORTED,
                )
            if _unpacks_to_too_much(archive.infolist()):
                raise TableError(
                    _("The file is too large. Divide it and import the parts."), ErrorCode.TOO_LARGE
                )
            sheets = [name for name in archive.namelist() if name.startswith("xl/worksheets/")]
            return any(_holds_formula(archive, name) for name in sheets if name.endswith(".xml"))
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
        raise TableError(_("The Excel file is damaged. Open it in Excel and save it again.")) from error


def _unpacks_to_too_much(parts: list[zipfile.ZipInfo]) -> bool:
    return (
        len(parts) > MAX_PARTS
        or sum(part.file_size for part in parts) > MAX_UNPACKED
        or any(
            (part.file_size > MAX_IN_MEMORY and not part.filename.startswith("xl/worksheets/"))
            or part.file_size > max(1 << 20, MAX_RATIO * part.compress_size)
            for part in parts
        )
    )


def _holds_formula(archive: zipfile.ZipFile, name: str) -> bool:
    tail = b""
    with archive.open(name) as sheet:
        while chunk := sheet.read(1 << 20):
            if b"<f>" in tail + chunk or b"<f " in tail + chunk:
                return True
            tail = chunk[-3:]
    return False


def _first_sheet(file: BinaryIO, *, data_only: bool) -> Iterator[tuple[Any, ...]]:
    sheet = _visible_sheet(file, data_only=data_only)
    sheet.reset_dimensions()  # programs write wrong ones, and rows would be cut off
    return iter(sheet.iter_rows(values_only=True))


def _visible_sheet(file: BinaryIO, *, data_only: bool) -> Any:
    from openpyxl import load_workbook  # here: no command starts slower for it

    try:
        book = load_workbook(file, read_only=True, data_only=data_only, keep_links=False)
        sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    except Exception as error:  # whatever openpyxl stumbles over, the file is what is wrong
        raise TableError(_("The Excel file is damaged. Open it in Excel and save it again.")) from error
    if not sheets:
        raise TableError(_("The workbook has no visible sheet."))
    return sheets[0]


def _with_formulas(row: list[Any], formulas: tuple[Any, ...]) -> list[Any]:
    for position, formula in enumerate(formulas[: len(row)]):
        is_formula = formula is not None and not isinstance(formula, int | float | bool)
        if is_formula and row[position] is None and (not isinstance(formula, str) or formula.startswith("=")):
            row[position] = UNCOMPUTED
    return row
