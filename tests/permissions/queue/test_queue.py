"""What waits: in one order over all services, with its reason, its one step, and the walls of every list."""

from __future__ import annotations

import datetime as dt

from django.db import connection
from django.test.utils import CaptureQueriesContext

from backend.complaints import actions
from backend.complaints.choices import Priority
from backend.complaints.models import Complaint
from backend.complaints.moves import Verb
from backend.core.localtime import today
from backend.core.session import system
from permissions.queue import reading
from permissions.queue.reading import Filter, Queue
from permissions.queue.words import reason
from tests.cast import Cast, as_viewer
from tests.factories import make_complaint


def _queue(person, first: int = 50, **narrow) -> Queue:
    with as_viewer(person):
        return reading.next_up(first, purpose="test", **narrow)


def _due(row: Complaint, days: int) -> None:
    with system():
        Complaint.objects.filter(pk=row.pk).update(target_on=today() + dt.timedelta(days=days))


def test_what_is_urgent_comes_first_then_the_day(cast: Cast) -> None:
    soon, late, urgent = (make_complaint(name) for name in ("Bank", "Çöp", "Açık rögar"))
    _due(soon, 3)
    _due(late, -11)
    _due(urgent, 28)
    with system():
        Complaint.objects.filter(pk=urgent.pk).update(priority=Priority.URGENT)
    queue = _queue(cast.secretary, source="route")
    assert [item.row.pk for item in queue.items] == [urgent.pk, late.pk, soon.pk]
    assert queue.counts["route"] == reading.Count(all=3, urgent=1, late=1, today=0)
    assert [item.row.pk for item in _queue(cast.secretary, part=Filter.LATE).items] == [late.pk]
    assert [item.row.pk for item in _queue(cast.secretary, part=Filter.URGENT).items] == [urgent.pk]
    with as_viewer(cast.secretary):
        assert "11" in reason(queue.items[1])


def test_the_step_follows_the_state_and_the_hand(cast: Cast) -> None:
    row = make_complaint("Kaldırım")
    assert [item.verb for item in _queue(cast.secretary).items] == [Verb.ROUTE]
    with system():
        actions.route(row, to=cast.fen, by=cast.secretary)
    assert _queue(cast.secretary).items == []
    assert [(item.source.name, item.verb) for item in _queue(cast.fen_clerk).items] == [
        ("accept", Verb.ACCEPT)
    ]
    with system():
        actions.accept(row, by=cast.fen_clerk)
    assert [(item.source.name, item.verb) for item in _queue(cast.fen_clerk).items] == [("reply", Verb.START)]


def test_a_proposal_of_urgency_is_decided_first(cast: Cast) -> None:
    row = make_complaint("Kaldırım")
    with system():
        Complaint.objects.filter(pk=row.pk).update(danger="Göçük")
    (item,) = _queue(cast.secretary).items
    assert (item.is_pressing, item.verb) == (True, Verb.MARK_URGENT)
    with as_viewer(cast.secretary):
        assert "Göçük" in reason(item)


def test_nobody_sees_what_is_another_department_s(cast: Cast) -> None:
    make_complaint("Kaldırım", to=cast.fen)
    assert len(_queue(cast.fen_clerk).items) == 1
    for stranger in (cast.park_clerk, cast.outsider, cast.administrator):
        queue = _queue(stranger)
        assert (queue.items, queue.counts) == ([], {})
    with as_viewer(cast.fen_clerk, ["WRITE"]):
        assert reading.next_up(5, purpose="test").items == []


def test_the_number_of_statements_does_not_grow_with_the_rows(cast: Cast) -> None:
    counted = []
    for _round in range(2):
        for number in range(6):
            make_complaint(f"Çukur {number}")
        with (
            as_viewer(cast.secretary),
            CaptureQueriesContext(
                connection,
            ) as asked,
        ):
            reading.next_up(25, purpose="test")
        counted.append(len(asked))
    assert counted[0] == counted[1] <= 6
