"""Asking for instructions, giving them and saying what may be said to them."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Callable
from typing import Annotated, Any

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
from permissions import scope
from permissions.scope import Action
from schema import instruction_inputs as i
from schema.complaint_queries import OrderDirection
from schema.connection import Connection, Keyset, Page
from schema.instruction_types import Instruction, InstructionPriority, InstructionStatus
from schema.nodes import MODELS, decode, key_of, one, row_again
from schema.organization import After, Before, First, Last, Search
from schema.programme import listed, of_principal
from schema.results import Payload, answered
from schema.scalars import cleaned, values
from schema.verbs import given, optional, says


@strawberry.enum(description="What is true of an instruction today.")
class InstructionCondition(enum.Enum):
    OPEN = strawberry.enum_value("open", description="Neither accepted nor withdrawn (tr: açık).")
    CARRIED = strawberry.enum_value(
        "carried", description="Still to be carried out by the department (tr: yürütülen)."
    )
    LATE = strawberry.enum_value(
        "late", description="Still to be carried out, and its day has passed (tr: geciken)."
    )
    UNACKNOWLEDGED = strawberry.enum_value(
        "unacknowledged", description="Waiting for the department's acknowledgement (tr: alındı bekleyen)."
    )
    TO_DECIDE = strawberry.enum_value(
        "to_decide", description="Waiting for a decision of the office (tr: karar bekleyen)."
    )


@strawberry.enum(description="By what a list of instructions is ordered.")
class InstructionOrderField(enum.Enum):
    DUE_ON = strawberry.enum_value("due_on", description="The day it is to be done by (tr: son gün).")
    GIVEN_AT = strawberry.enum_value("given_at", description="When it was recorded (tr: kayıt zamanı).")


@strawberry.input(
    description="The order of a list of instructions; the number of the row decides between equals."
)
class InstructionOrder:
    field: InstructionOrderField = strawberry.field(
        description="By what.", default=InstructionOrderField.DUE_ON
    )
    direction: OrderDirection = strawberry.field(description="Which way.", default=OrderDirection.ASC)


@strawberry.input(description="Which instructions: all of these must hold; within a list, any.")
class InstructionFilter:
    condition: list[InstructionCondition] | None = optional("What is true of it today; all of them.")
    status: list[InstructionStatus] | None = optional("Where it stands.")
    priority: list[InstructionPriority] | None = optional("How pressing it is.")
    principal: strawberry.ID | None = optional("Who gave it.")
    department: strawberry.ID | None = optional("The department that is responsible.")
    due_from: dt.date | None = optional("To be done on this day or later.")
    due_to: dt.date | None = optional("To be done on this day or earlier.")


def _filtered(asked: InstructionFilter | None) -> Any:
    rows: Any = Row.objects.all()
    fields = {name: value for name, value in (values(asked) if asked else {}).items() if value is not None}
    for condition in fields.get("condition", []):
        rows = getattr(rows, condition.value)()
    for name in ("status", "priority"):
        if name in fields:
            rows = rows.filter(**{f"{name}__in": [choice.value for choice in fields[name]]})
    for name, lookup in (("due_from", "due_on__gte"), ("due_to", "due_on__lte")):
        if name in fields:
            rows = rows.filter(**{lookup: fields[name]})
    if "department" in fields:
        found = decode(fields["department"])
        if found is None or found[0] != MODELS[Department]:
            return rows.none()
        rows = rows.filter(department__key=found[1])
    return of_principal(rows, fields.get("principal"))


def _keyset(order: InstructionOrder | None) -> Keyset:
    order = order or InstructionOrder()
    descending = order.direction is OrderDirection.DESC
    if order.field is InstructionOrderField.GIVEN_AT:
        return Keyset("instruction-G" if descending else "instruction-g", "given_at", dt.datetime, descending)
    return Keyset("instruction-D" if descending else "instruction-d", "due_on", dt.date, descending)


@strawberry.type
class InstructionQueries:
    @strawberry.field(description="The instructions that the viewer sees, by default the nearest day first.")
    def instructions(
        self,
        info: strawberry.Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        search: Search = None,
        order: Annotated[InstructionOrder | None, strawberry.argument(description="In which order.")] = None,
        filter: Annotated[InstructionFilter | None, strawberry.argument(description="Which ones.")] = None,
    ) -> Connection[Instruction]:
        scope.require_viewer()
        rows = _filtered(filter)
        if search is not None:
            rows = rows.search(search)
        return listed(rows, _keyset(order), Page.of(first, after, last, before), info)

    @strawberry.field(description="The instruction with this number. Null if it is hidden or missing.")
    def instruction(
        self,
        info: strawberry.Info,
        reference: Annotated[str, strawberry.argument(description="Its number, such as TL-2027/4.")],
    ) -> Instruction | None:
        scope.require_viewer()
        return one(scope.visible(Row).filter(reference=cleaned(reference)), info)


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
