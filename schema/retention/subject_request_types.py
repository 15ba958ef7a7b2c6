"""Applications under KVKK m.11, as they are read. The office's alone, and of it those who may know every citizen."""

from __future__ import annotations

import datetime as dt
from typing import Any

import strawberry_django
from django.db.models import BooleanField, Case, F, Value, When

from backend.retention import models
from backend.retention.subject_requests import choices, moves, story
from permissions.retention.rules import SUBJECT_REQUESTS_TABLE
from schema.complaints.types import Complaint
from schema.contacts.types import Citizen
from schema.core.fields import choice as optional_choice
from schema.core.fields import column, expression, owned, personal, viewer_can
from schema.core.nodes import Node, Scoped, node_type
from schema.core.scalars import described_enum
from schema.organization.types import StaffMember

SubjectRequestStatus = described_enum(
    choices.RequestStatus, "SubjectRequestStatus", "Where an application under KVKK m.11 stands."
)
SubjectRight = described_enum(choices.Right, "SubjectRight", "What may be asked (KVKK m.11/1).")
SubjectRequestChannel = described_enum(
    choices.Channel, "SubjectRequestChannel", "How an application came or was answered (Tebliğ m.5, m.6)."
)
SubjectIdentity = described_enum(choices.Identity, "SubjectIdentity", "How the identity was checked.")
SubjectOutcome = described_enum(choices.Outcome, "SubjectOutcome", "What came of it (KVKK m.13/3).")
SubjectGround = described_enum(choices.Ground, "SubjectGround", "Why it was refused, wholly or in part.")
SubjectSending = described_enum(
    choices.Sending, "SubjectSending", "By what way the answer left the house (KVKK m.13/2)."
)
SubjectRequestVerb = described_enum(
    moves.Verb, "SubjectRequestVerb", "What may be done to an application under KVKK m.11."
)
SubjectRequestEventType = described_enum(
    story.EventType, "SubjectRequestEventType", "What happened to an application under KVKK m.11."
)
PERSON: Any = F("citizen")


@strawberry_django.type(
    models.SubjectRequestLine,
    name="SubjectRequestLine",
    description="One thing that happened to an application under KVKK m.11.",
)
class SubjectRequestLine(Scoped):
    verb: SubjectRequestEventType = column("What happened.")
    at: dt.datetime = column("When.")
    actor: StaffMember | None = column("Who did it; null if it happened by itself.")
    note: str = column("The remark made with it.")


@node_type(models.SubjectRequest, "SubjectRequest")
class SubjectRequest(Node, Scoped):
    """A person's application about their own data (ilgili kişi başvurusu, KVKK m.11): thirty days, free of charge."""

    reference: str = column("Its number, such as KVKK-2026/4.")
    status: SubjectRequestStatus = column("Where it stands.")
    citizen: Citizen | None = column("The record of the person, if it is known which.")
    requester: str = personal("Who asks.", "requester", PERSON)
    contact: str = personal("Where the answer goes.", "contact", PERSON)
    channel: SubjectRequestChannel = column("How it came.")
    rights: list[SubjectRight] = column("What is asked.")
    text: str = personal("What is asked, in the person's words.", "text", PERSON)
    identity_check: SubjectIdentity | None = optional_choice(
        "How the identity was checked; null as long as it was not.", "identity", name="identity"
    )
    complaint: Complaint | None = column("The case with which it came, if it was one.")
    received_on: dt.date = column("The local day of its receipt.")
    due_on: dt.date = column("The last day: the thirtieth after receipt (m.13/2). No law lengthens it.")
    target_on: dt.date = column("The last working day until then.")
    result: SubjectOutcome | None = optional_choice(
        "What came of it; null while it is open.", "outcome", name="outcome"
    )
    refused_for: SubjectGround | None = optional_choice("Why it was refused.", "ground", name="ground")
    answer: str = personal("The answer.", "answer", PERSON)
    answered_by_way: SubjectRequestChannel | None = optional_choice(
        "How it was answered.", "answer_channel", name="answerChannel"
    )
    answered_on: dt.date | None = column("On which local day.")
    answered_by: StaffMember | None = column("By whom.")
    sent_on: dt.date | None = column(
        "On which local day the answer was sent; null as long as that is not recorded."
    )
    sent_by_way: SubjectSending | None = optional_choice("How it was sent.", "sent_way", name="sentWay")
    sent_number: str = personal(
        "Number of the KEP message or of the registered letter, or empty.",
        "sent_number",
        PERSON,
        name="sentNumber",
    )
    sent_in_time: bool | None = expression(
        "Whether it was sent within the thirty days (m.13/2); null as long as it is not recorded as sent.",
        Case(
            When(sent_on__isnull=True, then=Value(None)),
            When(sent_on__lte=F("due_on"), then=Value(True)),
            default=Value(False),
            output_field=BooleanField(null=True),
        ),
    )
    recorded_at: dt.datetime = column("When it was recorded.")
    recorded_by: StaffMember | None = column("By whom it was recorded.")
    version: int = column("Rises with every change; pass it along to be refused after a concurrent change.")
    lines: list[SubjectRequestLine] = owned("The story, the newest first.", ["-at", "-id"])
    can = viewer_can(SUBJECT_REQUESTS_TABLE, SubjectRequestVerb)
