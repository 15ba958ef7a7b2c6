"""Notifications, as they are read."""

from __future__ import annotations

import datetime as dt

import strawberry

from backend.notifications import kinds, models
from backend.notifications.kinds import Channel, Kind
from schema.agreements.types import Agreement
from schema.appointments.types import AppointmentRequest, Promise
from schema.complaints.types import Complaint
from schema.core.fields import column
from schema.core.nodes import Node, Scoped, node_type
from schema.core.scalars import described_enum
from schema.events.types import Event
from schema.instructions.types import Instruction
from schema.letters.types import Letter
from schema.partners.types import Organisation
from schema.programme.types import DepartmentNote
from schema.retention.subject_request_types import SubjectRequest

NotificationKind = described_enum(Kind, "NotificationKind", "The subject of a notification.")


NotificationChannel = described_enum(Channel, "NotificationChannel", "How a notification is sent.")


NotificationMode = described_enum(kinds.Mode, "NotificationMode", "When a channel sends notifications.")


@node_type(models.Notification, "Notification")
class Notification(Node, Scoped):
    """A notification of the viewer about a row (bildirim), there as long as they see that row; names at most one."""

    kind: NotificationKind = column("What it is about.")
    text: str = column("Which text it is, such as instructions/request_extension.")
    is_urgent: bool = column("Whether it is sent in quiet hours too.")
    created_at: dt.datetime = column("When it was written.")
    seen_at: dt.datetime | None = column("When the viewer saw it.")
    mailed_at: dt.datetime | None = column("When it was sent by e-mail, by itself or in a digest.")
    texted_at: dt.datetime | None = column("When it was sent by SMS.")
    complaint: Complaint | None = column("The application it is about.")
    instruction: Instruction | None = column("The instruction it is about.")
    note: DepartmentNote | None = column("The briefing note it is about.")
    promise: Promise | None = column("The promise it is about.")
    agreement: Agreement | None = column("The agreement it is about.")
    event: Event | None = column("The event it is about.")
    subject_request: SubjectRequest | None = column("The application under KVKK m.11 it is about.")
    letter: Letter | None = column("The letter it is about.")
    request: AppointmentRequest | None = column("The appointment request it is about.")
    organisation: Organisation | None = column("The partner it is about.")


@strawberry.type(description="How the viewer is notified of one kind.")
class NotificationPreference:
    kind: NotificationKind = strawberry.field(description="What.")
    is_duty: bool = strawberry.field(
        description="Demanded by law or duty: it can be moved between channels, never switched off everywhere."
    )
    page: NotificationMode = strawberry.field(description="In the page: off or at once.")
    email: NotificationMode = strawberry.field(description="By e-mail.")
    sms: NotificationMode = strawberry.field(description="By SMS.")


@strawberry.type(description="How the viewer wants to be notified.")
class NotificationPreferences:
    kinds: list[NotificationPreference] = strawberry.field(description="Every kind.")
    quiet_from: dt.time = strawberry.field(description="Local hour from which only what is urgent is sent.")
    quiet_until: dt.time = strawberry.field(description="Until when; the same hour means never quiet.")
    digest_at: dt.time = strawberry.field(description="Local hour of the daily digest.")
    why_no_sms: str | None = strawberry.field(description="Why SMS cannot be chosen; null where it can.")
