"""What may be done to agreements: inputs, payloads and mutations."""

from __future__ import annotations

from typing import Any

import strawberry

from backend.agreements import actions
from backend.agreements.models import Agreement as Row
from backend.agreements.moves import agreement_action
from backend.organization.models import Department
from backend.partners.models import Organisation
from permissions.core import scope
from permissions.core.scope import Action
from schema.agreements.types import Agreement, AgreementKind
from schema.core.action_mutations import action_mutations
from schema.core.nodes import refetched_row
from schema.core.results import Payload, run_mutation
from schema.core.verbs import action_kwargs, optional, required


# -- changing ----------------------------------------------------------------------------------------------
@strawberry.input(description="An agreement to begin.")
class AgreementDraftInput:
    kind: AgreementKind = required("What it is.")
    title: str = required("Its title.")
    department: strawberry.ID = required("The department that is responsible.")
    parties: list[strawberry.ID] = required("With whom it is made.")
    subject: str | None = optional("What is agreed.")
    decision: str | None = optional("The decision of the council.")
    notice_days: int | None = optional("So many days before the end the house is warned.")


@strawberry.type(description="The agreement, as the viewer sees it afterwards.")
class AgreementPayload(Payload):
    agreement: Agreement | None = refetched_row(
        Row, "The agreement; null if it left the viewer's sight, or nothing was done."
    )


def _draft(input: AgreementDraftInput) -> dict[str, Any]:
    with scope.elevated_for(Row, Action.REGISTER) as viewer:
        row = actions.draft(
            by=viewer.user, **action_kwargs(input, {"department": Department, "parties": Organisation})
        )
    return {"key": row.key}


@strawberry.type
class AgreementMutations:
    @strawberry.mutation(description="Begin an agreement. For the office.")
    def agreement_draft(self, input: AgreementDraftInput) -> AgreementPayload:
        return run_mutation(AgreementPayload, lambda: _draft(input))


AgreementActions = action_mutations(
    "Agreement", agreement_action, Row, AgreementPayload, row="The agreement."
)
