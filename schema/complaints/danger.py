"""Signs of danger, by which a case is proposed as urgent: readable by all staff, maintained by the office."""

from __future__ import annotations

from typing import Any

import strawberry

from backend.organization import danger, models
from permissions.core import scope
from permissions.core.scope import Action
from schema.core.connection import Connection, Keyset, Page, connection_field, listed
from schema.core.fields import column
from schema.core.nodes import Everybody, Node, must_load, node_type, refetched_row
from schema.core.results import Payload, run_mutation
from schema.core.scalars import values
from schema.core.verbs import optional, required

BY_CODE = Keyset("danger_sign", "code", str)


@node_type(models.DangerSign, "DangerSign")
class DangerSign(Node, Everybody):
    """Something that may hurt people, with the words that give it away (tehlike sözü)."""

    code: str = column("Its name in files.")
    name: str = column("What the danger is.")
    keywords: list[str] = column("Words that give it away, found with any ending; at most sixty.")
    exceptions: list[str] = column("Words that are no danger, such as a fire escape; at most sixty.")
    source: str = column("Where the words come from.")
    is_active: bool = column("Whether it proposes anything.")


@strawberry.type
class DangerSignQueries:
    @connection_field(description="The signs of danger.")
    def danger_signs(self, info: strawberry.Info, page: Page) -> Connection[DangerSign]:
        return listed(models.DangerSign.objects.all(), BY_CODE, page, info)


@strawberry.type(description="The sign of danger, as it is now.")
class DangerSignPayload(Payload):
    danger_sign: DangerSign | None = refetched_row(models.DangerSign, "The sign; null if nothing was done.")


@strawberry.input(description="A sign of danger, new or corrected.")
class DangerSignSaveInput:
    id: strawberry.ID | None = optional("The one to correct; nothing for a new one.")
    name: str = required("What the danger is.")
    keywords: list[str] = required("Words that give it away.")
    exceptions: list[str] | None = optional("Words that are no danger.")
    source: str = required("Where the words come from.")
    is_active: bool | None = optional("Whether it proposes anything.")


def _save(input: DangerSignSaveInput) -> dict[str, Any]:
    with scope.elevated_for(models.DangerSign, Action.CHANGE) as viewer:
        row = must_load(models.DangerSign, input.id, "id") if input.id else None
        return {"key": danger.save_sign(row, by=viewer.user, **values(input, "id")).key}


@strawberry.type
class DangerSignMutations:
    @strawberry.mutation(description="Add a sign of danger, or correct one: the office.")
    def danger_sign_save(self, input: DangerSignSaveInput) -> DangerSignPayload:
        return run_mutation(DangerSignPayload, lambda: _save(input))
