"""What a client says of meetings and visits."""

from __future__ import annotations

import datetime as dt

import strawberry

from schema.core.verbs import optional, told
from schema.engagements.types import EngagementKind
from schema.instructions.types import InstructionPriority


@strawberry.input(description="The file of a meeting or a visit to open.")
class EngagementOpenInput:
    principal: strawberry.ID = told("Who represents us.")
    kind: EngagementKind = told("What it is.")
    title: str = told("Its title.")
    starts_at: dt.datetime = told("When it begins.")
    ends_at: dt.datetime = told("When it ends.")
    organisation: strawberry.ID | None = optional("With whom.")
    department: strawberry.ID | None = optional("The department that prepares it.")
    place: str | None = optional("Where.")
    purpose: str | None = optional("What it is for.")
    agenda: list[str] | None = optional("The points of the agenda.")
    travel: str | None = optional("How one gets there.")
    vehicle: str | None = optional("By what.")
    lodging: str | None = optional("Where one sleeps.")
    gift_given: str | None = optional("The gift that we give.")
    host_contact: str | None = optional("Whom to call there.")


@strawberry.input(description="An engagement, in the version that the client saw.")
class EngagementInput:
    id: strawberry.ID = told("The engagement.")
    version: int | None = optional("The version that was looked at.")


@strawberry.input(description="A verb with a remark.")
class EngagementRemarkInput(EngagementInput):
    note: str | None = optional("A remark.")


@strawberry.input(description="Facts to set right; what is left out stays, null empties.")
class EngagementCorrectInput(EngagementRemarkInput):
    title: str | None = optional("Its title.")
    purpose: str | None = optional("What it is for.")
    organisation: strawberry.ID | None = optional("With whom.")
    department: strawberry.ID | None = optional("The department that prepares it.")
    starts_at: dt.datetime | None = optional("When it begins.")
    ends_at: dt.datetime | None = optional("When it ends.")
    place: str | None = optional("Where.")


@strawberry.input(description="Travel, vehicle, gift; what is left out stays, null empties.")
class EngagementEquipInput(EngagementInput):
    travel: str | None = optional("How one gets there.")
    vehicle: str | None = optional("By what.")
    lodging: str | None = optional("Where one sleeps.")
    gift_given: str | None = optional("The gift that we give.")
    gift_received: str | None = optional("The gift that we were given.")
    host_contact: str | None = optional("Whom to call there.")


@strawberry.input(
    description="Somebody who takes part: a member of staff, a person in their role, or a name."
)
class EngagementInviteInput(EngagementInput):
    user: strawberry.ID | None = optional("A member of staff, who then sees the file.")
    role: strawberry.ID | None = optional("A person in their role.")
    name: str | None = optional("Somebody by name.")
    note: str | None = optional("What is to be known.")


@strawberry.input(description="Somebody who does not take part after all.")
class EngagementUninviteInput(EngagementInput):
    attendee: strawberry.ID = told("Who.")


@strawberry.input(description="The agenda, all of it anew.")
class EngagementSetAgendaInput(EngagementInput):
    agenda: list[str] = told("The points in their order.")


@strawberry.input(description="Into the programme, at its time.")
class EngagementScheduleInput(EngagementInput):
    travel_minutes: int | None = optional("Minutes for the way, there and back.")
    accept_unusual: bool | None = optional("An unusual time is meant.")


@strawberry.input(description="The minutes.")
class EngagementMinuteInput(EngagementInput):
    minutes: str = told("The text.")


@strawberry.input(description="A decision to record.")
class EngagementDecideInput(EngagementInput):
    text: str = told("What was decided.")


@strawberry.input(description="A decision of which an instruction is made.")
class EngagementInstructInput(EngagementInput):
    decision: strawberry.ID = told("Which decision.")
    department: strawberry.ID = told("Who is to do it.")
    text: str | None = optional("What is to be done; the decision's text unless said.")
    due_on: dt.date | None = optional("By when; the usual day of its priority unless said.")
    priority: InstructionPriority | None = optional("How pressing it is.")


@strawberry.input(description="It does not take place.")
class EngagementCancelInput(EngagementInput):
    reason: str = told("Why.")
