"""Who has a case open at this moment."""

from __future__ import annotations

from typing import Annotated, Any

import strawberry

from backend.complaints.models import Complaint
from backend.presence import models
from permissions.core import scope
from permissions.presence import access
from schema.core.nodes import key_of, must_load
from schema.core.results import Payload, run_mutation
from schema.core.scalars import described_enum
from schema.core.verbs import optional, required

ComplaintWrites = described_enum(models.Writes, "ComplaintWrites", "What a person writes on a case.")


@strawberry.type(
    description="Somebody who has a case open. It is forgotten after a minute, and kept nowhere."
)
class ComplaintPresence:
    username: str = strawberry.field(description="Their user name.")
    name: str = strawberry.field(description="Their name.")
    writes: ComplaintWrites | None = strawberry.field(
        description="What they were writing within the last minute."
    )


def _shown(rows: list[models.Presence]) -> list[ComplaintPresence]:
    return [
        ComplaintPresence(
            username=row.user.username,
            name=str(row.user),
            writes=ComplaintWrites(row.writes) if row.is_writing and row.writes else None,
        )
        for row in rows
    ]


@strawberry.type
class ComplaintPresenceQueries:
    @strawberry.field(description="Who else has this case open at this moment, by name.")
    def complaint_presence(
        self, id: Annotated[strawberry.ID, strawberry.argument(description="The case.")]
    ) -> list[ComplaintPresence]:
        scope.require_viewer()
        return _shown(access.others(must_load(Complaint, id, "id")))


@strawberry.type(description="Who else has the case open.")
class ComplaintPresencePayload(Payload):
    presence: list[ComplaintPresence] | None = strawberry.field(description="The others.", default=None)


@strawberry.input(description="Say that one has a case open: every twenty seconds, or it is forgotten.")
class ComplaintBeHereInput:
    id: strawberry.ID = required("The case.")
    writes: ComplaintWrites | None = optional("What one writes at this moment.")


def _beat(input: ComplaintBeHereInput) -> dict[str, Any]:
    writes = input.writes.value if input.writes else ""
    return {"presence": _shown(access.beat(key_of(Complaint, input.id), writes=writes))}


@strawberry.type
class ComplaintPresenceMutations:
    @strawberry.mutation(
        description="Say that one has a case open, for who works it; of others nothing is kept."
    )
    def complaint_be_here(self, input: ComplaintBeHereInput) -> ComplaintPresencePayload:
        return run_mutation(ComplaintPresencePayload, lambda: _beat(input))
