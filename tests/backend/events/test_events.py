"""Events: planned in the programme, made of templates with the facts of their days, changed, held, closed."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from backend.core.errors import DomainError, ErrorCode
from backend.core.localtime import ISTANBUL
from backend.core.session import system
from backend.events import actions, blueprints, elections
from backend.events.choices import ItemKind, Kind, Status
from backend.events.models import ElectionPeriod, Event, EventTask, PublishedEvent
from backend.events.moves import GuestVerb, TaskVerb, Verb, event_action, guest_action, task_action
from backend.letters.models import Letter
from backend.programme.choices import Status as EntryStatus
from backend.programme.places import CollisionError
from tests.cast import Cast
from tests.days import YEAR, date, day
from tests.factories import at, make_body, make_entry, make_event, refetch

HOUR = dt.timedelta(hours=1)


def _from(cast: Cast, template: str, year: int = YEAR, **facts: Any) -> Event:
    with system():
        facts = {"day": blueprints.template(template).day_in(year), "accept_unusual": True, **facts}
        return actions.plan_from_template(cast.mayors, by=cast.secretary, template=template, **facts)


def _steps(event: Event, kind: ItemKind | None = None) -> list[Any]:
    with system():
        items = event.items.order_by("starts_at", "id")
        return list(items.filter(kind=kind) if kind else items)


def _clock(moment: dt.datetime) -> str:
    return f"{moment.astimezone(ISTANBUL):%d.%m %H:%M}"


def _refused(code: ErrorCode, act: Any, *args: Any, field: str | None = None, **said: Any) -> DomainError:
    with system(), pytest.raises(DomainError) as refusal:
        act(*args, **said)
    assert (refusal.value.code, refusal.value.field) == (code, field)
    return refusal.value


def _entry(event: Event) -> Any:
    return event.parts.get().entry


def _faults(event: Event) -> list[str]:
    with system():
        return blueprints.faults(event)


def test_every_verb_has_its_move_and_its_word() -> None:
    assert set(event_action) == set(Verb)
    assert set(task_action) == set(TaskVerb)
    assert set(guest_action) == set(GuestVerb)


@pytest.mark.parametrize("code", blueprints.templates())
def test_each_template_names_its_source_and_makes_an_event_without_a_fault(code: str, cast: Cast) -> None:
    event = _from(cast, code, **({} if blueprints.template(code).day else {"day": date(150)}))
    assert blueprints.template(code).source
    assert blueprints.template(code).facts
    assert _faults(event) == []
    with system():
        assert [bool(rows.count()) for rows in (event.tasks, event.groups, event.items)] == [True] * 3


def test_republic_day_begins_on_the_eve_at_one_and_wreaths_go_in_order(cast: Cast) -> None:
    event = _from(cast, "republic_day")
    wreaths = _steps(event, ItemKind.WREATH)
    assert _clock(event.starts_at) == "28.10 13:00" == _clock(wreaths[0].starts_at)
    assert [one.who for one in wreaths] == ["Kaymakam", "Garnizon Komutanı", "Belediye Başkanı"]
    kinds = [one.kind for one in _steps(event)][3:5]
    assert kinds == ["SILENCE", "ANTHEM"]


def test_on_the_tenth_of_november_the_flag_goes_down_after_the_anthem(cast: Cast) -> None:
    event = _from(cast, "ataturk_memorial")
    steps = {one.kind: one for one in _steps(event)}
    assert max(one.starts_at for one in _steps(event, ItemKind.WREATH)) < steps["SILENCE"].starts_at
    assert (_clock(steps["SILENCE"].starts_at), steps["SILENCE"].minutes) == ("10.11 09:05", 2)
    assert steps["SILENCE"].starts_at < steps["ANTHEM"].starts_at < steps["HALF_MAST"].starts_at
    with system():
        actions.put_item(event, by=None, item=steps["HALF_MAST"], starts_at=at(f"{YEAR}-11-10", "09:06"))
    assert _faults(event) == ["Bayrak İstiklal Marşı’ndan sonra yarıya indirilir."]


def test_on_youth_day_there_is_one_wreath_and_none_of_the_municipality(cast: Cast) -> None:
    event = _from(cast, "youth_day")
    assert [one.who for one in _steps(event, ItemKind.WREATH)] == ["İlçe Gençlik ve Spor Müdürü"]
    with system():
        part = event.parts.get()
        actions.put_item(event, by=None, part=part, kind="WREATH", title="Belediye Başkanlığı çelengi")
    assert len(_faults(event)) == 2


def test_a_template_begins_its_letters_in_the_name_of_a_department(cast: Cast) -> None:
    with system():
        make_body("kaymakamlik", "Sancaktepe Kaymakamlığı")
    event = _from(cast, "republic_day", letters_of=cast.office)
    with system():
        letter = Letter.objects.get()
        assert letter.subject == "29 Ekim Cumhuriyet Bayramı programı"
        assert letter.entry == event.parts.get(is_main=True).entry


def test_the_parts_stand_in_the_programme_and_are_changed_at_the_event(cast: Cast) -> None:
    event = make_event(cast.mayors)
    with system():
        part: Any = event.parts.select_related("entry").get()
        assert (part.entry.kind, part.entry.is_requested) == ("EVENT", True)
        item = actions.put_item(event, by=None, part=part, title="Açış", kind="SPEECH")
        actions.put_part(event, by=None, part=part, starts_at=part.starts_at + HOUR, accept_unusual=True)
    assert refetch(part.entry).starts_at == refetch(event).starts_at == at(day(150), "15:00")
    assert refetch(item).starts_at == at(day(150), "15:00")


def test_a_taken_time_is_refused_with_the_nearest_free_ones(cast: Cast) -> None:
    make_entry(cast.mayors, starts_at=at(day(150), "14:30"))
    with pytest.raises(CollisionError) as refusal:
        make_event(cast.mayors)
    assert refusal.value.free
    with system():
        assert not Event.objects.exists()


@pytest.fixture
def election(cast: Cast) -> ElectionPeriod:
    with system():
        return ElectionPeriod.objects.create(
            code="deneme", name="Genel seçim", begins_on=day(140), ends_on=day(153), source="YSK"
        )


def test_an_opening_in_an_election_period_needs_a_reason_and_a_legal_note(
    cast: Cast, election: ElectionPeriod
) -> None:
    when = {"day": date(150)}
    said = {"by": None, "template": "opening", "accept_unusual": True, **when}
    _refused(ErrorCode.UNUSUAL, actions.plan_from_template, cast.mayors, field="override_reason", **said)
    said["override_reason"] = "Sözleşme gereği"
    _refused(ErrorCode.REQUIRED, actions.plan_from_template, cast.mayors, field="legal_note", **said)
    event = _from(cast, "opening", **when, override_reason="Sözleşme gereği", legal_note="Hukuk, 3.6.2027")
    assert (event.override_reason, event.legal_note) == ("Sözleşme gereği", "Hukuk, 3.6.2027")


def test_a_national_day_in_an_election_period_needs_nothing(cast: Cast, election: ElectionPeriod) -> None:
    with system():
        ElectionPeriod.objects.update(begins_on=f"{YEAR}-10-20", ends_on=f"{YEAR}-11-02")
    assert _from(cast, "republic_day").override_reason == ""


def test_an_opening_cannot_be_moved_into_an_election_period(cast: Cast, election: ElectionPeriod) -> None:
    event = make_event(cast.mayors, kind=Kind.OPENING, starts_at=at(day(159)))
    with system():
        part = event.parts.get()
    said = {"by": None, "part": part, "starts_at": at(day(150))}
    _refused(ErrorCode.UNUSUAL, actions.put_part, event, field="override_reason", **said)
    other = make_event(cast.mayors, starts_at=at(day(151)))
    _refused(ErrorCode.UNUSUAL, actions.correct, other, field="override_reason", by=None, kind="OPENING")


def test_speakers_are_put_from_the_lowest_to_the_highest(cast: Cast) -> None:
    event = make_event(cast.mayors)
    with system():
        part = event.parts.get()
        for who, rank, minutes in (("Kaymakam", 1, 8), ("Müdür", 80, 5), ("Belediye Başkanı", 3, 10)):
            actions.put_item(
                event,
                by=None,
                part=part,
                kind="SPEECH",
                title="Konuşma",
                who=who,
                rank=rank,
                minutes=minutes,
            )
    assert _faults(event)
    with system():
        actions.arrange_speakers(event, by=None)
    said = [(one.who, _clock(one.starts_at)) for one in _steps(event)]
    assert said == [
        ("Müdür", f"{date(150):%d.%m} 14:00"),
        ("Belediye Başkanı", f"{date(150):%d.%m} 14:05"),
        ("Kaymakam", f"{date(150):%d.%m} 14:15"),
    ]
    assert _faults(event) == []


def test_from_planned_to_closed(cast: Cast) -> None:
    start = dt.datetime.now(ISTANBUL) - 2 * HOUR
    event = make_event(cast.mayors, starts_at=start)
    with system():
        task = actions.add_task(
            event, by=None, title="Ses", kind="SOUND", department=cast.fen, planned_cost="10"
        )
        actions.announce(event, by=None)
        actions.publish(event, by=None, title="Konser")
        actions.hold(event, by=None)
        assert _entry(event).status == EntryStatus.DONE
    _refused(ErrorCode.WRONG_STATE, actions.close, event, by=None, report="Güzel geçti")
    with system():
        actions.finish_task(task, by=cast.fen_clerk, actual_cost="12,5".replace(",", "."))
        actions.close(event, by=None, report="Güzel geçti")
    assert (event.status, str(refetch(task).actual_cost)) == (Status.CLOSED, "12.50")


def test_what_is_cancelled_gives_its_time_back_and_the_public_calendar_says_so(cast: Cast) -> None:
    event = make_event(cast.mayors)
    with system():
        actions.announce(event, by=None)
        actions.publish(event, by=None)
    _refused(ErrorCode.REQUIRED, actions.cancel, event, field="reason", by=None, reason=" ")
    with system():
        actions.cancel(event, by=None, reason="Hava")
        assert _entry(event).status == EntryStatus.CANCELLED
        assert PublishedEvent.objects.get().is_cancelled
    make_event(cast.mayors)


def test_a_task_names_its_department_at_the_event(cast: Cast) -> None:
    event = make_event(cast.mayors)
    with system():
        task = actions.add_task(event, by=None, title="Sandalye", department=cast.park)
    assert refetch(event).departments == [cast.park.pk]
    _refused(ErrorCode.INVALID, actions.correct_task, task, by=None, title="Sandalye")
    _refused(ErrorCode.INVALID, actions.correct_task, task, field="planned_cost", by=None, planned_cost="on")
    with system():
        actions.correct_task(task, by=None, planned_cost="1500.50")
        actions.drop_task(task, by=None)
        assert EventTask.objects.open().count() == 0


def test_election_periods_are_loaded_from_a_file_once(cast: Cast, tmp_path: Path) -> None:
    with system():
        first, second = elections.load(by=None), elections.load(by=None)
        assert (first.created, first.problems) == (["genel-2023", "mahalli-2024"], [])
        assert (second.created, second.changed) == ([], [])
        bad = tmp_path / "elections.csv"
        bad.write_text("code,name,begins_on,ends_on,source\nx,Seçim,2028-05-10,2028-05-01,YSK\ny,Z,dün,,\n")
        assert len(elections.load(bad, by=None).problems) == 2
        assert ElectionPeriod.objects.count() == 2
