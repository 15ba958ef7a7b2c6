"""Events and ceremonies, their tasks and their guests, as they are read."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import strawberry_django
from django.db.models import BooleanField, Case, Func, TextField, Value, When
from django.db.models.functions import Cast, Concat

from backend.events import choices, models, moves, story
from backend.events.partners import once
from backend.instructions.models import Instruction
from backend.letters.models import Letter
from backend.seating.models import SeatingPlan
from permissions.core import scope
from permissions.events.rules import EVENTS_TABLE, GUESTS_TABLE, TASKS_TABLE
from schema.contacts.privacy_types import PrivacyNotice
from schema.contacts.types import Citizen
from schema.core.fields import choice as optional_choice
from schema.core.fields import column, expression, owned, viewer_can
from schema.core.nodes import Edge, Node, Scoped, file_url, node_type
from schema.core.scalars import described_enum
from schema.organization.types import Department, StaffMember
from schema.partners.types import ContactList, Organisation
from schema.programme.types import Principal, ProgrammeEntry
from schema.protocol.types import PrecedenceSnapshot

EventKind = described_enum(choices.Kind, "EventKind", "What an event is.")
EventStatus = described_enum(choices.Status, "EventStatus", "Where an event stands.")
EventStepKind = described_enum(choices.ItemKind, "EventStepKind", "What happens in a step of a programme.")
EventTaskKind = described_enum(choices.TaskKind, "EventTaskKind", "What is to be done or provided.")
EventTaskStatus = described_enum(choices.TaskStatus, "EventTaskStatus", "Where a task stands.")
EventDuty = described_enum(choices.Duty, "EventDuty", "What a member of staff does at an event.")
EventPartnerRole = described_enum(
    choices.PartnerRole, "EventPartnerRole", "What an organisation is to an event."
)
EventAudience = described_enum(choices.Audience, "EventAudience", "Whom a note of an event is for.")
GuestSource = described_enum(choices.Source, "GuestSource", "Where the guests of a group come from.")
GuestStatus = described_enum(choices.GuestStatus, "GuestStatus", "Whether a guest is on the list.")
GuestAnswer = described_enum(choices.Answer, "GuestAnswer", "What a guest answered (LCV).")
GuestAnsweredBy = described_enum(choices.Via, "GuestAnsweredBy", "By what way a guest answered.")
GuestCall = described_enum(choices.Call, "GuestCall", "What came of a telephone call.")
EventVerb = described_enum(moves.Verb, "EventVerb", "What may be done to an event.")
EventTaskVerb = described_enum(moves.TaskVerb, "EventTaskVerb", "What may be done to a task of an event.")
GuestVerb = described_enum(moves.GuestVerb, "GuestVerb", "What may be done to a guest.")
EventEventType = described_enum(story.EventType, "EventEventType", "What happened to an event.")
GuestEventType = described_enum(story.GuestEventType, "GuestEventType", "What happened to a guest.")


def _once(rows: Any) -> Any:
    return once(rows, scope.visible(models.EventPartner))


@strawberry_django.type(
    models.EventLine, name="EventLine", description="One thing that happened to an event."
)
class EventLine(Scoped):
    verb: EventEventType = column("What happened.")
    at: dt.datetime = column("When.")
    actor: StaffMember | None = column("Who did it; null if it happened by itself.")
    note: str = column("The remark made with it, such as a reason.")
    old_status: EventStatus | None = optional_choice(
        "Where the event stood before.", "from_status", name="fromStatus"
    )
    new_status: EventStatus | None = optional_choice("Where it stood after.", "to_status", name="toStatus")


@node_type(models.AgendaItem, "EventStep")
class EventStep(Node, Scoped):
    """One step of a programme, to the minute (program adımı)."""

    kind: EventStepKind = column("What happens.")
    title: str = column("What it is, in words.")
    who: str = column("The office or the name that is announced.")
    rank: int | None = column("Their place in the order of precedence; 1 is the highest.")
    starts_at: dt.datetime = column("When it begins.")
    minutes: int = column("How long it lasts.")
    note: str = column("What is to be minded.")


@node_type(models.EventPart, "EventPart")
class EventPart(Node, Scoped):
    """A part of an event, with its own time and place (bölüm)."""

    title: str = column("What it is.")
    place: str = column("Where; empty where the event is.")
    starts_at: dt.datetime = column("When it begins.")
    ends_at: dt.datetime = column("When it ends.")
    is_main: bool = column("The one that stands on the invitation.")
    attends: bool = column("Whether the principal attends.")
    entry: ProgrammeEntry | None = column("Its entry in the programme, if the viewer sees that.")
    event: Event | None = column("Of which event, if the viewer sees that.")
    items: list[EventStep] = owned("Its steps in order.", ["starts_at", "id"], name="steps")


@node_type(models.EventTask, "EventTask")
class EventTask(Node, Scoped):
    """Something to be done or provided for an event (iş, lojistik ve bütçe kalemi)."""

    kind: EventTaskKind = column("What it is.")
    status: EventTaskStatus = column("Where it stands.")
    title: str = column("What is to be done.")
    event: Event | None = column("For which event, if the viewer sees that.")
    department: Department | None = column("The department that does it.")
    person: StaffMember | None = column("The person who does it.")
    supplier: str = column("Who supplies it, where it is bought.")
    due_on: dt.date = column("By when.")
    quantity: int | None = column("How many.")
    planned_cost: Decimal | None = column("What it was to cost, in lira.")
    actual_cost: Decimal | None = column("What it cost, in lira.")
    note: str = column("What is to be minded.")
    done_at: dt.datetime | None = column("When it was done.")
    done_by: StaffMember | None = column("Who recorded that.")
    has_passed: bool = expression(
        "Still to be done, and its day has passed.",
        Case(
            When(
                status=choices.TaskStatus.OPEN,
                due_on__lt=Func(
                    function="app.today", output_field=models.EventTask._meta.get_field("due_on")
                ),
                then=Value(True),
            ),
            default=Value(False),
            output_field=BooleanField(),
        ),
        name="isLate",
    )
    version: int = column("Rises with every change.")
    can = viewer_can(TASKS_TABLE, EventTaskVerb)


@node_type(models.TeamMember, "EventMember")
class EventMember(Node, Scoped):
    """A member of staff with a duty at an event (görevli)."""

    user: StaffMember = column("Who.")
    duty: EventDuty = column("What they do.")
    note: str = column("What is to be minded.")


@node_type(models.EventPartner, "EventPartner")
class EventPartner(Node, Scoped):
    """An organisation that has a part in an event (paydaş kurum); visible to viewers who see both."""

    event: Event | None = column("At which event.")
    organisation: Organisation | None = column("Which organisation.")
    role: EventPartnerRole = column("What it is to the event.")
    note: str = column("What is to be minded.")
    added_at: dt.datetime = column("Since when.")


@strawberry_django.type(
    models.EventNote, name="EventNote", description="Information on an event for one audience."
)
class EventNote(Scoped):
    audience: EventAudience = column("For whom.")
    text: str = column("The note.")
    changed_at: dt.datetime = column("When it was written.")
    changed_by: StaffMember | None = column("Who wrote it.")


@node_type(models.EventAttachment, "EventAttachment")
class EventAttachment(Node, Scoped):
    """A file of an event (ek, fotoğraf)."""

    name: str = column("The name it came with.")
    content_type: str = column("Its type, read from its content.")
    size: int = column("In bytes.")
    uploaded_at: dt.datetime = column("When it was received.")
    uploaded_by: StaffMember | None = column("Who brought it.")

    @strawberry_django.field(
        description="Where to fetch it, for viewers who may see the event.",
        only=["key"],
        metadata={"sql": Concat(Value("/files/"), Cast("key", TextField()), output_field=TextField())},
    )
    def url(self) -> str:
        return file_url(self)


@node_type(models.GuestGroup, "GuestGroup")
class GuestGroup(Node, Scoped):
    """Where guests come from; read anew until the list is frozen (davetli grubu)."""

    title: str = column("Its name.")
    source: GuestSource = column("What it is read from.")
    contact_list: ContactList | None = column("The list of partners it is, if the viewer sees that.")
    companions_allowed: int = column("How many companions a guest of it may bring at first.")
    with_spouse: bool = column("Invited with their spouses (ve Eşi).")
    is_vip: bool = column("Received by the protocol.")
    is_reserve: bool = column("Put on the reserve list.")
    gathered_at: dt.datetime | None = column("When it was last read.")


@strawberry_django.type(models.GuestLine, name="GuestLine", description="One thing that happened to a guest.")
class GuestLine(Scoped):
    verb: GuestEventType = column("What happened.")
    at: dt.datetime = column("When.")
    actor: StaffMember | None = column("Who did it; null for the guest themselves, or by itself.")
    note: str = column("The remark made with it.")
    old_status: GuestStatus | None = optional_choice(
        "Where they stood before.", "from_status", name="fromStatus"
    )
    new_status: GuestStatus | None = optional_choice("Where they stood after.", "to_status", name="toStatus")


@node_type(models.Guest, "Guest")
class Guest(Node, Scoped):
    """A person on the list of an event (davetli): called, messaged, answered and arrived are facts of their own."""

    event: Event | None = column("At which event.")
    person: Citizen | None = column("Who, if the viewer may know.")
    status: GuestStatus = column("On the list, on the reserve, or taken off.")
    title: str = column("Their office or title, as the card writes it.")
    organisation: str = column("Their organisation.")
    delegation: str = column("The delegation with which they come.")
    rank: int | None = column("Their place in the order of precedence at this event; 1 is the highest.")
    is_vip: bool = column("Received by the protocol.")
    with_spouse: bool = column("Invited with their spouse (ve Eşi).")
    companions_allowed: int = column("How many companions they may bring.")
    places: int = column("How many places they take now.")
    office_note: str = column("A note of the office.")
    answer: GuestAnswer = column("What they answered.")
    answered_at: dt.datetime | None = column("When.")
    way_of_answer: GuestAnsweredBy | None = optional_choice(
        "By what way.", "answered_via", name="answeredVia"
    )
    privacy_notice: PrivacyNotice | None = column(
        "Which version of the privacy notice was shown when the data was taken; null if none was shown here."
    )
    companions: int = column("How many companions they announced.")
    companion_names: str = column("Whom.")
    representative: str = column("Who comes in their place (temsilen).")
    plate: str = column("The number plate of their car.")
    diet: str = column("What they do not eat.")
    note: str = column("What they wrote along with the answer.")
    last_call: GuestCall | None = optional_choice(
        "What came of the last telephone call.", "call", name="call"
    )
    calls: int = column("How often they were called.")
    called_at: dt.datetime | None = column("When they were last called.")
    called_by: StaffMember | None = column("Who called.")
    messaged_at: dt.datetime | None = column("When the invitation was sent.")
    leaves_at: dt.datetime | None = column(
        "When the invitation leaves, or left: until then it can be taken back.", "held_until"
    )
    reminded_at: dt.datetime | None = column("When they were reminded.")
    printed_at: dt.datetime | None = column("When their card was printed.")
    signed_up_at: dt.datetime | None = column("When they signed up themselves by the public calendar.")
    arrived_at: dt.datetime | None = column("When they came in.")
    arrived_with: int = column("With how many.")
    thanked_at: dt.datetime | None = column("When they were thanked.")
    version: int = column("Rises with every change.")
    lines: list[GuestLine] = owned("The story, the newest first.", ["-at", "-id"])
    can = viewer_can(GUESTS_TABLE, GuestVerb)


@node_type(models.Event, "Event")
class Event(Node, Scoped):
    """An event or ceremony of a principal (etkinlik, tören), with its file."""

    reference: str = column("Its number, such as ET-2027/4.")
    principal: Principal = column("Whose it is.")
    kind: EventKind = column("What it is.")
    status: EventStatus = column("Where it stands.")
    title: str = column("Its title.")
    place: str = column("Where.")
    weather_place: str = column("Where in bad weather.")
    description: str = column("What is to be known of it.")
    starts_at: dt.datetime = column("When its first part begins.")
    ends_at: dt.datetime = column("When its last part ends.")
    template: str = column("The template it was made of; empty for none.")
    invitation_text: str = column("The text of the invitation.")
    dress_code: str = column("What is worn (kıyafet).")
    answer_by: dt.date | None = column("By when answers are wanted (LCV).", name="answerUntil")
    answer_to: str = column("Who takes answers.")
    answer_phone_text: str = expression(
        "The telephone for answers.", Cast("answer_phone", TextField()), name="answerPhone"
    )
    capacity: int | None = column("How many places there are; null where they are not counted.")
    precedence: PrecedenceSnapshot | None = column(
        "The order of precedence that it took, if the viewer sees that."
    )
    frozen_at: dt.datetime | None = column("When the list of guests was frozen for print.")
    override_reason: str = column("Why it is held within an election period (298 m.64).")
    legal_note: str = column("What the legal department says of that.")
    report: str = column("What is to be remembered of it.")
    planned_at: dt.datetime = column("When it was recorded.")
    planned_by: StaffMember | None = column("Who recorded it.")
    version: int = column("Rises with every change; pass it along to be refused after a concurrent change.")
    parts: list[EventPart] = owned("Its parts in order.", ["starts_at", "id"])
    tasks: list[EventTask] = owned("The tasks that the viewer sees, the nearest day first.", ["due_on", "id"])
    members: list[EventMember] = owned("Its team.", ["id"], name="team")
    partners: list[EventPartner] = owned(
        "The organisations that have a part in it; of merged records in the same role one.",
        ["id"],
        narrow=_once,
    )
    letters: list[Edge[Letter]] = owned(
        "The letters that belong to it, as far as the viewer sees them.", ["-drafted_at", "-id"]
    )
    instructions: list[Edge[Instruction]] = owned(
        "The instructions for it, as far as the viewer sees them.", ["due_on", "id"]
    )
    notes: list[EventNote] = owned("The notes that are for the viewer.", ["id"])
    groups: list[GuestGroup] = owned("Its groups of guests.", ["position", "id"])
    seating: Edge[SeatingPlan] | None = column("Its seating plan, if the viewer sees that.")
    lines: list[EventLine] = owned("The story, the newest first.", ["-at", "-id"])
    attachments: list[EventAttachment] = owned("Its files, the newest first.", ["-uploaded_at", "-id"])
    can = viewer_can(EVENTS_TABLE, EventVerb)


def _picture_address(end: str) -> Any:
    """The address of a public picture, made of its key."""
    return Concat(Value("/files/calendar/"), Cast("key", TextField()), Value(end), output_field=TextField())


@node_type(models.EventPicture, "PublishedEventPicture")
class PublishedEventPicture(Node, Scoped):
    """A picture in the public calendar; its address answers while the event is published."""

    alternative_text: str = column("What it shows, for those who do not see it.")
    url: str = expression("The whole picture.", _picture_address("/"))
    thumbnail_url: str = expression("A small one, JPEG.", _picture_address("/thumbnail/"))


@node_type(models.PublishedEvent, "PublishedEvent")
class PublishedEvent(Node, Scoped):
    """What everybody may know of an event (etkinlik takvimi)."""

    title: str = column("Its title.")
    text: str = column("What is to be known.")
    place: str = column("Where.")
    starts_at: dt.datetime = column("When it begins.")
    ends_at: dt.datetime = column("When it ends.")
    is_cancelled: bool = column("It was cancelled.")
    takes_sign_ups: bool = column("Citizens may sign up: `publicEventPlaces` has how many places are free.")
    changed_at: dt.datetime = column("When it was last changed.")
    pictures: list[PublishedEventPicture] = owned(
        "Its pictures, in the order in which they are shown.", ["id"]
    )

    @strawberry_django.field(
        description="A picture for social media with title, day and place (PNG, 1200 × 630).",
        only=["key"],
        metadata={
            "sql": Concat(
                Value("/files/share/events/"),
                Cast("key", TextField()),
                Value(".png"),
                output_field=TextField(),
            )
        },
    )
    def share_url(self: Any) -> str:
        return f"/files/share/events/{self.key}.png"
