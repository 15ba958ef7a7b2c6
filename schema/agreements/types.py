"""Agreements with partners, as they are read."""

from __future__ import annotations

import datetime as dt

import strawberry_django
from django.db.models import TextField, Value
from django.db.models.functions import Cast, Concat

from backend.agreements import choices, models, moves, story
from permissions.agreements.rules import AGREEMENTS_TABLE
from schema.core.fields import choice as optional_choice
from schema.core.fields import column, owned, viewer_can
from schema.core.nodes import Node, Scoped, file_url, node_type
from schema.core.scalars import described_enum
from schema.organization.types import Department, StaffMember
from schema.partners.types import Organisation

AgreementKind = described_enum(choices.Kind, "AgreementKind", "What an agreement is.")
AgreementStatus = described_enum(choices.Status, "AgreementStatus", "Where an agreement stands.")
AgreementSide = described_enum(choices.Side, "AgreementSide", "Whose obligation it is.")
AgreementVerb = described_enum(moves.Verb, "AgreementVerb", "What may be done to an agreement.")
AgreementEventType = described_enum(story.EventType, "AgreementEventType", "What happened to an agreement.")


@strawberry_django.type(
    models.AgreementLine, name="AgreementLine", description="One thing that happened to an agreement."
)
class AgreementLine(Scoped):
    verb: AgreementEventType = column("What happened.")
    at: dt.datetime = column("When.")
    actor: StaffMember | None = column("Who did it; null if it happened by itself.")
    note: str = column("The remark made with it.")
    old_status: AgreementStatus | None = optional_choice(
        "Where it stood before.", "from_status", name="fromStatus"
    )
    new_status: AgreementStatus | None = optional_choice(
        "Where it stood after.", "to_status", name="toStatus"
    )


@strawberry_django.type(models.AgreementParty, name="AgreementParty", description="A party of an agreement.")
class AgreementParty(Scoped):
    organisation: Organisation | None = column("Which organisation, if the viewer sees that.")
    agreement: Agreement | None = column("Of which agreement, if the viewer sees that.")


@node_type(models.Obligation, "AgreementObligation")
class AgreementObligation(Node, Scoped):
    """What one side has to do (yükümlülük)."""

    side: AgreementSide = column("Whose it is.")
    text: str = column("What is to be done.")
    department: Department | None = column("Our department that does it, or looks after it.")
    due_on: dt.date | None = column("By when.")
    done_on: dt.date | None = column("When it was done.")
    note: str = column("What is to be known.")


@node_type(models.AgreementAttachment, "AgreementAttachment")
class AgreementAttachment(Node, Scoped):
    """A file of an agreement (ek)."""

    name: str = column("The name it came with.")
    content_type: str = column("Its type, read from its content.")
    size: int = column("In bytes.")
    uploaded_at: dt.datetime = column("When it was received.")
    uploaded_by: StaffMember | None = column("Who brought it.")

    @strawberry_django.field(
        description="Where to fetch it, for viewers who may see the agreement.",
        only=["key"],
        metadata={"sql": Concat(Value("/files/"), Cast("key", TextField()), output_field=TextField())},
    )
    def url(self) -> str:
        return file_url(self)


@node_type(models.Agreement, "Agreement")
class Agreement(Node, Scoped):
    """A co-operation protocol, a joint project or a sister municipality protocol (iş birliği protokolü)."""

    reference: str = column("Its number, such as İB-2027/4.")
    kind: AgreementKind = column("What it is.")
    status: AgreementStatus = column("Where it stands.")
    title: str = column("Its title.")
    subject: str = column("What is agreed.")
    department: Department = column("The department that is responsible.")
    decision: str = column("The decision of the council.")
    signed_on: dt.date | None = column("When it was signed.")
    valid_from: dt.date | None = column("In force from.")
    valid_until: dt.date | None = column("In force until; null for good.")
    notice_days: int = column("So many days before the end the house is warned.")
    warn_on: dt.date | None = column("The day on which renewal is to be thought of.")
    parties: list[AgreementParty] = owned("With whom it was made.", ["id"])
    obligations: list[AgreementObligation] = owned("What each side has to do.", ["id"])
    drafted_at: dt.datetime = column("When it was begun.")
    drafted_by: StaffMember | None = column("Who began it.")
    version: int = column("Rises with every change; pass it along to be refused after a concurrent change.")
    lines: list[AgreementLine] = owned("The story, the newest first.", ["-at", "-id"])
    attachments: list[AgreementAttachment] = owned("Its files, the newest first.", ["-uploaded_at", "-id"])
    can = viewer_can(AGREEMENTS_TABLE, AgreementVerb)
