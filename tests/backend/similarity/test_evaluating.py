"""Likeness is measured by the product's own statement, on files of any shape, and nothing is kept."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from backend.complaints.models import Complaint
from backend.core.session import system
from backend.similarity.pairs import read
from benchmarks.similarity import invented

OWNER = pytest.mark.django_db(databases=["default", "owner"])
ROWS = (
    ("1", "2025-03-01 09:00:00", "Çukur", "41.0030", "29.2310", "İğdeli Sokak 4", "Yolda çukur var", ""),
    ("2", "2025-03-02 09:00:00", "Lamba", "41.0090", "29.2390", "Ilgaz Sokak 9", "Lamba yanmıyor", ""),
    ("3", "2025-03-03 09:00:00", "Çukur", "41.0032", "29.2311", "iğdeli sk. no 4", "koca bir delik", "1"),
)
HEADS = ("CaseNumber", "Created Date", "Type", "Lat", "Lon", "Address", "Description", "Duplicate Of")


def asked(path: Path, *options: str) -> dict[str, Any]:
    out = io.StringIO()
    call_command("evaluate_likeness", str(path), "--json", *options, stdout=out, verbosity=0)
    return dict(json.loads(out.getvalue()))


def a_file(folder: Path, heads: Any, rows: Any, delimiter: str = ",", encoding: str = "utf-8") -> Path:
    path = folder / "cases.csv"
    path.write_text("\n".join(delimiter.join(row) for row in (heads, *rows)), encoding=encoding)
    return path


@OWNER
@pytest.mark.parametrize(("delimiter", "encoding"), [(",", "utf-8"), (";", "cp1254"), ("\t", "utf-8-sig")])
def test_columns_delimiters_and_encodings_are_found(tmp_path: Path, delimiter: str, encoding: str) -> None:
    score = asked(a_file(tmp_path, HEADS, ROWS, delimiter, encoding))
    assert (score["cases"], score["pairs"], score["first"]["1"], score["silent"]) == (3, 1, 1, 0)
    assert score["by_reason"] == {"distance": 0, "trigrams": 0, "both": 1}
    with system():
        assert not Complaint.objects.exists()


@OWNER
@pytest.mark.parametrize("names", [("{}_a", "{}_b"), ("original_{}", "duplicate_{}")])
def test_a_row_may_be_a_pair(tmp_path: Path, names: tuple[str, str]) -> None:
    fields = ("id", "date", "category", "latitude", "longitude", "address", "text")
    heads = [name.format(field) for name in names for field in fields]
    pairs = [(*ROWS[0][:7], *ROWS[2][:7])]
    score = asked(a_file(tmp_path, heads, pairs))
    assert (score["cases"], score["pairs"], score["first"]["1"]) == (2, 1, 1)


@OWNER
@pytest.mark.parametrize(
    ("heads", "rows", "options"),
    [
        (("a", "b"), [("1", "2")], ()),
        (HEADS, [("1", "gestern", "", "", "", "", "", "")], ()),
        (HEADS, [], ()),
        (HEADS, ROWS, ("--radius", "0")),
        (HEADS, ROWS, ("--column", "colour=Type")),
    ],
)
def test_a_file_or_option_that_does_not_do_says_why(
    tmp_path: Path, heads: Any, rows: Any, options: Any
) -> None:
    with pytest.raises(CommandError, match=r"\w+ \w+"):
        asked(a_file(tmp_path, heads, rows), *options)


@pytest.mark.parametrize(
    ("text", "hour"),
    [
        ("03/14/2025 02:05:00 PM", 14),
        ("14.03.2025 14.05", 14),
        ("2025-03-14T14:05:00.000", 14),
        ("14/03/2025", 0),
    ],
)
def test_moments_are_read_as_the_file_writes_them(tmp_path: Path, text: str, hour: int) -> None:
    (case,) = read(a_file(tmp_path, ("id", "date", "duplicate_of"), [("1", text, "")]), {})
    assert (case.at.year, case.at.month, case.at.day, case.at.hour) == (2025, 3, 14, hour)


def test_columns_can_be_named_and_points_stand_in_one(tmp_path: Path) -> None:
    heads = ("nummer", "wann", "steht_fuer", "location")
    path = a_file(tmp_path, heads, [("7", "2025-01-01", "", "POINT (29.231 41.003)")], ";")
    (case,) = read(path, {"key": "nummer", "at": "wann", "original": "steht_fuer"})
    assert (case.key, case.latitude, case.longitude) == ("7", 41.003, 29.231)


@OWNER
def test_the_original_of_an_invented_duplicate_is_among_the_first_three(tmp_path: Path) -> None:
    rows = invented.reports(120, 5, days=90)
    assert rows == invented.reports(120, 5, days=90)
    path = tmp_path / "invented.csv"
    with path.open("w", encoding="utf-8") as file:
        invented.write(rows, file)
    score = asked(path)
    assert score["pairs"] > 40
    assert score["shares"]["3"] > 0.85
    assert asked(path, "--single")["first"]["10"] > score["pairs"] // 2
