"""The halk günü for everybody: of which days places are free, and taking one through a portal."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

import strawberry

from backend.appointments.models import PublicDaySession
from permissions.appointments import public_days
from schema.appointments.portal import (
    COMPANIONS,
    PortalAppointmentPayload,
    PublicPrincipal,
    asking_by,
    given_of,
    principal_of,
    shown_of,
)
from schema.appointments.types import AppointmentKind
from schema.complaints.portal import PortalContactInput
from schema.core.nodes import decode, global_id, key_of
from schema.core.results import run_mutation
from schema.core.verbs import optional, required
from schema.programme.queries import TimeSpan, spans


@strawberry.type(description="A halk günü of which citizens may take places themselves.")
class PublicDayPlaces:
    id: strawberry.ID = strawberry.field(description="By this it is chosen: `portalPublicDayBook`.")
    principal: PublicPrincipal = strawberry.field(description="With whom.")
    day: dt.date = strawberry.field(description="The day.")
    starts_at: dt.datetime = strawberry.field(description="When it begins.")
    ends_at: dt.datetime = strawberry.field(description="When it ends.")
    place: str = strawberry.field(description="Where.")
    free: int = strawberry.field(description="How many places are free.")
    times: list[TimeSpan] = strawberry.field(
        description="The times at which a place is free; empty where all are taken."
    )


def _offered(found: public_days.OfferedDay) -> PublicDayPlaces:
    row = found.row
    return PublicDayPlaces(
        id=global_id(row),
        principal=principal_of(row.principal),
        day=row.day,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        place=row.place,
        free=found.free,
        times=spans(found.times),
    )


@strawberry.type
class PublicDayQueries:
    @strawberry.field(
        description="The halk günü sessions of the next 60 days of which citizens may take places themselves, and what"
        " is free; nothing of who comes."
    )
    def public_day_places(
        self,
        principal: Annotated[
            strawberry.ID | None, strawberry.argument(description="Only this principal's.")
        ] = None,
    ) -> list[PublicDayPlaces]:
        named = decode(principal) if principal else None
        if principal and named is None:
            return []
        return [_offered(one) for one in public_days.offered(named[1] if named else None)]


@strawberry.input(description="A place on a halk günü that a citizen takes through a portal.")
class PortalPublicDayBookInput:
    public_day: strawberry.ID = required("Which day: of `publicDayPlaces`.")
    starts_at: dt.datetime = required("The beginning of one of its free `times`.")
    kind: AppointmentKind = required("What for.")
    subject: str = required("What it is about, in a line.")
    contact: PortalContactInput = required("Who comes.")
    privacy_notice: str = required(
        "The code of the `publicPrivacyNotice(purpose: APPOINTMENT)` that was shown."
    )
    organisation: str | None = optional("For which organisation.")
    body: str | None = optional("What they say.")
    party_size: int | None = optional("How many people come; default 1.")
    companion_names: str | None = optional(COMPANIONS)
    session: str | None = optional(
        "A session of `portalContactProve`; then `contact` must have what was proved by it."
    )


def _book(input: PortalPublicDayBookInput) -> dict[str, Any]:
    account, contact = asking_by(input)
    standing = public_days.book(
        by=account,
        public_day=key_of(PublicDaySession, input.public_day, "public_day"),
        contact=contact,
        **given_of(input, "session", "public_day"),
    )
    return {"appointment": shown_of(standing)}


@strawberry.type
class PublicDayMutations:
    @strawberry.mutation(
        description="For a portal (SUBMIT): take a place on a halk günü at one of its free times. It is an appointment"
        " at once; the same name and contact has one place at a time, a contact two, and five a day."
    )
    def portal_public_day_book(self, input: PortalPublicDayBookInput) -> PortalAppointmentPayload:
        return run_mutation(PortalAppointmentPayload, lambda: _book(input))
