"""Working days in Türkiye: what the law counts, and what the office's own calendar adds.

Public holidays are those of Law 2429 (m.1 and m.2), calculated by the library `holidays`, with the corrections of the
municipality over it: what the law or an announcement says otherwise. Days of a bayram that the library only estimates
say so in their name until they are confirmed. Saturday and Sunday are off by Law 657 m.99.  A half day (the eve of
Ramazan and Kurban, 28 October, each from 13:00) is a working day for every limit, which gives the earlier and so the
safer date.  When a holiday ends on a Friday evening the whole Saturday is off too (2429 m.2): no day changes by it,
Saturdays are off anyway.

Administrative leave (idari izin) is not a "resmî tatil" of 2429.  It is entered as data, and it counts only for
the caller that says `with_leave=True`: internal targets and the agenda, statutory limits only by setting.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from functools import lru_cache
from types import MappingProxyType

from django.db import models
from django.utils.translation import gettext_lazy as _

NOON_BREAK = time(13, 0)
_DAY = timedelta(days=1)
_SATURDAY = 5
_ESTIMATED = " (tahmini)"


class LeaveKind(models.TextChoices):
    """How much of a day an administrative leave takes; only a full day stops being a working day."""

    FULL_DAY = "FULL_DAY", _("full day")
    AFTERNOON = "AFTERNOON", _("from 13:00")


class DayKind(models.TextChoices):
    """What a correction makes of a day."""

    HOLIDAY = "HOLIDAY", _("public holiday, the whole day")
    HALF_DAY = "HALF_DAY", _("holiday from 13:00")
    WORKED = "WORKED", _("no public holiday")
    AS_CALCULATED = "AS_CALCULATED", _("as calculated: the correction is taken back")


@dataclass(frozen=True)
class Correction:
    """What a day is in place of what was calculated: once, or every year from then on until a last day."""

    day: date
    kind: DayKind
    name: str = ""
    yearly: bool = False
    valid_to: date | None = None

    def of(self, year: int) -> date | None:
        """The day of a year that it is about."""
        if not self.yearly:
            return self.day if self.day.year == year else None
        day = self.day.replace(year=year)
        return day if self.day <= day <= (self.valid_to or day) else None


@dataclass(frozen=True)
class Holidays:
    """The public holidays of a year with their names, sorted by date: whole days, and half ones from 13:00."""

    full: Mapping[date, tuple[str, ...]]
    half: Mapping[date, tuple[str, ...]]


class WorkingCalendar:
    """The working days of the municipality, for one set of administrative leave days and of corrections.

    Immutable and cheap to make; dates are local (Europe/Istanbul).  `leave` maps days to how much of them is
    leave; a plain collection of days means full days.  Of several `corrections` of a day the last holds; `version` is
    the number of the table that they make.
    """

    def __init__(
        self,
        leave: Mapping[date, LeaveKind] | Iterable[date] = (),
        corrections: Sequence[Correction] = (),
        version: int = 0,
    ) -> None:
        values = leave if isinstance(leave, Mapping) else dict.fromkeys(leave, LeaveKind.FULL_DAY)
        self._leave: dict[date, LeaveKind] = {day: LeaveKind(kind) for day, kind in values.items()}
        self._corrections, self.version = corrections, version
        self._years: dict[int, Holidays] = {}

    def holidays(self, year: int) -> Holidays:
        """The public holidays of a year, as corrected."""
        if year not in self._years:
            self._years[year] = self._corrected(year) if self._corrections else _calculated(year)
        return self._years[year]

    def _corrected(self, year: int) -> Holidays:
        calculated, kinds = _calculated(year), dict[date, Correction]()
        for correction in self._corrections:
            if day := correction.of(year):
                kinds[day] = correction
        kinds = {day: one for day, one in kinds.items() if one.kind is not DayKind.AS_CALCULATED}

        def of(table: Mapping[date, tuple[str, ...]], kind: DayKind) -> Mapping[date, tuple[str, ...]]:
            days = {day: names for day, names in table.items() if day not in kinds}
            days |= {day: (one.name,) for day, one in kinds.items() if one.kind is kind}
            return MappingProxyType(dict(sorted(days.items())))

        return Holidays(of(calculated.full, DayKind.HOLIDAY), of(calculated.half, DayKind.HALF_DAY))

    def is_public_holiday(self, day: date) -> bool:
        """Whether the whole `day` is a national or general holiday (2429); half days are not."""
        return day in self.holidays(day.year).full

    def is_full_leave(self, day: date) -> bool:
        """Whether the whole `day` is administrative leave."""
        return self._leave.get(day) is LeaveKind.FULL_DAY

    def half_day_from(self, day: date) -> time | None:
        """When work ends on a day that is only half worked; None on every other day, whole holidays included.

        13:00 on the eve of a bayram, on 28 October, and on a half day of leave.
        """
        if self.is_public_holiday(day) or self.is_full_leave(day):
            return None
        is_half = day in self.holidays(day.year).half or self._leave.get(day) is LeaveKind.AFTERNOON
        return NOON_BREAK if is_half else None

    def holiday_names(self, day: date) -> tuple[str, ...]:
        """The Turkish names of the holidays on `day`; two where they coincide (19 May 2027)."""
        year = self.holidays(day.year)
        return year.full.get(day, ()) + year.half.get(day, ())

    def is_working_day(self, day: date, *, with_leave: bool = False) -> bool:
        """Whether `day` is worked, wholly or half; `with_leave` takes whole days of leave out."""
        if day.weekday() >= _SATURDAY or self.is_public_holiday(day):
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

    def running_count(self, first: date, last: date) -> Iterator[int]:
        """Yield for each day from `first` to `last` how many were worked since `first`, whole days of leave taken out.

        For thousands of days: it looks each up in one set, and asks no year again.
        """
        off = {day for year in range(first.year, last.year + 1) for day in self.holidays(year).full}
        off.update(filter(self.is_full_leave, self._leave))
        count, begins = 0, first.toordinal()
        for number in range(begins, last.toordinal() + 1):
            count += (number - 1) % 7 < _SATURDAY and date.fromordinal(number) not in off
            yield count

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
            for day, names in self.holidays(year).full.items()
            if after < day <= until and day.weekday() < _SATURDAY
        }


def is_estimated(name: str) -> bool:
    """Whether the library only estimates the holiday of this name: a bayram of a year that is not announced yet."""
    return name.endswith(_ESTIMATED)


def confirmed_name(name: str) -> str:
    """The name of a holiday without the mark of an estimate."""
    return name.removesuffix(_ESTIMATED)


@lru_cache(maxsize=64)
def _calculated(year: int) -> Holidays:
    return Holidays(_load(year, "public"), _load(year, "half_day"))


def _load(year: int, category: str) -> Mapping[date, tuple[str, ...]]:
    """The holidays of one category in one year, sorted by date."""
    import holidays  # here: no command starts slower for it

    table = holidays.country_holidays("TR", years=year, categories=(category,), language="tr", expand=False)
    return MappingProxyType({day: tuple(table.get_list(day)) for day in sorted(table)})
