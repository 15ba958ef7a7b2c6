"""What may be done to drafts: inputs, payloads and mutations."""

from __future__ import annotations

from typing import Any

import strawberry

from backend.drafts import actions, models
from permissions.core import scope
from permissions.core.scope import Action
from schema.core.nodes import key_of, refetched_row
from schema.core.results import Payload, run_mutation
from schema.drafts.types import Draft


@strawberry.input(description="The text of a field, as far as it is typed.")
class DraftSaveInput:
    page: str = strawberry.field(
        description="The address that the form is sent to, without what follows a question mark."
    )
    field: str = strawberry.field(description="The field of the form, such as `body`.")
    text: str = strawberry.field(
        description="The text, 50,000 letters at most. Empty: there is no draft then."
    )


@strawberry.input(description="A draft to delete.")
class DraftDeleteInput:
    id: strawberry.ID = strawberry.field(description="The draft.")


@strawberry.type(description="The draft.")
class DraftPayload(Payload):
    draft: Draft | None = refetched_row(models.Draft, "The draft as it stands; null once there is none.")


def _save(input: DraftSaveInput) -> dict[str, Any]:
    with scope.elevated_for(models.Draft, Action.REGISTER):
        row = actions.keep(by=scope.require_user(), page=input.page, field=input.field, text=input.text)
    return {"key": row.key if row else None}


def _delete(input: DraftDeleteInput) -> dict[str, Any]:
    with scope.authorized(Action.CHANGE, models.Draft, key_of(models.Draft, input.id)) as row:
        actions.discard([row])
    return {}


@strawberry.type
class DraftMutations:
    @strawberry.mutation(
        description="Save what the viewer is typing, in place of what was saved of the field before. It is offered"
        " again on every device until it is sent. Not by a program's token."
    )
    def draft_save(self, input: DraftSaveInput) -> DraftPayload:
        return run_mutation(DraftPayload, lambda: _save(input))

    @strawberry.mutation(description="Delete a draft of one's own.")
    def draft_delete(self, input: DraftDeleteInput) -> DraftPayload:
        return run_mutation(DraftPayload, lambda: _delete(input))
