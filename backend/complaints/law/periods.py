"""The days that a report is about: local days, both included."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from backend.core.errors import DomainError, ErrorCode
from backend.core.localtime import today
from backend.core.words.dates import day_meant
from backend.core.words.text import line

_DAY = dt.timedelta(days=1)
LONGEST_YEARS = 10
FIRST_YEAR, LAST_YEAR = 1901, 8999
_BY_DAY, _BY_WEEK = 31, 190
"""Limits in days up to which a period is divided by day, and by week; longer ones by month."""


class Preset(TextChoices):
    """The periods that are asked for every day."""

    WEEK = "week", _("This week")
    LAST_WEEK = "last-week", _("Last week")
    MONTH = "month", _("This month")
    LAST_MONTH = "last-month", _("Last month")
    YEAR = "year", _("This year")
    LAST_YEAR = "last-year", _("Last year")


@dataclass(frozen=True)
class Period:
    """From a day to a day. INVALID at `to` if they are the wrong way round or more than ten years apart."""

    first: dt.date
    last: dt.date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise DomainError(ErrorCode.INVALID, _("The last day must not be before the first."), "to")
        if (
            self.last.year - self.first.year > LONGEST_YEARS
            or not FIRST_YEAR <= self.first.year <= LAST_YEAR - LONGEST_YEARS
        ):
            message = _("A report covers at most %(n)s years. Choose a shorter period.") % {
                "n": LONGEST_YEARS
            }
            raise DomainError(ErrorCode.INVALID, message, "to")

    @property
    def unit(self) -> str:
        """Unit of the division: `day`, `week` (from Monday) or `month`."""
        days = (self.last - self.first).days + 1
        return "day" if days <= _BY_DAY else "week" if days <= _BY_WEEK else "month"

    def buckets(self) -> Iterator[tuple[dt.date, dt.date, dt.date]]:
        """(the day on which the unit begins, first and last day in the period) of each unit, in order."""
        key = self._begin(self.first)
        while key <= self.last:
            following = self._next(key)
            yield key, max(key, self.first), min(following - _DAY, self.last)
            key = following

    def _begin(self, day: dt.date) -> dt.date:
        if self.unit == "month":
            return day.replace(day=1)
        return day - day.weekday() * _DAY if self.unit == "week" else day

    def _next(self, key: dt.date) -> dt.date:
        if self.unit == "month":
            return (key + 31 * _DAY).replace(day=1)
        return key + (7 * _DAY if self.unit == "week" else _DAY)

    @property
    def is_over(self) -> bool:
        return self.last < today()


def preset(which: Preset, on: dt.date | None = None) -> Period:
    """The period by its name, as of a day (today). What is not over goes to its last day."""
    day = on or today()
    monday, month = day - day.weekday() * _DAY, day.replace(day=1)
    match which:
        case Preset.WEEK:
            return Period(monday, monday + 6 * _DAY)
        case Preset.LAST_WEEK:
            return Period(monday - 7 * _DAY, monday - _DAY)
        case Preset.MONTH:
            return Period(month, (month + 31 * _DAY).replace(day=1) - _DAY)
        case Preset.LAST_MONTH:
            return Period((month - _DAY).replace(day=1), month - _DAY)
        case Preset.LAST_YEAR:
            return year(day.year - 1)
        case _:
            return year(day.year)


def written(first: str, last: str) -> Period:
    """The period between two days as they were written: until today, and from the year's first, where one is left
    empty. INVALID at `from` or `to` for what is no day."""
    end = _written(last, "to") or today()
    return Period(_written(first, "from") or end.replace(day=1, month=1), end)


def _written(text: str, field: str) -> dt.date | None:
    day = day_meant(text, past=True)
    if day is None and text.strip():
        message = _("“%(text)s” is no day. Write it like this: 3.12.2026, 3 December or yesterday.")
        raise DomainError(ErrorCode.INVALID, message % {"text": line(text)[:40]}, field)
    return day


def year(number: int) -> Period:
    """A calendar year. INVALID at `year` for one that no report can be of."""
    if not FIRST_YEAR <= number <= LAST_YEAR:
        message = _("Write a year between %(first)s and %(last)s.") % {"first": FIRST_YEAR, "last": LAST_YEAR}
        raise DomainError(ErrorCode.INVALID, message, "year")
    return Period(dt.date(number, 1, 1), dt.date(number, 12, 31))
