"""What may be done to partners: inputs, payloads and mutations."""

from __future__ import annotations

from typing import Any

import strawberry

from backend.organization.models import Department, Neighbourhood, OutsideBody
from backend.partners import actions
from backend.partners.models import Organisation as Row
from backend.partners.moves import organisation_action
from permissions.core import scope
from permissions.core.scope import Action
from schema.core.action_mutations import action_mutations
from schema.core.nodes import refetched_row
from schema.core.results import Payload, run_mutation
from schema.core.verbs import action_kwargs
from schema.partners import inputs
from schema.partners.types import Organisation


# -- changing ----------------------------------------------------------------------------------------------
@strawberry.type(description="The organisation, as the viewer sees it afterwards.")
class OrganisationPayload(Payload):
    organisation: Organisation | None = refetched_row(
        Row, "The organisation; null if it left the viewer's sight, or nothing was done."
    )


def _record(input: inputs.OrganisationRecordInput) -> dict[str, Any]:
    edges = {"body": OutsideBody, "neighbourhood": Neighbourhood, "liaisons": Department}
    with scope.elevated_for(Row, Action.REGISTER) as viewer:
        row = actions.record(by=viewer.user, **action_kwargs(input, edges))
    return {"key": row.key}


@strawberry.type
class PartnerMutations:
    @strawberry.mutation(description="Record an organisation. For the office.")
    def organisation_record(self, input: inputs.OrganisationRecordInput) -> OrganisationPayload:
        return run_mutation(OrganisationPayload, lambda: _record(input))


PartnerActions = action_mutations(
    "Organisation", organisation_action, Row, OrganisationPayload, row="The organisation."
)
