"""Submissions that await verification, as the office reads them."""

from __future__ import annotations

import datetime as dt

import strawberry_django
from django.db.models import TextField, Value
from django.db.models.functions import Cast, Concat

from backend.submissions import choices, models, moves
from permissions.submissions.rules import SUBMISSIONS_TABLE
from schema.complaints.types import Complaint, ComplaintKind
from schema.core.fields import column, owned, viewer_can
from schema.core.nodes import Node, Scoped, file_url, node_type
from schema.core.scalars import described_enum
from schema.organization.types import Category, Neighbourhood, StaffMember
from schema.stickers.types import Sticker

SubmissionStatus = described_enum(choices.Status, "SubmissionStatus", "Where a submission stands.")
SubmissionVerb = described_enum(moves.Verb, "SubmissionVerb", "What the office may do to a submission.")


@node_type(models.SubmissionFile, "SubmissionFile")
class SubmissionFile(Node, Scoped):
    """A file that was sent in with a submission (ek)."""

    name: str = column("The name it came with.")
    content_type: str = column("Its type, read from its content.")
    size: int = column("In bytes.")
    uploaded_at: dt.datetime = column("When it was received.")

    @strawberry_django.field(
        description="Where to fetch it, for viewers who may see the submission.",
        only=["key"],
        metadata={"sql": Concat(Value("/files/"), Cast("key", TextField()), output_field=TextField())},
    )
    def url(self) -> str:
        return file_url(self)


@node_type(models.Submission, "Submission")
class Submission(Node, Scoped):
    """A submission of a person without an account, until it is confirmed (doğrulama bekleyen başvuru).

    What is personal is emptied once the case has it.
    """

    status: SubmissionStatus = column("Where it stands.")
    received_at: dt.datetime = column("When it was received: the case counts from then on.")
    kind: ComplaintKind = column("What was brought.")
    subject: str = column("What it is about.")
    body: str = column("What the sender says.", name="text")
    category: Category | None = column("What it is about, of the list.")
    neighbourhood: Neighbourhood | None = column("Where it is.")
    place: str = column("The street part of the address.")
    latitude: float | None = column("Latitude in degrees (WGS 84).")
    longitude: float | None = column("Longitude in degrees (WGS 84).")
    sticker: Sticker | None = column("The place with a QR code at which it was reported.")
    is_anonymous: bool = column("Sent without a name.")
    first_name: str = column("The sender's first name.")
    last_name: str = column("The sender's surname.")
    phone: str = column("The sender's telephone number.")
    email: str = column("The sender's e-mail address.")
    address: str = column("The sender's postal address.")
    identity_hidden: bool = column("The sender wishes to stay unknown to the departments.")
    files: list[SubmissionFile] = owned("Its files, until the case has them.", ["uploaded_at", "id"])
    is_code_sent: bool = column("Whether a code could be sent to the sender.")
    complaint: Complaint | None = column("The case that came of it; null before.")
    decided_at: dt.datetime | None = column("When it was confirmed, accepted or rejected.")
    decided_by: StaffMember | None = column("Who of the office decided; null if the sender confirmed it.")
    reason: str = column("Why it was rejected.")
    version: int = column("Rises with every change; pass it along to be refused after a concurrent change.")
    can = viewer_can(SUBMISSIONS_TABLE, SubmissionVerb)
