"""Tables that people take along: values stay values, in Excel, in CSV and on paper."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from openpyxl import load_workbook

from backend.core.errors import DomainError, ErrorCode
from backend.core.table_reader.tables import csv_rows
from backend.documents import table_writer
from backend.documents.table_writer import TableFormat

HEADINGS = ["Sayı", "Konu", "Tutar", "Gün"]
LATE = dt.datetime(2026, 11, 25, 22, 30, tzinfo=dt.UTC)
LATE_THERE = dt.datetime.fromisoformat("2026-11-26T01:30")  # Excel knows no zones
MIDNIGHT = dt.datetime.fromisoformat("2026-11-26")
FORMULAS = [
    "=1+1",
    "=cmd|' /C calc'!A1",
    "+90 532 000 00 00",
    "-2+3",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1",
    "＝1+1",
    "#N/A",
]


def written(format: str, rows: Any, headings: list[str] = HEADINGS, **more: Any) -> bytes:
    file = io.BytesIO()
    table_writer.write(format, file, title="Şikâyetler", headings=headings, rows=rows, **more)
    return file.getvalue()


def sheet_of(data: bytes) -> Any:
    return load_workbook(io.BytesIO(data)).worksheets[0]


def csv_of(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=";"))


def test_excel_holds_dates_as_dates_numbers_as_numbers_and_the_clock_of_turkiye() -> None:
    rows = [["2026/1", "İğde Işığı", Decimal("-12.50"), dt.date(2026, 11, 26)], [1, None, True, LATE]]
    sheet = sheet_of(written("XLSX", rows, lines=["Sekme: Açık"]))
    cells = [list(row) for row in sheet.iter_rows(values_only=True)]
    assert cells[0][0] == "Şikâyetler"
    assert cells[1][0] == "Sekme: Açık"
    assert cells[3] == HEADINGS
    assert cells[4] == ["2026/1", "İğde Işığı", -12.5, MIDNIGHT]
    assert cells[5] == [1, None, "evet", LATE_THERE]
    assert sheet["D5"].number_format == "dd.mm.yyyy"
    assert sheet["D5"].is_date
    assert sheet.freeze_panes == "A5"
    assert sheet.auto_filter.ref == "A4:D6"


@pytest.mark.parametrize("text", FORMULAS)
def test_no_text_becomes_a_formula_or_an_error_in_excel(text: str) -> None:
    cell = sheet_of(written("XLSX", [[text]], ["A"]))["A4"]
    assert cell.data_type == "s"
    assert cell.value.strip() == text.strip()
    assert cell.quotePrefix == (text != "#N/A")


@pytest.mark.parametrize("text", [text for text in FORMULAS if text != "#N/A"])
def test_csv_defuses_what_excel_would_calculate(text: str) -> None:
    [_heads, [cell]] = csv_of(written("CSV", [[text]], ["A"]))
    assert cell.startswith("'")
    assert cell[1:].strip() == text.strip()


def test_headings_and_titles_are_defused_too() -> None:
    assert csv_of(written("CSV", [], ["=1+1"])) == [["'=1+1"]]
    assert sheet_of(written("XLSX", [], ["=1+1"]))["A3"].data_type == "s"


def test_a_comma_in_a_text_begins_no_cell_where_a_program_separates_by_commas() -> None:
    data = written("CSV", [["Lamba,=1+1", 5]], ["Konu", "Sayı"])
    found = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert [cell for row in found for cell in row if cell.startswith("=")] == []
    assert csv_of(data) == [["Konu", "Sayı"], ["Lamba,=1+1", "5"]]


def test_csv_opens_in_turkish_excel() -> None:
    rows = [["2026/1", "Çöp; “İlk”\nikinci", Decimal("1234.50"), dt.date(2026, 2, 1)], [-5, -1.5, None, LATE]]
    data = written("CSV", rows, lines=["not in it"])
    assert data.startswith(b"\xef\xbb\xbf")
    assert csv_of(data) == [
        HEADINGS,
        ["2026/1", "Çöp; “İlk”\nikinci", "1234,50", "01.02.2026"],
        ["-5", "-1,5", "", "26.11.2026 01:30"],
    ]
    assert next(cells for _line, cells in csv_rows(io.BytesIO(data))) == HEADINGS  # our own import reads it


@pytest.mark.parametrize("format", TableFormat.values)
def test_characters_that_a_program_refuses_are_left_out(format: str) -> None:
    data = written(format, [["a\x00b\x0bc\ud800d\uffffe"]], ["A"])
    if format == "CSV":
        assert csv_of(data)[1] == ["abcde"]
    if format == "XLSX":
        assert sheet_of(data)["A4"].value == "abcde"


def test_days_before_1900_and_long_numbers_stay_readable_in_excel() -> None:
    sheet = sheet_of(written("XLSX", [[dt.date(1876, 12, 23), 10**16, float("inf")]], ["A", "B", "C"]))
    assert [cell.value for cell in sheet[4]] == ["23.12.1876", "10000000000000000", "inf"]


def test_a_pdf_is_paper_with_a_limit_that_says_what_to_do() -> None:
    rows = [["2026/1", '#set page(paper: "a0") *x* <b>', -3, dt.date(2026, 11, 26)]]
    assert written("PDF", rows, lines=["Sekme: Açık"]).startswith(b"%PDF-1.7")
    assert written("PDF", []).startswith(b"%PDF")
    with pytest.raises(DomainError, match="XLSX") as refused:
        written("PDF", ([1] for _number in range(table_writer.PDF_ROWS + 1)), ["A"])
    assert refused.value.code == ErrorCode.TOO_LARGE


@pytest.mark.parametrize("format", ["XLSX", "CSV"])
def test_rows_are_taken_as_they_come_and_progress_is_told(format: str) -> None:
    told: list[int] = []
    ahead = 0

    def rows() -> Iterator[list[int]]:
        nonlocal ahead
        for number in range(1_001):
            ahead = number + 1 - (told[-1] if told else 0)
            assert ahead <= 401  # never more than the first sample is kept
            yield [number]

    written(format, rows(), ["A"], progress=told.append)
    assert told == [200, 400, 600, 800, 1000, 1001]


def test_what_progress_raises_ends_the_writing() -> None:
    class StopError(Exception): ...

    def stop(_count: int) -> None:
        raise StopError

    with pytest.raises(StopError):
        written("CSV", ([number] for number in range(1_000)), ["A"], progress=stop)


def test_a_file_name_has_turkish_letters_and_says_nothing_of_what_was_asked_for() -> None:
    day = dt.date(2026, 11, 26)
    assert table_writer.file_name("Şikâyet ve İstekler", "XLSX", day) == "Şikâyet ve İstekler 26.11.2026.xlsx"
    assert table_writer.file_name('../a\\b:"c"\n', "CSV", day) == "a-b-c- 26.11.2026.csv"
    sent = table_writer.headers("Şikâyet.csv", "CSV")["Content-Disposition"]
    assert sent == "attachment; filename*=utf-8''%C5%9Eik%C3%A2yet.csv", "RFC 5987"
    headers = table_writer.headers("a.pdf", "PDF")
    assert headers["Content-Disposition"] == 'attachment; filename="a.pdf"'
    assert headers["X-Content-Type-Options"] == "nosniff"
