"""Inputs of the mutations of events, tasks and guests."""

from __future__ import annotations

import datetime as dt

import strawberry

from schema.core.verbs import optional, required
from schema.events.types import (
    EventKind,
)

UNUSUAL = "Confirms the time after UNUSUAL."
OVERRIDE = "Why an opening is held within an election period (298 m.64)."
LEGAL = "What the legal department says of that; with a reason only."
VERSION = "The version that was looked at: refused with CONFLICT if there is a newer one."


@strawberry.input(description="A part of a new event.")
class EventPartPlanInput:
    title: str = required("What it is.")
    starts_at: dt.datetime = required("When it begins; without an offset local time.")
    ends_at: dt.datetime = required("When it ends.")
    place: str = strawberry.field(description="Where; default where the event is.", default="")
    is_main: bool = strawberry.field(description="It stands on the invitation.", default=False)
    attends: bool = strawberry.field(description="The principal attends.", default=True)


@strawberry.input(description="An event of a principal.")
class EventPlanInput:
    principal: strawberry.ID = required("Whose it is.")
    title: str = required("Its title.")
    parts: list[EventPartPlanInput] = required("Its parts, at least one.")
    kind: EventKind | None = optional("What it is.")
    place: str | None = optional("Where.")
    weather_place: str | None = optional("Where in bad weather.")
    description: str | None = optional("What is to be known of it.")
    dress_code: str | None = optional("What is worn.")
    invitation_text: str | None = optional("The text of the invitation.")
    capacity: int | None = optional("How many places there are.")
    override_reason: str | None = optional(OVERRIDE)
    legal_note: str | None = optional(LEGAL)
    accept_unusual: bool | None = optional(UNUSUAL)


@strawberry.input(description="An event made of a template.")
class EventPlanFromTemplateInput:
    principal: strawberry.ID = required("Whose it is.")
    template: str = required("The code of the template.")
    day: dt.date | None = optional("On which day; default the next such day.")
    title: str | None = optional("Its title; default the template's.")
    place: str | None = optional("Where; default the template's.")
    letters: bool | None = optional("Begin the letters of the template too.")
    override_reason: str | None = optional(OVERRIDE)
    legal_note: str | None = optional(LEGAL)
    accept_unusual: bool | None = optional(UNUSUAL)


@strawberry.input(description="An event, and nothing more to say.")
class EventInput:
    id: strawberry.ID = required("The event.")
    version: int | None = optional(VERSION)


@strawberry.input(description="Read the groups anew: who is new is listed, who left leaves.")
class EventSyncGuestsInput(EventInput):
    pass


@strawberry.input(description="Invitations are sent.")
class EventInviteInput(EventInput):
    by_sms: bool | None = optional(
        "true: by SMS alone, UNSUPPORTED where no gateway is configured; false: by e-mail alone. By default by e-mail,"
        " and by SMS to those without one."
    )
    send_at: dt.datetime | None = optional(
        "The moment at which they leave, at most thirty days away; default in a minute. They can be taken back until"
        " then."
    )


@strawberry.input(description="A person for the list.")
class EventAddGuestInput(EventInput):
    person: strawberry.ID = required("Who.")
    group: strawberry.ID | None = optional("Into which group.")
    title: str | None = optional("Their office or title.")
    organisation: str | None = optional("Their organisation.")
    delegation: str | None = optional("The delegation with which they come.")
    is_vip: bool | None = optional("Received by the protocol.")
    with_spouse: bool | None = optional("Invited with their spouse.")
    companions_allowed: int | None = optional("How many companions they may bring.")


@strawberry.input(description="A scan of a card, or a guest chosen by name, at the door.")
class EventScanInput:
    client_id: strawberry.ID = required("A UUID made by the device: a scan that is sent twice counts once.")
    code: str = strawberry.field(description="What the card says.", default="")
    guest: strawberry.ID | None = strawberry.field(description="The guest chosen by name.", default=None)
    at: dt.datetime | None = strawberry.field(description="When, by the device; default now.", default=None)
    people: int | None = strawberry.field(description="How many came in; default as announced.", default=None)


@strawberry.input(description="Scans at the door, at most five hundred.")
class EventCheckInInput(EventInput):
    scans: list[EventScanInput] = required("The scans, in any order.")
