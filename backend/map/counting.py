"""Cells and points of cases: querysets over rows that a caller has narrowed; nothing here decides what one may see."""

from __future__ import annotations

from typing import Any

from django.db.models import (
    Avg,
    BigIntegerField,
    Case,
    CharField,
    Count,
    F,
    FloatField,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.functions import Cast, Floor

from backend.complaints.choices import Status
from backend.complaints.models import PRESSING, STOPPED, Complaint
from backend.core.symbolic import in_days
from backend.map.grid import Area

COUNTED = {"late": "late", "due": "due_today", "way": "on_way", "closed": "closed"}
"""State and the name of its number."""
EXACT = 1e7
"""So many parts of a degree, each a centimetre."""
MOST_CELLS = 1000
"""So many are answered at most, the fullest first."""


def _edge(cell: int, per_degree: int) -> Any:
    return Cast(Value(cell, BigIntegerField()), FloatField()) / Value(float(per_degree))


def within(rows: QuerySet[Complaint], part: Area, per_degree: int) -> QuerySet[Complaint]:
    """Narrow to the cases with a point in these cells."""
    return rows.filter(
        longitude__gte=_edge(part.west, per_degree),
        longitude__lt=_edge(part.east, per_degree),
        latitude__gte=_edge(part.south, per_degree),
        latitude__lt=_edge(part.north, per_degree),
    )


def cell_of(name: str, per_degree: int) -> Any:
    """The number of the cell in which a column of degrees lies."""
    return Cast(Floor(F(name) * Value(float(per_degree))), BigIntegerField())


def _mean(name: str) -> Any:
    """The mean of a column of degrees, in whole parts: a sum of floats would depend on the order of the rows."""
    return Avg(Cast(F(name) * Value(EXACT), BigIntegerField())) / Value(EXACT)


def states() -> dict[str, Q]:
    """How a case is drawn, each case once: late, due, on its way, or closed. As of today."""
    day = in_days(0)
    unanswered = Q(closed_at__isnull=True) & ~Q(status=Status.REPLIED) & ~STOPPED
    late, due = unanswered & Q(target_on__lt=day), unanswered & Q(target_on=day)
    return {
        "late": late,
        "due": due,
        "way": Q(closed_at__isnull=True) & ~late & ~due,
        "closed": Q(closed_at__isnull=False),
    }


def cells(rows: QuerySet[Complaint], part: Area, per_degree: int) -> QuerySet[Any]:
    """The cells of these cases with their numbers by state and the middle of their points: one statement."""
    grouped = within(rows.order_by(), part, per_degree).annotate(
        column=cell_of("longitude", per_degree), row=cell_of("latitude", per_degree)
    )
    counted = {COUNTED[name]: Count("pk", filter=of_state) for name, of_state in states().items()}
    return (
        grouped.values("column", "row")
        .annotate(
            total=Count("pk"),
            urgent=Count("pk", filter=Q(closed_at__isnull=True) & PRESSING),
            per_degree=Value(per_degree, BigIntegerField()),
            middle_latitude=_mean("latitude"),
            middle_longitude=_mean("longitude"),
            **counted,
        )
        .order_by("-total", "column", "row")[:MOST_CELLS]
    )


def with_state(rows: QuerySet[Complaint]) -> QuerySet[Complaint]:
    """Annotate `map_state`, the name in `states` of how a case is drawn."""
    named = (When(of_state, then=Value(name)) for name, of_state in states().items())
    return rows.annotate(map_state=Case(*named, default=Value("way"), output_field=CharField()))
