"""What waits: in one order over all services, with its reason, its one step, and the walls of every list."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from backend.complaints import actions
from backend.complaints.choices import Priority
from backend.complaints.models import Complaint
from backend.complaints.moves import Verb
from backend.core.localtime import today
from backend.core.session import system
from permissions.queue import reading
from permissions.queue.kinds import Filter, Whose
from permissions.queue.reading import Queue
from permissions.queue.words import reason
from tests.backend.stories import say
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
    assert queue.counts["route"] == reading.Count(all=3, urgent=1, late=1)
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


def test_a_danger_that_nobody_decided_about_stands_before_all_else(cast: Cast) -> None:
    urgent, danger, late = (make_complaint(name) for name in ("Acil", "Göçük", "Gecikmiş"))
    for row, days in ((urgent, -20), (danger, 28), (late, -30)):
        _due(row, days)
    with system():
        Complaint.objects.filter(pk=urgent.pk).update(priority=Priority.URGENT)
        Complaint.objects.filter(pk=danger.pk).update(danger="Göçük")
    assert [item.row.pk for item in _queue(cast.secretary).items] == [danger.pk, urgent.pk, late.pk]


def _taken_over(cast: Cast) -> dict[str, Complaint]:
    """One case of the clerk, one of nobody, one of the head; the clerk's is due last."""
    rows = {
        name: make_complaint(name, to=cast.fen, accepted_by=cast.fen_clerk)
        for name in ("mine", "free", "theirs")
    }
    say(rows["mine"], "take_over", by=cast.fen_clerk)
    say(rows["theirs"], "take_over", by=cast.fen_head)
    for name, days in (("mine", 20), ("free", -3), ("theirs", -5)):
        _due(rows[name], days)
    return rows


def test_one_s_own_stands_before_nobody_s_and_that_before_others(cast: Cast) -> None:
    rows = _taken_over(cast)
    queue = _queue(cast.fen_clerk)
    assert [item.row.pk for item in queue.items] == [rows[name].pk for name in ("mine", "free", "theirs")]
    assert [item.whose for item in queue.items] == [Whose.MINE, Whose.NOBODY, Whose.UNIT]
    assert [item.person for item in queue.items] == [cast.fen_clerk, None, cast.fen_head]
    assert (queue.total.mine, queue.total.nobody, queue.total.unit) == (1, 1, 1)
    for whose, name in ((Whose.MINE, "mine"), (Whose.NOBODY, "free"), (Whose.UNIT, "theirs")):
        assert [item.row.pk for item in _queue(cast.fen_clerk, whose=whose).items] == [rows[name].pk]
    assert [item.row.pk for item in _queue(cast.fen_head, whose=Whose.MINE).items] == [rows["theirs"].pk]


def test_many_cases_of_others_do_not_hide_one_s_own(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = _taken_over(cast)
    monkeypatch.setattr(reading, "COUNTED", 0)
    assert rows["mine"].pk in [item.row.pk for item in _queue(cast.fen_clerk).items]


def test_the_queue_of_a_head_shows_what_they_may_approve(cast: Cast, settings) -> None:
    row = make_complaint("Kaldırım", to=cast.fen, accepted_by=cast.fen_clerk)
    say(row, "draft", by=cast.fen_clerk, body="Onarıldı.")
    say(row, "submit", by=cast.fen_clerk)
    assert "approve" in _queue(cast.secretary).counts
    assert _queue(cast.fen_head).counts == {}
    settings.HEAD_MAY_APPROVE = True
    (item,) = _queue(cast.fen_head, source="approve").items
    assert (item.row.pk, item.verb) == (row.pk, Verb.APPROVE_AND_SEND)
    assert _queue(cast.fen_clerk).counts == _queue(cast.park_head).counts == {}
    say(row, "approve", by=cast.fen_head)
    assert [item.source.name for item in _queue(cast.fen_head).items] == ["send"]
