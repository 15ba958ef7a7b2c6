"""Evaluating on files of labelled texts, and the invented complaints on which it is tried."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from backend.complaints import catalogue as of_house
from backend.complaints.suggestion import suggest
from backend.core.session import system
from backend.organization.reference import load
from backend.triage.evaluation import reading
from backend.triage.evaluation.reading import moment
from backend.triage.evaluation.scoring import evaluate
from backend.triage.evaluation.shipped import _names, catalogue
from backend.triage.management.commands.evaluate_router import lines
from permissions.demo.triage.corpus import Invented, invent, rows

pytestmark = pytest.mark.django_db
FEW, MANY = 480, 3000
UNTIL = dt.datetime(2026, 12, 1, 9, tzinfo=dt.UTC)  # a seed of invented texts, and no day of the suite


@cache
def corpus(count: int = FEW) -> list[Invented]:
    return invent(count, 20261201, UNTIL)


def written(
    path: Path, heading: list[str], cells: list[list[str]], encoding: str = "utf-8", delimiter: str = ","
) -> Path:
    file = io.StringIO()
    csv.writer(file, delimiter=delimiter).writerows([heading, *cells])
    path.write_bytes(file.getvalue().encode(encoding, "replace"))
    return path


def run(path: Path, *options: str) -> dict[str, Any]:
    out = io.StringIO()
    call_command("evaluate_router", str(path), "--json", *options, stdout=out)
    return json.loads(out.getvalue())


def test_invented_complaints_are_the_same_for_a_seed_and_apart_from_the_words_of_the_catalogue() -> None:
    assert corpus()[:50] == invent(FEW, 20261201, UNTIL)[:50]
    assert corpus()[0] != invent(FEW, 1, UNTIL)[0]
    assert [one.at for one in corpus()] == sorted(one.at for one in corpus())
    assert any(one.returned_by for one in corpus())
    hits = [suggest(one.text, catalogue()).categories[:1] == (one.category,) for one in corpus()]
    assert sum(hits) / len(hits) < 0.2


@pytest.mark.parametrize(
    ("count", "right", "spoke", "first"),
    [(FEW, 0.8, 0.25, 0.5), pytest.param(MANY, 0.85, 0.6, 0.75, marks=pytest.mark.full)],
)
def test_the_scores_on_invented_complaints_by_a_split_of_time(
    tmp_path: Path, count: int, right: float, spoke: float, first: float
) -> None:
    """Floors far below what is reached (docs/triage.md)."""
    path = tmp_path / "corpus.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows(corpus(count)))
    found = run(path)
    assert found["is_dated"]
    assert found["known_labels"] == found["labels"]
    assert found["trained_on"] + found["asked_about"] + found["repeated"] == count
    at = found["learned"]["0.70"]
    assert at["right"] > right
    assert at["spoke"] > spoke
    assert at["first"] > first
    assert at["first_three"] > at["first"]
    assert found["keywords"]["first"] < 0.2
    assert found["calibration_error"] < 0.15
    sizes = [size for size in (100, 200, 400, 800) if size < found["trained_on"]]
    assert list(found["curve"]) == [*map(str, sizes), str(found["trained_on"])]
    assert found["curve"]["100"]["first"] < at["first"]
    assert sum(one["texts"] for one in found["by_label"]) == found["asked_about"]
    assert found["milliseconds"] > 0


@pytest.mark.parametrize(
    ("heading", "encoding", "delimiter", "label"),
    [
        (["id", "Tarih", "Şikayet", "Birim"], "utf-8-sig", ";", "Fen İşleri Müdürlüğü"),
        (["text", "department", "created"], "windows-1254", ",", "Fen İşleri"),
        (["AÇIKLAMA", "Müdürlük", "opened"], "utf-8", "\t", "fen-isleri"),
        (["subject", "body", "label"], "utf-8", ",", "Sokak aydınlatması"),
        (["metin", "kategori"], "utf-8", ";", "Lambalar (bizde olmayan)"),
        (["complaint_text", "Kategori Adı"], "utf-8", ",", "Sokak aydınlatması"),
    ],
)
def test_files_are_read_as_people_have_them(
    tmp_path: Path, heading: list[str], encoding: str, delimiter: str, label: str
) -> None:
    other = {"Sokak aydınlatması": "Ağaç ve budama", "Lambalar (bizde olmayan)": "Ağaçlar (bizde olmayan)"}
    labels = [label, other.get(label, "Park ve Bahçeler Müdürlüğü")]
    cells = []
    for number in range(90):
        lamp = number % 2 == 0
        text = f"direk yanmıyo karanlık {number}" if lamp else f"dallar uzadı ağaç devrilecek {number}"
        day = f"{number % 28 + 1:02}.{number // 28 + 1:02}.2025 10:{number % 60:02}"
        values = {"tarih": day, "created": day, "opened": day, "subject": text.split()[0], "id": str(number)}
        named = {"birim", "department", "müdürlük", "label", "kategori", "kategori adı"}
        cells.append(
            [
                values.get(name.lower(), labels[not lamp] if name.lower() in named else text)
                for name in heading
            ]
        )
    cells[5] = ["", *["" for _cell in heading[1:]]]
    found = run(written(tmp_path / "f.csv", heading, cells, encoding, delimiter))
    assert (found["texts"], found["left_out"], found["labels"]) == (89, 1, 2)
    assert found["is_dated"] == any(name in ("Tarih", "created", "opened") for name in heading)
    assert found["known_labels"] == (0 if "bizde olmayan" in label else 2)
    assert (found["keywords"] is None) == ("bizde olmayan" in label)
    assert found["learned"]["0.50"]["first"] > 0.9


def test_repeated_texts_of_the_past_are_not_asked_again(tmp_path: Path) -> None:
    cells = [
        [f"direk yanmıyo {n}" if n % 2 else f"dallar uzadı {n}", "a" if n % 2 else "b"] for n in range(80)
    ]
    cells += [["DİREK yanmıyo 1", "a"], *cells[:9]]
    found = run(written(tmp_path / "f.csv", ["metin", "kategori"], cells))
    assert found["repeated"] == 10
    assert found["asked_about"] == 12


def test_columns_are_named_by_hand_and_what_is_missing_is_said(tmp_path: Path) -> None:
    cells = [[f"direk {n}" if n % 2 else f"dallar {n}", "a" if n % 2 else "b"] for n in range(60)]
    path = written(tmp_path / "f.csv", ["ne dedi", "kime gitti"], cells)
    found = run(path, "--text", "ne dedi", "--label", "Kime Gitti")
    assert found["columns"] == {"text": "ne dedi", "label": "kime gitti"}
    with pytest.raises(CommandError, match="ne dedi, kime gitti"):
        run(path)
    with pytest.raises(CommandError, match="konu"):
        run(path, "--text", "konu")
    with pytest.raises(CommandError, match="too few"):
        run(written(tmp_path / "g.csv", ["metin", "kategori"], cells[:10]))
    with pytest.raises(CommandError):
        run(tmp_path / "none.csv")
    (tmp_path / "empty.csv").write_bytes(b"")
    with pytest.raises(CommandError):
        run(tmp_path / "empty.csv")


def test_a_person_reads_the_same(tmp_path: Path) -> None:
    cells = [[f"direk {n}" if n % 2 else f"dallar {n}", "a" if n % 2 else "b"] for n in range(60)]
    found = reading.read(written(tmp_path / "f.csv", ["metin", "kategori"], cells))
    shown = "\n".join(lines(evaluate(found, catalogue(), _names(), whose="shipped")))
    assert "learned, sure from 0.80" in shown
    assert "in the order of the file" in shown
    assert "keywords  " not in shown  # none of the labels is the catalogue's


def test_the_shipped_catalogue_is_the_house_s_once_its_files_are_loaded() -> None:
    with system():
        assert load().problems == []
        assert catalogue() == of_house.current()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2025-03-04", "2025-03-04 00:00:00"),
        ("2025-03-04T10:00:00+03:00", "2025-03-04 07:00:00"),
        ("4.3.2025", "2025-03-04 00:00:00"),
        ("04/03/2025 09:15", "2025-03-04 09:15:00"),
        ("31.02.2025", "None"),
        ("dün", "None"),
        ("", "None"),
    ],
)
def test_dates_are_read_as_files_have_them(text: str, expected: str) -> None:
    assert str(moment(text)) == expected
