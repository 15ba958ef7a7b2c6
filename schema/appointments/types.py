"""Requests for appointments and the halk günü as they are read."""

from __future__ import annotations

import datetime as dt
from typing import Any

import strawberry_django
from django.db.models import Case, CharField, F, TextField, Value, When
from django.db.models.functions import Cast, Concat

from backend.appointments import choices, models, moves, promise_moves, story
from backend.instructions.models import Instruction
from backend.letters.models import Letter
from backend.mailboxes.conversation import ConversationMessage
from permissions.appointments.rules import PROMISES, REQUESTS, known_applicants, knows_applicant
from permissions.core import scope
from permissions.core.filters import EVERYTHING, NOTHING
from schema.complaints.types import Complaint
from schema.contacts.privacy_types import PrivacyNotice
from schema.contacts.types import Citizen
from schema.core.fields import choice, column, expression, guarded_person, owned, viewer_can
from schema.core.nodes import Edge, Everybody, Node, Scoped, file_url, node_type
from schema.core.scalars import described_enum
from schema.organization.types import Department, StaffMember
from schema.partners.types import Organisation
from schema.programme.types import Principal, ProgrammeEntry

AppointmentChannel = described_enum(choices.Channel, "AppointmentChannel", "How the request came in.")
AppointmentKind = described_enum(choices.Kind, "AppointmentKind", "What an appointment is asked for.")
AppointmentStatus = described_enum(choices.Status, "AppointmentStatus", "Where a request stands.")
AppointmentVerb = described_enum(moves.Verb, "AppointmentVerb", "What may be done to a request.")
AppointmentEventType = described_enum(story.EventType, "AppointmentEventType", "What happened to a request.")
AppointmentNoticeKind = described_enum(
    choices.NoticeKind, "AppointmentNoticeKind", "The subject of a notice to the applicant."
)
AppointmentDeliveryMethod = described_enum(
    choices.DeliveryMethod, "AppointmentDeliveryMethod", "How the applicant was notified."
)
AppointmentDeclineGround = described_enum(
    choices.DeclineGround, "AppointmentDeclineGround", "Why a request is declined, as the applicant reads it."
)
AppointmentOutcome = described_enum(choices.Outcome, "AppointmentOutcome", "What came of a conversation.")
PublicDayStatus = described_enum(choices.SessionStatus, "PublicDayStatus", "Where a halk günü stands.")
VisitStatus = described_enum(choices.VisitStatus, "VisitStatus", "How far a visit on a halk günü is.")


@strawberry_django.type(
    models.RequestLine, name="AppointmentLine", description="One thing that happened to a request."
)
class AppointmentLine(Scoped):
    verb: AppointmentEventType = column("What happened.")
    at: dt.datetime = column("When.")
    actor: StaffMember | None = column("Who did it; null if the applicant did, or it happened by itself.")
    note: str = column("The remark made with it.")
    old_status: AppointmentStatus | None = choice(
        "Where the request stood before.", "from_status", name="fromStatus"
    )
    new_status: AppointmentStatus | None = choice("Where it stood after.", "to_status", name="toStatus")


@node_type(models.RequestNotice, "AppointmentNotice")
class AppointmentNotice(Node, Scoped):
    """A notice to the applicant (bildirim); the text names no person."""

    kind: AppointmentNoticeKind = column("What it is.")
    body: str = column("The text, without salutation and link.")
    means: AppointmentDeliveryMethod = column("How they were notified.")
    notified_at: dt.datetime = column("When.")
    notified_by: StaffMember | None = column("Who notified them.")
    files: list[AppointmentAttachment] = owned("The files that went with it.", ["uploaded_at", "id"])


PromiseStatus = described_enum(choices.PromiseStatus, "PromiseStatus", "Where a promise stands.")
PromiseVerb = described_enum(promise_moves.PromiseVerb, "PromiseVerb", "What may be done to a promise.")


@node_type(models.Promise, "Promise")
class Promise(Node, Scoped):
    """What was promised in a meeting (verilen söz), until when, and who sees to it."""

    request: AppointmentRequest | None = column("At which request; null if the viewer may not see that.")
    entry: ProgrammeEntry | None = column(
        "At which entry of the programme, where it has no request; null if the viewer may not see that."
    )
    text: str = column("What was promised.")
    due_on: dt.date = column("Until when.")
    department: Department | None = column("The department that is to keep it.")
    person: StaffMember | None = column("The person who is to keep it; without both the office itself.")
    status: PromiseStatus = column("Where it stands.")
    ended_on: dt.date | None = column("The day on which it was kept, or abandoned.")
    note: str = column("The remark on its end.")
    made_at: dt.datetime = column("When it was recorded.")
    made_by: StaffMember | None = column("Who recorded it.")
    version: int = column("Rises with every change; pass it along to be refused after a concurrent change.")
    instructions: list[Edge[Instruction]] = owned(
        "The instructions that came of it, as far as the viewer sees them.", ["due_on", "id"]
    )
    can = viewer_can(PROMISES, PromiseVerb)


@node_type(models.RequestAttachment, "AppointmentAttachment")
class AppointmentAttachment(Node, Scoped):
    """A file of a request (ek)."""

    name: str = column("The name it came with.")
    content_type: str = column("Its type, read from its content.")
    size: int = column("In bytes.")
    uploaded_at: dt.datetime = column("When it was received.")
    uploaded_by: StaffMember | None = column("Who received it.")

    @strawberry_django.field(
        description="Where to fetch it, for viewers who may see the request.",
        only=["key"],
        metadata={"sql": Concat(Value("/files/"), Cast("key", TextField()), output_field=TextField())},
    )
    def url(self) -> str:
        return file_url(self)


@node_type(models.PublicDaySession, "PublicDay")
class PublicDay(Node, Everybody):
    """One halk günü: from when to when, and for how many."""

    principal: Principal = column("Whose.")
    day: dt.date = column("The day.")
    starts_at: dt.datetime = column("When it begins.")
    ends_at: dt.datetime = column("When it ends.")
    slot_minutes: int = column("Minutes for each.")
    capacity: int = column("People at most.")
    places_online: int = column("How many places citizens may take themselves: `publicDayPlaces`.")
    place: str = column("Where.")
    status: PublicDayStatus = column("Where it stands.")
    entry: ProgrammeEntry | None = column("Its entry in the programme, if the viewer sees that.")
    visits: list[Visit] = owned(
        "Who is on it, in order, as far as the viewer sees the requests.", ["at", "position", "id"]
    )


@node_type(models.Visit, "Visit")
class Visit(Node, Scoped):
    """A visitor's place on a halk günü."""

    session: PublicDay = column("Which one.")
    request: AppointmentRequest | None = column("Of which request.")
    at: dt.datetime = column("At what time.")
    is_booked: bool = column("The citizen took it on the web site.")
    position: int = column("The place in the order of assigning.")
    status: VisitStatus = column("Where they are.")
    arrived_at: dt.datetime | None = column("When they came.")
    called_at: dt.datetime | None = column("When they went in.", "in_at")
    left_at: dt.datetime | None = column("When they came out.", "out_at")


def _companions(info: Any) -> Any:
    """Who comes along is known to who may know the applicant."""
    rule = known_applicants(scope.current_viewer())
    if rule == EVERYTHING:
        return F("companion_names")
    if rule == NOTHING:
        return Value("", output_field=CharField())
    return Case(When(rule, then=F("companion_names")), default=Value(""), output_field=CharField())


@node_type(models.AppointmentRequest, "AppointmentRequest")
class AppointmentRequest(Node, Scoped):
    """A request to be received by a principal (randevu talebi)."""

    reference: str = column("Its number, such as RT-2027/15.")
    principal: Principal = column("By whom they wish to be received.")
    channel: AppointmentChannel = column("How they asked.")
    kind: AppointmentKind = column("What for.")
    status: AppointmentStatus = column("Where it stands.")
    privacy_notice: PrivacyNotice | None = column(
        "Which version of the privacy notice was shown when the data was taken; null if none was shown here."
    )
    applicant: Citizen | None = guarded_person(
        "Who asks; null from the house, or if not for the viewer's eyes.",
        ["principal", "department"],
        known=known_applicants,
        knows=knows_applicant,
    )
    requested_by: StaffMember | None = column("Who in the house asks.")
    organisation: str = column("For which organisation, as the applicant named it.")
    partner: Organisation | None = column("The record of that organisation, if the viewer sees it.")
    subject: str = column("What it is about, in a line.")
    body: str = column("The words of the request.")
    party_size: int = column("How many people come.")
    shown_companions: str = expression(
        "Who comes along, by name; empty where the applicant is not for the viewer's eyes.",
        _companions,
        name="companionNames",
    )
    coming_confirmed_at: dt.datetime | None = column(
        "When the applicant confirmed that they come to the appointment; null if they have not."
    )
    wished_from: dt.date | None = column("The first day they could come.")
    wished_until: dt.date | None = column("The last day they could come.")
    wish: str = column("What they wish of the time.")
    plate: str = column("The plate of their car.")
    entry: ProgrammeEntry | None = column("The appointment that is held or was approved.")
    department: Department | None = column("The department to which it was sent.")
    complaint: Complaint | None = column("The complaint that was made of it, if the viewer may see that.")
    decline_ground: AppointmentDeclineGround | None = choice(
        "Why it was declined, as the applicant read it.", "ground", name="declineGround"
    )
    reason: str = column(
        "What the house noted of declining or cancelling it; the applicant does not read it."
    )
    result: AppointmentOutcome | None = choice("What came of it.", "outcome")
    outcome_note: str = column("The remark on the outcome.")
    promises: list[Promise] = owned("What was promised, the nearest date first.", ["due_on", "id"])
    visit: Visit | None = column("The place on a halk günü.")
    registered_at: dt.datetime = column("When it was received.")
    registered_by: StaffMember | None = column("Who recorded it.")
    version: int = column("Rises with every change; pass it along to be refused after a concurrent change.")
    lines: list[AppointmentLine] = owned("The story, the newest first.", ["-at", "-id"])
    notices: list[AppointmentNotice] = owned(
        "The notices to the applicant, the newest first.", ["-notified_at", "-id"]
    )
    attachments: list[AppointmentAttachment] = owned("Its files, the newest first.", ["-uploaded_at", "-id"])
    instructions: list[Edge[Instruction]] = owned(
        "The instructions that came of it, as far as the viewer sees them.", ["due_on", "id"]
    )
    letters: list[Edge[Letter]] = owned(
        "The letters that came of it, as far as the viewer sees them.", ["-drafted_at", "-id"]
    )
    conversation: list[Edge[ConversationMessage]] = owned(
        "Every message in and out and the internal notes, the newest first, as far as the viewer sees them. For pages"
        " of it ask `appointmentRequestConversation`.",
        ["-at", "-id"],
    )
    can = viewer_can(REQUESTS, AppointmentVerb)
