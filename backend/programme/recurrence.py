"""The days of a series, by its pattern and the common calendar. Knows no database."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from typing import Any

from dateutil import rrule
from django.utils.translation import gettext_lazy as _

from backend.core.calendar import WorkingCalendar
from backend.core.errors import DomainError, ErrorCode
from backend.programme.choices import Frequency, OnHoliday

MAX_OCCURRENCES = 200
MAX_DAYS = 731
_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Pattern:
    """How a series goes on from its first day. `weekdays` (0 Monday) only for WEEKLY; empty: that of the first day.

    MONTHLY_BY_WEEKDAY is “the second Tuesday”; a fifth one counts as the last of the month. MONTHLY_BY_DAY leaves
    out months without that day.
    """

    frequency: str
    until: dt.date
    interval: int = 1
    weekdays: tuple[int, ...] = ()
    on_holiday: str = OnHoliday.SKIP

    def checked(self, first: dt.date) -> Pattern:
        """The same with values of the closed lists. INVALID for what cannot be a series."""
        try:
            frequency, on_holiday = Frequency(self.frequency), OnHoliday(self.on_holiday)
        except ValueError:
            raise DomainError(ErrorCode.INVALID, _("Choose one of the listed values."), "series") from None
        if not 1 <= self.interval <= 52 or any(not 0 <= day <= 6 for day in self.weekdays):
            raise DomainError(ErrorCode.INVALID, _("This pattern of a series is not possible."), "series")
        if self.until <= first:
            raise DomainError(
                ErrorCode.INVALID, _("The last day of the series must lie after its first."), "series"
            )
        if (self.until - first).days > MAX_DAYS:
            raise DomainError(ErrorCode.OVER_LIMIT, _("A series may last two years at most."), "series")
        return Pattern(frequency, self.until, self.interval, tuple(sorted(set(self.weekdays))), on_holiday)

    def stored(self) -> dict[str, Any]:
        return asdict(self) | {"until": self.until.isoformat(), "weekdays": list(self.weekdays)}


def days(
    pattern: Pattern, first: dt.date, calendar: WorkingCalendar, ends: dt.time | None
) -> list[tuple[dt.date, dt.date]]:
    """(day in the pattern, day on which it takes place), from the first on. `ends`: the time of day it ends.

    OVER_LIMIT for more than two hundred, INVALID if none is left.
    """
    items: list[tuple[dt.date, dt.date]] = []
    for day in _raw(pattern, first):
        actual = settled(day, pattern.on_holiday, calendar, ends)
        if actual is not None and actual not in {taken for _on, taken in items}:
            items.append((day, actual))
        if len(items) > MAX_OCCURRENCES:
            raise DomainError(
                ErrorCode.OVER_LIMIT, _("A series may have two hundred entries at most."), "series"
            )
    if not items:
        raise DomainError(ErrorCode.INVALID, _("No day is left in this series: all are holidays."), "series")
    return items


def settled(day: dt.date, on_holiday: str, calendar: WorkingCalendar, ends: dt.time | None) -> dt.date | None:
    """The day itself, the next working day, or None: what the rule for holidays makes of it.

    A holiday is a public one, administrative leave, and a half day that ends before the entry does. A weekend is
    none: who wants a series on Sundays means Sundays.
    """
    if not is_off(day, calendar, ends):
        return day
    if on_holiday != OnHoliday.MOVE:
        return None
    while is_off(day, calendar, ends) or not calendar.is_working_day(day, with_leave=True):
        day += _DAY
    return day


def is_off(day: dt.date, calendar: WorkingCalendar, ends: dt.time | None) -> bool:
    if calendar.is_public_holiday(day) or calendar.is_full_leave(day):
        return True
    half = calendar.half_day_from(day)
    return half is not None and (ends is None or ends > half)


def _raw(pattern: Pattern, first: dt.date) -> Iterable[dt.date]:
    start, until = (dt.datetime.combine(day, dt.time()) for day in (first, pattern.until))
    weekday = (rrule.MO, rrule.TU, rrule.WE, rrule.TH, rrule.FR, rrule.SA, rrule.SU)[first.weekday()]
    number = (first.day - 1) // 7 + 1
    rules: dict[str, Callable[[], rrule.rrule]] = {
        Frequency.DAILY: lambda: rrule.rrule(rrule.DAILY, dtstart=start, until=until, byweekday=range(5)),
        Frequency.WEEKLY: lambda: rrule.rrule(
            rrule.WEEKLY,
            interval=pattern.interval,
            dtstart=start,
            until=until,
            byweekday=pattern.weekdays or [first.weekday()],
        ),
        Frequency.MONTHLY_BY_DAY: lambda: rrule.rrule(
            rrule.MONTHLY, interval=pattern.interval, dtstart=start, until=until, bymonthday=first.day
        ),
        Frequency.MONTHLY_BY_WEEKDAY: lambda: rrule.rrule(
            rrule.MONTHLY,
            interval=pattern.interval,
            dtstart=start,
            until=until,
            byweekday=weekday(-1 if number == 5 else number),
        ),
    }
    return (moment.date() for moment in rules[pattern.frequency]())
