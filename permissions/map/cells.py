"""Cells and points of the cases that the viewer sees, and the cells that are published for everybody.

Both walls stand under every number here: cells count rows of the scope, and the database's policies hold below it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, F, FloatField, QuerySet, Value
from django.db.models.functions import Cast, Power

from backend.complaints.models import Complaint
from backend.core.session import system
from backend.map import counting, grid
from backend.map.models import KeptCell, PublishedCell
from backend.places.choices import APPROXIMATE
from backend.places.geometry import METRES_A_DEGREE
from permissions.complaints import paths
from permissions.core import scope

MOST_POINTS = 250
NEAR_METRES, MOST_NEAR = 300, 20


def cells(rows: QuerySet[Complaint], bbox: str, zoom: int) -> QuerySet[Any]:
    """The cells of the visible ones of these cases in a part of the map: one statement, at most a thousand cells.

    All cases from afar are the sum of kept numbers; any other rows are counted.
    """
    part = grid.area(bbox, zoom)
    counted = counting.cells(scope.visible(rows), part, zoom)
    if rows.query.has_filters() or zoom > grid.KEPT_ZOOM:
        return counting.fullest(counted)
    kept = counting.kept_cells(scope.visible(KeptCell), part, zoom)
    viewer = scope.current_viewer()
    if not viewer.sees_all:
        # What is shared with one person lies in no number of a department: then each case is counted.
        shared = Exists(paths.shares(viewer))
        kept = kept.filter(~shared).union(counted.filter(shared), all=True)
    return counting.fullest(kept)


def points(rows: QuerySet[Complaint], bbox: str, zoom: int) -> QuerySet[Complaint]:
    """The visible ones of these cases in a part of the map, the work first; at most 250."""
    part = counting.within(
        scope.visible(rows).select_related("neighbourhood"), grid.area(bbox, zoom), grid.scale(zoom)
    )
    return counting.with_state(part).order_by("rises_on", "pk")[:MOST_POINTS]


@dataclass(frozen=True)
class Near:
    """An open case near another one."""

    case: Complaint
    metres: int


def near(case: Complaint) -> list[Near]:
    """The visible open cases within 300 m of a case, the nearest first; at most 20. None of a case without
    a point of its own, and none at a point that many share."""
    if case.latitude is None or case.longitude is None or case.point_source in APPROXIMATE:
        return []
    narrow = math.cos(math.radians(case.latitude))
    height = NEAR_METRES / METRES_A_DEGREE
    width = height / max(narrow, 0.01)
    rows = scope.visible(Complaint.objects.open()).exclude(pk=case.pk).exclude(point_source__in=APPROXIMATE)
    rows = rows.filter(
        latitude__range=(case.latitude - height, case.latitude + height),
        longitude__range=(case.longitude - width, case.longitude + width),
    )
    squared = Power(F("latitude") - Value(case.latitude), 2) + Power(
        (F("longitude") - Value(case.longitude)) * Value(narrow), 2
    )
    found = (
        counting.with_state(rows).annotate(squared=Cast(squared, FloatField())).filter(squared__lte=height**2)
    )
    return [
        Near(row, round(math.sqrt(row.squared) * METRES_A_DEGREE))
        for row in found.order_by("squared", "pk")[:MOST_NEAR]
    ]


def published() -> list[PublishedCell]:
    """What is published: every cell from which enough applications came, for anybody."""
    with system():
        return list(PublishedCell.objects.order_by("-received", "column", "row"))
