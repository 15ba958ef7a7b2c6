"""What a citizen has running, for portals: by a session of a proved contact."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

import strawberry

from backend.portals.models import Scope
from permissions.portals import access as portals
from permissions.timeline import matters
from schema.appointments.portal import PortalAppointmentLine, appointment_line
from schema.complaints.tracking import STATUS_CODE, ComplaintPublicStatus
from schema.complaints.types import ComplaintKind
from schema.core.scalars import cleaned
from schema.events.portal import PortalSignUp, sign_up_of
from schema.submissions.affected import PortalJoinedCase, joined_case
from schema.submissions.proofs import SESSION


@strawberry.type(description="A case of the citizen.")
class PortalCaseMatter:
    reference: str = strawberry.field(description="The number of the case.")
    tracking_code: str = strawberry.field(
        description="With this it is followed, also with `complaintTracking`."
    )
    kind: ComplaintKind = strawberry.field(description="What was brought.")
    about: str = strawberry.field(description="The name of its category; empty until it has one.")
    registered_at: dt.datetime = strawberry.field(description="When it was received.")
    answer_due_on: dt.date | None = strawberry.field(
        description="By when it is to be answered, while it is open."
    )
    status: str = strawberry.field(description="Where it stands, in plain words.")
    status_code: ComplaintPublicStatus = strawberry.field(description=STATUS_CODE)
    is_awaited: bool = strawberry.field(description="The case waits for what the citizen is asked for.")
    can_rate: bool = strawberry.field(description="The answer may be rated, and was not yet.")
    can_reopen: bool = strawberry.field(description="It may be taken up again.")
    open_until: dt.date | None = strawberry.field(
        description="The last day for rating it and for taking it up again."
    )


@strawberry.type(description="A request for an appointment of the citizen.")
class PortalAppointmentMatter:
    request: PortalAppointmentLine = strawberry.field(description="Where it stands.")
    page: str | None = strawberry.field(
        description="What stands behind `/randevu/` on the page on which a time is answered, while there is one."
        " It is the key to it: keep it in no log."
    )


@strawberry.type(
    description="What a citizen has running, and what ended within a year: at most fifty of each."
)
class PortalMatters:
    ends_at: dt.datetime = strawberry.field(description="Until when the session works.")
    cases: list[PortalCaseMatter] = strawberry.field(description="Their cases, the newest first.")
    appointments: list[PortalAppointmentMatter] = strawberry.field(
        description="Their requests for appointments, the newest first."
    )
    sign_ups: list[PortalSignUp] = strawberry.field(
        description="What they signed up for and is still to come, the next first."
    )
    joined: list[PortalJoinedCase] = strawberry.field(
        description="Cases of others that affect them too, the newest first."
    )


def _case(row: matters.CaseMatter) -> PortalCaseMatter:
    return PortalCaseMatter(
        reference=row.reference,
        tracking_code=row.tracking_code,
        kind=ComplaintKind(row.kind),
        about=row.about,
        registered_at=row.registered_at,
        answer_due_on=row.answer_due_on,
        status=str(row.status.label),
        status_code=row.status,
        is_awaited=row.is_awaited,
        can_rate=row.may_rate,
        can_reopen=row.may_reopen,
        open_until=row.open_until,
    )


@strawberry.type
class PortalMatterQueries:
    @strawberry.field(
        description="For a portal (FOLLOW): what the holder of a session has running, whichever way it was brought in."
        " Where other names have the same contact, nothing is listed without a tracking code of theirs."
    )
    def portal_matters(
        self,
        session: Annotated[str, strawberry.argument(description=SESSION)],
        codes: Annotated[
            list[str] | None,
            strawberry.argument(description="Tracking codes of theirs, at most five: for a shared contact."),
        ] = None,
    ) -> PortalMatters:
        account = portals.account(Scope.FOLLOW)
        found = matters.matters(session, by=account, codes=[cleaned(code) for code in codes or []])
        return PortalMatters(
            ends_at=found.ends_at,
            cases=[_case(row) for row in found.cases],
            appointments=[
                PortalAppointmentMatter(request=appointment_line(row.listed), page=row.token or None)
                for row in found.appointments
            ],
            sign_ups=[sign_up_of(row) for row in found.sign_ups],
            joined=[joined_case(row) for row in found.joined],
        )
