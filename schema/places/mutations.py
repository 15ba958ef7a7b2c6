"""Keeping single streets, doors and landmarks of the register: administrators."""

from __future__ import annotations

from typing import Any

import strawberry

from backend.organization.models import Neighbourhood
from backend.places import actions, models
from permissions.core import scope
from permissions.core.scope import Action
from schema.core.nodes import must_load, refetched_row
from schema.core.results import Payload, run_mutation
from schema.core.verbs import action_kwargs, optional, required
from schema.places.types import Door, Landmark, LandmarkKind, Street, StreetKind


@strawberry.type(description="The street as it is now.")
class StreetPayload(Payload):
    street: Street | None = refetched_row(models.Street, "The street; null if nothing was done.")


@strawberry.type(description="The door as it is now.")
class DoorPayload(Payload):
    door: Door | None = refetched_row(models.Door, "The door; null if nothing was done.")


@strawberry.type(description="The landmark as it is now.")
class LandmarkPayload(Payload):
    landmark: Landmark | None = refetched_row(models.Landmark, "The landmark; null if nothing was done.")


@strawberry.input(description="A street, new or corrected.")
class StreetSaveInput:
    id: strawberry.ID | None = optional("The one to correct; nothing for a new one.")
    name: str = required("Its name, with what kind of street it is.")
    neighbourhood: strawberry.ID = required("The neighbourhood.")
    kind: StreetKind | None = optional("What kind of street it is; left out: a street.")
    code: str | None = optional("Its code in the register; left out: one is made.")


@strawberry.input(description="A door, new or corrected.")
class DoorSaveInput:
    id: strawberry.ID | None = optional("The one to correct; nothing for a new one.")
    street: strawberry.ID = required("The street.")
    number: str = required("Its number, such as 12/A.")
    latitude: float = required("Latitude in degrees (WGS 84).")
    longitude: float = required("Longitude in degrees (WGS 84).")
    code: str | None = optional("Its code in the national address register.")


@strawberry.input(description="A landmark, new or corrected.")
class LandmarkSaveInput:
    id: strawberry.ID | None = optional("The one to correct; nothing for a new one.")
    name: str = required("Its name, with what it is, such as Merkez Camii.")
    neighbourhood: strawberry.ID = required("The neighbourhood.")
    latitude: float = required("Latitude in degrees (WGS 84).")
    longitude: float = required("Longitude in degrees (WGS 84).")
    kind: LandmarkKind | None = optional("What it is; left out: something else.")
    code: str | None = optional("Its code in the register; left out: one is made.")


def _save_street(input: StreetSaveInput) -> dict[str, Any]:
    with scope.elevated_for(models.Street, Action.CHANGE) as viewer:
        row = must_load(models.Street, input.id, "id") if input.id else None
        fields = action_kwargs(input, {"neighbourhood": Neighbourhood})
        return {"key": actions.save_street(row, by=viewer.user, **fields).key}


def _save_door(input: DoorSaveInput) -> dict[str, Any]:
    with scope.elevated_for(models.Door, Action.CHANGE) as viewer:
        row = must_load(models.Door, input.id, "id") if input.id else None
        return {
            "key": actions.save_door(
                row, by=viewer.user, **action_kwargs(input, {"street": models.Street})
            ).key
        }


def _save_landmark(input: LandmarkSaveInput) -> dict[str, Any]:
    with scope.elevated_for(models.Landmark, Action.CHANGE) as viewer:
        row = must_load(models.Landmark, input.id, "id") if input.id else None
        fields = action_kwargs(input, {"neighbourhood": Neighbourhood})
        return {"key": actions.save_landmark(row, by=viewer.user, **fields).key}


@strawberry.type
class PlaceMutations:
    @strawberry.mutation(description="Add a street to the register or correct one: administrators.")
    def street_save(self, input: StreetSaveInput) -> StreetPayload:
        return run_mutation(StreetPayload, lambda: _save_street(input))

    @strawberry.mutation(description="Add a door to the register or correct one: administrators.")
    def door_save(self, input: DoorSaveInput) -> DoorPayload:
        return run_mutation(DoorPayload, lambda: _save_door(input))

    @strawberry.mutation(description="Add a landmark to the register or correct one: administrators.")
    def landmark_save(self, input: LandmarkSaveInput) -> LandmarkPayload:
        return run_mutation(LandmarkPayload, lambda: _save_landmark(input))
