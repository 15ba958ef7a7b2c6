"""What a report says of the cases of a period: counts, the share that was solved, the time to the answer; in all, by
department, mahalle, subject, channel and legal basis, and over time.

Pure: rows in, figures out. Whose rows they are is decided by the caller (`permissions.complaints.access.countable`).
One statement over the cases whatever is asked, and one a table of names. Every case lies in exactly one part of each
division, "none" included, so that the parts come to the whole.

A case that was reopened counts by its newest end: what it had been before is in its story, not in these figures.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Any

from django.db import connection
from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext as _

from backend.complaints.choices import Channel
from backend.complaints.law.deadlines import Regime
from backend.complaints.law.periods import Period
from backend.complaints.models import ComplaintQuerySet
from backend.complaints.reporting.reading import Windows, fact_parameters, facts_of, sql_of
from backend.complaints.reporting.statements import COLUMNS as COLUMNS
from backend.complaints.reporting.statements import (
    COUNTS,
    CUBE,
    EDGES,
    FACT_COLUMNS,
    KEPT,
    LENGTHS,
    MORE,
    SUMMED,
    WEIGHED,
)
from backend.core.localtime import midnight, today
from backend.documents.charts import thousands
from backend.organization.models import Category, Department, Neighbourhood


class Division(StrEnum):
    """By what the cases are divided."""

    DEPARTMENT = "department"
    CATEGORY = "category"
    NEIGHBOURHOOD = "neighbourhood"
    CHANNEL = "channel"
    REGIME = "regime"


_NAMES: dict[Division, Any] = {
    Division.DEPARTMENT: Department,
    Division.CATEGORY: Category,
    Division.NEIGHBOURHOOD: Neighbourhood,
    Division.CHANNEL: Channel,
    Division.REGIME: Regime,
}


@dataclass
class Part:
    """The figures of some of the cases. `key` is the row or the stored choice that they share; None: they have none.

    received, closed, answered: in the period, by local day. solved: of the closed; countable: of the closed, without
    withdrawn, forwarded and duplicates. answered_late: after the target date. open, late: on the period's last day,
    or today where it is not over. Times are from the day of registration to the day of the answer, that day included;
    working days without holidays and full days of administrative leave, and for a service request without the days on
    which it waited.
    """

    key: Any = None
    name: str = ""
    code: str = ""
    received: int = 0
    closed: int = 0
    solved: int = 0
    countable: int = 0
    answered: int = 0
    answered_late: int = 0
    open: int = 0
    late: int = 0
    rated: int = 0
    """Of the answered, those that the citizen rated; `stars`: the sum of their ratings."""
    stars: int = 0
    contributing: int = 0
    """Number of received cases on which the department collaborates. Not part of any sum."""
    calendar: dict[int, int] = field(default_factory=lambda: defaultdict(int), repr=False)
    working: dict[int, int] = field(default_factory=lambda: defaultdict(int), repr=False)

    @property
    def solved_share(self) -> float | None:
        """Solved of countable, 0 to 1; None of nothing."""
        return self.solved / self.countable if self.countable else None

    @property
    def late_share(self) -> float | None:
        """Answered late of answered, 0 to 1; None of nothing."""
        return self.answered_late / self.answered if self.answered else None

    @property
    def mean_rating(self) -> float | None:
        """Mean rating of the answers by citizens, 1 to 5; None without ratings."""
        return self.stars / self.rated if self.rated else None

    @cached_property
    def mean_days(self) -> float | None:
        return _mean(self.calendar)

    @cached_property
    def median_days(self) -> float | None:
        return _median(self.calendar)

    @cached_property
    def mean_working_days(self) -> float | None:
        return _mean(self.working)

    @cached_property
    def median_working_days(self) -> float | None:
        return _median(self.working)

    def add(self, counts: Iterable[int], lengths: Sequence[list[int] | None]) -> None:
        """Add the counts of some cases, and how many were answered after so many calendar and working days."""
        for name, count in zip(COUNTS, counts, strict=True):
            setattr(self, name, getattr(self, name) + count)
        calendar_days, calendar_counts, working_days, working_counts = (each or [] for each in lengths)
        for day, count in zip(calendar_days, calendar_counts, strict=True):
            self.calendar[day] += count
        for day, count in zip(working_days, working_counts, strict=True):
            self.working[day] += count

    def settle(self) -> bool:
        """Drop lengths of which none is left; whether anything is counted at all."""
        for days in (self.calendar, self.working):
            for day in [day for day, count in days.items() if not count]:
                del days[day]
        return any(getattr(self, name) for name in (*COUNTS, "contributing"))


@dataclass(frozen=True)
class Bucket:
    """A day, week or month of the period, cut to it: what came, what ended, what was open on its last day."""

    first: dt.date
    last: dt.date
    received: int
    closed: int
    open: int


@dataclass
class Report:
    """`parts`: each division in the order of the Turkish alphabet, what has none last."""

    period: Period
    on: dt.date
    total: Part = field(default_factory=Part)
    parts: dict[Division, list[Part]] = field(default_factory=dict)
    buckets: list[Bucket] = field(default_factory=list)

    @classmethod
    def empty(cls, period: Period) -> Report:
        """A report in which nothing is counted yet: its days alone."""
        return cls(period, min(period.last, today()))

    @property
    def formula(self) -> str:
        """How the share of solved cases comes about, in words and with its numbers."""
        return formula(self.total)


def formula(part: Part) -> str:
    return _(
        "Solved (%(solved)s) ÷ [closed (%(closed)s) − withdrawn, forwarded and duplicate (%(left_out)s)"
        " = %(countable)s]"
    ) % {
        "solved": thousands(part.solved),
        "closed": thousands(part.closed),
        "left_out": thousands(part.closed - part.countable),
        "countable": thousands(part.countable),
    }


def alive(rows: ComplaintQuerySet, period: Period) -> ComplaintQuerySet:
    """Those that the report is about: received by the period's end and not closed before it began."""
    begins, ends = midnight(period.first), midnight(period.last + dt.timedelta(days=1))
    lasted = Q(closed_at__isnull=True) | Q(closed_at__gte=begins) | Q(replied_at__gte=begins)
    return rows.filter(lasted, registered_at__lt=ends)


def report(cases: QuerySet[Any], period: Period, kept: Kept | None = None) -> Report:
    """The figures of these cases, which are `alive` in the period and have the `COLUMNS`; with `kept`, of what was
    summed too, where the cases are those that changed since and those that the sums do not hold.
    """
    result = Report.empty(period)
    divided: dict[Division, dict[Any, Part]] = {division: {} for division in Division}
    received: dict[dt.date, int] = defaultdict(int)
    closed: dict[dt.date, int] = defaultdict(int)
    for what, text, counts, lengths in _rows(cases, result, kept):
        if what == "day":
            day = dt.date.fromisoformat(text)
            received[day] += counts[0]
            closed[day] += counts[1]
        elif what == "total":
            result.total.add(counts, lengths)
        else:
            division = Division.DEPARTMENT if what == "contributing" else Division(what)
            key = int(text) if text and issubclass(_NAMES[division], Model) else text
            part = divided[division].setdefault(key, Part(key))
            if what == "contributing":
                part.contributing += counts[0]
            else:
                part.add(counts, lengths)
    result.total.settle()
    result.parts = {
        division: _named(division, [part for part in parts.values() if part.settle()])
        for division, parts in divided.items()
    }
    result.buckets = _buckets(result, received, closed)
    return result


# -- reading ---------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Kept:
    """What was summed before (`reporting/keeping.py`), as far as the asker may see it; see `reporting/models.py`."""

    cells: QuerySet[Any]
    facts: QuerySet[Any]
    changes: QuerySet[Any]


def _rows(cases: QuerySet[Any], found: Report, kept: Kept | None) -> Iterator[tuple[Any, ...]]:
    """(division, key, counts, lengths) of each cell, in one statement; a part may have several."""
    windows = Windows.of(found.period, found.on)
    values = (
        windows.parameters()
        | {"unit": found.period.unit}
        | fact_parameters(found.period.first, found.period.last)
    )
    columns = ", ".join(FACT_COLUMNS)
    zeros = ", ".join(["0"] * (len(COUNTS) - 1))
    steps = [facts_of(cases, values)]
    more = summed = ""
    if kept is not None:
        tables = {name: sql_of(getattr(kept, name), name, values) for name in ("facts", "changes", "cells")}
        steps.append(KEPT.format(**tables))
        edges = EDGES.format(columns=columns, within=windows.within()) if windows.within() else ""
        more = MORE.format(columns=columns, edges=edges)
        flows = ", ".join(f"coalesce(sum({name}) FILTER ({_IN_FLOW}), 0)" for name in COUNTS[:6])
        rates = ", ".join(f"coalesce(sum({name}) FILTER ({_IN_FLOW}), 0)" for name in COUNTS[8:])
        summed = SUMMED.format(flows=flows, rates=rates, nothing=f"0, {zeros}")
    steps += [WEIGHED.format(columns=columns, more=more)]
    cube = CUBE.format(counts=", ".join(COUNTS), lengths=", ".join(LENGTHS), zeros=zeros)
    with connection.cursor() as cursor:
        cursor.execute("WITH " + ",\n".join([*steps, cube]) + summed, values)
        yield from ((row[0], row[1], row[2:12], row[12:]) for row in cursor.fetchall())


_IN_FLOW = "WHERE month >= %(flow_from)s AND month < %(flow_until)s"


# -- names, times, buckets -------------------------------------------------------------------------------------------
def _named(division: Division, parts: list[Part]) -> list[Part]:
    """With their names, in the order of the Turkish alphabet; what has none last. Channels and laws: in their order."""
    source = _NAMES[division]
    keyed = {part.key: part for part in parts}
    none = keyed.pop(None, None)
    ordered = []
    if issubclass(source, Model):
        for row in source._default_manager.filter(pk__in=list(keyed)).order_by("name_sort", "id"):
            part = keyed[row.pk]
            part.key, part.name, part.code = row, getattr(row, "short_name", row.name), row.code
            ordered.append(part)
    else:
        for choice in source:
            if choice.value in keyed:
                part = keyed[choice.value]
                part.name, part.code = str(choice.label), choice.value
                ordered.append(part)
    return [*ordered, *([none] if none else [])]


def _mean(days: dict[int, int]) -> float | None:
    count = sum(days.values())
    return sum(day * times for day, times in days.items()) / count if count else None


def _median(days: dict[int, int]) -> float | None:
    """The middle one; of an even number the mean of the two in the middle."""
    count = sum(days.values())
    if not count:
        return None
    return (_at(days, (count - 1) // 2) + _at(days, count // 2)) / 2


def _at(days: dict[int, int], position: int) -> int:
    """The value at a position of the sorted values."""
    for day in sorted(days):
        position -= days[day]
        if position < 0:
            return day
    raise IndexError(position)


def _buckets(found: Report, received: dict[dt.date, int], closed: dict[dt.date, int]) -> list[Bucket]:
    """From the first day to the last of which anything is known; what was open follows from what came and ended."""
    standing = found.total.open - sum(received.values()) + sum(closed.values())
    buckets = []
    for key, first, last in found.period.buckets():
        if first > found.on:
            break
        standing += received.get(key, 0) - closed.get(key, 0)
        buckets.append(Bucket(first, last, received.get(key, 0), closed.get(key, 0), standing))
    return buckets
