"""Inputs of the request mutations. An omitted field is not passed to the action."""

from __future__ import annotations

import datetime as dt

import strawberry

from schema.appointments.types import AppointmentChannel, AppointmentKind, AppointmentOutcome
from schema.contacts.types import CitizenRecordInput
from schema.core.action_mutations import VERSION
from schema.core.verbs import optional, required


@strawberry.input(
    description="A request for an appointment: of a known applicant, a new one, or a member of staff."
)
class AppointmentReceiveInput:
    principal: strawberry.ID = required("By whom they wish to be received.")
    channel: AppointmentChannel = required("How they ask.")
    kind: AppointmentKind = required("What for.")
    subject: str = required("What it is about, in a line.")
    applicant: strawberry.ID | None = optional("Who asks, if recorded.")
    new_applicant: CitizenRecordInput | None = optional("Who asks, if not recorded yet.")
    requested_by: strawberry.ID | None = optional("Who in the house asks, where it comes from there.")
    organisation: str | None = optional("For which organisation, as the applicant names it.")
    partner: strawberry.ID | None = optional("The record of that organisation.")
    body: str | None = optional("The words of the request.")
    party_size: int | None = optional("How many people come.")
    companion_names: str | None = optional("Who comes along, by name.")
    wished_from: dt.date | None = optional("The first day they could come.")
    wished_until: dt.date | None = optional("The last day they could come.")
    wish: str | None = optional("What they wish of the time.")
    plate: str | None = optional("The plate of their car.")
    privacy_notice: strawberry.ID | None = optional("The privacy notice that was shown to them.")
    receipt: bool | None = optional("Send a receipt where there is an e-mail address; default yes.")


@strawberry.input(description="What was promised in a conversation, recorded along with what came of it.")
class AppointmentPromisedInput:
    text: str = required("What was promised; at most 500 letters.")
    due_on: dt.date = required("Until when.")
    department: strawberry.ID | None = optional("The department that is to keep it.")
    person: strawberry.ID | None = optional("The person who is to keep it; without both the office itself.")


@strawberry.input(description="Record what came of an appointment, or of what a department did.")
class AppointmentCompleteInput:
    id: strawberry.ID = required("The request.")
    version: int | None = optional(VERSION)
    outcome: AppointmentOutcome = required("What came of it.")
    note: str | None = optional("What came of it.")
    promises: list[AppointmentPromisedInput] | None = optional(
        "What was promised in it, at most ten: for who may record promises."
    )


@strawberry.input(description="The conversation is over.")
class AppointmentCompleteVisitInput(AppointmentCompleteInput):
    pass


@strawberry.input(description="Make the sessions of the halk günü from its rules; a repetition adds nothing.")
class PublicDaysGenerateInput:
    principal: strawberry.ID = required("Whose.")
    from_: dt.date = required("The first day.", name="from")
    until: dt.date = required("The last day; at most a year later.")


@strawberry.input(description="A halk günü will not take place.")
class PublicDayCancelInput:
    id: strawberry.ID = required("Which one.")
    reason: str = required("Why; internal, the applicant does not read it.")


@strawberry.input(description="Another order of who is still expected on a halk günü; the times stay.")
class PublicDayOrderInput:
    id: strawberry.ID = required("Which halk günü.")
    seen: list[strawberry.ID] = required("The requests in the order that was looked at.")
    order: list[strawberry.ID] = required("The same requests in the wanted order.")


@strawberry.input(description="Which places of a halk günü citizens may take themselves.")
class PublicDayOfferInput:
    id: strawberry.ID = required("Which one.")
    places: int = required("How many at most; 0: none. What is taken stays.")


@strawberry.input(description="A halk günü is over.")
class PublicDayCloseInput:
    id: strawberry.ID = required("Which one.")
