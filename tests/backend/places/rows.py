"""A street with doors, a landmark, and the outline of a neighbourhood."""

from __future__ import annotations

from collections.abc import Sequence

from backend.core.session import system
from backend.organization.models import Neighbourhood
from backend.places.choices import LandmarkKind
from backend.places.importing.writing import DoorRow, LandmarkRow, StreetRow, Writer
from backend.places.models import Landmark, Street
from backend.places.words import kind_of

type Spot = tuple[float, float]


def make_street(
    place: Neighbourhood,
    name: str,
    line: Sequence[Spot] = ((29.25, 41.02), (29.26, 41.02)),
    numbers: Sequence[str] = ("1", "2", "12"),
) -> Street:
    """A street from west to east; its doors stand along its first metres, one a hundredth of its length."""
    with system():
        writer = Writer(source="Deneme")
        code = f"{place.code}-{name}"[:40]
        writer.streets([StreetRow(code, name, kind_of(name), place.pk, tuple(line))])
        writer.doors(
            DoorRow(code, number, line[0][1] + 0.0001, line[0][0] + 0.0001 * order)
            for order, number in enumerate(numbers, 1)
        )
        return Street.objects.get(code=code)


def make_landmark(
    place: Neighbourhood, name: str, kind: LandmarkKind = LandmarkKind.MOSQUE, at: Spot = (29.255, 41.0203)
) -> Landmark:
    """A landmark at [longitude, latitude]."""
    with system():
        code = f"{place.code}-{name}-{at[0]}"[:60]
        Writer(source="Deneme").landmarks([LandmarkRow(name, kind, place.pk, at[1], at[0], code)])
        return Landmark.objects.get(code=code)


def make_boundary(place: Neighbourhood, west: float, south: float, size: float = 0.01) -> None:
    """A square outline."""
    east, north = west + size, south + size
    ring = [(west, south), (east, south), (east, north), (west, north), (west, south)]
    with system():
        Writer(source="Deneme").boundary(place, [[ring]])
