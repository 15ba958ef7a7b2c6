"""From afar the map adds up kept numbers: whatever happens to cases, they are what counting gives, for each viewer."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from backend.complaints.choices import Priority, Status
from backend.complaints.law.deadlines import Regime
from backend.complaints.models import Complaint
from backend.core.localtime import midnight, today
from backend.core.session import system
from backend.map import counting, grid, jobs, keeping
from backend.map.models import KeptCell
from permissions.complaints import sharing
from permissions.core import scope
from permissions.map import cells
from tests.cast import Cast, as_viewer
from tests.factories import make_complaint

VIEWERS = (
    "secretary",
    "mayor",
    "fen_clerk",
    "fen_head",
    "park_clerk",
    "deputy_mayor",
    "administrator",
    "outsider",
)
PARTS = (("28.9,40.8,29.6,41.3", 8), ("29.1,40.9,29.4,41.1", 13), ("29.15,40.95,29.3,41.05", grid.KEPT_ZOOM))


def same(cast: Cast, moment: str) -> None:
    """For every viewer and zoom the kept numbers come to what the statement over the cases gives."""
    for name in VIEWERS:
        with as_viewer(getattr(cast, name)):
            for bbox, zoom in PARTS:
                rows = scope.visible(Complaint)
                counted = counting.fullest(counting.cells(rows, grid.area(bbox, zoom), zoom))
                kept = cells.cells(Complaint.objects.all(), bbox, zoom)
                assert list(kept) == list(counted), (moment, name, zoom)
    with system():
        assert keeping.differing() == 0, moment


def invented(cast: Cast, chance: random.Random) -> dict[str, Any]:
    """What the map counts by, as the table may hold it."""
    day = today() + dt.timedelta(days=chance.randrange(-3, 3))
    is_closed = chance.random() < 0.5
    has_point = chance.random() < 0.9
    return {
        "longitude": round(chance.uniform(29.1, 29.3), 6) if has_point else None,
        "latitude": round(chance.uniform(40.95, 41.05), 6) if has_point else None,
        "responsible_department": chance.choice([None, cast.fen, cast.park, cast.cleaning]),
        "closed_at": midnight(day) if is_closed else None,
        "outcome": "SOLVED" if is_closed else "",
        "status": Status.CLOSED if is_closed else chance.choice([Status.ACCEPTED, Status.REPLIED]),
        "target_on": day,
        "regime": chance.choice([Regime.SERVICE_REQUEST, Regime.PETITION_3071]),
        "waiting_since": day - dt.timedelta(days=chance.randrange(-1, 2)) if chance.random() < 0.3 else None,
        "deadline_inputs": {"payment_due": "2026-01-01"} if chance.random() < 0.2 else {},
        "priority": chance.choice([Priority.NORMAL, Priority.URGENT]),
        "danger": chance.choice(["", "gaz"]),
    }


def test_kept_numbers_are_what_counting_gives(cast: Cast) -> None:
    chance = random.Random(24)
    pairs = [(cast.fen, ()), (cast.park, (cast.fen,)), (None, ()), (cast.cleaning, (cast.park, cast.fen))]
    cases = [
        make_complaint(to=to, by=cast.secretary, collaborators=along, latitude=41.0, longitude=29.2)
        for to, along in pairs * 4
    ]
    same(cast, "as they came")
    for _round in range(2):
        with system():
            for case in cases:
                Complaint.objects.filter(pk=case.pk).update(**invented(cast, chance))
        same(cast, "after changes")
    with system():
        assert KeptCell.objects.count() > len(cases), "each change is a line of its own"
    jobs.keep_cells_at_night(0)
    same(cast, "summed up")
    with system():
        assert KeptCell.objects.count() <= len(cases), "and few lines after the night"
        KeptCell.objects.filter(pk__in=KeptCell.objects.values("pk")[:2]).update(cases=7)
        assert keeping.differing() > 0
    jobs.keep_cells_at_night(0)
    same(cast, "mended")


def test_a_shared_case_is_counted_once(cast: Cast) -> None:
    shared = make_complaint(to=cast.park, by=cast.secretary, latitude=41.0, longitude=29.2)
    own = make_complaint(to=cast.fen, by=cast.secretary, latitude=41.0, longitude=29.2)
    with system():
        for case in (shared, own):
            sharing.share(case, user=cast.fen_clerk, by=cast.secretary)
            sharing.share(case, user=cast.outsider, by=cast.secretary)
    same(cast, "shared")
    for name in ("fen_clerk", "outsider"):
        with as_viewer(getattr(cast, name)):
            (cell,) = cells.cells(Complaint.objects.all(), *PARTS[1])
            assert cell["total"] == 2


def test_one_statement_and_each_wall_alone(cast: Cast) -> None:
    for to in (cast.fen, cast.park):
        make_complaint(to=to, by=cast.secretary, latitude=41.0, longitude=29.2)
    for name, departments in (("fen_clerk", {cast.fen.pk}), ("outsider", set()), ("administrator", set())):
        with as_viewer(getattr(cast, name)):
            seen = {tuple(one) for one in KeptCell.objects.values_list("departments", flat=True)}
            assert seen == {(pk,) for pk in departments}, "the second wall alone"
            with CaptureQueriesContext(connection) as queries:
                list(cells.cells(Complaint.objects.all(), *PARTS[1]))
            assert len(queries) <= 1


@pytest.mark.parametrize("zoom", range(grid.LEAST_ZOOM, grid.MOST_ZOOM))
def test_a_cell_is_four_of_the_next_zoom(zoom: int) -> None:
    assert grid.scale(zoom + 1) == 2 * grid.scale(zoom)
    assert grid.scale(grid.KEPT_ZOOM) == 256, "as the triggers say"
