"""What may be done to pins: inputs, payloads and mutations."""

from __future__ import annotations

from typing import Any

import strawberry

from backend.guidance import actions, models
from permissions.core import scope
from permissions.core.scope import Action
from schema.core.nodes import key_of, refetched_row
from schema.core.results import Payload, run_mutation
from schema.guidance.types import Pin


@strawberry.input(description="A page to pin.")
class PinAddInput:
    page: str = strawberry.field(
        description="The address of a list with its tab and filters, or of a row, below `/admin/`. What was searched"
        " for cannot be pinned."
    )


@strawberry.input(description="A pin and its new place.")
class PinMoveInput:
    id: strawberry.ID = strawberry.field(description="The pin.")
    place: int = strawberry.field(description="Where it is to stand; 1 is the first.")


@strawberry.input(description="A pin to take away.")
class PinRemoveInput:
    id: strawberry.ID = strawberry.field(description="The pin.")


@strawberry.type(description="The pin.")
class PinPayload(Payload):
    pin: Pin | None = refetched_row(models.Pin, "The pin as it stands; null once it is taken away.")


def _add(input: PinAddInput) -> dict[str, Any]:
    with scope.elevated_for(models.Pin, Action.REGISTER):
        return {"key": actions.pin(by=scope.require_user(), page=input.page).key}


def _move(input: PinMoveInput) -> dict[str, Any]:
    with scope.authorized(Action.CHANGE, models.Pin, key_of(models.Pin, input.id)) as row:
        actions.move(row, by=scope.require_user(), place=input.place)
    return {"key": row.key}


def _remove(input: PinRemoveInput) -> dict[str, Any]:
    with scope.authorized(Action.CHANGE, models.Pin, key_of(models.Pin, input.id)) as row:
        actions.unpin(row)
    return {}


@strawberry.type
class GuidanceMutations:
    @strawberry.mutation(
        description="Pin a list with its filters, or a row, to the viewer's side bar. Not by a program's token."
    )
    def pin_add(self, input: PinAddInput) -> PinPayload:
        return run_mutation(PinPayload, lambda: _add(input))

    @strawberry.mutation(description="Put a pin of one's own at another place; the others keep their order.")
    def pin_move(self, input: PinMoveInput) -> PinPayload:
        return run_mutation(PinPayload, lambda: _move(input))

    @strawberry.mutation(description="Take a pin of one's own away.")
    def pin_remove(self, input: PinRemoveInput) -> PinPayload:
        return run_mutation(PinPayload, lambda: _remove(input))
