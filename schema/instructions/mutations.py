"""What may be done to instructions: inputs, payloads and mutations."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import strawberry

from backend.appointments.models import AppointmentRequest, Promise
from backend.complaints.models import Complaint
from backend.events.models import Event
from backend.instructions import actions
from backend.instructions.models import Instruction as Row
from backend.instructions.moves import Verb
from backend.invitations.models import Invitation
from backend.letters.models import Letter
from backend.organization.models import Department, User
from backend.programme.models import Entry, Principal
from permissions.core import scope
from permissions.core.scope import Action
from schema.core.nodes import key_of, row_again
from schema.core.results import Payload, answered
from schema.core.verbs import given, says
from schema.instructions import inputs as i
from schema.instructions.types import Instruction


# -- changing ----------------------------------------------------------------------------------------------
@strawberry.type(description="The instruction, as the viewer sees it afterwards.")
class InstructionPayload(Payload):
    instruction: Instruction | None = row_again(
        Row, "The instruction; null if it left the viewer's sight, or nothing was done."
    )


def _give(input: i.InstructionGiveInput) -> dict[str, Any]:
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
    fields = given(input, edges, "principal")
    key = key_of(Principal, input.principal, "principal")
    with scope.making(Action.INSTRUCT, Principal, key, field="principal") as principal:
        row = actions.give(principal, by=scope.current_viewer().user, **fields)  # type: ignore[arg-type]
    return {"key": row.key}


def _said(verb: Verb, act: Callable[..., Any], input_type: type, description: str, **edges: Any) -> Any:
    keep_null = verb is Verb.CORRECT
    return says(verb, act, Row, InstructionPayload, input_type, description, keep_null=keep_null, **edges)


V, a = Verb, actions


@strawberry.type
class InstructionMutations:
    @strawberry.mutation(
        description="Record an instruction: the office for every principal, a keeper for theirs."
    )
    def instruction_give(self, input: i.InstructionGiveInput) -> InstructionPayload:
        return answered(InstructionPayload, lambda: _give(input))

    instruction_acknowledge = _said(
        V.ACKNOWLEDGE, a.acknowledge, i.InstructionRemarkInput, "The department has it and carries it out."
    )
    instruction_note = _said(V.NOTE, a.note, i.InstructionNoteInput, "Write how it goes, or ask.")
    instruction_report = _said(V.REPORT, a.report, i.InstructionReportInput, "It is done.")
    instruction_ask_time = _said(
        V.ASK_TIME, a.ask_time, i.InstructionAskTimeInput, "Ask the office for a later day."
    )
    instruction_refuse = _said(
        V.REFUSE, a.refuse, i.InstructionReasonInput, "The department cannot do it; the office decides."
    )
    instruction_accept = _said(V.ACCEPT, a.accept, i.InstructionRemarkInput, "The result is accepted.")
    instruction_send_back = _said(
        V.SEND_BACK, a.send_back, i.InstructionReasonAndDateInput, "The result is not as it was meant."
    )
    instruction_grant_time = _said(
        V.GRANT_TIME, a.grant_time, i.InstructionGrantTimeInput, "Give the department more time."
    )
    instruction_deny_time = _said(V.DENY_TIME, a.deny_time, i.InstructionReasonInput, "The day stands.")
    instruction_insist = _said(
        V.INSIST, a.insist, i.InstructionReasonAndDateInput, "The department is to do it all the same."
    )
    instruction_readdress = _said(
        V.READDRESS,
        a.readdress,
        i.InstructionReaddressInput,
        "Another department is to do it; the former one no longer sees it.",
        department=Department,
        person=User,
    )
    instruction_confirm = _said(
        V.CONFIRM, a.confirm, i.InstructionConfirmInput, "The text was confirmed by who said it."
    )
    instruction_correct = _said(
        V.CORRECT, a.correct, i.InstructionCorrectInput, "Set facts right.", person=User, heard_by=User
    )
    instruction_add_collaborator = _said(
        V.ADD_COLLABORATOR,
        a.add_collaborator,
        i.InstructionDepartmentInput,
        "Another department helps.",
        department=Department,
    )
    instruction_release_collaborator = _said(
        V.RELEASE_COLLABORATOR,
        a.release_collaborator,
        i.InstructionDepartmentInput,
        "A department helps no longer, and no longer sees it.",
        department=Department,
    )
    instruction_conceal = _said(
        V.CONCEAL, a.conceal, i.InstructionConcealInput, "Make it confidential.", readers=User
    )
    instruction_disclose = _said(V.DISCLOSE, a.disclose, i.InstructionInput, "End confidentiality.")
    instruction_name_reader = _said(
        V.NAME_READER, a.name_reader, i.InstructionReaderInput, "Let one more person read it.", user=User
    )
    instruction_unname_reader = _said(
        V.UNNAME_READER, a.unname_reader, i.InstructionReaderInput, "Take a reader off.", user=User
    )
    instruction_withdraw = _said(
        V.WITHDRAW, a.withdraw, i.InstructionReasonInput, "It is not to be done after all."
    )
    instruction_reopen = _said(
        V.REOPEN, a.reopen, i.InstructionReasonAndDateInput, "It is to be done after all, or anew."
    )
