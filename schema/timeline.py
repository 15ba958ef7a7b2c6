"""The timeline of a person or an organisation: everything of all services, as far as the viewer sees it."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

import strawberry
import strawberry_django
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from backend.contacts.models import Citizen as CitizenRow
from backend.core.errors import DomainError, ErrorCode
from backend.timeline import choices, models
from permissions import scope
from schema.agreement_types import Agreement
from schema.appointment_types import AppointmentRequest, Promise
from schema.complaint_types import Complaint, Scoped
from schema.connection import Connection, Keyset, Page
from schema.engagement_types import Engagement
from schema.event_types import Event, Guest
from schema.fields import column
from schema.greeting_types import GreetingRecipient
from schema.instruction_types import Instruction
from schema.invitation_types import Invitation
from schema.letter_types import Letter
from schema.nodes import MODELS, decode
from schema.organization import After, Before, First, Last
from schema.partner_types import OrganisationRole
from schema.partners import family_of
from schema.programme import listed
from schema.programme_types import ProgrammeEntry
from schema.scalars import described_enum

TimelineKind = described_enum(choices.Kind, "TimelineKind", "What a moment of a timeline is.")
NEWEST = Keyset("moment", "at", dt.datetime, descending=True)


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


@strawberry.type
class TimelineQueries:
    @strawberry.field(
        description="Everything of all services about a person or with an organisation, the newest first: with the"
        " records that were merged into theirs, and as far as the viewer sees it. Give exactly one."
    )
    def timeline(
        self,
        info: strawberry.Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        person: Annotated[strawberry.ID | None, strawberry.argument(description="A citizen.")] = None,
        organisation: Annotated[
            strawberry.ID | None, strawberry.argument(description="An organisation.")
        ] = None,
        kind: Annotated[
            list[TimelineKind] | None, strawberry.argument(description="Only these kinds.")
        ] = None,
    ) -> Connection[TimelineMoment]:
        scope.require_viewer()
        rows = _about(person, organisation)
        if kind is not None:
            rows = rows.filter(kind__in=[choice.value for choice in kind])  # type: ignore[attr-defined]
        return listed(rows, NEWEST, Page.of(first, after, last, before), info)


def _about(person: str | None, organisation: str | None) -> Any:
    if (person is None) is (organisation is None):
        raise DomainError(ErrorCode.INVALID, _("Give a person or an organisation."), "person")
    rows: Any = models.Moment.objects.all()
    if organisation is not None:
        return rows.with_organisation(family_of(organisation))
    found = decode(person or "")
    if found is None or found[0] != MODELS[CitizenRow]:
        return rows.none()
    key = found[1]
    family = Q(key=key) | Q(merged_into__key=key) | Q(merged_into__merged_into__key=key)
    return rows.about(scope.visible(CitizenRow.objects.filter(family)))
