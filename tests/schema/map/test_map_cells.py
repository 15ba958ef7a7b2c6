"""The map through GraphQL: cells of what the asker sees in a fixed grid, and published ones without a number of few."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from backend.complaints.models import Complaint
from backend.core.localtime import midnight, today
from backend.core.session import system
from backend.map import grid, publishing
from backend.map.models import PublishedCell
from tests.cast import Cast
from tests.factories import make_category, make_complaint
from tests.schema.client import Asking

FACTS = "column row perDegree middleLatitude middleLongitude total late dueToday onWay closed urgent"
CELLS = f"""query ($bbox: String!, $zoom: Int!, $filter: ComplaintFilter, $search: String) {{
  mapCells(bbox: $bbox, zoom: $zoom, filter: $filter, search: $search) {{ {FACTS} }} }}"""
PUBLIC = "{ publicMap { beginsOn endsOn smallest cells { south west north east received } } }"
WHOLE = "29.1,40.9,29.4,41.1"
HERE, THERE = (41.00213, 29.23166), (41.01444, 29.25111)


def at(point: tuple[float, float], subject: str = "Çukur", **fields: Any) -> Complaint:
    return make_complaint(subject, latitude=point[0], longitude=point[1], applicant=None, **fields)


@pytest.fixture
def cases(cast: Cast) -> list[Complaint]:
    """Two of Fen at one point, late and closed; one of Park there; one of Fen elsewhere; one without a point."""
    made = [
        at(HERE, to=cast.fen, category=make_category()),
        at(HERE, to=cast.fen),
        at(HERE, "Park bankı kırık", to=cast.park),
        at(THERE, to=cast.fen),
        make_complaint(to=cast.fen),
    ]
    with system():
        Complaint.objects.filter(pk=made[0].pk).update(target_on=today() - dt.timedelta(days=1))
        Complaint.objects.filter(pk=made[1].pk).update(
            status="CLOSED", outcome="SOLVED", closed_at=made[1].registered_at
        )
        Complaint.objects.filter(pk=made[2].pk).update(target_on=today())
    return made


def cells(asking: Asking, bbox: str = WHOLE, zoom: int = 14, **more: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = asking.data(CELLS, bbox=bbox, zoom=zoom, **more)["mapCells"]
    return found


def totals(found: Iterable[dict[str, Any]]) -> list[int]:
    return [cell["total"] for cell in found]


def test_cells_count_what_the_asker_sees_by_state(ask: Any, cases: list[Complaint]) -> None:
    here, there = cells(ask.secretary)
    assert (here["total"], here["late"], here["dueToday"], here["onWay"], here["closed"]) == (3, 1, 1, 0, 1)
    assert (there["total"], there["onWay"], there["urgent"]) == (1, 1, 0)
    assert here["perDegree"] == grid.scale(14)
    assert here["column"] == int(HERE[1] * here["perDegree"])
    assert here["middleLatitude"] == pytest.approx(HERE[0])
    assert totals(cells(ask.fen_clerk)) == [2, 1], "of another unit's case a department learns nothing"
    assert totals(cells(ask.park_clerk)) == [1]
    assert cells(ask.outsider) == []


def test_the_filter_and_the_search_are_those_of_the_list(ask: Any, cases: list[Complaint]) -> None:
    assert totals(cells(ask.secretary, filter={"status": ["CLOSED"]})) == [1]
    assert totals(cells(ask.secretary, filter={"condition": ["LATE"]})) == [1]
    assert totals(cells(ask.secretary, search="bank")) == [1]
    assert cells(ask.fen_clerk, search="bank") == []


def test_a_part_is_whole_cells_so_that_overlapping_parts_agree(ask: Any, cases: list[Complaint]) -> None:
    whole = {(cell["column"], cell["row"]): cell for cell in cells(ask.secretary)}
    for shift in (0.0, 0.00001, 0.0001):
        part = f"{HERE[1] - shift - 1e-6},{HERE[0] - shift - 1e-6},{HERE[1] + 1e-6},{HERE[0] + 1e-6}"
        for cell in cells(ask.secretary, part):
            assert cell == whole[cell["column"], cell["row"]]
    assert totals(cells(ask.secretary, "28.0,40.0,28.1,40.1")) == []


def test_nonsense_is_refused_in_words(ask: Any, cases: list[Complaint]) -> None:
    refused = [
        ("", 14),
        ("29,41", 14),
        ("a,b,c,d", 14),
        ("nan,nan,nan,nan", 14),
        ("29.4,40.9,29.1,41.1", 14),
        ("-500,0,500,1", 14),
        ("29.1,40.9,29.3,inf", 14),
        (WHOLE, 99),
        (WHOLE, -1),
        (WHOLE, 19),
    ]
    for bbox, zoom in refused:
        answer = ask.secretary.answer(CELLS, bbox=bbox, zoom=zoom)
        assert answer["errors"][0]["extensions"]["code"] == "INVALID", (bbox, zoom)
    words = ask.secretary.answer(CELLS, bbox=WHOLE, zoom=19)["errors"][0]["message"]
    assert "çok büyük" in words


def test_statements_do_not_grow_with_the_cases(ask: Any, cast: Cast, cases: list[Complaint]) -> None:
    def asked() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            cells(ask.fen_clerk)
        return len(queries)

    asked()
    before = asked()
    for number in range(12):
        at((41.0 + number / 500, 29.2), to=cast.fen)
    assert asked() == before


def test_what_is_published_hides_few_and_is_rounded(cast: Cast) -> None:
    last = midnight(today().replace(day=1) - dt.timedelta(days=5))
    many = [at(HERE).pk for _ in range(8)]
    few = [at(THERE).pk for _ in range(4)]
    with system():
        Complaint.objects.filter(pk__in=[*many, *few]).update(registered_at=last)
        at(THERE)  # of this month: not counted yet
        assert publishing.publish() == 1
    found = Asking().data(PUBLIC)["publicMap"]
    (cell,) = found["cells"]
    assert cell["received"] == 5, "eight are said as five, so that a ninth shows nothing"
    assert cell["south"] <= HERE[0] < cell["north"]
    assert cell["west"] <= HERE[1] < cell["east"]
    assert found["smallest"] == 5
    assert found["endsOn"] < today().isoformat()
    with system():
        Complaint.objects.filter(pk__in=many[:4]).update(latitude=None, longitude=None)
        assert publishing.publish() == 0, "what has become few goes"
    assert Asking().data(PUBLIC)["publicMap"]["cells"] == []
    with pytest.raises(IntegrityError), system(), transaction.atomic():
        PublishedCell.objects.create(
            column=1, row=1, received=4, begins_on=today(), ends_on=today() + dt.timedelta(days=1)
        )
