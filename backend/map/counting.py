"""Cells and points of cases: querysets over rows that a caller has narrowed; nothing here decides what one may see."""

from __future__ import annotations

from typing import Any

from django.db.models import (
    Avg,
    BigIntegerField,
    Case,
    CharField,
    Count,
    ExpressionWrapper,
    F,
    FloatField,
    Q,
    QuerySet,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, Floor

from backend.complaints.choices import Status
from backend.complaints.models import PRESSING, STOPPED, Complaint
from backend.core.symbolic import in_days
from backend.map.grid import KEPT_ZOOM, Area, scale
from backend.map.models import KeptCell

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


def cells(rows: QuerySet[Complaint], part: Area, zoom: int) -> QuerySet[Any]:
    """The cells of these cases with their numbers by state and the middle of their points, in any order."""
    per_degree = scale(zoom)
    grouped = within(rows.order_by(), part, per_degree).values(
        column=cell_of("longitude", per_degree), row=cell_of("latitude", per_degree)
    )
    return grouped.annotate(
        per_degree=_same(per_degree),
        total=Count("pk"),
        urgent=Count("pk", filter=Q(closed_at__isnull=True) & PRESSING),
        middle_latitude=_mean("latitude"),
        middle_longitude=_mean("longitude"),
        **{COUNTED[name]: Count("pk", filter=of_state) for name, of_state in states().items()},
    )


def kept_cells(rows: QuerySet[KeptCell], part: Area, zoom: int) -> QuerySet[Any]:
    """The same of the cases that these kept numbers count, at most at the zoom at which they are kept."""
    in_one = KEPT_ZOOM - zoom
    inside = rows.filter(
        x__gte=_first(part.west, in_one),
        x__lt=_first(part.east, in_one),
        y__gte=_first(part.south, in_one),
        y__lt=_first(part.north, in_one),
    )
    grouped = inside.order_by().values(
        column=_wide("x", in_one),
        row=_wide("y", in_one),
    )
    day, is_open = in_days(0), Q(is_closed=False)
    late, due = is_open & Q(target_on__lt=day), is_open & Q(target_on=day)
    way = is_open & (Q(target_on__isnull=True) | Q(target_on__gt=day))
    of_state = {"late": late, "due": due, "way": way, "closed": Q(is_closed=True)}
    return grouped.annotate(
        per_degree=_same(scale(zoom)),
        total=Sum("cases"),
        urgent=_number(Q(is_urgent=True)),
        middle_latitude=_middle("latitudes"),
        middle_longitude=_middle("longitudes"),
        **{COUNTED[name]: _number(which) for name, which in of_state.items()},
    ).filter(total__gt=0)


def fullest(found: QuerySet[Any]) -> QuerySet[Any]:
    """Those of these cells that are answered."""
    return found.order_by("-total", "column", "row")[:MOST_CELLS]


def _same(per_degree: int) -> Any:
    return Value(per_degree, BigIntegerField())


def _first(cell: int, in_one: int) -> Any:
    """The first kept cell of a cell."""
    return Cast(Value(cell, BigIntegerField()), BigIntegerField()) * Value(1 << in_one)


def _wide(name: str, in_one: int) -> Any:
    """The cell in which a kept cell lies."""
    return Cast(F(name).bitrightshift(in_one), BigIntegerField())


def _number(which: Q) -> Any:
    return Coalesce(Sum("cases", filter=which), Value(0))


def _middle(sums: str) -> Any:
    """What `_mean` says of the cases, of their sums."""
    mean = ExpressionWrapper(Sum(sums) / Sum("cases"), FloatField())
    return mean / Value(EXACT)


def with_state(rows: QuerySet[Complaint]) -> QuerySet[Complaint]:
    """Annotate `map_state`, the name in `states` of how a case is drawn."""
    named = (When(of_state, then=Value(name)) for name, of_state in states().items())
    return rows.annotate(map_state=Case(*named, default=Value("way"), output_field=CharField()))
