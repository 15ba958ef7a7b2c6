"""Days on which people are greeted: the holidays of the common calendar (2429), and the days of professions and groups
from a file of data with its sources (`data/days.csv`). Which of them the house keeps is for its people to say.
"""

from __future__ import annotations

import csv
import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.utils.translation import gettext as _

from backend.core.calendar import WorkingCalendar, confirmed_name
from backend.core.words.text import tr_fold
from backend.greetings.choices import OccasionKind
from backend.letters.choices import Kind
from backend.organization.calendar import working_calendar

FILE = Path(__file__).parent / "data" / "days.csv"
_DAY = dt.timedelta(days=1)
_RELIGIOUS = ("Ramazan", "Kurban")
_REMEMBERED = ("Demokrasi",)
_SUNDAY = 6


@dataclass(frozen=True)
class Day:
    """One day of one year; `source` says by what it is a day at all. `health_data`: its people are known by health
    data, so that no list of persons is made of it (KVKK m.6)."""

    code: str
    name: str
    kind: OccasionKind
    on: dt.date
    letter_kind: Kind
    audience: str
    source: str
    health_data: bool = False


def between(first: dt.date, last: dt.date) -> list[Day]:
    """The days from `first` to `last`, both included, in order."""
    years, calendar = range(first.year, last.year + 1), working_calendar()
    return [day for year in years for day in of_year(year, calendar) if first <= day.on <= last]


def of_year(year: int, calendar: WorkingCalendar) -> list[Day]:
    days = [*_holidays(year, calendar), *_of_groups(year)]
    return sorted(days, key=lambda day: (day.on, day.name))


def _holidays(year: int, calendar: WorkingCalendar) -> Iterator[Day]:
    """The first day of each holiday: of a bayram of three days one. One that comes twice a year has two codes."""
    seen = dict[str, int]()
    day, before = dt.date(year, 1, 1), frozenset[str]()
    while day.year == year:
        names = frozenset(calendar.holiday_names(day)) if calendar.is_public_holiday(day) else frozenset()
        for name in sorted(names - before):
            seen[name] = seen.get(name, 0) + 1
            yield _holiday(name, day, seen[name])
        day, before = day + _DAY, names


def _holiday(name: str, on: dt.date, which: int) -> Day:
    plain = name.replace("'", "’")
    code = "-".join(re.findall(r"[a-z0-9]+", tr_fold(confirmed_name(name))))
    return Day(
        code=f"day:{code}:{on.year}" + (f":{which}" if which > 1 else ""),
        name=f"{plain} {on.year}",
        kind=OccasionKind.RELIGIOUS_DAY if name.startswith(_RELIGIOUS) else OccasionKind.NATIONAL_DAY,
        on=on,
        letter_kind=Kind.OFFICE if name.startswith(_REMEMBERED) else Kind.CONGRATULATION,
        audience="",
        source=_("Law 2429"),
    )


def _of_groups(year: int) -> Iterator[Day]:
    for row in _rows():
        yield Day(
            code=f"day:{row['code']}:{year}",
            name=f"{row['name']} {year}",
            kind=OccasionKind.PROFESSIONAL_DAY,
            on=_on(row, year),
            letter_kind=Kind(row["letter_kind"]),
            audience=row["audience"],
            source=row["source"],
            health_data=row["health_data"] == "yes",
        )


def is_of_health_data(code: str) -> bool:
    """Whether the occasion with this code is such a day."""
    return any(code.startswith(f"day:{row['code']}:") and row["health_data"] == "yes" for row in _rows())


@lru_cache(maxsize=1)
def _rows() -> tuple[dict[str, str], ...]:
    with FILE.open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file, delimiter=";"))


def _on(row: dict[str, str], year: int) -> dt.date:
    """The date, or by a rule such as 2-SUNDAY: the second Sunday of the month."""
    month = int(row["month"])
    if not row["rule"]:
        return dt.date(year, month, int(row["day"]))
    first = dt.date(year, month, 1)
    which = int(row["rule"].partition("-")[0])
    return first + dt.timedelta(days=(_SUNDAY - first.weekday()) % 7 + 7 * (which - 1))
