"""Tables that people take along: CSV, Excel and PDF, written row by row without ever holding them whole (but PDF).

Every cell is a value, never a formula: a text that a spreadsheet could take for one stays the text it is. Moments stand
in the time of Türkiye. CSV is what Turkish Excel opens by a double click: with mark, semicolon and decimal comma; it
holds headings and rows alone, since it is for the next program. Excel and PDF have title and lines above.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import math
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import chain, islice
from typing import Any, BinaryIO

from django.db.models import TextChoices
from django.utils.http import content_disposition_header
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from backend.core.errors import DomainError, ErrorCode
from backend.core.localtime import ISTANBUL, today
from backend.documents import typesetting

Cell = str | int | float | Decimal | dt.date | dt.datetime | bool | None
Rows = Iterable[Sequence[Cell]]
Progress = Callable[[int], object]
"""Callback with the number of rows written; an exception from it ends the writing."""

PDF_ROWS = 2_000
"""Some 60 pages; more is nothing to read on paper, and setting 5,000 rows took 700 MB (measured)."""
TOLD_EVERY = 200
_SAMPLE = 200
_EXCEL_TEXT = 32_767
_EXCEL_DIGITS = 10**15
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_REFUSED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufeff\ufffe\uffff]")
_LONG_WORD = re.compile(r"\S{24,}")
_DATE, _MOMENT = "dd.mm.yyyy", "dd.mm.yyyy hh:mm"


class TableFormat(TextChoices):
    """What kind of file a table becomes."""

    XLSX = "XLSX", "Excel (XLSX)"
    CSV = "CSV", "CSV"
    PDF = "PDF", "PDF"


TYPES = {
    TableFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    TableFormat.CSV: "text/csv; charset=utf-8",
    TableFormat.PDF: "application/pdf",
}


def defused(text: str) -> str:
    """The text as a CSV may hold it: one that a spreadsheet would calculate gets an apostrophe before it."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def file_name(title: str, format: str, day: dt.date | None = None) -> str:
    """“Açık talimatlar 26.11.2026.xlsx”: the title and the local day, nothing of what was asked for."""
    return typesetting.file_name(f"{title[:60].strip()} {day or today():%d.%m.%Y}", format.lower())


def headers(name: str, format: str) -> dict[str, str]:
    """Headers of a download: saved as a file, never displayed or cached by the browser."""
    return {
        "Content-Type": TYPES[TableFormat(format)],
        "Content-Disposition": content_disposition_header(True, name) or "attachment",
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
    }


def write(
    format: str,
    file: BinaryIO,
    *,
    title: str,
    headings: Sequence[str],
    rows: Rows,
    lines: Sequence[str] = (),
    progress: Progress | None = None,
) -> int:
    """The table in this format; see the three below. Returns how many rows were written."""
    writer: dict[TableFormat, Callable[..., int]] = {
        TableFormat.XLSX: write_xlsx,
        TableFormat.CSV: write_csv,
        TableFormat.PDF: write_pdf,
    }
    return writer[TableFormat(format)](
        file, title=title, headings=headings, rows=rows, lines=lines, progress=progress
    )


def write_csv(
    file: BinaryIO,
    *,
    headings: Sequence[str],
    rows: Rows,
    title: str = "",
    lines: Sequence[str] = (),
    progress: Progress | None = None,
) -> int:
    """UTF-8 with mark, semicolons, 26.11.2026 and 1,5; without `title` and `lines`. Returns the number of rows.

    Every cell stands in quotes: where a program separates by commas, a comma in a text begins no cell, which could be
    a formula.
    """
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="", write_through=False)
    try:
        writer = csv.writer(text, delimiter=";", quoting=csv.QUOTE_ALL)
        writer.writerow([defused(_clean(str(name))) for name in headings])
        count = 0
        for row in _counted(rows, progress):
            writer.writerow([_csv_cell(value) for value in row])
            count += 1
        text.flush()
    finally:
        text.detach()
    return count


def write_xlsx(
    file: BinaryIO,
    *,
    title: str,
    headings: Sequence[str],
    rows: Rows,
    lines: Sequence[str] = (),
    progress: Progress | None = None,
) -> int:
    """One sheet: title and lines, then headings that stay in sight and can be filtered by, then the rows, with dates as
    dates and numbers as numbers. Memory does not grow with the rows. Returns their number."""
    from openpyxl import Workbook  # here and below: no command starts slower for it
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    book = Workbook(write_only=True)
    sheet = book.create_sheet(_sheet_name(title))
    first = list(islice(ahead := iter(rows), _SAMPLE))
    for number, width in enumerate(_widths(headings, first, 8, 60), start=1):
        sheet.column_dimensions[get_column_letter(number)].width = width + 2
    top = len(lines) + 3  # the row of the headings: title, lines, an empty one
    sheet.freeze_panes = f"A{top + 1}"
    sheet.append([_excel_text(sheet, title, Font(bold=True, size=14))])
    for line in lines:
        sheet.append([_excel_text(sheet, line, Font(color="595959"))])
    sheet.append([])
    bold = Font(bold=True)
    sheet.append([_excel_text(sheet, str(name), bold) for name in headings])
    count = 0
    for row in _counted(chain(first, ahead), progress):
        sheet.append([_excel_cell(sheet, value) for value in row])
        count += 1
    if headings:
        sheet.auto_filter.ref = f"A{top}:{get_column_letter(len(headings))}{top + count}"
    sheet.print_title_rows = f"{top}:{top}"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9  # A4
    sheet.page_setup.fitToHeight, sheet.sheet_properties.pageSetUpPr.fitToPage = 0, True
    book.save(file)
    return count


def write_pdf(
    file: BinaryIO,
    *,
    title: str,
    headings: Sequence[str],
    rows: Rows,
    lines: Sequence[str] = (),
    progress: Progress | None = None,
) -> int:
    """A4, upright up to four columns, headings on every page, pages numbered. Returns the number of rows; TOO_LARGE
    above `PDF_ROWS`, with the advice to take Excel."""
    texts = [[_text(value) for value in row] for row in islice(_counted(rows, progress), PDF_ROWS + 1)]
    if len(texts) > PDF_ROWS:
        raise too_long_for_pdf()
    names = [_clean(str(name)) for name in headings]
    values = {
        "title": _clean(title),
        "lines": [_clean(line) for line in lines],
        "headings": names,
        "widths": _widths(names, texts, 6, 40),
        "numeric": [_is_numeric(texts, number) for number in range(len(names))],
        "rows": [[_breakable(text) for text in row] for row in texts],
        "empty": _("No row."),
    }
    file.write(typesetting.pdf("documents/print/table.typ", values))
    return len(texts)


def number(value: int) -> str:
    """2.000, in English 2,000: a number within a sentence."""
    return f"{value:,}" if get_language() == "en" else f"{value:,}".replace(",", ".")


def too_long_for_pdf() -> DomainError:
    return DomainError(
        ErrorCode.TOO_LARGE,
        _("A PDF holds at most %(n)s rows. Choose Excel (XLSX), or narrow the list down.")
        % {"n": number(PDF_ROWS)},
        "format",
    )


def _counted(rows: Rows, progress: Progress | None) -> Iterator[Sequence[Cell]]:
    count = 0
    for count, row in enumerate(rows, start=1):
        yield row
        if progress and count % TOLD_EVERY == 0:
            progress(count)
    if progress and count % TOLD_EVERY:
        progress(count)


def _clean(text: str) -> str:
    """Without what XML and spreadsheets refuse; line ends of one kind."""
    return _REFUSED.sub("", text.replace("\r\n", "\n"))


def _local(moment: dt.datetime) -> dt.datetime:
    """On the wall clock of Türkiye, without a zone; a moment that has none already stands there."""
    return moment.astimezone(ISTANBUL).replace(tzinfo=None) if moment.tzinfo else moment


def _text(value: Cell) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return _clean(value).replace("\r", "\n")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, dt.datetime):
        return f"{_local(value):%d.%m.%Y %H:%M}"
    if isinstance(value, dt.date):
        return f"{value:%d.%m.%Y}"
    if isinstance(value, Decimal):
        return f"{value:f}".replace(".", ",")
    return str(value).replace(".", ",")


def _csv_cell(value: Cell) -> str:
    """A number of ours may begin with a minus; a text that does is defused."""
    return defused(_clean(value)) if isinstance(value, str) else _text(value)


def _excel_cell(sheet: Any, value: Any) -> Any:
    if value is None or value == "":
        return None
    if isinstance(value, str | bool):
        return _excel_text(sheet, value if isinstance(value, str) else _text(value))
    if isinstance(value, dt.datetime | dt.date):
        is_moment = isinstance(value, dt.datetime)
        if value.year < 1900:  # Excel knows no such day
            return _excel_text(sheet, _text(value))
        from openpyxl.cell import WriteOnlyCell

        cell = WriteOnlyCell(sheet, _local(value) if isinstance(value, dt.datetime) else value)
        cell.number_format = _MOMENT if is_moment else _DATE
        return cell
    if not math.isfinite(value) or abs(value) >= _EXCEL_DIGITS:
        return _excel_text(sheet, _text(value))
    return value


def _excel_text(sheet: Any, text: str, font: Any = None) -> Any:
    """Text cell, also after it is edited in Excel."""
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Alignment

    text = _clean(text)[:_EXCEL_TEXT]
    cell = WriteOnlyCell(sheet, "")
    cell._value, cell.data_type = text, "s"  # the setter would take “=…” for a formula, “#N/A” for an error
    if text.startswith(_FORMULA):
        cell.quotePrefix = True
    if font:
        cell.font = font
    elif "\n" in text:
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    return cell


def _sheet_name(title: str) -> str:
    return re.sub(r"[\\/*?:\[\]]", " ", _clean(title)).strip(" '")[:31] or "Liste"


def _widths(headings: Sequence[Any], rows: Sequence[Sequence[Cell]], least: int, most: int) -> list[int]:
    """Of each column in characters, as the first rows ask for it."""
    items = [len(str(name)) for name in headings]
    for row in rows[:_SAMPLE]:
        for number, value in enumerate(row[: len(items)]):
            longest = max(map(len, _text(value).split("\n")))
            items[number] = max(items[number], longest)
    return [min(max(width, least), most) for width in items]


def _is_numeric(rows: Sequence[Sequence[str]], column: int) -> bool:
    """Whether a column holds numbers only, which stand below one another on the right."""
    texts = [row[column] for row in rows[:_SAMPLE] if column < len(row) and row[column]]
    return bool(texts) and all(re.fullmatch(r"-?\d{1,9}(,\d+)?", text) for text in texts)


def _breakable(text: str) -> str:
    """Long words, such as e-mail addresses, may be broken after their marks: a column is narrow."""
    return _LONG_WORD.sub(lambda found: re.sub(r"([@/._-])", "\\1\u200b", found[0]), text)
