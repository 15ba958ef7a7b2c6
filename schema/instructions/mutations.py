"""What may be done to instructions: inputs, payloads and mutations."""

from __future__ import annotations

from typing import Any

import strawberry

from backend.appointments.models import AppointmentRequest, Promise
from backend.complaints.models import Complaint
from backend.events.models import Event
from backend.instructions import actions
from backend.instructions.models import Instruction as Row
from backend.instructions.moves import instruction_action
from backend.invitations.models import Invitation
from backend.letters.models import Letter
from backend.organization.models import Department, User
from backend.programme.models import Entry, Principal
from permissions.core import scope
from permissions.core.scope import Action
from schema.core.action_mutations import action_mutations
from schema.core.nodes import key_of, refetched_row
from schema.core.results import Payload, run_mutation
from schema.core.verbs import action_kwargs
from schema.instructions import inputs
from schema.instructions.types import Instruction


# -- changing ----------------------------------------------------------------------------------------------
@strawberry.type(description="The instruction, as the viewer sees it afterwards.")
class InstructionPayload(Payload):
    instruction: Instruction | None = refetched_row(
        Row, "The instruction; null if it left the viewer's sight, or nothing was done."
    )


def _give(input: inputs.InstructionGiveInput) -> dict[str, Any]:
    """Every row that is named is loaded as the viewer sees it: nothing is linked that they may not see."""
    edges = {
        "department": Department,
        "collaborators": Department,
        "person": User,
        "heard_by": User,
        "readers": User,
        "entry": Entry,
        "request": AppointmentRequest,
        "promise": Promise,
        "invitation": Invitation,
        "event": Event,
        "complaint": Complaint,
        "letter": Letter,
    }
    fields = action_kwargs(input, edges, "principal")
    key = key_of(Principal, input.principal, "principal")
    with scope.authorized_to_create(Action.INSTRUCT, Principal, key, field="principal") as principal:
        row = actions.give(principal, by=scope.current_viewer().user, **fields)  # type: ignore[arg-type]
    return {"key": row.key}


@strawberry.type
class InstructionMutations:
    @strawberry.mutation(
        description="Record an instruction: the office for every principal, a keeper for theirs."
    )
    def instruction_give(self, input: inputs.InstructionGiveInput) -> InstructionPayload:
        return run_mutation(InstructionPayload, lambda: _give(input))


InstructionActions = action_mutations(
    "Instruction", instruction_action, Row, InstructionPayload, row="The instruction."
)
