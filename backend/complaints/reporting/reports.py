"""What a report says of the cases of a period: counts, the share that was solved, the time to the answer; in all, by
department, mahalle, subject, channel and legal basis, and over time.

Pure: rows in, figures out. Whose rows they are is decided by the caller (`permissions.complaints.access.countable`).
Two statements over the cases whatever is asked, and one a table of names. Every case lies in exactly one part of each
division, "none" included, so that the parts come to the whole.

A case that was reopened counts by its newest end: what it had been before is in its story, not in these figures.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from itertools import accumulate
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext as _

from backend.complaints.choices import Channel, Outcome
from backend.complaints.law.deadlines import Regime
from backend.complaints.law.periods import Period
from backend.complaints.models import ComplaintQuerySet
from backend.complaints.reporting.figures import NOT_COUNTED
from backend.core.localtime import ISTANBUL, midnight, today
from backend.documents.charts import thousands
from backend.organization.calendar import working_calendar
from backend.organization.models import Category, Department, Neighbourhood

COLUMNS = (
    "responsible_department",
    "category",
    "neighbourhood",
    "channel",
    "regime",
    "registered_on",
    "target_on",
    "replied_at",
    "closed_at",
    "outcome",
    "collaborators",
    "rating",
    "waiting_since",
    "waits",
    "deadline_inputs",
)
"""What a row must have, in this order, after its key."""
YEARS_BACK = 10
"""A case that waited longer is counted as if it had come ten years before the period."""


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
_COUNTS = (
    "received",
    "closed",
    "solved",
    "countable",
    "answered",
    "answered_late",
    "open",
    "late",
    "rated",
    "stars",
)


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

    def add(self, counts: Iterable[int], calendar: int | None, working: int | None) -> None:
        """Take in the cases of one cell: those that were answered after so many days."""
        values = dict(zip(_COUNTS, counts, strict=True))
        for name, count in values.items():
            setattr(self, name, getattr(self, name) + count)
        if calendar is not None and working is not None:
            self.calendar[calendar] += values["answered"]
            self.working[working] += values["answered"]


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
    lasted = Q(closed_at__isnull=True) | Q(closed_at__gte=begins)
    return rows.filter(lasted, registered_at__lt=ends)


def report(cases: QuerySet[Any], period: Period) -> Report:
    """The figures of these cases, which are `alive` in the period and have the `COLUMNS`."""
    result = Report(period, min(period.last, today()))
    divided: dict[Division, dict[Any, Part]] = {division: {} for division in Division}
    received: dict[dt.date, int] = {}
    closed: dict[dt.date, int] = {}
    for what, keys, times, calendar, working, counts in _cells(cases, result):
        if what == "received":
            received[times] = counts[0]
        elif what == "closed":
            closed[times] = counts[1]
        elif what == "total":
            result.total.add(counts, calendar, working)
        else:
            key = keys[what]
            part = divided[Division(what)].setdefault(key, Part(key))
            part.add(counts, calendar, working)
    for department, count in _contributing(cases, result):
        part = divided[Division.DEPARTMENT].setdefault(department, Part(department))
        part.contributing = count
    result.parts = {division: _named(division, list(parts.values())) for division, parts in divided.items()}
    result.buckets = _buckets(result, received, closed)
    return result


# -- the statements --------------------------------------------------------------------------------------------------
_FACTS = """
WITH days AS (SELECT %s::date AS origin, %s::int[] AS worked),
asked AS (SELECT %s::date AS first, %s::date AS last, %s::date AS today),
cases ({columns}) AS ({cases}),
dated AS (
    SELECT cases.*,
           (closed_at AT TIME ZONE %s)::date AS closed_on,
           (CASE WHEN replied_at IS NOT NULL THEN replied_at WHEN outcome <> ALL (%s) THEN closed_at END
               AT TIME ZONE %s)::date AS answered_on
    FROM cases
),
facts AS (
    SELECT responsible_department AS department, category, neighbourhood, channel, regime, outcome, collaborators,
           rating,
           registered_on, closed_on, answered_on,
           registered_on BETWEEN first AND last AS received,
           coalesce(closed_on BETWEEN first AND last, false) AS closed,
           coalesce(answered_on BETWEEN first AND last, false) AS answered,
           coalesce(answered_on > target_on, false) AS is_late,
           coalesce(closed_on > today, true) AS open,
           coalesce(answered_on > today, true) AND target_on < today
               AND NOT (regime = %s AND coalesce(target_on >= waiting_since, false))
               AND NOT deadline_inputs ? 'payment_due' AS overdue,
           CASE WHEN regime = %s THEN waits ELSE '{{}}' END AS waits
    FROM dated CROSS JOIN asked
)
"""
_CUBE = """
SELECT what, department, category, neighbourhood, channel, regime, bucket, calendar, working, {counts}
FROM (
    SELECT CASE grouping(department, category, neighbourhood, channel, regime, received_in, closed_in)
               WHEN 63 THEN 'department' WHEN 95 THEN 'category' WHEN 111 THEN 'neighbourhood'
               WHEN 119 THEN 'channel' WHEN 123 THEN 'regime' WHEN 125 THEN 'received' WHEN 126 THEN 'closed'
               ELSE 'total' END AS what,
           department, category, neighbourhood, channel, regime, coalesce(received_in, closed_in) AS bucket,
           calendar, working,
           count(*) FILTER (WHERE received) AS received,
           count(*) FILTER (WHERE closed) AS closed,
           count(*) FILTER (WHERE closed AND outcome = %s) AS solved,
           count(*) FILTER (WHERE closed AND outcome <> ALL (%s)) AS countable,
           count(*) FILTER (WHERE answered) AS answered,
           count(*) FILTER (WHERE answered AND is_late) AS answered_late,
           count(*) FILTER (WHERE open) AS open,
           count(*) FILTER (WHERE open AND overdue) AS late,
           count(rating) FILTER (WHERE answered) AS rated,
           coalesce(sum(rating) FILTER (WHERE answered), 0) AS stars
    FROM (
        SELECT facts.*,
               CASE WHEN received THEN date_trunc(%s, registered_on)::date END AS received_in,
               CASE WHEN closed THEN date_trunc(%s, closed_on)::date END AS closed_in,
               CASE WHEN answered THEN answered_on - registered_on END AS calendar,
               CASE WHEN answered THEN worked[greatest(answered_on - origin, 0) + 1]
                                     - worked[greatest(registered_on - origin, 0) + 1]
                                     - (SELECT coalesce(sum(greatest(
                   worked[greatest(least(upper(wait) - 1, answered_on) - origin, 0) + 1]
                   - worked[greatest(greatest(lower(wait) - 1, registered_on) - origin, 0) + 1], 0)), 0)::int
                                        FROM unnest(waits) AS wait) END AS working
        FROM facts CROSS JOIN days
    ) AS measured
    GROUP BY GROUPING SETS (
        (calendar, working), (department, calendar, working), (category, calendar, working),
        (neighbourhood, calendar, working), (channel, calendar, working), (regime, calendar, working),
        (received_in), (closed_in)
    )
) AS cells
"""
_TOGETHER = """
SELECT department_id, count(*)
FROM facts CROSS JOIN unnest(collaborators) AS department_id
WHERE received AND collaborators <> '{}'
GROUP BY department_id
"""


def _asked(cases: QuerySet[Any], found: Report, then: str, parameters: list[Any]) -> list[tuple[Any, ...]]:
    """The rows of a statement over the facts of these cases; empty for an empty queryset."""
    try:
        rows, own = cases.query.sql_with_params()
    except EmptyResultSet:
        return []
    origin, worked = _worked_days(found.period)
    zone, left_out = str(ISTANBUL), [str(outcome) for outcome in NOT_COUNTED]
    head = _FACTS.format(columns=", ".join(("id", *COLUMNS)), cases=rows)
    service = str(Regime.SERVICE_REQUEST)
    items = [origin, worked, found.period.first, found.period.last, found.on, *own, zone, left_out, zone]
    items += [service, service]
    with connection.cursor() as cursor:
        cursor.execute(head + then, [*items, *parameters])
        return cursor.fetchall()


def _cells(cases: QuerySet[Any], found: Report) -> Iterator[tuple[Any, ...]]:
    """(what, keys, bucket, calendar days, working days, counts) of each cell of the cube."""
    left_out, unit = [str(outcome) for outcome in NOT_COUNTED], found.period.unit
    parameters = [str(Outcome.SOLVED), left_out, unit, unit]
    for row in _asked(cases, found, _CUBE.format(counts=", ".join(_COUNTS)), parameters):
        what, *keys = row[:6]
        if what in ("received", "closed") and row[6] is None:
            continue
        yield what, dict(zip(Division, keys, strict=True)), *row[6:9], row[9:]


def _contributing(cases: QuerySet[Any], found: Report) -> list[tuple[Any, ...]]:
    return _asked(cases, found, _TOGETHER, [])


def _worked_days(period: Period) -> tuple[dt.date, list[int]]:
    """(the first day, how many working days had passed by the end of each day since), to the end of the period."""
    origin = dt.date(max(period.first.year - YEARS_BACK, 1), 1, 1)
    calendar = working_calendar()
    days = (origin + dt.timedelta(days=n) for n in range((period.last - origin).days + 1))
    return origin, list(accumulate(int(calendar.is_working_day(day, with_leave=True)) for day in days))


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
