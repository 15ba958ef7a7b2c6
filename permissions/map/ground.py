"""What the map stands on, for anybody: outlines of the mahalle and streets of the register. No row of a person."""

from __future__ import annotations

from typing import Any

from backend.core.session import system
from backend.map.squares import Bounds
from backend.organization.models import Neighbourhood
from backend.places.models import Boundary, Street

MOST_STREETS = 2000
"""Of a square; a dense quarter of a city has a few hundred."""


def outlines() -> list[dict[str, Any]]:
    """Return every mahalle by name, with its middle and its polygons as far as they are known: two statements."""
    with system():
        rings = dict(Boundary.objects.values_list("neighbourhood", "rings"))
        places = list(Neighbourhood.objects.order_by("name_sort", "pk"))
    return [
        {
            "code": one.code,
            "name": one.name,
            "middle": None if one.latitude is None else [one.latitude, one.longitude],
            "rings": rings.get(one.pk, []),
        }
        for one in places
    ]


def streets(square: Bounds) -> list[dict[str, Any]]:
    """Return the streets whose lines come into a square: one statement."""
    rows = Street.objects.filter(
        west__lt=square.east, east__gt=square.west, south__lt=square.north, north__gt=square.south
    )
    with system():
        found = list(rows.order_by("pk").values_list("name", "kind", "line")[:MOST_STREETS])
    return [{"name": name, "kind": kind, "line": line} for name, kind, line in found if len(line) > 1]
