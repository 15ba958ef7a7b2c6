"""Working days (2429, 657 m.99; handbook 1.2) and local dates (case 25)."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import accumulate

import pytest
from freezegun import freeze_time
from hypothesis import given
from hypothesis import strategies as st

from backend.core.calendar import LeaveKind, WorkingCalendar
from backend.core.localtime import local_date, today

CALENDAR = WorkingCalendar()
BRIDGE = WorkingCalendar([date(2027, 3, 8), date(2027, 3, 12)])
DAYS = st.dates(date(2024, 1, 1), date(2030, 12, 31))


@pytest.mark.parametrize("year", range(2024, 2031))
def test_the_fixed_holidays_are_known_every_year(year: int) -> None:
    for month, day in [(1, 1), (4, 23), (5, 1), (5, 19), (7, 15), (8, 30), (10, 29)]:
        assert CALENDAR.is_public_holiday(date(year, month, day))
    assert CALENDAR.half_day_from(date(year, 10, 28)) == time(13)
    assert not CALENDAR.is_public_holiday(date(year, 10, 28))


@pytest.mark.parametrize(
    ("eve", "days"),
    [
        (date(2024, 4, 9), 3), (date(2024, 6, 15), 4),
        (date(2025, 3, 29), 3), (date(2025, 6, 5), 4),
        (date(2026, 3, 19), 3), (date(2026, 5, 26), 4),
        (date(2027, 3, 8), 3), (date(2027, 5, 15), 4),
        (date(2028, 2, 25), 3), (date(2028, 5, 4), 4),
        (date(2029, 2, 13), 3),
        (date(2030, 2, 3), 3), (date(2030, 4, 12), 4),
    ],
)  # fmt: skip
def test_a_bayram_is_an_eve_from_13_and_whole_days(eve: date, days: int) -> None:
    assert CALENDAR.half_day_from(eve) == time(13)
    assert not CALENDAR.is_public_holiday(eve)
    assert all(CALENDAR.is_public_holiday(eve + timedelta(days=n)) for n in range(1, days + 1))


def test_two_holidays_on_one_date_have_two_names() -> None:
    names = CALENDAR.holiday_names(date(2027, 5, 19))
    assert len(names) == 2
    assert "Kurban Bayramı" in names


def test_an_eve_that_is_itself_a_holiday_is_a_whole_day_off() -> None:
    day = date(2029, 4, 23)  # 23 Nisan and the eve of Kurban
    assert len(CALENDAR.holiday_names(day)) == 2
    assert CALENDAR.half_day_from(day) is None
    assert not CALENDAR.is_working_day(day)


def test_a_half_day_is_a_working_day_and_a_weekend_is_not() -> None:
    assert CALENDAR.is_working_day(date(2026, 10, 28))
    assert not CALENDAR.is_working_day(date(2026, 10, 29))
    assert not CALENDAR.is_working_day(date(2026, 11, 28))
    assert not CALENDAR.is_working_day(date(2026, 11, 29))


@pytest.mark.parametrize(
    ("start", "fifteen", "thirty"),
    [
        (date(2026, 10, 12), date(2026, 11, 3), date(2026, 11, 24)),
        (date(2026, 11, 24), date(2026, 12, 15), date(2027, 1, 6)),
        (date(2027, 3, 1), date(2027, 3, 25), date(2027, 4, 15)),
        (date(2027, 5, 3), date(2027, 5, 27), date(2027, 6, 17)),
    ],
)
def test_working_days_of_the_handbook(start: date, fifteen: date, thirty: date) -> None:
    assert CALENDAR.add_working_days(start, 15) == fifteen
    assert CALENDAR.add_working_days(start, 30) == thirty


def test_leave_counts_only_when_asked() -> None:
    assert BRIDGE.add_working_days(date(2027, 3, 1), 15) == date(2027, 3, 25)
    assert BRIDGE.add_working_days(date(2027, 3, 1), 15, with_leave=True) == date(2027, 3, 29)
    assert BRIDGE.leave_between(date(2027, 3, 1), date(2027, 3, 25)) == (date(2027, 3, 8), date(2027, 3, 12))


def test_half_a_day_of_leave_is_worked_until_13() -> None:
    calendar = WorkingCalendar({date(2027, 3, 12): LeaveKind.AFTERNOON})
    assert calendar.is_working_day(date(2027, 3, 12), with_leave=True)
    assert calendar.half_day_from(date(2027, 3, 12)) == time(13)
    assert calendar.leave_between(date(2027, 3, 1), date(2027, 3, 31)) == ()


def test_a_full_day_of_leave_has_no_half() -> None:
    assert BRIDGE.half_day_from(date(2027, 3, 8)) is None


def test_a_negative_count_is_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        CALENDAR.add_working_days(date(2027, 3, 1), -1)


@given(DAYS, st.integers(0, 60), st.booleans())
def test_adding_and_counting_are_inverse(day: date, count: int, with_leave: bool) -> None:
    end = BRIDGE.add_working_days(day, count, with_leave=with_leave)
    assert BRIDGE.count_working_days(day, end, with_leave=with_leave) == count
    assert end == day or BRIDGE.is_working_day(end, with_leave=with_leave)


@given(DAYS, st.integers(-1, 500))
def test_a_running_count_is_what_counting_up_to_each_day_gives(first: date, more: int) -> None:
    half = WorkingCalendar({date(2027, 3, 8): LeaveKind.AFTERNOON, date(2027, 3, 12): LeaveKind.FULL_DAY})
    for calendar in (BRIDGE, half):
        days = [first + timedelta(days=n) for n in range(more + 1)]
        counts = list(accumulate(int(calendar.is_working_day(day, with_leave=True)) for day in days))
        assert list(calendar.running_count(first, first + timedelta(days=more))) == counts


@given(DAYS, st.booleans())
def test_rolling_goes_to_the_nearest_working_day_of_its_side(day: date, with_leave: bool) -> None:
    after = BRIDGE.working_day_on_or_after(day, with_leave=with_leave)
    before = BRIDGE.working_day_on_or_before(day, with_leave=with_leave)
    assert before <= day <= after
    between = (before + timedelta(days=n) for n in range(1, (after - before).days))
    assert not any(BRIDGE.is_working_day(d, with_leave=with_leave) for d in between)
    assert (before == day == after) is BRIDGE.is_working_day(day, with_leave=with_leave)


def test_the_registry_date_is_local_and_so_is_its_year() -> None:
    assert local_date(datetime(2026, 12, 31, 21, 5, tzinfo=UTC)) == date(2027, 1, 1)
    assert local_date(datetime(2026, 12, 31, 20, 59, tzinfo=UTC)) == date(2026, 12, 31)


def test_today_is_the_day_in_turkiye() -> None:
    with freeze_time("2026-12-31T21:05:00Z"):
        assert today() == date(2027, 1, 1)


def test_a_moment_without_a_zone_has_no_date() -> None:
    with pytest.raises(ValueError, match="time zone"):
        local_date(datetime(2026, 12, 31))  # noqa: DTZ001 - that is the point
