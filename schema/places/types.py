"""The register of places, as it is read."""

from __future__ import annotations

import datetime as dt

import strawberry
from strawberry.scalars import JSON

from backend.places import models
from backend.places.choices import ACCURACY
from backend.places.choices import LandmarkKind as LandmarkSort
from backend.places.choices import PointSource as Source
from backend.places.choices import StreetKind as Kind
from backend.places.finding import Place
from schema.core.fields import column
from schema.core.nodes import Everybody, Node, node_type
from schema.core.scalars import described_enum
from schema.organization.types import Neighbourhood

LandmarkKind = described_enum(LandmarkSort, "LandmarkKind", "What a landmark is.")
StreetKind = described_enum(Kind, "StreetKind", "What kind of street it is.")
PointSource = described_enum(
    Source, "PointSource", "Where a point comes from, which says how far off it may be."
)


@node_type(models.Street, "Street")
class Street(Node, Everybody):
    """A street (cadde, sokak, bulvar, meydan) as far as it runs through one neighbourhood."""

    code: str = column("Its code in the register, unique.")
    name: str = column("Its name, with what kind of street it is.")
    kind: StreetKind = column("What kind of street it is.")
    neighbourhood: Neighbourhood = column("The neighbourhood (mahalle).")
    line: JSON = column(
        "Its course: a list of [longitude, latitude] in degrees (WGS 84); empty where unknown."
    )
    latitude: float | None = column("Latitude of its middle.")
    longitude: float | None = column("Longitude of its middle.")
    source: str = column("Where it comes from.")


@node_type(models.Door, "Door")
class Door(Node, Everybody):
    """An outer door (dış kapı) of a street."""

    street: Street = column("The street.")
    number: str = column("Its number, such as 12/A.")
    code: str = column("Its code in the national address register, or empty.")
    latitude: float = column("Latitude in degrees (WGS 84).")
    longitude: float = column("Longitude in degrees (WGS 84).")


@node_type(models.Landmark, "Landmark")
class Landmark(Node, Everybody):
    """A place that people name instead of an address: a mosque, a school, a park (nirengi noktası)."""

    code: str = column("Its code in the register, unique.")
    name: str = column("Its name, with what it is.")
    kind: LandmarkKind = column("What it is.")
    neighbourhood: Neighbourhood = column("The neighbourhood (mahalle).")
    latitude: float = column("Latitude in degrees (WGS 84).")
    longitude: float = column("Longitude in degrees (WGS 84).")
    source: str = column("Where it comes from.")


@node_type(models.Boundary, "Boundary")
class Boundary(Node, Everybody):
    """The outline of a neighbourhood."""

    neighbourhood: Neighbourhood = column("The neighbourhood (mahalle).")
    rings: JSON = column(
        "Polygons of rings of [longitude, latitude], the outer ring first, as a MultiPolygon."
    )
    source: str = column("Where it comes from.")
    checked_on: dt.date | None = column("When it was compared with its source; null: not verified.")


@strawberry.type(description="A place that the register of streets and doors knows.")
class FoundPlace:
    neighbourhood: str | None = strawberry.field(description="The code of its neighbourhood (mahalle).")
    neighbourhood_name: str | None = strawberry.field(description="The name of that neighbourhood.")
    street: str | None = strawberry.field(description="The name of the street.")
    landmark: str | None = strawberry.field(
        description="The name of the landmark next to which it is, where the point is taken from that."
    )
    number: str = strawberry.field(description="The number of the door, as the register or the text says it.")
    place: str = strawberry.field(
        description="The street part of the address in a line, for `place` of a case."
    )
    latitude: float | None = strawberry.field(description="Latitude in degrees (WGS 84).")
    longitude: float | None = strawberry.field(description="Longitude in degrees (WGS 84).")
    point_source: PointSource = strawberry.field(
        description="What the point is: of the door, of a landmark, of the middle of the street, of the neighbourhood."
    )
    accuracy: int | None = strawberry.field(description="So many metres off it may usually be.")
    confidence: float = strawberry.field(
        description="How sure it is that this place is meant, from 0 to 1; from 0.85 on it may be filled in."
    )
    words: str = strawberry.field(description="The words of the text in which it was read.")
    distance: int | None = strawberry.field(description="Metres from the point that was asked for.")


def found_place(place: Place) -> FoundPlace:
    """Return a place of the register as everybody reads it."""
    return FoundPlace(
        neighbourhood=place.neighbourhood.code if place.neighbourhood else None,
        neighbourhood_name=place.neighbourhood.name if place.neighbourhood else None,
        street=place.street.name if place.street else None,
        landmark=place.landmark.name if place.landmark else None,
        number=place.door.number if place.door else place.number,
        place=place.line,
        latitude=place.latitude,
        longitude=place.longitude,
        point_source=PointSource(place.source),
        accuracy=ACCURACY.get(place.source),
        confidence=round(place.confidence, 3),
        words=place.words,
        distance=None if place.metres is None else round(place.metres),
    )
