"""The day of the suite: a Tuesday weeks ahead, counted from today, for whatever may not lie in the past.

The product refuses the past, and the database and other processes go by the real clock: where one of them decides, a
test takes its dates from here. Where the tables of the law are asked, a test says its dates itself and stands on
`FROZEN` if "now" matters. `make other-days` runs both kinds under other dates.

The weekdays never change: `day(2)` is a Thursday on every date, and `day(-7)` to `day(16)` lie in one month.
"""

from __future__ import annotations

import datetime as dt

from django.utils import dateformat, translation

from backend.core.calendar import WorkingCalendar
from backend.core.localtime import ISTANBUL

SOONEST = 42
# What tests use beside the day, weekly series included; without a holiday and without half of one.
AROUND = (*range(-7, 17), 21, 28)
# Where tests of the law stand, with `freeze_time`: a Tuesday at ten in the morning. Their dates are of 2026 and 2027.
FROZEN = "2026-11-24T10:00:00+03:00"


def chosen(today: dt.date) -> dt.date:
    """Return the suite's day as seen from `today`: the next second Tuesday of a month that is far and quiet enough."""
    found = today + dt.timedelta(days=SOONEST)
    while not (found.weekday() == 1 and 8 <= found.day <= 14 and _is_fit(found)):
        found += dt.timedelta(days=1)
    return found


def _is_fit(day: dt.date) -> bool:
    calendar, around = WorkingCalendar(), [day + dt.timedelta(days=n) for n in AROUND]
    return (day + dt.timedelta(days=16)).month == day.month and not any(map(calendar.holiday_names, around))


_TODAY = dt.datetime.now(ISTANBUL).date()
_CHOSEN = chosen(_TODAY)
YEAR = _TODAY.year + 1  # all of it lies ahead: for national days


def date(days: int = 0) -> dt.date:
    """Return the day so many days after the suite's day."""
    return _CHOSEN + dt.timedelta(days=days)


def day(days: int) -> str:
    """Write it as programs do: `2027-01-14`, for `at`, forms and GraphQL."""
    return date(days).isoformat()


def dotted(days: int = 0) -> str:
    """Write it as screens, papers and mails do: `14.01.2027`."""
    return date(days).strftime("%d.%m.%Y")


def spelt(days: int = 0, language: str = "tr") -> str:
    """Write it with the month's name: `14 Ocak 2027`."""
    with translation.override(language):
        return dateformat.format(date(days), "j F Y")


DAY = day(0)
