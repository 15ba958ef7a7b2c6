"""Working days in Türkiye: what the law counts, and what the office's own calendar adds.

Public holidays are those of Law 2429 (m.1 and m.2), taken from the library `holidays`; Saturday and Sunday
are off by Law 657 m.99.  A half day (the eve of Ramazan and Kurban, 28 October, each from 13:00) is a working
day for every limit, which gives the earlier and so the safer date.  When a holiday ends on a Friday evening
the whole Saturday is off too (2429 m.2): no day changes by it, Saturdays are off anyway.

Administrative leave (idari izin) is not a "resmî tatil" of 2429.  It is entered as data, and it counts only for
the caller that says `with_leave=True`: internal targets and the agenda, statutory limits only by setting.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, time, timedelta
from functools import lru_cache
from types import MappingProxyType

from django.db import models
from django.utils.translation import gettext_lazy as _

NOON_BREAK = time(13, 0)
_DAY = timedelta(days=1)
_SATURDAY = 5


class LeaveKind(models.TextChoices):
    """How much of a day an administrative leave takes; only a full day stops being a working day."""

    FULL_DAY = "FULL_DAY", _("full day")
    AFTERNOON = "AFTERNOON", _("from 13:00")


class WorkingCalendar:
    """The working days of the municipality, for one set of administrative leave days.

    Immutable and cheap to make; dates are local (Europe/Istanbul).  `leave` maps days to how much of them is
    leave; a plain collection of days means full days.
    """

    def __init__(self, leave: Mapping[date, LeaveKind] | Iterable[date] = ()) -> None:
        values = leave if isinstance(leave, Mapping) else dict.fromkeys(leave, LeaveKind.FULL_DAY)
        self._leave: dict[date, LeaveKind] = {day: LeaveKind(kind) for day, kind in values.items()}

    def is_public_holiday(self, day: date) -> bool:
        """Whether the whole `day` is a national or general holiday (2429); half days are not."""
        return day in _full_days(day.year)

    def is_full_leave(self, day: date) -> bool:
        """Whether the whole `day` is administrative leave."""
        return self._leave.get(day) is LeaveKind.FULL_DAY

    def half_day_from(self, day: date) -> time | None:
        """When work ends on a day that is only half worked; None on every other day, whole holidays included.

        13:00 on the eve of a bayram, on 28 October, and on a half day of leave.
        """
        if self.is_public_holiday(day) or self.is_full_leave(day):
            return None
        is_half = day in _half_days(day.year) or self._leave.get(day) is LeaveKind.AFTERNOON
        return NOON_BREAK if is_half else None

    def holiday_names(self, day: date) -> tuple[str, ...]:
        """The Turkish names of the holidays on `day`; two where they coincide (19 May 2027)."""
        return _full_days(day.year).get(day, ()) + _half_days(day.year).get(day, ())

    def is_working_day(self, day: date, *, with_leave: bool = False) -> bool:
        """Whether `day` is worked, wholly or half; `with_leave` takes whole days of leave out."""
        if day.weekday() >= _SATURDAY or day in _full_days(day.year):
            return False
        return not (with_leave and self.is_full_leave(day))

    def add_working_days(self, day: date, count: int, *, with_leave: bool = False) -> date:
        """The `count`-th working day after `day`, which itself is not counted (2577 m.8).

        `count` 0 gives `day` itself, worked or not.  ValueError if it is negative.
        """
        if count < 0:
            raise ValueError("count of working days must not be negative")
        while count:
            day += _DAY
            count -= self.is_working_day(day, with_leave=with_leave)
        return day

    def count_working_days(self, after: date, until: date, *, with_leave: bool = False) -> int:
        """How many working days lie in (`after`, `until`]: the first is not counted, the last is."""
        span = range(1, (until - after).days + 1)
        return sum(self.is_working_day(after + timedelta(days=n), with_leave=with_leave) for n in span)

    def working_day_on_or_after(self, day: date, *, with_leave: bool = False) -> date:
        """`day` if it is worked, else the first working day after it."""
        while not self.is_working_day(day, with_leave=with_leave):
            day += _DAY
        return day

    def working_day_on_or_before(self, day: date, *, with_leave: bool = False) -> date:
        """`day` if it is worked, else the last working day before it."""
        while not self.is_working_day(day, with_leave=with_leave):
            day -= _DAY
        return day

    def leave_between(self, after: date, until: date) -> tuple[date, ...]:
        """The whole days of leave in (`after`, `until`] that would else be working days, in order."""
        days = sorted(day for day in self._leave if after < day <= until)
        return tuple(day for day in days if self.is_full_leave(day) and self.is_working_day(day))

    def holidays_between(self, after: date, until: date) -> dict[date, tuple[str, ...]]:
        """The whole public holidays in (`after`, `until`] that fall on Monday to Friday, with their names."""
        years = range(after.year, until.year + 1)
        return {
            day: names
            for year in years
            for day, names in _full_days(year).items()
            if after < day <= until and day.weekday() < _SATURDAY
        }


@lru_cache(maxsize=64)
def _full_days(year: int) -> Mapping[date, tuple[str, ...]]:
    return _load(year, "public")


@lru_cache(maxsize=64)
def _half_days(year: int) -> Mapping[date, tuple[str, ...]]:
    return _load(year, "half_day")


def _load(year: int, category: str) -> Mapping[date, tuple[str, ...]]:
    """The holidays of one category in one year, sorted by date."""
    import holidays  # here: no command starts slower for it

    table = holidays.country_holidays("TR", years=year, categories=(category,), language="tr", expand=False)
    return MappingProxyType({day: tuple(table.get_list(day)) for day in sorted(table)})
