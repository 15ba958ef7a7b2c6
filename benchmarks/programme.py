"""A month of a full programme through GraphQL, and free times over a year: what they take.

Run by `python -m pytest -q -s benchmarks/programme.py`.

In a database of its own that is thrown away, as the tests make one. No test: nothing collects it, a time fails nothing.
"""

from __future__ import annotations

import datetime as dt
import os
import statistics
import sys
import time
from collections.abc import Callable

from backend.core.session import system
from backend.organization.calendar import working_calendar
from backend.programme import places
from backend.programme.choices import Kind, Status
from backend.programme.models import Entry, Principal
from backend.programme.slots import Time
from schema.core.nodes import encode
from tests.cast import Cast, as_viewer
from tests.factories import at
from tests.schema.client import Asking

ROUNDS = int(os.environ.get("OZELKALEM_BENCHMARK_ROUNDS", "50"))
FIRST = dt.date(2027, 1, 1)
A_MONTH = """
query ($from: Date!, $until: Date!, $principal: ID!) {
  programme(first: 100, from: $from, until: $until, filter: {principal: $principal}) {
    totalCount pageInfo { hasNextPage }
    nodes { id title kind status place startsAt endsAt blockedFromAt blockedUntilAt isConfidential viewerCan
      participants { name user { fullName } } pressItem { title } request { reference } }
  }
}
"""
FREE = """
query ($principal: ID!, $from: Date!, $until: Date!) {
  freeTimes(principal: $principal, from: $from, until: $until, minutes: 30, first: 100) { startsAt }
}
"""


def measured(name: str, act: Callable[[], object]) -> None:
    """Print the median and the ninety-fifth of a hundred, after three that warm it up."""
    for _each in range(3):
        act()
    times = []
    for _each in range(ROUNDS):
        began = time.perf_counter()
        act()
        times.append((time.perf_counter() - began) * 1000)
    times.sort()
    line = f"{name}: median {statistics.median(times):.1f} ms, p95 {times[int(len(times) * 0.95) - 1]:.1f} ms"
    sys.stdout.write(line + "\n")


def fill(principal: Principal) -> None:
    """Half an hour at every full hour of every working day of a year: the rest of each hour is free."""
    calendar, rows = working_calendar(), []
    for number in range(366):
        day = FIRST + dt.timedelta(days=number)
        for hour in range(9, 17) if calendar.is_working_day(day, with_leave=True) else ():
            start = at(day.isoformat(), f"{hour:02}:00")
            end = start + dt.timedelta(minutes=30)
            facts = {"starts_at": start, "ends_at": end, "blocks_from": start, "blocks_until": end}
            rows.append(
                Entry(
                    principal=principal, kind=Kind.MEETING, status=Status.CONFIRMED, title="Toplantı", **facts
                )
            )
    with system():
        Entry.objects.bulk_create(rows)
    sys.stdout.write(f"{len(rows)} entries in a year\n")


def test_figures(cast: Cast) -> None:
    fill(cast.mayors)
    asking, principal = Asking(cast.secretary), encode("Principal", cast.mayors.key)
    month = {"from": "2027-03-01", "until": "2027-03-31", "principal": principal}
    measured("a month, the first 100 entries with the total", lambda: asking.data(A_MONTH, **month))
    two_months = {"from": "2027-03-01", "until": "2027-05-01", "principal": principal}
    measured("the first 100 free times of two months", lambda: asking.data(FREE, **two_months))

    def a_year() -> int:
        with as_viewer(cast.secretary):
            slots = places.slots_of(cast.mayors, at("2027-01-01", "00:00"), at("2028-01-01", "00:00"))
            half_hour = Time(at("2027-01-01", "09:00"), at("2027-01-01", "09:30"))
            return len(list(slots.free(half_hour)))

    sys.stdout.write(f"{a_year()} free half hours in a year\n")
    measured("all of them", a_year)
