"""What is said of events, their tasks and their guests: one input a verb."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import strawberry

from schema.core.verbs import optional, told
from schema.events.types import (
    EventAudience,
    EventDuty,
    EventKind,
    EventPartnerRole,
    EventStepKind,
    EventTaskKind,
    GuestAnswer,
    GuestCall,
    GuestSource,
)

UNUSUAL = "Said again after UNUSUAL: the time is meant."
OVERRIDE = "Why an opening is held within an election period (298 m.64)."
LEGAL = "What the legal department says of that; with a reason only."
VERSION = "The version that was looked at: refused with CONFLICT if there is a newer one."


@strawberry.input(description="A part of a new event.")
class EventPartPlanInput:
    title: str = told("What it is.")
    starts_at: dt.datetime = told("When it begins; without an offset local time.")
    ends_at: dt.datetime = told("When it ends.")
    place: str = strawberry.field(description="Where; default where the event is.", default="")
    is_main: bool = strawberry.field(description="It stands on the invitation.", default=False)
    attends: bool = strawberry.field(description="The principal attends.", default=True)


@strawberry.input(description="An event of a principal.")
class EventPlanInput:
    principal: strawberry.ID = told("Whose it is.")
    title: str = told("Its title.")
    parts: list[EventPartPlanInput] = told("Its parts, at least one.")
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
    principal: strawberry.ID = told("Whose it is.")
    template: str = told("The code of the template.")
    day: dt.date | None = optional("On which day; default the next such day.")
    title: str | None = optional("Its title; default the template's.")
    place: str | None = optional("Where; default the template's.")
    letters: bool | None = optional("Begin the letters of the template too.")
    override_reason: str | None = optional(OVERRIDE)
    legal_note: str | None = optional(LEGAL)
    accept_unusual: bool | None = optional(UNUSUAL)


@strawberry.input(description="An event, and nothing more to say.")
class EventInput:
    id: strawberry.ID = told("The event.")
    version: int | None = optional(VERSION)


@strawberry.input(description="Invitations are sent.")
class EventInviteInput(EventInput):
    by_sms: bool | None = optional("By SMS instead of e-mail; UNSUPPORTED where no gateway is configured.")


@strawberry.input(description="An event, with a remark.")
class EventRemarkInput(EventInput):
    note: str | None = optional("A remark for the story.")


@strawberry.input(description="An event, with a reason.")
class EventReasonInput(EventInput):
    reason: str = told("Why.")


@strawberry.input(description="The file is complete.")
class EventCloseInput(EventInput):
    report: str = told("What is to be remembered of it.")


@strawberry.input(description="Facts to set right; what is left out stays, null empties.")
class EventCorrectInput(EventInput):
    kind: EventKind | None = optional("What it is.")
    title: str | None = optional("Its title.")
    place: str | None = optional("Where.")
    weather_place: str | None = optional("Where in bad weather.")
    description: str | None = optional("What is to be known of it.")
    dress_code: str | None = optional("What is worn.")
    invitation_text: str | None = optional("The text of the invitation.")
    answer_by: dt.date | None = optional("By when answers are wanted.", name="answerUntil")
    answer_to: str | None = optional("Who takes answers.")
    answer_phone: str | None = optional("The telephone for answers.")
    capacity: int | None = optional("How many places there are.")


@strawberry.input(description="A part to add, or to change; what is left out stays.")
class EventPutPartInput(EventInput):
    part: strawberry.ID | None = optional("The part to change; without it one is added.")
    title: str | None = optional("What it is.")
    place: str | None = optional("Where.")
    starts_at: dt.datetime | None = optional("When it begins; its steps move with it.")
    ends_at: dt.datetime | None = optional("When it ends; without it the length stays.")
    attends: bool | None = optional("The principal attends.")
    is_main: bool | None = optional("It stands on the invitation.")
    override_reason: str | None = optional(OVERRIDE)
    legal_note: str | None = optional(LEGAL)
    accept_unusual: bool | None = optional(UNUSUAL)


@strawberry.input(description="A part to take off.")
class EventDropPartInput(EventInput):
    part: strawberry.ID = told("The part.")
    reason: str | None = optional("Why.")


@strawberry.input(description="A step to add, or to change; what is left out stays.")
class EventPutItemInput(EventInput):
    part: strawberry.ID | None = optional("The part to which it is added.")
    item: strawberry.ID | None = optional("The step to change.")
    kind: EventStepKind | None = optional("What happens.")
    title: str | None = optional("What it is, in words.")
    starts_at: dt.datetime | None = optional("When; default after the last step.")
    minutes: int | None = optional("How long it lasts.")
    who: str | None = optional("The office or the name that is announced.")
    rank: int | None = optional("Their place in the order of precedence.")
    note: str | None = optional("What is to be minded.")


@strawberry.input(description="A step to take off.")
class EventDropItemInput(EventInput):
    item: strawberry.ID = told("The step.")


@strawberry.input(description="A task or a provision.")
class EventAddTaskInput(EventInput):
    title: str = told("What is to be done.")
    kind: EventTaskKind | None = optional("What it is.")
    department: strawberry.ID | None = optional("The department that does it.")
    person: strawberry.ID | None = optional("The person who does it.")
    supplier: str | None = optional("Who supplies it.")
    due_on: dt.date | None = optional("By when; default the day before.")
    quantity: int | None = optional("How many.")
    planned_cost: Decimal | None = optional("What it is to cost, in lira.")
    note: str | None = optional("What is to be minded.")


@strawberry.input(description="A duty of a member of staff.")
class EventNameMemberInput(EventInput):
    user: strawberry.ID = told("Who.")
    duty: EventDuty = told("What they do.")
    note: str | None = optional("What is to be minded.")


@strawberry.input(description="A duty to take off.")
class EventUnnameMemberInput(EventInput):
    member: strawberry.ID = told("The duty.")


@strawberry.input(description="An organisation that has a part in an event.")
class EventAddPartnerInput(EventInput):
    organisation: strawberry.ID = told("Which organisation.")
    role: EventPartnerRole = told("What it is to the event.")
    note: str | None = optional("What is to be minded.")


@strawberry.input(description="An organisation to take off.")
class EventDropPartnerInput(EventInput):
    partner: strawberry.ID = told("The organisation's part in the event.")


@strawberry.input(description="A letter of an event.")
class EventLetterInput(EventInput):
    letter: strawberry.ID = told("The letter.")


@strawberry.input(description="What one audience is told; an empty text takes the note away.")
class EventWriteNoteInput(EventInput):
    audience: EventAudience = told("For whom.")
    text: str = told("The note.")


@strawberry.input(description="The event as everybody may know it.")
class EventPublishInput(EventInput):
    title: str | None = optional("Its title there; default that of the event.")
    text: str | None = optional("What is to be known; default the description.")


@strawberry.input(description="A group of guests to add, or to change.")
class EventPutGroupInput(EventInput):
    group: strawberry.ID | None = optional("The group to change.")
    title: str | None = optional("Its name.")
    source: GuestSource | None = optional("What it is read from.")
    until_place: int | None = optional("Of the offices of the order of precedence those up to this place.")
    contact_list: strawberry.ID | None = optional("Which list of partners, for that source.")
    companions_allowed: int | None = optional("How many companions a guest may bring at first.")
    with_spouse: bool | None = optional("Invited with their spouses.")
    is_vip: bool | None = optional("Received by the protocol.")
    is_reserve: bool | None = optional("Put on the reserve list.")


@strawberry.input(description="A group of guests to take off; its guests stay.")
class EventDropGroupInput(EventInput):
    group: strawberry.ID = told("The group.")


@strawberry.input(description="A person for the list.")
class EventAddGuestInput(EventInput):
    person: strawberry.ID = told("Who.")
    group: strawberry.ID | None = optional("Into which group.")
    title: str | None = optional("Their office or title.")
    organisation: str | None = optional("Their organisation.")
    delegation: str | None = optional("The delegation with which they come.")
    is_vip: bool | None = optional("Received by the protocol.")
    with_spouse: bool | None = optional("Invited with their spouse.")
    companions_allowed: int | None = optional("How many companions they may bring.")


@strawberry.input(description="A scan of a card, or a guest chosen by name, at the door.")
class EventScanInput:
    client_id: strawberry.ID = told("A UUID made by the device: a scan that is sent twice counts once.")
    code: str = strawberry.field(description="What the card says.", default="")
    guest: strawberry.ID | None = strawberry.field(description="The guest chosen by name.", default=None)
    at: dt.datetime | None = strawberry.field(description="When, by the device; default now.", default=None)
    people: int | None = strawberry.field(description="How many came in; default as announced.", default=None)


@strawberry.input(description="Scans at the door, at most five hundred.")
class EventCheckInInput(EventInput):
    scans: list[EventScanInput] = told("The scans, in any order.")


@strawberry.input(description="A task, with a remark.")
class EventTaskRemarkInput:
    id: strawberry.ID = told("The task.")
    version: int | None = optional(VERSION)
    note: str | None = optional("A remark for the story.")


@strawberry.input(description="A task is done.")
class EventTaskFinishInput(EventTaskRemarkInput):
    actual_cost: Decimal | None = optional("What it cost, in lira.")


@strawberry.input(description="Facts of a task to set right; what is left out stays, null empties.")
class EventTaskCorrectInput:
    id: strawberry.ID = told("The task.")
    version: int | None = optional(VERSION)
    title: str | None = optional("What is to be done.")
    kind: EventTaskKind | None = optional("What it is.")
    department: strawberry.ID | None = optional("The department that does it.")
    person: strawberry.ID | None = optional("The person who does it.")
    supplier: str | None = optional("Who supplies it.")
    due_on: dt.date | None = optional("By when.")
    quantity: int | None = optional("How many.")
    planned_cost: Decimal | None = optional("What it is to cost, in lira.")
    actual_cost: Decimal | None = optional("What it cost, in lira.")
    note: str | None = optional("What is to be minded.")


@strawberry.input(description="A guest, and nothing more to say.")
class GuestInput:
    id: strawberry.ID = told("The guest.")
    version: int | None = optional(VERSION)


@strawberry.input(description="A guest, with a reason.")
class GuestReasonInput(GuestInput):
    reason: str = told("Why.")


@strawberry.input(description="What a guest answered.")
class GuestAnswerInput(GuestInput):
    answer: GuestAnswer = told("The answer.")
    companions: int | None = optional("How many companions.")
    companion_names: str | None = optional("Whom.")
    representative: str | None = optional("Who comes in their place.")
    plate: str | None = optional("The number plate of their car.")
    diet: str | None = optional("What they do not eat.")
    note: str | None = optional("What else they said.")


@strawberry.input(description="Somebody telephoned.")
class GuestCallInput(GuestInput):
    result: GuestCall = told("What came of it.")
    note: str | None = optional("A remark for the story.")


@strawberry.input(description="Facts of a guest to set right; what is left out stays.")
class GuestCorrectInput(GuestInput):
    title: str | None = optional("Their office or title; it stays when the groups are read anew.")
    organisation: str | None = optional("Their organisation.")
    delegation: str | None = optional("The delegation with which they come.")
    rank: int | None = optional("Their place in the order of precedence.")
    is_vip: bool | None = optional("Received by the protocol.")
    with_spouse: bool | None = optional("Invited with their spouse.")
    companions_allowed: int | None = optional("How many companions they may bring.")
    office_note: str | None = optional("A note of the office.")
