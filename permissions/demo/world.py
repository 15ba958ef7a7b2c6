"""What the stories are set in: reference data, staff, texts, and the calendar of the law."""

from __future__ import annotations

import datetime as dt
import tomllib
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate
from pathlib import Path
from random import Random
from typing import NamedTuple

from backend.complaints.choices import Priority
from backend.complaints.law import clock
from backend.complaints.law.dates import Law, remembered
from backend.core.localtime import ISTANBUL, local_date
from backend.organization.calendar import working_calendar
from backend.organization.models import Category, Department, Neighbourhood
from backend.places.models import Door
from permissions.demo.people import Staff

HISTORY, RECENT = 730, 30  # days
OFFICE_HOURS = dt.timedelta(hours=8.5)
OPEN_BY_AGE = ((1, 0.97), (3, 0.8), (7, 0.6), (15, 0.27), (30, 0.08), (75, 0.12), (10**6, 0))
"""(younger than so many days, share that is still open): about nine in a hundred in all, and none for years."""
TEXTS = Path(__file__).with_name("texts.toml")


@dataclass(frozen=True)
class Subject:
    """A category with what people say about it, and whose it is."""

    code: str
    category: Category
    weight: int
    subjects: list[str]
    bodies: list[str]
    done: list[str]
    departments: list[int]
    body: int | None

    @cached_property
    def runs_as(self) -> tuple[object, ...]:
        """What of it decides how a case runs."""
        days = clock.target_days(self.category, Priority.NORMAL)
        return bool(self.code), self.departments, self.body, days


@dataclass
class World:
    now: dt.datetime
    staff: Staff
    subjects: list[Subject]
    places: list[Neighbourhood]
    departments: dict[str, int]
    offices: dict[int, Department]
    categories: dict[int | None, Category]
    dates: Law
    doors: dict[tuple[int, str, str], tuple[float, float]]
    """Neighbourhood, street and number -> latitude and longitude of the door in the invented district."""
    weights: list[int] = field(init=False)

    def __post_init__(self) -> None:
        self.weights = list(accumulate(subject.weight for subject in self.subjects))

    def subject(self, random: Random) -> Subject:
        return random.choices(self.subjects, cum_weights=self.weights)[0]

    def target_days(self, category: int | None, priority: str) -> int:
        """The working days that such a case may take."""
        return clock.target_days(self.categories.get(category), priority)

    def like(self, subject: Subject) -> list[Subject]:
        """The subjects that the same departments answer in the same time, itself included."""
        return [one for one in self.subjects if one.runs_as == subject.runs_as] or [subject]


class Moment(NamedTuple):
    """When a case came, and whether it is open still."""

    at: dt.datetime
    is_open: bool


def moments(random: Random, count: int, now: dt.datetime) -> list[Moment]:
    """When that many cases came, ascending: a third of them within the last month."""
    ages = ((0, RECENT) if random.random() < 1 / 3 else (RECENT, HISTORY) for _each in range(count))
    found, total = [], 0.5
    for at in sorted(called_at(random, now, *age) for age in ages):
        total = total % 1 + next(share for days, share in OPEN_BY_AGE if now - at < dt.timedelta(days=days))
        found.append(Moment(at, is_open=total >= 1))
    return found


def called_at(random: Random, now: dt.datetime, youngest: float, oldest: float) -> dt.datetime:
    """A moment between so many days ago, mostly by day and seldom at a weekend."""
    day = (now - dt.timedelta(days=random.uniform(youngest, oldest))).astimezone(ISTANBUL)
    if day.weekday() >= 5 and random.random() < 0.75:
        day -= dt.timedelta(days=day.weekday() - 4)
    hour = random.triangular(8.3, 20, 10.5)
    at = day.replace(hour=0, minute=0, second=0) + dt.timedelta(hours=hour)
    return at if at <= now else now - dt.timedelta(minutes=random.uniform(3, 240))


def in_office_hours(moment: dt.datetime, after: dt.datetime, now: dt.datetime) -> dt.datetime:
    """The moment moved into 08.30-17.00 of a day that is worked, but later than `after` and not later than `now`."""
    calendar, local = working_calendar(), moment.astimezone(ISTANBUL)
    share = (local.hour + local.minute / 60 + local.second / 3600) / 24
    day = calendar.working_day_on_or_after(local.date())
    if _opens(day) > now:
        day = calendar.working_day_on_or_before(min(day, local_date(now)) - dt.timedelta(days=1))
    moved = _opens(day) + share * OFFICE_HOURS
    if moved > now:
        worked = day == local.date() and local > _opens(day)
        moved = local if worked else _opens(day) + share * (now - _opens(day))
    return min(max(moved, after + dt.timedelta(seconds=20)), now)


def _opens(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(8, 30), ISTANBUL)


def build(now: dt.datetime, staff: Staff) -> World:
    """Read everything once. The reference data must be loaded."""
    rows = {
        row.code: row for row in Category.objects.select_related("body").prefetch_related("candidate_rows")
    }
    subjects = [
        Subject(
            code=code,
            category=rows[code],
            departments=[candidate.department_id for candidate in rows[code].candidate_rows.all()],
            body=rows[code].body_id,
            **texts,
        )
        for code, texts in tomllib.loads(TEXTS.read_text(encoding="utf-8")).items()
        if code in rows
    ]
    departments = list(Department.objects.open())
    return World(
        now=now,
        staff=staff,
        subjects=[subject for subject in subjects if subject.departments or subject.body],
        places=list(Neighbourhood.objects.order_by("code")),
        departments={row.code: row.pk for row in departments},
        offices={row.pk: row for row in departments},
        categories={row.pk: row for row in rows.values()},
        dates=remembered(),
        doors=_doors(),
    )


def _doors() -> dict[tuple[int, str, str], tuple[float, float]]:
    named = ("street__neighbourhood", "street__name", "number", "latitude", "longitude")
    return {(place, *door): (north, east) for place, *door, north, east in Door.objects.values_list(*named)}
