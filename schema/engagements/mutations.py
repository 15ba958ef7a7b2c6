"""What may be done to meetings and visits: inputs, payloads and mutations."""

from __future__ import annotations

from typing import Any

import strawberry

from backend.engagements import actions
from backend.engagements.models import Engagement as Row
from backend.engagements.moves import engagement_action
from backend.organization.models import Department
from backend.partners.models import Organisation as OrganisationRow
from backend.programme.models import Principal
from permissions.core import scope
from permissions.core.scope import Action
from schema.core.action_mutations import action_mutations
from schema.core.nodes import key_of, refetched_row
from schema.core.results import Payload, run_mutation
from schema.core.verbs import action_kwargs
from schema.engagements import inputs
from schema.engagements.types import Engagement


# -- changing ----------------------------------------------------------------------------------------------
@strawberry.type(description="The engagement, as the viewer sees it afterwards.")
class EngagementPayload(Payload):
    engagement: Engagement | None = refetched_row(
        Row, "The engagement; null if it left the viewer's sight, or nothing was done."
    )


def _open(input: inputs.EngagementOpenInput) -> dict[str, Any]:
    fields = action_kwargs(input, {"organisation": OrganisationRow, "department": Department}, "principal")
    key = key_of(Principal, input.principal, "principal")
    with scope.authorized_to_create(Action.INSTRUCT, Principal, key, field="principal") as principal:
        row = actions.open_file(principal, by=scope.current_viewer().user, **fields)
    return {"key": row.key}


@strawberry.type
class EngagementMutations:
    @strawberry.mutation(
        description="Open the file of a meeting or a visit: the office for every principal, a keeper for theirs."
    )
    def engagement_open(self, input: inputs.EngagementOpenInput) -> EngagementPayload:
        return run_mutation(EngagementPayload, lambda: _open(input))


EngagementActions = action_mutations(
    "Engagement", engagement_action, Row, EngagementPayload, row="The engagement."
)
