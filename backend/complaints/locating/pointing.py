"""The point of a case: the one that came with it, else where the register has its address."""

from __future__ import annotations

from typing import Any

from backend.complaints.models import Complaint
from backend.organization.models import Neighbourhood
from backend.places.choices import DERIVED, PointSource
from backend.places.finding import is_outside, located, neighbourhood_at, place_at

ADDRESS, POINT = {"neighbourhood", "place"}, {"latitude", "longitude"}


def pointed(
    neighbourhood: Neighbourhood | None,
    place: str,
    latitude: float | None,
    longitude: float | None,
    source: PointSource = PointSource.ENTERED,
) -> dict[str, Any]:
    """Return the point of a new case, where it comes from, its neighbourhood and its place in words.

    A point that came with it stays as it is, wherever it lies, and tells neighbourhood and street if nothing else does.
    Without one the register is asked: door, middle of the street, centre of the neighbourhood.
    """
    if latitude is not None and longitude is not None:
        at = {"latitude": latitude, "longitude": longitude, "point_source": source, "place": place}
        if not place and (here := place_at(latitude, longitude)) is not None:
            at["place"] = here.line
        return at | {"neighbourhood": neighbourhood or neighbourhood_at(latitude, longitude)}
    found = located(neighbourhood, place)
    if found.is_sure:
        neighbourhood = neighbourhood or found.neighbourhood
    return _found_at(found.latitude, found.longitude, found.source) | {
        "neighbourhood": neighbourhood,
        "place": place,
    }


def repointed(complaint: Complaint, changes: dict[str, Any]) -> dict[str, Any]:
    """Return what a correction does to the point of a case: a point that was found follows the address, another
    stays until it is replaced or taken away."""
    now = {name: changes.get(name, getattr(complaint, name)) for name in ADDRESS | POINT}
    if POINT & set(changes) and now["latitude"] is not None:
        return {"point_source": PointSource.ENTERED}
    if POINT & set(changes) or (ADDRESS & set(changes) and complaint.point_source in ("", *DERIVED)):
        found = located(now["neighbourhood"], now["place"])
        return _found_at(found.latitude, found.longitude, found.source)
    return {}


def lies_outside(complaint: Complaint) -> bool:
    """Tell whether a point that came with the case lies outside the district: probably the neighbours' matter."""
    return complaint.point_source not in ("", *DERIVED) and is_outside(
        complaint.latitude, complaint.longitude
    )


def _found_at(latitude: float | None, longitude: float | None, source: PointSource) -> dict[str, Any]:
    source = PointSource.NONE if latitude is None else source
    return {"latitude": latitude, "longitude": longitude, "point_source": source}
