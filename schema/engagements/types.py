"""Meetings and visits, as they are read."""

from __future__ import annotations

import datetime as dt

import strawberry_django
from django.db.models import TextField, Value
from django.db.models.functions import Cast, Concat

from backend.engagements import choices, models, moves, story
from permissions.engagements.rules import ENGAGEMENTS_TABLE
from schema.core.fields import choice as optional_choice
from schema.core.fields import column, owned, viewer_can
from schema.core.nodes import Node, Scoped, file_url, node_type
from schema.core.scalars import described_enum
from schema.instructions.types import Instruction
from schema.organization.types import Department, StaffMember
from schema.partners.types import Organisation, OrganisationRole
from schema.programme.types import Principal, ProgrammeEntry

EngagementKind = described_enum(choices.Kind, "EngagementKind", "What an engagement is.")
EngagementStatus = described_enum(choices.Status, "EngagementStatus", "Where an engagement stands.")
EngagementVerb = described_enum(moves.Verb, "EngagementVerb", "What may be done to an engagement.")
EngagementEventType = described_enum(
    story.EventType, "EngagementEventType", "What happened to an engagement."
)


@strawberry_django.type(
    models.EngagementLine, name="EngagementLine", description="One thing that happened to an engagement."
)
class EngagementLine(Scoped):
    verb: EngagementEventType = column("What happened.")
    at: dt.datetime = column("When.")
    actor: StaffMember | None = column("Who did it; null if it happened by itself.")
    note: str = column("The remark made with it.")
    old_status: EngagementStatus | None = optional_choice(
        "Where it stood before.", "from_status", name="fromStatus"
    )
    new_status: EngagementStatus | None = optional_choice(
        "Where it stood after.", "to_status", name="toStatus"
    )


@strawberry_django.type(models.AgendaItem, name="EngagementAgendaItem", description="A point of the agenda.")
class EngagementAgendaItem(Scoped):
    position: int = column("Its place.")
    title: str = column("What it is about.")


@node_type(models.Attendee, "EngagementAttendee")
class EngagementAttendee(Node, Scoped):
    """Who takes part (katılımcı): a member of staff, a person in their role, or another person by name."""

    user: StaffMember | None = column("The member of staff.")
    role: OrganisationRole | None = column("The person in their role at an organisation.")
    name: str = column("The name of another person.")
    note: str = column("What is to be known.")


@node_type(models.Decision, "EngagementDecision")
class EngagementDecision(Node, Scoped):
    """What was decided (karar)."""

    engagement: Engagement | None = column("Where it was decided, if the viewer sees that.")
    position: int = column("Its place.")
    text: str = column("The decision.")
    instruction: Instruction | None = column("The instruction made of it, if the viewer sees that.")
    decided_at: dt.datetime = column("When it was recorded.")


@node_type(models.EngagementAttachment, "EngagementAttachment")
class EngagementAttachment(Node, Scoped):
    """A file of an engagement (ek)."""

    name: str = column("The name it came with.")
    content_type: str = column("Its type, read from its content.")
    size: int = column("In bytes.")
    uploaded_at: dt.datetime = column("When it was received.")
    uploaded_by: StaffMember | None = column("Who brought it.")

    @strawberry_django.field(
        description="Where to fetch it, for viewers who may see the engagement.",
        only=["key"],
        metadata={"sql": Concat(Value("/files/"), Cast("key", TextField()), output_field=TextField())},
    )
    def url(self) -> str:
        return file_url(self)


@node_type(models.Engagement, "Engagement")
class Engagement(Node, Scoped):
    """A meeting or a visit (görüşme, ziyaret) as one file: preparation, participants, what came of it."""

    reference: str = column("Its number, such as GZ-2027/4.")
    kind: EngagementKind = column("What it is.")
    status: EngagementStatus = column("Where it stands.")
    title: str = column("Its title.")
    purpose: str = column("What it is for.")
    principal: Principal = column("Who represents us.")
    organisation: Organisation | None = column("With whom, if the viewer sees that.")
    department: Department | None = column("The department that prepares it.")
    starts_at: dt.datetime = column("When it begins.")
    ends_at: dt.datetime = column("When it ends.")
    place: str = column("Where.")
    entry: ProgrammeEntry | None = column("The entry in the programme, if the viewer sees that.")
    travel: str = column("How one gets there.")
    vehicle: str = column("By what.")
    lodging: str = column("Where one sleeps.")
    gift_given: str = column("The gift that we give.")
    gift_received: str = column("The gift that we received.")
    host_contact: str = column("Whom to call there.")
    minutes: str = column("The minutes, or empty.")
    minuted_at: dt.datetime | None = column("When they were written.")
    minuted_by: StaffMember | None = column("Who wrote them.")
    agenda: list[EngagementAgendaItem] = owned("The points of the agenda.", ["position", "id"])
    attendees: list[EngagementAttendee] = owned("Who takes part.", ["id"])
    decisions: list[EngagementDecision] = owned("What was decided.", ["position", "id"])
    opened_at: dt.datetime = column("When the file was opened.")
    opened_by: StaffMember | None = column("Who opened it.")
    version: int = column("Rises with every change; pass it along to be refused after a concurrent change.")
    lines: list[EngagementLine] = owned("The story, the newest first.", ["-at", "-id"])
    attachments: list[EngagementAttachment] = owned("Its files, the newest first.", ["-uploaded_at", "-id"])
    can = viewer_can(ENGAGEMENTS_TABLE, EngagementVerb)
