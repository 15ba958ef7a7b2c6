"""Brings the invented district into the register, as an import does."""

from __future__ import annotations

from backend.core.session import system
from backend.organization.models import Neighbourhood
from backend.places.importing.writing import Writer
from backend.places.models import Street
from permissions.demo.places import district


def load_once(seed: int) -> None:
    """Also into a database with the older demo."""
    with system():
        if Street.objects.exists():
            return
        writer = Writer(source=district.SOURCE)
        for quarter in district.quarters(list(Neighbourhood.objects.order_by("code")), seed):
            writer.boundary(quarter.place, [[quarter.ring]])
            rows = district.streets(quarter, seed)
            writer.streets(rows)
            writer.doors(door for row in rows for door in district.doors(row))
            writer.landmarks(district.landmarks(quarter, rows, seed))
