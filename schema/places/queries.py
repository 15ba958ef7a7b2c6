"""The register of places: streets, doors and outlines for the staff, addresses and points for everybody."""

from __future__ import annotations

from typing import Annotated, Any

import strawberry
from django.db.models import QuerySet

from backend.places import models
from permissions.places import public
from schema.core.connection import Connection, Keyset, Page, Search, connection_field
from schema.core.nodes import decode
from schema.core.scalars import cleaned
from schema.organization.queries import reference_list
from schema.places.types import (
    Boundary,
    Door,
    FoundPlace,
    Landmark,
    LandmarkKind,
    Street,
    found_place,
)

BY_NUMBER = Keyset("door", "number", str)
BY_PLACE = Keyset("boundary", "neighbourhood_id", int)

InNeighbourhood = Annotated[
    strawberry.ID | None, strawberry.argument(description="Only those of this neighbourhood.")
]
OfStreet = Annotated[strawberry.ID | None, strawberry.argument(description="Only those of this street.")]
OfKinds = Annotated[list[LandmarkKind] | None, strawberry.argument(description="Only those of these kinds.")]
Text = Annotated[str, strawberry.argument(description="What a citizen says or writes, whole or in part.")]
Within = Annotated[
    str | None, strawberry.argument(description="The code of the neighbourhood, where that is known already.")
]
Latitude = Annotated[float, strawberry.argument(description="Latitude in degrees (WGS 84).")]
Longitude = Annotated[float, strawberry.argument(description="Longitude in degrees (WGS 84).")]


def _of(rows: QuerySet[Any], edge: str, kind: str, value: str) -> QuerySet[Any]:
    """The rows of what this id names; none for an id of another kind."""
    found = decode(value)
    return rows.filter(**{f"{edge}__key": found[1]}) if found and found[0] == kind else rows.none()


@strawberry.type
class PlaceQueries:
    @connection_field(description="The streets of the register, by name in Turkish order.")
    def streets(
        self, info: strawberry.Info, page: Page, search: Search = None, neighbourhood: InNeighbourhood = None
    ) -> Connection[Street]:
        rows = models.Street.objects.all()
        if neighbourhood is not None:
            rows = _of(rows, "neighbourhood", "Neighbourhood", neighbourhood)
        return reference_list(rows, info, page, search)

    @connection_field(description="The doors of the register, by number.")
    def doors(self, info: strawberry.Info, page: Page, street: OfStreet = None) -> Connection[Door]:
        rows = models.Door.objects.all()
        if street is not None:
            rows = _of(rows, "street", "Street", street)
        return reference_list(rows, info, page, by=BY_NUMBER)

    @connection_field(
        description="The landmarks of the register (nirengi noktaları), by name in Turkish order."
    )
    def landmarks(
        self,
        info: strawberry.Info,
        page: Page,
        search: Search = None,
        neighbourhood: InNeighbourhood = None,
        kind: OfKinds = None,
    ) -> Connection[Landmark]:
        rows = models.Landmark.objects.all()
        if neighbourhood is not None:
            rows = _of(rows, "neighbourhood", "Neighbourhood", neighbourhood)
        if kind is not None:
            asked: Any = kind
            rows = rows.filter(kind__in=[one.value for one in asked])
        return reference_list(rows, info, page, search)

    @connection_field(description="The outlines of the neighbourhoods (mahalle sınırı).")
    def boundaries(self, info: strawberry.Info, page: Page) -> Connection[Boundary]:
        return reference_list(models.Boundary.objects.all(), info, page, by=BY_PLACE)

    @strawberry.field(
        description="The places that a text may mean, the likeliest first, at most five: “Aydın Sokak 12 önü”."
    )
    def address_of(self, text: Text, neighbourhood: Within = None) -> list[FoundPlace] | None:
        return [
            found_place(place) for place in public.address_of(cleaned(text), cleaned(neighbourhood or ""))
        ]

    @strawberry.field(
        description="The door, street and neighbourhood at a point; null where it lies outside the district."
    )
    def place_at(self, latitude: Latitude, longitude: Longitude) -> FoundPlace | None:
        place = public.place_at(latitude, longitude)
        return found_place(place) if place else None
