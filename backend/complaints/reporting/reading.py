"""From querysets and days to what the statements of reports take: which days count, working days, SQL of a queryset."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db.models import QuerySet

from backend.complaints.choices import Outcome
from backend.complaints.law.deadlines import Regime
from backend.complaints.law.periods import Period
from backend.complaints.reporting.figures import NOT_COUNTED
from backend.complaints.reporting.statements import COLUMNS, FACTS
from backend.core.localtime import ISTANBUL, today
from backend.organization.calendar import working_calendar

YEARS_BACK = 10
"""A case that waited longer is counted as if it had come ten years before the year of its answer."""
_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Windows:
    """The days of a period, and how they fall into whole months, whose sums are kept, and the days at the edges.

    What flows (received, closed, answered) counts from the first day to the last. What stands (open, late) is what had
    begun by `on` without what had ended; for today no month is cut for what is open, since nothing is received or
    closed on a day to come.
    """

    period: Period
    on: dt.date
    flow_from: dt.date
    flow_until: dt.date
    open_until: dt.date
    late_until: dt.date

    @classmethod
    def of(cls, period: Period, on: dt.date) -> Windows:
        begins = following(period.first) if period.first.day > 1 else period.first
        late_until = month_of(on + _DAY)
        return cls(
            period,
            on,
            begins,
            max(month_of(period.last + _DAY), begins),
            following(on) if on >= today() else late_until,
            late_until,
        )

    def _flow_edges(self) -> list[tuple[dt.date, dt.date]]:
        """Days of the period outside its whole months, each end without its last."""
        ends = self.period.last + _DAY
        if self.flow_from >= self.flow_until:
            return [(self.period.first, ends)]
        edges = [(self.period.first, self.flow_from), (self.flow_until, ends)]
        return [(first, last) for first, last in edges if first < last]

    def _standing_edge(self, until: dt.date) -> list[tuple[dt.date, dt.date]]:
        return [(until, self.on + _DAY)] if until <= self.on else []

    def parameters(self) -> dict[str, Any]:
        return {
            "flow": _ranges([(self.period.first, self.period.last + _DAY)]),
            "standing": f"{{(,{self.on:%Y-%m-%d}]}}",
            "flow_edge": _ranges(self._flow_edges()),
            "open_edge": _ranges(self._standing_edge(self.open_until)),
            "late_edge": _ranges(self._standing_edge(self.late_until)),
            "flow_from": self.flow_from,
            "flow_until": self.flow_until,
            "open_until": self.open_until,
            "late_until": self.late_until,
        }

    def within(self) -> str:
        """The condition that finds cases with a day at an edge; empty where there is none."""
        flows = ("received_on", "closed_on", "answered_on")
        items = [
            *((day, edge) for edge in self._flow_edges() for day in flows),
            *((day, edge) for edge in self._standing_edge(self.open_until) for day in flows[:2]),
            *(
                (day, edge)
                for edge in self._standing_edge(self.late_until)
                for day in ("late_from", "late_until")
            ),
        ]
        return " OR ".join(
            f"({day} >= '{first:%Y-%m-%d}' AND {day} < '{last:%Y-%m-%d}')" for day, (first, last) in items
        )


def _ranges(items: list[tuple[dt.date, dt.date]]) -> str:
    return "{" + ", ".join(f"[{first:%Y-%m-%d},{last:%Y-%m-%d})" for first, last in items) + "}"


def month_of(day: dt.date) -> dt.date:
    return day.replace(day=1)


def following(day: dt.date) -> dt.date:
    """The first day of the month after."""
    return month_of(month_of(day) + dt.timedelta(days=31))


def fact_parameters(first: dt.date, last: dt.date) -> dict[str, Any]:
    """What `FACTS` takes for cases that were answered between two days."""
    origin = dt.date(max(first.year - YEARS_BACK, 1), 1, 1)
    worked = working_calendar().running_count(origin, last)
    return {
        "origin": origin,
        # As PostgreSQL writes an array: psycopg takes ten times as long for one of a list.
        "worked": f"{{{','.join(map(str, worked))}}}",
        "zone": str(ISTANBUL),
        "left_out": [str(outcome) for outcome in NOT_COUNTED],
        "solved": str(Outcome.SOLVED),
        "service": str(Regime.SERVICE_REQUEST),
        "years": YEARS_BACK,
    }


def facts_of(cases: QuerySet[Any], values: dict[str, Any]) -> str:
    """`FACTS` of these cases, which have the `COLUMNS`; their parameters are added to `values`."""
    return FACTS.format(columns=", ".join(("id", *COLUMNS)), cases=sql_of(cases, "cases", values))


def sql_of(rows: QuerySet[Any], name: str, values: dict[str, Any]) -> str:
    """The statement of a queryset with named parameters, which are added to `values`."""
    try:
        text, own = rows.query.sql_with_params()
    except EmptyResultSet:
        text, own = (
            rows.model._default_manager.extra(where=["false"]).values(*_columns(rows)).query.sql_with_params()
        )
    values |= {f"{name}{number}": value for number, value in enumerate(own)}
    numbers: Iterator[int] = count()
    return re.sub(
        r"%[%s]", lambda found: found[0] if found[0] == "%%" else f"%({name}{next(numbers)})s", text
    )


def _columns(rows: QuerySet[Any]) -> tuple[str, ...]:
    return tuple(rows.query.values_select)
