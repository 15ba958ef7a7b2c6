"""What a client gives to say a verb to a request. A field that is left out is not said at all."""

from __future__ import annotations

import datetime as dt

import strawberry

from schema.appointments.types import (
    AppointmentChannel,
    AppointmentKind,
    AppointmentMeans,
    AppointmentOutcome,
)
from schema.complaints.types import ComplaintKind
from schema.contacts.types import CitizenRecordInput
from schema.core.verbs import optional, told
from schema.programme.inputs import NOTE, UNUSUAL

MEANS = "How the applicant is told; by default by e-mail where there is an address."
BODY = "What is added to the standing text that the applicant reads."
PROMISED = "What was promised; at most 500 letters."
RESPONSIBLE = "The person who is to keep it; without both the office itself."
PROMISES = "What was promised in it, at most ten: for who may record promises."


@strawberry.input(
    description="A request for an appointment: of a known applicant, a new one, or somebody of the house."
)
class AppointmentReceiveInput:
    principal: strawberry.ID = told("By whom they wish to be received.")
    channel: AppointmentChannel = told("How they ask.")
    kind: AppointmentKind = told("What for.")
    subject: str = told("What it is about, in a line.")
    applicant: strawberry.ID | None = optional("Who asks, if recorded.")
    new_applicant: CitizenRecordInput | None = optional("Who asks, if not recorded yet.")
    requested_by: strawberry.ID | None = optional("Who in the house asks, where it comes from there.")
    organisation: str | None = optional("For which organisation, as it is said.")
    partner: strawberry.ID | None = optional("The record of that organisation.")
    body: str | None = optional("What was said or written.")
    party_size: int | None = optional("How many people come.")
    wished_from: dt.date | None = optional("The first day they could come.")
    wished_until: dt.date | None = optional("The last day they could come.")
    wish: str | None = optional("What they wish of the time.")
    plate: str | None = optional("The plate of their car.")
    privacy_notice: strawberry.ID | None = optional("The privacy notice that was shown to them.")
    receipt: bool | None = optional("Send a receipt where there is an e-mail address; default yes.")


@strawberry.input(description="A request, and nothing more to say.")
class AppointmentInput:
    id: strawberry.ID = told("The request.")
    version: int | None = optional(
        "The version that was looked at: refused with CONFLICT if there is a newer one."
    )


@strawberry.input(description="Facts to set right; what is left out stays, null empties.")
class AppointmentCorrectInput(AppointmentInput):
    channel: AppointmentChannel | None = optional("How they asked.")
    kind: AppointmentKind | None = optional("What for.")
    applicant: strawberry.ID | None = optional("Who asks.")
    organisation: str | None = optional("For which organisation, as it is said.")
    partner: strawberry.ID | None = optional("The record of that organisation.")
    subject: str | None = optional("What it is about, in a line.")
    body: str | None = optional("What was said or written.")
    party_size: int | None = optional("How many people come.")
    wished_from: dt.date | None = optional("The first day they could come.")
    wished_until: dt.date | None = optional("The last day they could come.")
    wish: str | None = optional("What they wish of the time.")
    plate: str | None = optional("The plate of their car.")


@strawberry.input(description="The time of an appointment.")
class AppointmentTimeInput(AppointmentInput):
    starts_at: dt.datetime = told("When it begins; without an offset local time.")
    ends_at: dt.datetime | None = optional("When it ends; default the principal's usual length.")
    preparation_minutes: int | None = optional("Preparation; default the principal's usual one.")
    travel_minutes: int | None = optional("The way there.")
    follow_up_minutes: int | None = optional("The time after it; default the principal's usual one.")
    means: AppointmentMeans | None = optional(MEANS)
    body: str | None = optional(BODY)
    accept_unusual: bool | None = optional(UNUSUAL)


@strawberry.input(description="Give an appointment.")
class AppointmentApproveInput(AppointmentTimeInput):
    place: str | None = optional("Where.")
    description: str | None = optional("What else the programme is to say.")


@strawberry.input(description="Hold a time and ask the applicant.")
class AppointmentProposeInput(AppointmentTimeInput):
    hold_until: dt.datetime = told("Until when they can answer.")
    place: str | None = optional("Where.")
    description: str | None = optional("What else the programme is to say.")


@strawberry.input(description="Give the appointment another time.")
class AppointmentRescheduleInput(AppointmentTimeInput):
    note: str | None = optional(NOTE)


@strawberry.input(description="Another principal receives them at the same time.")
class AppointmentHandOverInput(AppointmentInput):
    to: strawberry.ID = told("The other principal, whose programme the viewer keeps too.")
    note: str | None = optional(NOTE)
    means: AppointmentMeans | None = optional(MEANS)
    body: str | None = optional(BODY)
    accept_unusual: bool | None = optional(UNUSUAL)


@strawberry.input(description="The applicant takes the proposed time.")
class AppointmentAcceptInput(AppointmentInput):
    means: AppointmentMeans | None = optional("How they are told that it stands; default not at all.")


@strawberry.input(description="The applicant cannot come at the proposed time.")
class AppointmentRefuseInput(AppointmentInput):
    note: str | None = optional(NOTE)


@strawberry.input(description="Cancel the appointment.")
class AppointmentCancelInput(AppointmentInput):
    reason: str = told("Why; the applicant does not read it.")
    means: AppointmentMeans | None = optional(MEANS)
    body: str | None = optional(BODY)


@strawberry.input(description="Decline, with courtesy.")
class AppointmentDeclineInput(AppointmentInput):
    reason: str = told("Why; the applicant does not read it.")
    means: AppointmentMeans | None = optional(MEANS)
    body: str | None = optional(BODY)


@strawberry.input(description="Send it to another principal or to a department: one of them.")
class AppointmentRedirectInput(AppointmentInput):
    principal: strawberry.ID | None = optional("Another principal, whose keeper decides anew.")
    department: strawberry.ID | None = optional("The department that settles it.")
    note: str | None = optional(NOTE)
    means: AppointmentMeans | None = optional(MEANS)
    body: str | None = optional(BODY)


@strawberry.input(description="Make a complaint of it.")
class AppointmentTurnInput(AppointmentInput):
    subject: str | None = optional("What the complaint is about; default as here.")
    body: str | None = optional("Its text; default as here.")
    kind: ComplaintKind | None = optional("What the citizen brings; default a request.")
    means: AppointmentMeans | None = optional("How the applicant is told; default not at all.")


@strawberry.input(description="Give a place on a halk günü.")
class AppointmentPutOnPublicDayInput(AppointmentInput):
    session: strawberry.ID = told("Which one.")
    at: dt.datetime | None = optional("At which of its times; default the first free one.")
    means: AppointmentMeans | None = optional(MEANS)
    body: str | None = optional(BODY)


@strawberry.input(description="Another time of the halk günü, or another one.")
class AppointmentMoveVisitInput(AppointmentInput):
    session: strawberry.ID | None = optional("Another one.")
    at: dt.datetime | None = optional("At which of its times; default the first free one.")
    means: AppointmentMeans | None = optional("How the applicant is told; default not at all.")


@strawberry.input(description="Take it off the halk günü.")
class AppointmentTakeOffInput(AppointmentInput):
    note: str | None = optional(NOTE)


@strawberry.input(description="The visitor is in the hall.")
class AppointmentArriveInput(AppointmentInput):
    pass


@strawberry.input(description="The visitor goes in.")
class AppointmentCallInInput(AppointmentInput):
    pass


@strawberry.input(description="What was promised in a conversation, recorded along with what came of it.")
class AppointmentPromisedInput:
    text: str = told(PROMISED)
    due_on: dt.date = told("Until when.")
    department: strawberry.ID | None = optional("The department that is to keep it.")
    person: strawberry.ID | None = optional(RESPONSIBLE)


@strawberry.input(description="The conversation is over.")
class AppointmentSeeOutInput(AppointmentInput):
    outcome: AppointmentOutcome = told("What came of it.")
    note: str | None = optional("What was said.")
    promises: list[AppointmentPromisedInput] | None = optional(PROMISES)


@strawberry.input(description="Nobody came.")
class AppointmentMissInput(AppointmentInput):
    note: str | None = optional(NOTE)


@strawberry.input(description="Record what came of an appointment, or of what a department did.")
class AppointmentSettleInput(AppointmentInput):
    outcome: AppointmentOutcome = told("What came of it.")
    note: str | None = optional("What was said.")
    promises: list[AppointmentPromisedInput] | None = optional(PROMISES)


@strawberry.input(description="The applicant takes it back.")
class AppointmentWithdrawInput(AppointmentInput):
    note: str | None = optional(NOTE)


@strawberry.input(description="Take back a result that was recorded by mistake.")
class AppointmentUndoInput(AppointmentInput):
    reason: str = told("Why; it stands in the story.")


@strawberry.input(description="What the applicant was promised.")
class AppointmentPromiseInput(AppointmentInput):
    text: str = told(PROMISED)
    due_on: dt.date = told("Until when.")
    department: strawberry.ID | None = optional("The department that is to keep it.")
    person: strawberry.ID | None = optional(RESPONSIBLE)


@strawberry.input(description="Decide it anew.")
class AppointmentReopenInput(AppointmentInput):
    note: str | None = optional(NOTE)


@strawberry.input(description="Write to the applicant.")
class AppointmentMessageInput(AppointmentInput):
    body: str = told("The text, without salutation.")
    means: AppointmentMeans | None = optional(MEANS)


@strawberry.input(
    description="Make the sessions of the halk günü from its rules; said again it adds nothing."
)
class PublicDaysGenerateInput:
    principal: strawberry.ID = told("Whose.")
    from_: dt.date = told("The first day.", name="from")
    until: dt.date = told("The last day; at most a year later.")


@strawberry.input(description="A halk günü will not take place.")
class PublicDayCancelInput:
    id: strawberry.ID = told("Which one.")
    reason: str = told("Why; nobody outside reads it.")


@strawberry.input(description="Another order of who is still expected on a halk günü; the times stay.")
class PublicDayOrderInput:
    id: strawberry.ID = told("Which halk günü.")
    seen: list[strawberry.ID] = told("The requests in the order that was looked at.")
    order: list[strawberry.ID] = told("The same requests in the wanted order.")


@strawberry.input(description="A halk günü is over.")
class PublicDayCloseInput:
    id: strawberry.ID = told("Which one.")
