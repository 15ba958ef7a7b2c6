"""Meetings and visits as one file: agenda, participants, programme, minutes, decisions that become instructions."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from backend.core.errors import DomainError, ErrorCode
from backend.core.session import elevated, system
from backend.engagements import actions
from backend.engagements.choices import Status
from backend.engagements.models import Attendee, Decision, Engagement
from backend.engagements.moves import Verb, engagement_action
from backend.instructions.choices import Priority
from backend.instructions.models import Instruction
from backend.programme.models import Entry
from permissions.core import scope
from tests.cast import Cast
from tests.days import DAY
from tests.factories import at, make_engagement, make_organisation, make_role, refetch


def refused(act: Any) -> tuple[ErrorCode, str | None]:
    with pytest.raises(DomainError) as caught, system():
        act()
    return caught.value.code, caught.value.field


def past(cast: Cast, **facts: Any) -> Engagement:
    return make_engagement(cast.mayors, starts_at=timezone.now() - dt.timedelta(days=1), **facts)


def test_every_verb_has_its_action() -> None:
    assert set(engagement_action) == set(Verb)


def test_numbers_have_no_gaps_and_the_agenda_its_order(cast: Cast) -> None:
    first = make_engagement(cast.mayors, agenda=["Açılış", " ", "Bütçe"])
    second = make_engagement(cast.deputys)
    assert second.number == first.number + 1
    with system():
        assert list(first.agenda.values_list("position", "title")) == [(1, "Açılış"), (2, "Bütçe")]
        actions.set_agenda(refetch(first), by=None, agenda=["Bütçe"])
        assert list(first.agenda.values_list("position", "title")) == [(1, "Bütçe")]


def test_what_cannot_be_right_is_named(cast: Cast) -> None:
    given: dict[str, Any] = {"by": None, "kind": "MEETING", "title": "Görüşme"}
    start = at(DAY, "10:00")
    times = {"starts_at": start, "ends_at": start}
    assert refused(lambda: actions.open_file(cast.mayors, **given, **times))[1] == "ends_at"
    times["ends_at"] = start + dt.timedelta(hours=1)
    assert refused(lambda: actions.open_file(cast.mayors, **given | {"title": " "}, **times))[1] == "title"
    assert refused(lambda: actions.open_file(cast.mayors, **given | {"kind": "x"}, **times))[1] == "kind"
    with system():
        assert not Engagement.objects.exists()


def test_one_of_three_takes_part_and_each_once(cast: Cast) -> None:
    row = make_engagement(cast.mayors)
    role = make_role(make_organisation())
    with system():
        actions.invite(refetch(row), by=None, user=cast.park_clerk)
        actions.invite(refetch(row), by=None, role=role)
        guest = actions.invite(refetch(row), by=None, name="Konuk Kişi")
    assert refetch(row).staff == [cast.park_clerk.pk]
    assert refused(lambda: actions.invite(refetch(row), by=None, role=role)) == (ErrorCode.DUPLICATE, "role")
    assert refused(lambda: actions.invite(refetch(row), by=None))[0] == ErrorCode.REQUIRED
    other = make_engagement(cast.mayors)
    wrong = {"by": None, "attendee": guest}
    assert refused(lambda: actions.uninvite(refetch(other), **wrong)) == (ErrorCode.NOT_FOUND, "attendee")
    with system():
        actions.uninvite(refetch(row), **wrong)
        assert Attendee.objects.filter(engagement=row).count() == 2


def test_it_enters_the_programme_and_gives_its_time_back(cast: Cast) -> None:
    row = make_engagement(cast.mayors)
    with system():
        actions.schedule(refetch(row), by=cast.secretary, accept_unusual=True)
        entry = Entry.objects.get(engagement=row)
        assert (entry.starts_at, entry.title) == (row.starts_at, row.title)
    assert refused(lambda: actions.schedule(refetch(row), by=None))[0] == ErrorCode.WRONG_STATE
    later = row.ends_at + dt.timedelta(hours=1)
    assert refused(lambda: actions.correct(refetch(row), by=None, ends_at=later))[1] == "starts_at"
    twin = make_engagement(cast.mayors)
    assert (
        refused(lambda: actions.schedule(refetch(twin), by=None, accept_unusual=True))[0]
        == ErrorCode.CONFLICT
    )
    with system():
        actions.cancel(refetch(row), by=cast.secretary, reason="Ertelendi")
        actions.schedule(refetch(twin), by=cast.secretary, accept_unusual=True)
    assert (refetch(row).status, refetch(row).entry_id) == (Status.CANCELLED, None)


def test_minutes_say_that_it_took_place_and_keep_what_stood_there(cast: Cast) -> None:
    ahead = make_engagement(cast.mayors)
    assert (
        refused(lambda: actions.record_minutes(refetch(ahead), by=None, minutes="x"))[0] == ErrorCode.INVALID
    )
    row = past(cast)
    with system():
        actions.record_minutes(refetch(row), by=cast.secretary, minutes="Görüşüldü.")
        actions.record_minutes(refetch(row), by=cast.secretary, minutes="Görüşüldü ve anlaşıldı.")
        kept = [line.details.get("minutes") for line in row.lines.filter(verb="minuted").order_by("pk")]
    assert (refetch(row).status, kept) == (Status.HELD, [None, "Görüşüldü."])
    assert refused(lambda: actions.reopen(refetch(row), by=None))[0] == ErrorCode.WRONG_STATE


def test_a_decision_becomes_one_instruction_and_both_name_one_another(cast: Cast) -> None:
    row = past(cast)
    with scope.session(cast.secretary), elevated():
        decision = actions.decide(refetch(row), by=cast.secretary, text="Fidan dikilecek.")
        made = actions.instruct(
            refetch(row), by=cast.secretary, decision=decision, department=cast.park, priority=Priority.HIGH
        )
        assert (made.text, made.principal, made.department) == ("Fidan dikilecek.", cast.mayors, cast.park)
        assert made.decision == Decision.objects.get(pk=decision.pk)
        with pytest.raises(DomainError) as caught:
            actions.instruct(refetch(row), by=cast.secretary, decision=decision, department=cast.fen)
    assert caught.value.code == ErrorCode.WRONG_STATE
    with system():
        assert Instruction.objects.count() == 1


def test_of_many_at_once_one_number_each_and_nothing_half_written(cast: Cast) -> None:
    row = past(cast)
    with system():
        decision = actions.decide(refetch(row), by=None, text="Karar")
    closed = cast.cleaning
    with system():
        type(closed).objects.filter(pk=closed.pk).update(valid_to=dt.date(2021, 1, 1))
    wrong: dict[str, Any] = {"by": cast.secretary, "decision": decision, "department": refetch(closed)}
    assert refused(lambda: actions.instruct(refetch(row), **wrong))[1] == "department"
    assert refetch(decision).instruction_id is None
