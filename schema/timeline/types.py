"""Timeline, as they are read."""

from __future__ import annotations

import datetime as dt

import strawberry_django

from backend.timeline import choices, models
from schema.agreements.types import Agreement
from schema.appointments.types import AppointmentRequest, Promise
from schema.complaints.types import Complaint
from schema.core.fields import column
from schema.core.nodes import Scoped
from schema.core.scalars import described_enum
from schema.engagements.types import Engagement
from schema.events.types import Event, Guest
from schema.greetings.types import GreetingRecipient
from schema.instructions.types import Instruction
from schema.invitations.types import Invitation
from schema.letters.types import Letter
from schema.partners.types import OrganisationRole
from schema.programme.types import ProgrammeEntry

TimelineKind = described_enum(choices.Kind, "TimelineKind", "What a moment of a timeline is.")


@strawberry_django.type(
    models.Moment,
    name="TimelineMoment",
    description="One thing that happened with a person or an organisation.",
)
class TimelineMoment(Scoped):
    kind: TimelineKind = column("What it is.")
    at: dt.datetime = column("When.")
    reference: str = column("Its number, or empty.")
    title: str = column("What it is about.")
    complaint: Complaint | None = column("The case, where it is one or comes of one.")
    request: AppointmentRequest | None = column(
        "The request for an appointment, where it is one or comes of one."
    )
    invitation: Invitation | None = column("The invitation received, where it is one or comes of one.")
    entry: ProgrammeEntry | None = column("The appointment in the programme.")
    promise: Promise | None = column("The promise.")
    letter: Letter | None = column("The letter.")
    instruction: Instruction | None = column("The instruction.")
    engagement: Engagement | None = column("The meeting or visit.")
    agreement: Agreement | None = column("The agreement.")
    role: OrganisationRole | None = column("The role that began.")
    event: Event | None = column("The event to which they are invited.")
    guest: Guest | None = column("Their place on its list: what they answered, whether they came.")
    seat: str = column("Row and seat at the event, as A-5; or empty.")
    greeting: GreetingRecipient | None = column("The greeting that was sent.")
