"""Events for portals: a guest's own invitation by its link, and what citizens suggest about events."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Annotated, Any

import strawberry
from django.utils.translation import gettext as _

from backend.contacts.models import Purpose
from backend.core.errors import DomainError, ErrorCode
from backend.events import models
from backend.portals.models import Scope
from permissions.events import public_guests, public_sign_ups, public_suggestions
from permissions.portals import access as portals
from permissions.portals import public_lists
from permissions.submissions import proofs
from schema.complaints.portal import PortalComplaintSubmitPayload, PortalContactInput
from schema.core.nodes import decode, load, must_load
from schema.core.results import Payload, run_mutation
from schema.core.scalars import cleaned, values
from schema.core.verbs import optional, required
from schema.events.types import GuestAnswer

LINK = "What stands between `/davet/` and the next stroke of the address in the invitation."
SAID = ("companion_names", "representative", "plate", "diet", "note")


@strawberry.type(description="A guest's own invitation, read by its link (davet).")
class PortalInvitation:
    name: str = strawberry.field(description="The guest, as printed.")
    with_spouse: bool = strawberry.field(description="Invited with the spouse.")
    title: str = strawberry.field(description="To what.")
    text: str = strawberry.field(description="The text of the invitation.")
    place: str = strawberry.field(description="Where.")
    starts_at: dt.datetime = strawberry.field(description="When it begins.")
    dress_code: str = strawberry.field(description="What is worn.")
    principal: str = strawberry.field(description="In whose name.")
    answer_until: dt.date | None = strawberry.field(description="By when an answer is wished (LCV).")
    companions_allowed: int = strawberry.field(description="How many may come along.")
    is_cancelled: bool = strawberry.field(description="It was cancelled.")
    may_answer: bool = strawberry.field(description="Whether it may still be answered.")
    answer: GuestAnswer | None = strawberry.field(description="What was answered so far.")
    companions: int = strawberry.field(description="How many come along.")
    privacy_notice: str | None = strawberry.field(
        description="The code of the privacy notice that the guest was shown; null if none was shown yet."
    )


def _shown(found: public_guests.PublicGuest) -> PortalInvitation:
    return PortalInvitation(
        name=found.name,
        with_spouse=found.with_spouse,
        title=found.title,
        text=found.text,
        place=found.place,
        starts_at=found.starts_at,
        dress_code=found.dress_code,
        principal=found.principal,
        answer_until=found.answer_by,
        companions_allowed=found.companions_allowed,
        is_cancelled=found.is_cancelled,
        may_answer=found.may_answer,
        answer=GuestAnswer(found.answer) if found.answer else None,
        companions=int(found.details.get("companions") or 0),
        privacy_notice=found.privacy_notice or None,
    )


@strawberry.type(description="Signing up for an event of the public calendar, as anybody may know it.")
class PublicEventPlaces:
    is_open: bool = strawberry.field(description="Whether citizens may sign up now: `portalEventSignUp`.")
    free: int | None = strawberry.field(
        description="How many places are free; null without a limit. Who finds none is put on the waiting list."
    )
    most_people: int = strawberry.field(description="How many people one sign-up may bring.")
    closes_at: dt.datetime = strawberry.field(description="Until when.")


@strawberry.type(description="A sign-up of a citizen for an event.")
class PortalSignUp:
    title: str = strawberry.field(description="For what.")
    place: str = strawberry.field(description="Where.")
    starts_at: dt.datetime = strawberry.field(description="When it begins.")
    people: int = strawberry.field(description="How many come, themselves included.")
    is_placed: bool = strawberry.field(
        description="They have a place; otherwise they are on the waiting list."
    )
    position: int | None = strawberry.field(description="Which one of those who wait.")
    token: str = strawberry.field(
        description="The key to it: `portalEventSignOff`, and with a place `portalInvitation` too. Keep it in no log."
    )


def sign_up_of(row: public_sign_ups.SignUp) -> PortalSignUp:
    """The sign-up as the schema says it."""
    return PortalSignUp(**dataclasses.asdict(row))


@strawberry.type
class PortalEventQueries:
    @strawberry.field(description="Whether citizens may sign up for an event, and how many places are free.")
    def public_event_places(
        self, event: Annotated[strawberry.ID, strawberry.argument(description="Of `publishedEvents`.")]
    ) -> PublicEventPlaces | None:
        named = decode(event)
        found = public_sign_ups.places(named[1]) if named else None
        return PublicEventPlaces(**dataclasses.asdict(found)) if found else None

    @strawberry.field(description="For a portal (FOLLOW): the invitation of a guest who shows its link.")
    def portal_invitation(
        self, token: Annotated[str, strawberry.argument(description=LINK)]
    ) -> PortalInvitation | None:
        portals.account(Scope.FOLLOW)
        result = public_guests.invitation(cleaned(token))
        return _shown(result) if result else None


@strawberry.input(description="What a guest answers.")
class PortalInvitationAnswerInput:
    token: str = required(LINK)
    answer: GuestAnswer = required("COMING, REPRESENTED or NOT_COMING.")
    companions: int | None = optional("How many come along.")
    companion_names: str | None = optional("Their names.")
    representative: str | None = optional("With REPRESENTED, and refused with another answer: who comes.")
    plate: str | None = optional("The plate of their car.")
    diet: str | None = optional("What they do not eat.")
    note: str | None = optional("What they say along with it.")
    privacy_notice: str | None = optional(
        "The code of the `publicPrivacyNotice(purpose: EVENT)` that was shown; needed with names, plate, diet or note,"
        " unless the invitation has one."
    )


@strawberry.type(description="The invitation as it stands after the answer.")
class PortalInvitationPayload(Payload):
    invitation: PortalInvitation | None = strawberry.field(
        description="The invitation; null if nothing was done.", default=None
    )


@strawberry.input(description="What a citizen suggests about an event, or for one to come.")
class PortalEventSuggestInput:
    text: str = required("The suggestion, at most 4,000 letters.")
    contact: PortalContactInput = required("Who writes: a name, and a telephone number or an e-mail address.")
    privacy_notice: str = required(
        "The code of the `publicPrivacyNotice(purpose: SUGGESTION)` that was shown."
    )
    event: strawberry.ID | None = optional("Of `publishedEvents`, if it is about one.")


@strawberry.input(description="A citizen signs up for an event of the public calendar.")
class PortalEventSignUpInput:
    event: strawberry.ID = required("Of `publishedEvents`.")
    contact: PortalContactInput = required("Who comes: a name, and a telephone number or an e-mail address.")
    people: int | None = optional("How many come, themselves included; default 1.")
    privacy_notice: str = required("The code of the `publicPrivacyNotice(purpose: EVENT)` that was shown.")
    session: str | None = optional(
        "A session of `portalContactProve`; then `contact` must have what was proved by it."
    )


@strawberry.type(description="The sign-up as it stands.")
class PortalEventSignUpPayload(Payload):
    sign_up: PortalSignUp | None = strawberry.field(
        description="The sign-up; null if nothing was done.", default=None
    )


@strawberry.input(description="The citizen does not come after all.")
class PortalEventSignOffInput:
    token: str = required("The `token` of the sign-up.")


@strawberry.type(description="That the place is free again.")
class PortalEventSignOffPayload(Payload):
    pass


def _sign_up(input: PortalEventSignUpInput) -> dict[str, Any]:
    account = portals.account(Scope.SUBMIT)
    contact = values(input.contact)
    facts = {name: contact.get(name) or "" for name in ("first_name", "last_name", "phone", "email")}
    if session := values(input).get("session"):
        proofs.require_proved(session, by=account, email=facts["email"], phone=facts["phone"])
    found = public_sign_ups.submit(
        by=account,
        event=must_load(models.PublishedEvent, input.event, "event"),
        people=1 if (people := values(input).get("people")) is None else people,
        privacy_notice=public_lists.notice_named(cleaned(input.privacy_notice), Purpose.EVENT),
        **facts,
    )
    return {"sign_up": sign_up_of(found)}


def _sign_off(input: PortalEventSignOffInput) -> dict[str, Any]:
    public_sign_ups.sign_off(cleaned(input.token), by=portals.account(Scope.FOLLOW))
    return {}


def _answer(input: PortalInvitationAnswerInput) -> dict[str, Any]:
    portals.account(Scope.FOLLOW)
    fields = values(input)
    value = {name: fields.get(name) or "" for name in SAID} | {
        "companions": str(fields.get("companions") or 0)
    }
    word: Any = input.answer
    notice = fields.get("privacy_notice") or ""
    result = public_guests.answer_by_portal(fields["token"], word.value, value, notice)
    if result is None:
        message = _("No invitation has this link, or no longer.")
        raise DomainError(ErrorCode.NOT_FOUND, message, "token")
    if not result.is_taken:
        message = result.message or _("This invitation can no longer be answered so.")
        raise DomainError(
            ErrorCode.INVALID if result.message else ErrorCode.WRONG_STATE, message, result.field
        )
    return {"invitation": _shown(result.shown)}


def _suggest(input: PortalEventSuggestInput) -> dict[str, Any]:
    account = portals.account(Scope.SUBMIT)
    contact = values(input.contact)
    event = load(models.PublishedEvent, input.event or None, "event")
    notice = public_lists.notice_named(cleaned(input.privacy_notice), Purpose.SUGGESTION)
    names = ("first_name", "last_name", "phone", "email")
    taken = public_suggestions.suggest(
        text=cleaned(input.text),
        event=event,
        privacy_notice=notice,
        by=account,
        **{name: contact.get(name) or "" for name in names},
    )
    return {"reference": taken.reference, "tracking_code": taken.code}


@strawberry.type
class PortalEventMutations:
    @strawberry.mutation(
        description="For a portal (FOLLOW): answer an invitation for the guest who shows its link."
    )
    def portal_invitation_answer(self, input: PortalInvitationAnswerInput) -> PortalInvitationPayload:
        return run_mutation(PortalInvitationPayload, lambda: _answer(input))

    @strawberry.mutation(
        description="For a portal (SUBMIT): suggest something about an event. It is a case, followed by its code."
    )
    def portal_event_suggest(self, input: PortalEventSuggestInput) -> PortalComplaintSubmitPayload:
        return run_mutation(PortalComplaintSubmitPayload, lambda: _suggest(input))

    @strawberry.mutation(
        description="For a portal (SUBMIT): sign a citizen up for an event, or put them on its waiting list."
        " The same name and contact again is the same sign-up."
    )
    def portal_event_sign_up(self, input: PortalEventSignUpInput) -> PortalEventSignUpPayload:
        return run_mutation(PortalEventSignUpPayload, lambda: _sign_up(input))

    @strawberry.mutation(
        description="For a portal (FOLLOW): take a sign-up back; who waits longest moves up."
    )
    def portal_event_sign_off(self, input: PortalEventSignOffInput) -> PortalEventSignOffPayload:
        return run_mutation(PortalEventSignOffPayload, lambda: _sign_off(input))
