"""The programme: what takes up time does not overlap, by whatever verb, and what is unusual is said."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from freezegun import freeze_time

from backend.core.errors import DomainError, ErrorCode
from backend.core.session import system
from backend.organization import actions as organization
from backend.programme import actions, places
from backend.programme.choices import Frequency, Kind, OnHoliday, Reach, Status
from backend.programme.models import Entry, Principal
from backend.programme.places import CollisionError, UnusualError
from backend.programme.recurrence import Pattern
from backend.programme.slots import Time
from tests.days import DAY, FROZEN, date, day, dotted
from tests.factories import at, make_entry, make_principal, refetch


@pytest.fixture
def mayors(db: None) -> Principal:
    return make_principal()


@pytest.fixture
def house(db: None) -> Iterator[None]:
    with system():
        yield


def _plan(principal: Principal, starts: str, ends: str, day: str = DAY, **fields: Any) -> Entry:
    with system():
        return actions.plan(
            principal,
            by=None,
            **(
                {
                    "kind": Kind.MEETING,
                    "title": "Kurul",
                    "starts_at": at(day, starts),
                    "ends_at": at(day, ends),
                }
                | fields
            ),
        )


# -- overlap -----------------------------------------------------------------------------------------------
def test_two_entries_of_a_principal_do_not_overlap_and_the_refusal_says_with_what(mayors: Principal) -> None:
    _plan(mayors, "14:00", "15:00", title="Muhtarlar toplantısı")
    with pytest.raises(CollisionError) as refusal:
        _plan(mayors, "14:30", "15:30")
    assert refusal.value.code == ErrorCode.CONFLICT
    assert "Muhtarlar toplantısı" in str(refusal.value)
    assert "14.00–15.00" in str(refusal.value)


def test_the_refusal_offers_the_three_nearest_free_times(mayors: Principal) -> None:
    _plan(mayors, "14:00", "15:00")
    with pytest.raises(CollisionError) as refusal:
        _plan(mayors, "14:15", "14:45")
    free = [(span.start, span.end) for span in refusal.value.free]
    assert free == [
        (at(DAY, "13:00"), at(DAY, "13:30")),
        (at(DAY, "13:30"), at(DAY, "14:00")),
        (at(DAY, "15:00"), at(DAY, "15:30")),
    ]
    assert f"{dotted()} 13.30" in str(refusal.value)
    for start, end in free:
        make_entry(mayors, starts_at=start, ends_at=end)


def test_ranges_may_touch(mayors: Principal) -> None:
    _plan(mayors, "14:00", "15:00")
    _plan(mayors, "15:00", "16:00")
    _plan(mayors, "13:30", "14:00")
    assert _count() == 3


def test_preparation_travel_and_follow_up_take_up_time_too(mayors: Principal) -> None:
    _plan(mayors, "14:00", "15:00", preparation_minutes=10, travel_minutes=20, follow_up_minutes=15)
    for starts, ends in [("13:00", "13:31"), ("15:14", "15:30")]:
        with pytest.raises(CollisionError):
            _plan(mayors, starts, ends)
    _plan(mayors, "13:00", "13:30")
    _plan(mayors, "15:15", "15:30")


def test_a_new_entry_brings_its_own_buffers(mayors: Principal) -> None:
    _plan(mayors, "14:00", "15:00")
    with pytest.raises(CollisionError):
        _plan(mayors, "15:10", "15:30", preparation_minutes=15)


def test_appointments_get_the_principals_usual_buffers_and_length(db: None) -> None:
    principal = make_principal(slot_minutes=20, preparation_minutes=5, follow_up_minutes=10)
    entry = _plan(principal, "14:00", "14:00", kind=Kind.APPOINTMENT, ends_at=None)
    assert entry.ends_at == at(DAY, "14:20")
    assert (entry.blocks_from, entry.blocks_until) == (at(DAY, "13:55"), at(DAY, "14:30"))
    visit = _plan(principal, "16:00", "16:30", kind=Kind.VISIT)
    assert visit.blocks_from == visit.starts_at


def test_programmes_of_two_principals_do_not_disturb_each_other(mayors: Principal) -> None:
    deputys = make_principal("Başkan Yardımcısı")
    _plan(mayors, "14:00", "15:00")
    _plan(deputys, "14:00", "15:00")
    assert _count() == 2


def test_what_was_cancelled_gives_its_time_back_and_is_not_restored_over_another(mayors: Principal) -> None:
    first = _plan(mayors, "14:00", "15:00", title="Birinci")
    with system():
        actions.cancel(first, by=None, reason="Konuk gelemiyor.")
    second = _plan(mayors, "14:30", "15:30", title="İkinci")
    with system(), pytest.raises(CollisionError, match="İkinci"):
        actions.restore(first, by=None)
    with system():
        actions.cancel(second, by=None, reason="Vazgeçildi.")
        actions.restore(refetch(first), by=None)
    assert refetch(first).status == Status.CONFIRMED


def test_moving_onto_another_is_refused_and_changes_nothing(mayors: Principal) -> None:
    _plan(mayors, "10:00", "11:00", title="Encümen")
    entry = _plan(mayors, "14:00", "15:00")
    with system(), pytest.raises(CollisionError, match="Encümen"):
        actions.move_to(entry, by=None, starts_at=at(DAY, "10:30"))
    assert refetch(entry).starts_at == at(DAY, "14:00")
    assert refetch(entry).version == 1


def test_an_entry_may_move_over_its_own_old_place(mayors: Principal) -> None:
    entry = _plan(mayors, "14:00", "15:00")
    with system():
        actions.move_to(entry, by=None, starts_at=at(DAY, "14:30"))
    assert (refetch(entry).starts_at, refetch(entry).ends_at) == (at(DAY, "14:30"), at(DAY, "15:30"))


def test_longer_buffers_collide_like_a_longer_meeting(mayors: Principal) -> None:
    _plan(mayors, "15:00", "16:00")
    entry = _plan(mayors, "14:00", "15:00")
    with system(), pytest.raises(CollisionError):
        actions.move_to(entry, by=None, follow_up_minutes=15)


def test_the_table_itself_refuses_what_comes_without_asking(mayors: Principal) -> None:
    first, second = _plan(mayors, "14:00", "15:00"), _plan(mayors, "15:00", "16:00")
    with system(), pytest.raises(IntegrityError, match="no_two_entries_at_a_time"), transaction.atomic():
        Entry.objects.filter(pk=second.pk).update(preparation_minutes=5)
    with system(), pytest.raises(IntegrityError, match="no_two_entries_at_a_time"), transaction.atomic():
        Entry.objects.bulk_create(
            [
                Entry(
                    principal=mayors,
                    kind=Kind.VISIT,
                    title="Doğrudan",
                    status=Status.CONFIRMED,
                    starts_at=first.starts_at,
                    ends_at=first.ends_at,
                )
            ]
        )


def test_a_race_that_went_round_the_lock_is_answered_with_a_sentence(
    mayors: Principal, monkeypatch: pytest.MonkeyPatch
) -> None:
    _plan(mayors, "14:00", "15:00")
    monkeypatch.setattr(places, "busy", lambda *args, **kwargs: [])
    with pytest.raises(CollisionError, match="az önce doldu") as refusal:
        _plan(mayors, "14:30", "15:30")
    assert refusal.value.free == []


# -- holds -------------------------------------------------------------------------------------------------
def test_a_hold_blocks_until_it_expires(mayors: Principal) -> None:
    hold = _plan(mayors, "14:00", "15:00", hold_until=timezone.now() + dt.timedelta(hours=1))
    assert hold.status == Status.HELD
    with pytest.raises(CollisionError):
        _plan(mayors, "14:00", "15:00")
    _expire(hold)
    _plan(mayors, "14:00", "15:00")
    assert refetch(hold).status == Status.RELEASED
    assert _verbs(hold) == ["planned", "expired"]


def test_the_job_ends_holds_once(mayors: Principal) -> None:
    hold = _plan(mayors, "14:00", "15:00", hold_until=timezone.now() + dt.timedelta(hours=1))
    with system():
        assert actions.release_expired_holds() == 0
    _expire(hold)
    with system():
        assert actions.release_expired_holds() == 1
        assert actions.release_expired_holds() == 0


def test_a_hold_is_confirmed_extended_or_let_go(mayors: Principal) -> None:
    soon, later = (timezone.now() + dt.timedelta(hours=hours) for hours in (1, 5))
    hold = _plan(mayors, "14:00", "15:00", hold_until=soon)
    with system():
        actions.extend_hold(hold, by=None, hold_until=later)
        assert hold.hold_expires_at == later
        actions.confirm(hold, by=None)
    assert refetch(hold).status == Status.CONFIRMED
    assert refetch(hold).hold_expires_at is None
    other = _plan(mayors, "16:00", "16:30", hold_until=soon)
    with system():
        actions.release(other, by=None)
    _plan(mayors, "16:00", "16:30")


def test_a_hold_that_would_end_in_the_past_is_refused(mayors: Principal) -> None:
    with pytest.raises(DomainError) as refusal:
        _plan(mayors, "14:00", "15:00", hold_until=timezone.now() - dt.timedelta(minutes=1))
    assert refusal.value.field == "hold_until"


def _expire(hold: Entry) -> None:
    with system():
        Entry.objects.filter(pk=hold.pk).update(hold_expires_at=timezone.now() - dt.timedelta(hours=1))


# -- what is unusual ---------------------------------------------------------------------------------------
@freeze_time(FROZEN)
@pytest.mark.parametrize(
    ("on", "starts", "ends", "said"),
    [
        ("2027-10-28", "14:00", "15:00", r"13\.00"),
        ("2027-10-29", "10:00", "11:00", "Cumhuriyet Bayramı"),
        ("2027-01-16", "10:00", "11:00", "hafta sonu"),
        ("2027-01-12", "19:00", "20:00", "çalışma saatleri dışında"),
        ("2026-01-13", "10:00", "11:00", "geçmişte"),
    ],
)
def test_an_unusual_time_must_be_meant(on: str, starts: str, ends: str, said: str, mayors: Principal) -> None:
    with pytest.raises(UnusualError, match=said) as refusal:
        _plan(mayors, starts, ends, on)
    assert (refusal.value.code, refusal.value.field) == (ErrorCode.UNUSUAL, "accept_unusual")
    assert _plan(mayors, starts, ends, on, accept_unusual=True).status == Status.CONFIRMED


@freeze_time(FROZEN)
def test_the_morning_of_a_half_day_is_usual(mayors: Principal) -> None:
    assert _plan(mayors, "12:00", "13:00", "2027-10-28")


@freeze_time(FROZEN)
def test_a_ceremony_on_a_holiday_is_usual(mayors: Principal) -> None:
    assert _plan(mayors, "10:00", "11:00", "2027-10-29", kind=Kind.EVENT)


def test_administrative_leave_is_unusual_and_not_offered(mayors: Principal) -> None:
    with system():
        organization.add_leave(day=date(), reason="Köprü günü", half_day=False, by=None)
    with pytest.raises(UnusualError, match="idari izin"):
        _plan(mayors, "10:00", "11:00")
    time = Time(at(DAY), at(DAY, "10:30"))
    with system():
        free = places.nearest_free(mayors, time)
    assert free
    assert not [span for span in free if span.start.date() == date()]


def test_the_daily_maximum_counts_appointments_and_must_be_meant(db: None) -> None:
    principal = make_principal(daily_maximum=2)
    for starts, ends in [("09:00", "09:30"), ("10:00", "10:30")]:
        _plan(principal, starts, ends, kind=Kind.APPOINTMENT)
    _plan(principal, "11:00", "11:30", kind=Kind.VISIT)
    with pytest.raises(UnusualError, match="2 randevu"):
        _plan(principal, "14:00", "14:30", kind=Kind.APPOINTMENT)
    assert _plan(principal, "14:00", "14:30", kind=Kind.APPOINTMENT, accept_unusual=True)


# -- free times --------------------------------------------------------------------------------------------
@freeze_time(FROZEN)
def test_free_times_lie_in_working_hours_on_working_days_before_the_end_of_a_half_day(db: None) -> None:
    principal = make_principal()
    with system():
        slots = places.slots_of(principal, at("2027-10-27"), at("2027-11-02", "23:00"))
        free = list(slots.free(Time(at("2027-10-27"), at("2027-10-27", "11:00"))))
    by_day: dict[str, list[str]] = {}
    for span in free:
        by_day.setdefault(f"{span.start:%d.%m}", []).append(f"{span.start:%H:%M}")
    assert list(by_day) == ["27.10", "28.10", "01.11", "02.11"]
    assert (by_day["27.10"][0], by_day["27.10"][-1]) == ("10:00", "16:00")
    assert (by_day["28.10"][0], by_day["28.10"][-1]) == ("08:30", "12:00")


def test_free_times_leave_room_for_the_buffers(mayors: Principal) -> None:
    _plan(mayors, "10:00", "11:00")
    wanted = Time(at(DAY), at(DAY, "10:30"), preparation_minutes=15)
    with system():
        slots = places.slots_of(mayors, at(DAY, "08:00"), at(DAY, "12:00"))
        starts = [f"{span.start:%H:%M}" for span in slots.free(wanted)]
    assert starts == ["08:30", "08:45", "09:00", "09:15", "09:30", "11:15", "11:30"]


def test_there_is_no_free_time_in_the_past(mayors: Principal) -> None:
    with system():
        slots = places.slots_of(mayors, at("2026-01-12"), at("2026-01-16"))
        assert not list(slots.free(Time(at("2026-01-12"), at("2026-01-12", "10:30"))))
    _plan(mayors, "10:00", "11:00", "2026-01-13", accept_unusual=True)
    with pytest.raises(CollisionError) as refusal:
        _plan(mayors, "10:00", "11:00", "2026-01-13", accept_unusual=True)
    assert refusal.value.free == []


def test_free_and_busy_says_nothing_but_when(mayors: Principal) -> None:
    _plan(mayors, "10:00", "11:00")
    _plan(mayors, "11:00", "11:30")
    _plan(mayors, "14:00", "15:00")
    with system():
        found = places.busy(mayors.pk, at(DAY, "00:00"), at(DAY, "23:59"))
    assert found == [
        (at(DAY, "10:00"), at(DAY, "11:30")),
        (at(DAY, "14:00"), at(DAY, "15:00")),
    ]


# -- series ------------------------------------------------------------------------------------------------
def _weekly(
    principal: Principal, until: str, on_holiday: str = OnHoliday.SKIP, first: str = day(-5)
) -> list[Entry]:
    pattern = Pattern(Frequency.WEEKLY, dt.date.fromisoformat(until), on_holiday=on_holiday)
    entry = _plan(principal, "10:00", "11:00", first, series=pattern, title="Haftalık")
    return _series(entry)


def _series(entry: Entry) -> list[Entry]:
    with system():
        return list(Entry.objects.filter(series=refetch(entry).series).order_by("starts_at"))


def _days(entries: list[Entry]) -> list[str]:
    return [f"{refetch(row).starts_at.astimezone(at(DAY).tzinfo):%d.%m %H:%M}" for row in entries]


def _at(days: int, clock: str = "10:00") -> str:
    """A day of the suite as `_days` tells it."""
    return f"{date(days):%d.%m} {clock}"


@freeze_time(FROZEN)
def test_a_series_leaves_out_holidays_or_moves_them_to_the_next_working_day(db: None) -> None:
    skipping = _weekly(make_principal("A"), "2027-07-29", first="2027-07-01")
    assert _days(skipping) == ["01.07 10:00", "08.07 10:00", "22.07 10:00", "29.07 10:00"]
    moving = _weekly(make_principal("B"), "2027-07-29", OnHoliday.MOVE, first="2027-07-01")
    assert _days(moving) == ["01.07 10:00", "08.07 10:00", "16.07 10:00", "22.07 10:00", "29.07 10:00"]


def test_one_collision_refuses_the_whole_series(mayors: Principal) -> None:
    _plan(mayors, "10:30", "11:30", day(9), title="Bakan ziyareti")
    with pytest.raises(CollisionError, match=f"Bakan ziyareti.*{re.escape(dotted(9))}"):
        _weekly(mayors, day(44))
    assert _count() == 1


def test_this_one_of_a_series_moves_alone_and_stays_when_the_others_move(mayors: Principal) -> None:
    rows = _weekly(mayors, day(16))
    with system():
        actions.move_to(rows[1], by=None, starts_at=at(day(2), "15:00"))
        actions.move_to(refetch(rows[0]), by=None, starts_at=at(day(-5), "11:00"), reach=Reach.ALL)
    assert _days(rows) == [_at(-5, "11:00"), _at(2, "15:00"), _at(9, "11:00"), _at(16, "11:00")]


def test_this_and_the_following_move_and_become_a_series_of_their_own(mayors: Principal) -> None:
    rows = _weekly(mayors, day(16))
    with system():
        actions.move_to(rows[2], by=None, starts_at=at(day(10), "10:00"), reach=Reach.FOLLOWING)
    assert _days(rows) == [_at(-5), _at(2), _at(10), _at(17)]
    assert len(_series(rows[0])) == 2
    assert len(_series(rows[2])) == 2


def test_a_series_may_move_onto_its_own_places(mayors: Principal) -> None:
    rows = _weekly(mayors, day(44))
    with system():
        actions.move_to(rows[0], by=None, starts_at=at(day(2), "10:00"), reach=Reach.ALL)
    assert _days(rows)[:3] == [_at(2), _at(9), _at(16)]


@freeze_time(FROZEN)
def test_a_series_moves_onto_the_place_of_one_that_a_holiday_leaves_out(mayors: Principal) -> None:
    """Thursdays of July 2027 move by a week: the 8th would lie on 15 July, and the 1st moves to the 8th."""
    rows = _weekly(mayors, "2027-07-22", first="2027-07-01")
    with system():
        actions.move_to(rows[0], by=None, starts_at=at("2027-07-08", "10:00"), reach=Reach.ALL)
    assert [refetch(row).status for row in rows] == ["CONFIRMED", "CANCELLED", "CONFIRMED"]
    assert [_days([row])[0] for row in (rows[0], rows[2])] == ["08.07 10:00", "29.07 10:00"]


def test_a_series_that_cannot_move_as_a_whole_does_not_move_at_all(mayors: Principal) -> None:
    rows = _weekly(mayors, day(16))
    _plan(mayors, "13:30", "15:00", day(9), title="Encümen")
    before = _days(rows)
    with system(), pytest.raises(CollisionError, match="Encümen"):
        actions.move_to(rows[0], by=None, starts_at=at(day(-5), "14:00"), reach=Reach.ALL)
    assert _days(rows) == before


@freeze_time(FROZEN)
def test_the_rule_for_holidays_counts_when_a_series_moves(mayors: Principal) -> None:
    """Thursdays of April 2027 move by a day: 23 April is a holiday."""
    rows = _weekly(mayors, "2027-04-29", first="2027-04-08")
    with system():
        actions.move_to(rows[0], by=None, starts_at=at("2027-04-09", "10:00"), reach=Reach.ALL)
    assert _days(rows) == ["09.04 10:00", "16.04 10:00", "22.04 10:00", "30.04 10:00"]
    assert refetch(rows[2]).status == Status.CANCELLED
    assert _verbs(rows[2])[-1] == "cancelled"


def test_cancelling_the_rest_of_a_series_leaves_what_came_before(mayors: Principal) -> None:
    rows = _weekly(mayors, day(16))
    with system():
        actions.cancel(rows[2], by=None, reason="Dönem bitti.", reach=Reach.FOLLOWING)
    assert [refetch(row).status for row in rows] == ["CONFIRMED", "CONFIRMED", "CANCELLED", "CANCELLED"]


def test_correcting_a_series_corrects_what_was_not_changed_by_itself(mayors: Principal) -> None:
    rows = _weekly(mayors, day(16))
    with system():
        actions.correct(rows[1], by=None, title="Yalnız bu")
        actions.correct(refetch(rows[0]), by=None, title="Hepsi", reach=Reach.ALL)
    assert [refetch(row).title for row in rows] == ["Hepsi", "Yalnız bu", "Hepsi", "Hepsi"]


@freeze_time(FROZEN)
@pytest.mark.parametrize(
    ("frequency", "first", "until", "expected"),
    [
        (Frequency.DAILY, "2027-01-07", "2027-01-12", ["07.01", "08.01", "11.01", "12.01"]),
        (Frequency.MONTHLY_BY_DAY, "2027-01-12", "2027-03-31", ["12.01", "12.02", "12.03"]),
        (Frequency.MONTHLY_BY_WEEKDAY, "2027-01-12", "2027-03-31", ["12.01", "09.02"]),
    ],
)
def test_series_go_on_daily_or_monthly(
    frequency: str, first: str, until: str, expected: list[str], mayors: Principal
) -> None:
    """9 March 2027, the second Tuesday, is the first day of Ramazan Bayramı."""
    pattern = Pattern(frequency, dt.date.fromisoformat(until))
    entry = _plan(mayors, "10:00", "11:00", first, series=pattern)
    assert [text[:5] for text in _days(_series(entry))] == expected


@pytest.mark.parametrize(
    "pattern",
    [
        Pattern(Frequency.WEEKLY, date()),
        Pattern(Frequency.WEEKLY, date(1096)),
        Pattern(Frequency.WEEKLY, date(140), interval=0),
        Pattern("YEARLY", date(140)),
        Pattern(Frequency.DAILY, date(506)),
    ],
)
def test_what_cannot_be_a_series_is_refused(pattern: Pattern, mayors: Principal) -> None:
    with pytest.raises(DomainError) as refusal:
        _plan(mayors, "10:00", "11:00", series=pattern)
    assert refusal.value.field == "series"


# -- states and story --------------------------------------------------------------------------------------
def test_it_took_place_or_not_only_after_it_began(mayors: Principal) -> None:
    entry = _plan(mayors, "10:00", "11:00")
    with system():
        for verb in (actions.finish, actions.miss):
            with pytest.raises(DomainError) as refusal:
                verb(entry, by=None)
            assert refusal.value.code == ErrorCode.OUT_OF_TIME
        begun = timezone.now() - dt.timedelta(minutes=40)
        past = make_entry(mayors, starts_at=begun)
        actions.finish(past, by=None, outcome="Okul bahçesi için söz verildi.")
    assert refetch(past).outcome == "Okul bahçesi için söz verildi."
    assert _verbs(past) == ["planned", "finished"]


def test_the_story_keeps_old_and_new_values(mayors: Principal) -> None:
    entry = _plan(mayors, "10:00", "11:00", place="Makam")
    with system():
        actions.correct(entry, by=None, place="Meclis salonu")
        actions.move_to(entry, by=None, starts_at=at(DAY, "12:00"), note="Encümen uzadı.")
        corrected, moved = entry.lines.order_by("pk")[1:]
    assert corrected.details == {"values": {"place": ["Makam", "Meclis salonu"]}}
    assert moved.details["from"]["starts_at"] != moved.details["to"]["starts_at"]
    assert moved.note == "Encümen uzadı."


def test_what_the_press_sees_follows_the_entry(mayors: Principal) -> None:
    entry = _plan(mayors, "10:00", "11:00", title="Okul açılışı hazırlığı", place="Sarıgazi")
    with system():
        actions.show_press(entry, by=None, title="Okul açılışı", note="Foto için 09:45")
        actions.move_to(refetch(entry), by=None, starts_at=at(DAY, "12:00"))
        item = refetch(entry).press_item
        assert (item.title, item.place, item.starts_at) == ("Okul açılışı", "Sarıgazi", at(DAY, "12:00"))
        actions.cancel(refetch(entry), by=None, reason="Ertelendi.")
        assert not hasattr(refetch(entry), "press_item")


def test_participants_are_staff_or_guests(mayors: Principal) -> None:
    entry = _plan(mayors, "10:00", "11:00")
    with system():
        actions.invite(entry, by=None, name="Hatice Yıldırım", organisation="Merve Mah. Muhtarlığı")
        with pytest.raises(DomainError) as refusal:
            actions.invite(entry, by=None)
        assert refusal.value.field == "name"
        guest = entry.participants.get()
        actions.uninvite(entry, by=None, participant=guest)
        assert not entry.participants.exists()


def test_what_somebody_asked_for_is_changed_where_they_are_told_and_is_no_secret(mayors: Principal) -> None:
    entry = _plan(mayors, "10:00", "11:00", of_request=True)
    later = {"starts_at": at(DAY, "15:00")}
    with system():
        for act, given in [
            (actions.move_to, later),
            (actions.cancel, {"reason": "Olmadı"}),
            (actions.mark_confidential, {}),
        ]:
            with pytest.raises(DomainError):
                act(refetch(entry), by=None, **given)  # type: ignore[operator]
        actions.move_to(refetch(entry), by=None, of_request=True, **later)
    assert refetch(entry).starts_at == later["starts_at"]


def test_working_hours_that_overlap_are_refused(mayors: Principal) -> None:
    hours = [(0, dt.time(8, 30), dt.time(12)), (0, dt.time(11), dt.time(17))]
    with system(), pytest.raises(DomainError) as refusal:
        actions.set_working_hours(mayors, by=None, hours=hours)
    assert refusal.value.field == "hours"


def test_a_new_public_day_rule_ends_the_one_before(mayors: Principal) -> None:
    thursday = {"weekday": 3, "starts": dt.time(10, 30), "ends": dt.time(12), "capacity": 30}
    with system():
        old = actions.set_public_day(mayors, by=None, valid_from=dt.date(2026, 1, 1), **thursday)
        actions.set_public_day(mayors, by=None, valid_from=dt.date(2027, 1, 1), **thursday)
    assert refetch(old).valid_until == dt.date(2026, 12, 31)


def _count() -> int:
    with system():
        return Entry.objects.count()


def _verbs(entry: Entry) -> list[str]:
    with system():
        return list(entry.lines.order_by("pk").values_list("verb", flat=True))
