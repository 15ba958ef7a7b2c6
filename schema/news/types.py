"""Press releases, as the office reads them."""

from __future__ import annotations

import datetime as dt

import strawberry_django
from django.db.models import TextField, Value
from django.db.models.functions import Cast, Concat

from backend.news import choices, models, moves, story
from permissions.news.rules import RELEASES_TABLE
from schema.core.fields import choice as optional_choice
from schema.core.fields import column, owned, viewer_can
from schema.core.nodes import Node, Scoped, file_url, node_type
from schema.core.scalars import described_enum
from schema.engagements.types import Engagement
from schema.events.types import Event
from schema.organization.types import StaffMember

PressReleaseStatus = described_enum(choices.Status, "PressReleaseStatus", "Where a press release stands.")
PressReleaseVerb = described_enum(moves.Verb, "PressReleaseVerb", "What may be done to a press release.")
PressReleaseEventType = described_enum(
    story.EventType, "PressReleaseEventType", "What happened to a press release."
)


@strawberry_django.type(
    models.ReleaseLine, name="PressReleaseLine", description="One thing that happened to a press release."
)
class PressReleaseLine(Scoped):
    verb: PressReleaseEventType = column("What happened.")
    at: dt.datetime = column("When.")
    actor: StaffMember | None = column("Who did it; null if it happened by itself.")
    note: str = column("The remark made with it.")
    old_status: PressReleaseStatus | None = optional_choice(
        "Where it stood before.", "from_status", name="fromStatus"
    )
    new_status: PressReleaseStatus | None = optional_choice(
        "Where it stood after.", "to_status", name="toStatus"
    )


@node_type(models.ReleasePhoto, "PressReleasePhoto")
class PressReleasePhoto(Node, Scoped):
    """A photograph of a press release (fotoğraf)."""

    name: str = column("The name it came with.")
    content_type: str = column("Its type, read from its content.")
    size: int = column("In bytes.")
    caption: str = column("What stands below it.")
    alternative_text: str = column("What it shows, for those who do not see it.")
    uploaded_at: dt.datetime = column("When it was received.")
    uploaded_by: StaffMember | None = column("Who brought it.")

    @strawberry_django.field(
        description="Where to fetch it, for viewers who may see the press release.",
        only=["key"],
        metadata={"sql": Concat(Value("/files/"), Cast("key", TextField()), output_field=TextField())},
    )
    def url(self) -> str:
        return file_url(self)


@node_type(models.Release, "PressRelease")
class PressRelease(Node, Scoped):
    """A press release of a ceremony, an event, an engagement or a project (basın bülteni)."""

    reference: str = column("Its number, such as BB-2027/4.")
    status: PressReleaseStatus = column("Where it stands.")
    title: str = column("Its title.")
    lead: str = column("The sentence or two that say the most.")
    text: str = column("The text, with an empty line between paragraphs.")
    event: Event | None = column("The event it is about, if the viewer sees that.")
    engagement: Engagement | None = column("The engagement it is about, if the viewer sees that.")
    slug: str = column("Its public address (`publicNewsItem`); empty before it was first published.")
    published_at: dt.datetime | None = column("From when on it is public; may lie in the future.")
    approved_by: StaffMember | None = column("Who approved it.")
    corrected_at: dt.datetime | None = column("When it was last corrected in public.")
    correction: str = column("What was corrected.")
    photos: list[PressReleasePhoto] = owned("Its photographs, in the order in which they are shown.", ["id"])
    drafted_at: dt.datetime = column("When it was begun.")
    drafted_by: StaffMember | None = column("Who began it.")
    version: int = column("Rises with every change; pass it along to be refused after a concurrent change.")
    lines: list[PressReleaseLine] = owned("The story, the newest first.", ["-at", "-id"])
    can = viewer_can(RELEASES_TABLE, PressReleaseVerb)
