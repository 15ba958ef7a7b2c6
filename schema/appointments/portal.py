"""Appointments for portals: asked for, followed, answered and taken back; free and busy times for everybody."""

from __future__ import annotations

import datetime as dt
import enum
from typing import Annotated, Any

import strawberry
from django.utils.translation import gettext as _

from backend.core.errors import ErrorCode
from backend.core.validation import refuse
from backend.organization.models import User
from backend.portals.models import Scope
from backend.programme import models
from permissions.appointments import portal as portal_appointments
from permissions.portals import access as portals
from permissions.portals.public_lists import OfTheHouse
from permissions.submissions import proofs
from schema.appointments.types import AppointmentKind, AppointmentNoticeKind
from schema.complaints.portal import PortalContactInput
from schema.complaints.public_lists import paged
from schema.complaints.tracking import STATUS_CODE
from schema.core.connection import Connection, Keyset, Page, connection_field
from schema.core.nodes import decode, global_id, key_of
from schema.core.results import Payload, run_mutation
from schema.core.scalars import cleaned, described_enum, values
from schema.core.verbs import optional, required
from schema.programme.queries import TimeSpan, spans
from schema.programme.types import PrincipalOffice

REFERENCE = "The number of the request, such as RT-2026/15."
COMPANIONS = "Who comes along, by name, at most 300 letters; never required."
MOST_PRINCIPALS = 50
NEWEST = Keyset("asked", "registered_at", dt.datetime, descending=True)


class Answer(enum.StrEnum):
    """What an applicant may answer."""

    ACCEPT = "accept"
    REFUSE = "refuse"
    CANCEL = "cancel"
    CHOOSE = "choose"
    COME = "come"


class Became(enum.StrEnum):
    """What became of an answer."""

    ACCEPTED = "accept"
    REFUSED = "refuse"
    CANCELLED = "cancel"
    CHOSEN = "chosen"
    MOVED = "moved"
    TAKEN = "taken"
    COMING = "come"


AppointmentPublicStatus = described_enum(
    portal_appointments.AppointmentStatus,
    "AppointmentPublicStatus",
    "Where a request for an appointment stands, as shown to the applicant.",
)
PortalAppointmentAnswer = described_enum(
    Answer,
    "PortalAppointmentAnswer",
    "What an applicant answers.",
    {
        "ACCEPT": "The proposed time suits them (tr: Uygun)",
        "REFUSE": "Another time is wished (tr: Başka bir zaman)",
        "CANCEL": "They do not come (tr: İptal)",
        "CHOOSE": "One of the free times instead (tr: Başka saat seçimi)",
        "COME": "They will come to the appointment that stands (tr: Geleceğim)",
    },
)
PortalAppointmentBecame = described_enum(
    Became,
    "PortalAppointmentBecame",
    "What became of an answer.",
    {
        "ACCEPTED": "The appointment is approved (tr: Kabul edildi)",
        "REFUSED": "The office looks for another time (tr: Başka zaman istendi)",
        "CANCELLED": "It was cancelled (tr: İptal edildi)",
        "CHOSEN": "The office confirms the chosen time (tr: Seçildi, onay bekliyor)",
        "MOVED": "The appointment is moved to the chosen time (tr: Yeni saat verildi)",
        "TAKEN": "Somebody was faster; nothing was changed (tr: Saat dolmuş)",
        "COMING": "The office knows that they come (tr: Geleceği bildirildi)",
    },
)


@strawberry.type(description="By whom an applicant may wish to be received.")
class PublicPrincipal:
    id: strawberry.ID = strawberry.field(description="By this they are chosen.")
    office: PrincipalOffice = strawberry.field(description="Their office.")
    name: str = strawberry.field(description="As it is shown.")
    publishes_busy: bool = strawberry.field(description="Whether `publicFreeBusy` tells when they are busy.")


@strawberry.type(description="A notice to the applicant.")
class PortalAppointmentNotice:
    notified_at: dt.datetime = strawberry.field(description="When.")
    kind: AppointmentNoticeKind = strawberry.field(description="The subject of the notice.")
    body: str = strawberry.field(description="The text.")


@strawberry.type(description="A request that the portal brought in, in the applicant's words.")
class PortalAppointment:
    reference: str = strawberry.field(description="The number of the request.")
    principal: str = strawberry.field(description="By whom they are received.")
    status: str = strawberry.field(description="Where it stands, in plain words.")
    status_code: AppointmentPublicStatus = strawberry.field(description=STATUS_CODE)
    starts_at: dt.datetime | None = strawberry.field(
        description="When they are expected, or would be, according to the notices."
    )
    place: str = strawberry.field(description="Where.")
    expires_at: dt.datetime | None = strawberry.field(
        description="Until when a proposed time is kept for them."
    )
    is_chosen: bool = strawberry.field(
        description="It is their own choice, which the office has yet to confirm."
    )
    answers: list[PortalAppointmentAnswer] = strawberry.field(description="What they may answer now.")
    times: list[TimeSpan] = strawberry.field(description="Free times of which they may choose one.")
    can_cancel: bool = strawberry.field(description="Whether they may take it back.")
    replies: list[PortalAppointmentNotice] = strawberry.field(description="The notices to the applicant.")


@strawberry.type(description="A line of the list of what a portal asked for.")
class PortalAppointmentLine:
    reference: str = strawberry.field(description="The number of the request.")
    kind: AppointmentKind = strawberry.field(description="What for.")
    principal: str = strawberry.field(description="By whom they are received.")
    registered_at: dt.datetime = strawberry.field(description="When it was asked for.")
    status: str = strawberry.field(description="Where it stands, in plain words.")
    status_code: AppointmentPublicStatus = strawberry.field(description=STATUS_CODE)
    starts_at: dt.datetime | None = strawberry.field(
        description="When they are expected, or would be, according to the notices."
    )
    place: str = strawberry.field(description="Where.")
    is_awaited: bool = strawberry.field(
        description="A time is kept for them, and they have yet to say whether it suits them."
    )
    can_cancel: bool = strawberry.field(description="Whether they may take it back.")


def _line(row: Any) -> PortalAppointmentLine:
    return appointment_line(portal_appointments.listed(row))


def appointment_line(result: portal_appointments.Listed) -> PortalAppointmentLine:
    """The request as a list says it."""
    return PortalAppointmentLine(
        reference=result.reference,
        kind=AppointmentKind(result.kind),
        principal=result.principal,
        registered_at=result.registered_at,
        status=str(result.status.label),
        status_code=result.status,
        starts_at=result.starts_at,
        place=result.place,
        is_awaited=result.is_awaited,
        can_cancel=result.may_cancel,
    )


def shown_of(found: portal_appointments.PublicStatus) -> PortalAppointment:
    """The request as its applicant sees it."""
    return PortalAppointment(
        reference=found.reference,
        principal=found.principal,
        status=str(found.status.label),
        status_code=found.status,
        starts_at=found.starts_at,
        place=found.place,
        expires_at=found.held_until,
        is_chosen=found.is_chosen,
        answers=[Answer(word) for word in found.answers],
        times=spans(found.times),
        can_cancel=found.may_cancel,
        replies=[
            PortalAppointmentNotice(
                notified_at=notice.notified_at, kind=AppointmentNoticeKind(notice.kind), body=notice.body
            )
            for notice in found.notices
        ],
    )


def principal_of(row: Any) -> PublicPrincipal:
    """The principal as everybody may know them."""
    return PublicPrincipal(
        id=global_id(row),
        office=PrincipalOffice(row.office),
        name=row.name,
        publishes_busy=row.publishes_busy,
    )


@strawberry.type
class PortalAppointmentQueries:
    @strawberry.field(description="By whom an applicant may wish to be received, in order.")
    def public_principals(self) -> list[PublicPrincipal]:
        rows = OfTheHouse(portal_appointments.principals()[:MOST_PRINCIPALS])
        return [principal_of(row) for row in rows]

    @strawberry.field(
        description="The half hours of the working time in which a principal is busy, where the office publishes them:"
        " from today, at most 60 days ahead, and not a word of what it is."
        " Null where it is not published, and where there is no such principal."
    )
    def public_free_busy(
        self,
        principal: Annotated[strawberry.ID, strawberry.argument(description="Whose.")],
        from_: Annotated[dt.date, strawberry.argument(name="from", description="The first local day.")],
        until: Annotated[dt.date, strawberry.argument(description="The last local day.")],
    ) -> list[TimeSpan] | None:
        named = decode(principal)
        result = portal_appointments.busy_times(named[1], from_, until) if named else None
        return None if result is None else spans(result)

    @strawberry.field(description="For a portal (FOLLOW): a request that it brought in itself.")
    def portal_appointment(
        self, reference: Annotated[str, strawberry.argument(description=REFERENCE)]
    ) -> PortalAppointment | None:
        result = portal_appointments.followed(cleaned(reference), portals.account(Scope.FOLLOW))
        return shown_of(result) if result else None

    @connection_field(
        description="For a portal (FOLLOW): the requests that it brought in, the newest first.", public=True
    )
    def portal_appointments(self, page: Page) -> Connection[PortalAppointmentLine]:
        rows = portal_appointments.brought_by(portals.account(Scope.FOLLOW))
        return paged(rows, NEWEST, page, _line, portal_appointments.note_shown)


@strawberry.input(description="A request for an appointment that a citizen makes through a portal.")
class PortalAppointmentSubmitInput:
    principal: strawberry.ID = required("By whom they wish to be received: of `publicPrincipals`.")
    kind: AppointmentKind = required("What for.")
    subject: str = required("What it is about, in a line.")
    contact: PortalContactInput = required("Who asks.")
    privacy_notice: str = required(
        "The code of the `publicPrivacyNotice(purpose: APPOINTMENT)` that was shown."
    )
    organisation: str | None = optional("For which organisation.")
    body: str | None = optional("What they say.")
    party_size: int | None = optional("How many people come.")
    companion_names: str | None = optional(COMPANIONS)
    wished_from: dt.date | None = optional("The first day they could come.")
    wished_until: dt.date | None = optional("The last day they could come.")
    wish: str | None = optional("What they wish of the time.")
    session: str | None = optional(
        "A session of `portalContactProve`; then `contact` must have what was proved by it."
    )


@strawberry.input(description="The suggestion of a meeting with an organisation.")
class PortalMeetingSuggestInput:
    principal: strawberry.ID = required("With whom: of `publicPrincipals`.")
    organisation: str = required("Which organisation suggests it.")
    subject: str = required("What it would be about, in a line.")
    contact: PortalContactInput = required("Who speaks for it.")
    privacy_notice: str = required(
        "The code of the `publicPrivacyNotice(purpose: APPOINTMENT)` that was shown."
    )
    body: str | None = optional("What is suggested.")
    party_size: int | None = optional("How many people would come.")
    companion_names: str | None = optional(COMPANIONS)
    wished_from: dt.date | None = optional("The first day that would suit.")
    wished_until: dt.date | None = optional("The last day that would suit.")
    wish: str | None = optional("What they wish of the time or place.")


@strawberry.input(description="The applicant takes the request back.")
class PortalAppointmentCancelInput:
    reference: str = required(REFERENCE)
    reason: str | None = optional("Why, if they say so.")


@strawberry.input(description="What the applicant answers; one of `answers`.")
class PortalAppointmentAnswerInput:
    reference: str = required(REFERENCE)
    answer: PortalAppointmentAnswer = required("The answer.")
    wish: str | None = optional("With REFUSE: what would suit them.")
    starts_at: dt.datetime | None = optional("With CHOOSE: the beginning of one of `times`.")


@strawberry.type(description="The request as the applicant sees it now.")
class PortalAppointmentPayload(Payload):
    appointment: PortalAppointment | None = strawberry.field(
        description="The request; null if nothing was done.", default=None
    )


@strawberry.type(description="What became of an answer, and the request as the applicant sees it now.")
class PortalAppointmentAnswerPayload(PortalAppointmentPayload):
    became: PortalAppointmentBecame | None = strawberry.field(
        description="What became of it. TAKEN: choose again of `times`.", default=None
    )


def given_of(input: Any, *without: str) -> dict[str, Any]:
    """What the input says of the request itself."""
    result = values(input, "principal", "contact", *without)
    return {name: value for name, value in result.items() if value is not None}


def asking_by(input: Any) -> tuple[User, dict[str, Any]]:
    """The account, and the contact: proved, where a session of one is shown."""
    account = portals.account(Scope.SUBMIT)
    contact = values(input.contact)
    if session := values(input).get("session"):
        proofs.require_proved(
            session, by=account, email=contact.get("email") or "", phone=contact.get("phone") or ""
        )
    return account, contact


def _submit(input: Any, **more: Any) -> dict[str, Any]:
    account, contact = asking_by(input)
    standing = portal_appointments.submit(
        by=account,
        principal=key_of(models.Principal, input.principal, "principal"),
        contact=contact,
        **given_of(input, "session"),
        **more,
    )
    return {"appointment": shown_of(standing)}


def _suggest(input: PortalMeetingSuggestInput) -> dict[str, Any]:
    if not cleaned(input.organisation):
        refuse(ErrorCode.REQUIRED, _("Write which organisation suggests it."), "organisation")
    return _submit(input, kind=AppointmentKind.ORGANISATION)


def _cancel(input: PortalAppointmentCancelInput) -> dict[str, Any]:
    account = portals.account(Scope.FOLLOW)
    return {"appointment": shown_of(portal_appointments.cancel(by=account, **given_of(input)))}


def _answer(input: PortalAppointmentAnswerInput) -> dict[str, Any]:
    account = portals.account(Scope.FOLLOW)
    fields = given_of(input, "answer", "starts_at")
    at = values(input).get("starts_at")
    word: Any = input.answer
    result = portal_appointments.answer(
        by=account, word=word.value, at=at.isoformat() if at else "", **fields
    )
    return {"appointment": shown_of(result.standing), "became": Became(result.word)}


@strawberry.type
class PortalAppointmentMutations:
    @strawberry.mutation(description="For a portal (SUBMIT): request an appointment for an applicant.")
    def portal_appointment_submit(self, input: PortalAppointmentSubmitInput) -> PortalAppointmentPayload:
        return run_mutation(PortalAppointmentPayload, lambda: _submit(input))

    @strawberry.mutation(
        description="For a portal (SUBMIT): suggest a meeting; it is a request for an appointment."
    )
    def portal_meeting_suggest(self, input: PortalMeetingSuggestInput) -> PortalAppointmentPayload:
        return run_mutation(PortalAppointmentPayload, lambda: _suggest(input))

    @strawberry.mutation(description="For a portal (FOLLOW): the applicant takes the request back.")
    def portal_appointment_cancel(self, input: PortalAppointmentCancelInput) -> PortalAppointmentPayload:
        return run_mutation(PortalAppointmentPayload, lambda: _cancel(input))

    @strawberry.mutation(
        description="For a portal (FOLLOW): the applicant answers a proposed or approved time."
    )
    def portal_appointment_answer(
        self, input: PortalAppointmentAnswerInput
    ) -> PortalAppointmentAnswerPayload:
        return run_mutation(PortalAppointmentAnswerPayload, lambda: _answer(input))
