"""Who stands in for whom, and what is handed over: the other's programme decides, and nobody waits in a circle."""

from __future__ import annotations

import datetime as dt
import threading

import pytest
from django.db import connection
from django.utils import timezone

from backend.appointments import actions as appointments
from backend.core.errors import DomainError, ErrorCode
from backend.core.localtime import today
from backend.core.session import elevated, system
from backend.journal.models import AuditLog
from backend.outbox.models import Message
from backend.programme import actions, places, slots
from backend.programme.choices import Frequency, Kind, Status
from backend.programme.models import Entry, PressItem, StandIn
from backend.programme.places import CollisionError, UnusualError
from backend.programme.recurrence import Pattern
from permissions.core import scope
from tests.cast import Cast, make_cast
from tests.databases import CommittedDatabase
from tests.days import DAY, date, day, dotted
from tests.factories import at, make_entry, make_public_day, make_request, refetch

MONDAY, FRIDAY = date(-1), date(3)


def _appoint(cast: Cast, first: dt.date = MONDAY, last: dt.date = FRIDAY, **more) -> StandIn:
    with system():
        return actions.appoint_stand_in(
            cast.mayors, by=cast.office_head, deputy=cast.deputys, valid_from=first, valid_until=last, **more
        )


def test_an_appointment_on_a_day_of_absence_must_be_meant_and_no_free_time_lies_there(cast: Cast) -> None:
    _appoint(cast)
    with system():
        with pytest.raises(UnusualError) as refusal:
            actions.plan(
                cast.mayors,
                by=None,
                kind=Kind.MEETING,
                title="Toplantı",
                starts_at=at(DAY),
                ends_at=at(DAY, "11:00"),
            )
        assert "Başkan Yardımcısı İlker Ünal" in str(refusal.value)
        days = places.slots_of(cast.mayors, at(day(-1), "00:00"), at(day(7), "00:00"))
        free = {span.start.date() for span in days.free(slots.Time(at(DAY), at(DAY, "10:30")))}
    assert free == {date(6)}


def test_a_ceremony_on_such_a_day_is_not_asked_about(cast: Cast) -> None:
    _appoint(cast)
    with system():
        actions.plan(cast.mayors, by=None, kind=Kind.TRAVEL, title="Ankara", starts_at=at(DAY))


def test_two_cannot_stand_in_on_one_day_and_nobody_for_themselves(cast: Cast) -> None:
    _appoint(cast)
    with pytest.raises(DomainError) as refusal:
        _appoint(cast, FRIDAY, FRIDAY + dt.timedelta(days=3))
    assert (refusal.value.code, refusal.value.field) == (ErrorCode.CONFLICT, "valid_from")
    _appoint(cast, FRIDAY + dt.timedelta(days=1), FRIDAY + dt.timedelta(days=3))
    with system(), pytest.raises(DomainError) as himself:
        actions.appoint_stand_in(
            cast.mayors, by=None, deputy=cast.mayors, valid_from=MONDAY, valid_until=FRIDAY
        )
    assert himself.value.field == "deputy"


@pytest.mark.parametrize(
    ("first", "last"),
    [(FRIDAY, MONDAY), (dt.date(2020, 1, 1), dt.date(2020, 1, 2)), (MONDAY, date(720))],
)
def test_impossible_days_are_refused_at_their_field(cast: Cast, first: dt.date, last: dt.date) -> None:
    with pytest.raises(DomainError) as refusal:
        _appoint(cast, first, last)
    assert refusal.value.field == "valid_until"


def test_the_reason_stands_in_the_journal_alone(cast: Cast) -> None:
    row = _appoint(cast, reason="Ameliyat")
    with system():
        line = AuditLog.objects.get(verb="stand_in_appointed")
        assert "Ameliyat" in line.note
        assert line.actor == cast.office_head
    assert "Ameliyat" not in str({name: getattr(row, name) for name in [f.name for f in row._meta.fields]})


def test_who_is_back_early_ends_it_yesterday_and_what_had_not_begun_is_gone(cast: Cast) -> None:
    begun = _appoint(cast, today() - dt.timedelta(days=2), today() + dt.timedelta(days=2))
    to_come = _appoint(cast)
    with system():
        actions.end_stand_in(begun, by=cast.office_head)
        actions.end_stand_in(to_come, by=cast.office_head)
        assert [row.valid_until for row in StandIn.objects.all()] == [today() - dt.timedelta(days=1)]
        with pytest.raises(DomainError) as refusal:
            actions.end_stand_in(begun, by=None)
    assert refusal.value.code == ErrorCode.WRONG_STATE


def test_an_entry_that_is_handed_over_frees_one_programme_and_takes_the_other(cast: Cast) -> None:
    entry = make_entry(cast.mayors, "Muhtarlar", at(DAY), 60)
    with system():
        actions.show_press(entry, by=None)
        actions.hand_over(entry, by=cast.secretary, to=cast.deputys, note="Başkan Ankara'da")
    found = refetch(entry)
    assert found.principal == cast.deputys
    assert not PressItem.objects.exists(), "what the press unit saw was the mayor's"
    with system():
        assert not places.busy(cast.mayors.pk, at(DAY), at(DAY, "11:00"))
        assert places.busy(cast.deputys.pk, at(DAY), at(DAY, "11:00"))
        line = found.lines.get(verb="handed_over")
        assert line.details["principals"] == ["Belediye Başkanı", "Başkan Yardımcısı İlker Ünal"]
        assert line.note == "Başkan Ankara'da"


def test_a_taken_time_of_the_other_is_refused_with_their_free_times(cast: Cast) -> None:
    entry = make_entry(cast.mayors, "Muhtarlar", at(DAY), 60)
    make_entry(cast.deputys, "Meclis grubu", at(DAY, "10:30"), 60)
    with system(), pytest.raises(CollisionError) as refusal:
        actions.hand_over(entry, by=None, to=cast.deputys)
    assert "Meclis grubu" in str(refusal.value)
    assert len(refusal.value.free) == 3
    assert refetch(entry).principal == cast.mayors


def test_a_hold_stays_a_hold_and_a_series_goes_on_without_it(cast: Cast) -> None:
    held = make_entry(
        cast.mayors, at_ := "Beklemede", at(DAY, "14:00"), hold_until=timezone.now() + dt.timedelta(days=2)
    )
    with system():
        first = actions.plan(
            cast.mayors,
            by=None,
            kind=Kind.MEETING,
            title="Günlük",
            starts_at=at(day(6)),
            series=Pattern(Frequency.DAILY, date(9)),
        )
        actions.hand_over(held, by=None, to=cast.deputys)
        actions.hand_over(first, by=None, to=cast.deputys)
        assert refetch(held).status == Status.HELD, at_
        assert refetch(first).series is None
        assert Entry.objects.filter(series__isnull=False, principal=cast.mayors).count() == 3


def test_a_public_day_and_what_somebody_asked_for_are_not_handed_over_in_the_programme(cast: Cast) -> None:
    session = make_public_day(cast.mayors)
    request = make_request(cast.mayors)
    with system():
        appointments.approve(request, by=None, starts_at=at(DAY), means="PHONE")
        for entry, code in (
            (session.entry, ErrorCode.INVALID),
            (refetch(request).entry, ErrorCode.WRONG_STATE),
        ):
            with pytest.raises(DomainError) as refusal:
                actions.hand_over(entry, by=None, to=cast.deputys)
            assert refusal.value.code == code


def test_at_the_request_the_applicant_is_told_who_receives_them(cast: Cast) -> None:
    request = make_request(cast.mayors)
    with system():
        appointments.approve(request, by=None, starts_at=at(DAY), means="PHONE")
        appointments.hand_over(refetch(request), by=cast.secretary, to=cast.deputys, means="EMAIL")
        found = refetch(request)
        assert (found.principal, found.entry.principal) == (cast.deputys, cast.deputys)
        message = Message.objects.get(purpose="appointment_handover")
    assert "Belediye Başkanı yerine Başkan Yardımcısı İlker Ünal" in message.body
    assert f"{dotted()} Salı" in message.body
    assert "/randevu/" in message.body, "they can still say that they cannot come"


def test_handing_over_crosswise_at_once_ends_for_both(committed_db: CommittedDatabase) -> None:
    """Two who take the locks of the same two programmes from both ends: one order, no circle."""
    cast = make_cast()
    ours = [make_entry(cast.mayors, f"A{n}", at(DAY, f"{9 + n:02}:00")) for n in range(6)]
    theirs = [make_entry(cast.deputys, f"B{n}", at(DAY, f"{9 + n:02}:30")) for n in range(6)]
    errors: list[BaseException] = []
    start = threading.Barrier(2)

    def run(entries: list[Entry], to) -> None:
        start.wait()
        for entry in entries:
            try:
                with scope.session(None), elevated():
                    row = Entry.objects.get(pk=entry.pk)
                    row.acquire_lock(to)
                    actions.hand_over(Entry.objects.get(pk=entry.pk), by=None, to=to)
            except BaseException as error:
                errors.append(error)
        connection.close()

    threads = [
        threading.Thread(target=run, args=(ours, cast.deputys)),
        threading.Thread(target=run, args=(theirs, cast.mayors)),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    with system():
        assert Entry.objects.filter(principal=cast.deputys).count() == 6
        assert Entry.objects.filter(principal=cast.mayors).count() == 6
