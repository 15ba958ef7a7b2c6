"""What may be done to partners: inputs, payloads and mutations."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import strawberry

from backend.organization.models import Department, Neighbourhood, OutsideBody
from backend.partners import actions
from backend.partners.models import Organisation as Row
from backend.partners.moves import organisation_action
from permissions.partners import access
from schema.contacts import message_types  # noqa: F401 - inputs name it
from schema.core.action_mutations import action_mutations
from schema.core.nodes import global_id, refetched_row
from schema.core.results import Payload, run_mutation
from schema.core.verbs import action_kwargs
from schema.partners import inputs
from schema.partners.types import Organisation


# -- changing ----------------------------------------------------------------------------------------------
@strawberry.type(description="The organisation, as the viewer sees it afterwards.")
class OrganisationPayload(Payload):
    alike: list[strawberry.ID] = strawberry.field(
        description="After an UNUSUAL at `acceptAlike`: which may be meant, eight at most.",
        default_factory=list,
    )

    organisation: Organisation | None = refetched_row(
        Row, "The organisation; null if it left the viewer's sight, or nothing was done."
    )


def _record(input: inputs.OrganisationRecordInput) -> dict[str, Any]:
    edges = {"body": OutsideBody, "neighbourhood": Neighbourhood, "liaisons": Department}
    return {"key": access.record(**action_kwargs(input, edges)).key}


def _asking(act: Callable[[], dict[str, Any]]) -> OrganisationPayload:
    """`run_mutation`, and which organisations may be meant."""
    alike: list[Row] = []

    def run() -> dict[str, Any]:
        try:
            return act()
        except actions.AlikeError as error:
            alike.extend(error.rows)
            raise

    answer = run_mutation(OrganisationPayload, run)
    answer.alike = [global_id(row) for row in alike]
    return answer


@strawberry.type
class PartnerMutations:
    @strawberry.mutation(
        description="Record an organisation, unless it is there already under such a name. For the office."
    )
    def organisation_record(self, input: inputs.OrganisationRecordInput) -> OrganisationPayload:
        return _asking(lambda: _record(input))


PartnerActions = action_mutations(
    "Organisation", organisation_action, Row, OrganisationPayload, row="The organisation."
)
