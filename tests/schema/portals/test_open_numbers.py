"""Open numbers: whole months in all, by category and by mahalle, and no number of which few people are."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from backend.complaints.models import Complaint
from backend.complaints.reporting import publishing
from backend.complaints.reporting.published import OpenFigure
from backend.core.localtime import midnight, today
from backend.core.session import system
from tests.cast import Cast
from tests.factories import make_category, make_complaint
from tests.schema.client import Asking

NUMBERS = """query($y: Int!) { publicNumbers(year: $y) {
  smallest shareFrom publishedAt formula rows { beginsOn of code name received ended solvedPercent } } }"""


def last_month() -> dt.date:
    return (today().replace(day=1) - dt.timedelta(days=1)).replace(day=1)


def brought(count: int, category: Any, *, ended: int = 0, solved: int = 0) -> None:
    """Cases of the tenth of last month, of which some ended."""
    moment = midnight(last_month() + dt.timedelta(days=9))
    numbers = [make_complaint(f"Konu {number}", applicant=None).pk for number in range(count)]
    with system():
        Complaint.objects.filter(pk__in=numbers).update(category=category, registered_at=moment)
        for part, outcome in ((numbers[:solved], "SOLVED"), (numbers[solved:ended], "REJECTED")):
            rows = Complaint.objects.filter(pk__in=part)
            rows.update(status="CLOSED", outcome=outcome, closed_at=moment + dt.timedelta(days=1))


def published(of: str = "CATEGORY") -> dict[str, tuple[int | None, int | None, int | None]]:
    answer = Asking().data(NUMBERS, y=last_month().year)["publicNumbers"]
    rows = [row for row in answer["rows"] if row["of"] == of]
    assert all(row["beginsOn"] == last_month().isoformat() for row in rows)
    return {row["code"] or "": (row["received"], row["ended"], row["solvedPercent"]) for row in rows}


def publish() -> None:
    with system():
        publishing.publish()


@pytest.fixture
def categories(cast: Cast) -> list[Any]:
    with system():
        return [make_category(f"konu-{number}") for number in range(3)]


def test_the_numbers_of_whole_months_with_their_share(categories: list[Any]) -> None:
    brought(22, categories[0], ended=20, solved=15)
    brought(6, categories[1], ended=6, solved=6)
    make_complaint("Bu ay", applicant=None)
    publish()
    assert published() == {"konu-0": (22, 20, 75), "konu-1": (6, 6, None)}  # a share of six says too much
    assert published("TOTAL") == {"": (28, 26, 81)}


def test_few_are_left_out_and_cannot_be_reckoned_from_the_total(categories: list[Any]) -> None:
    brought(9, categories[0])
    brought(6, categories[1])
    brought(2, categories[2])
    publish()
    assert published() == {"konu-0": (9, 0, None), "konu-1": (None, 0, None), "konu-2": (None, 0, None)}
    assert published("TOTAL") == {"": (17, 0, None)}
    with system(), pytest.raises(IntegrityError), transaction.atomic():
        OpenFigure.objects.create(
            month=last_month(), of="CATEGORY", received=3, ended=0, published_at=timezone.now()
        )


def test_publishing_again_replaces_what_was_published(categories: list[Any]) -> None:
    brought(7, categories[0])
    for _round in range(2):
        publish()
    brought(5, categories[0])
    publish()
    assert published() == {"konu-0": (12, 0, None)}
    with system():
        assert set(Counter(OpenFigure.objects.values_list("month", "of", "category")).values()) == {1}


def test_a_year_of_which_nothing_is_published_is_empty(cast: Cast) -> None:
    answer = Asking().data(NUMBERS, y=1999)["publicNumbers"]
    assert (answer["rows"], answer["publishedAt"], answer["smallest"]) == ([], None, 5)
    assert "÷" in answer["formula"]
