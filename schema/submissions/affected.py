"""Open cases that affect others too, for portals: what is open at a place, joining it, and leaving it again."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Annotated, Any

import strawberry

from backend.contacts.models import Purpose
from backend.portals.models import Scope
from permissions.portals import access as portals
from permissions.portals import public_lists
from permissions.submissions import affected
from schema.complaints.tracking import STATUS_CODE, ComplaintPublicStatus
from schema.core.results import Payload, run_mutation
from schema.core.scalars import cleaned, values
from schema.core.verbs import optional, required
from schema.submissions.proofs import SESSION


@strawberry.type(
    description="An open case at a place: its topic and where it stands, and nothing of who brought it."
)
class PortalOpenCase:
    ticket: str = strawberry.field(description="For `portalCaseJoin`, within a day.")
    about: str = strawberry.field(description="The name of its category.")
    registered_on: dt.date = strawberry.field(description="The local day of receipt.")
    status: str = strawberry.field(description="Where it stands, in plain words.")
    status_code: ComplaintPublicStatus = strawberry.field(description=STATUS_CODE)
    affected: int = strawberry.field(description="How many others it affects, as they stated.")
    metres: int | None = strawberry.field(
        description="How far its point is from the one that was asked; null without two points."
    )


@strawberry.type(description="A case of another that affects the citizen too.")
class PortalJoinedCase:
    token: str = strawberry.field(description="For `portalCaseLeave`.")
    about: str = strawberry.field(description="The name of its category; empty where it has none any more.")
    joined_at: dt.datetime = strawberry.field(description="When they joined it.")
    status: str = strawberry.field(description="Where it stands, in plain words.")
    status_code: ComplaintPublicStatus = strawberry.field(description=STATUS_CODE)
    is_open: bool = strawberry.field(description="It has not ended yet.")


def joined_case(row: affected.Joined) -> PortalJoinedCase:
    """The case as the schema says it."""
    return PortalJoinedCase(**_facts(row))


def _facts(row: affected.Joined | affected.OpenCase) -> dict[str, Any]:
    return dataclasses.asdict(row) | {"status": str(row.status.label), "status_code": row.status}


@strawberry.input(description="Where something is, and what it is about.")
class PortalOpenCasesInput:
    category: str = required("The code of a category of `publicCategories`.")
    place: str | None = optional("The street part of the address.")
    neighbourhood: str | None = optional("The code of a neighbourhood of `publicNeighbourhoods`.")
    latitude: float | None = optional("Latitude in degrees (WGS 84).")
    longitude: float | None = optional("Longitude in degrees (WGS 84).")
    place_code: str | None = optional("The code of the sticker that was scanned (`publicPlace`).")


@strawberry.type
class PortalAffectedQueries:
    @strawberry.field(
        description="For a portal (SUBMIT): open cases of this category in the same street, at the same sticker or"
        " within the category's radius of the point (60 m, if it has no other), the likeliest first, at most five."
        " Empty for categories whose cases are a person's own."
    )
    def portal_open_cases(
        self, at: Annotated[PortalOpenCasesInput, strawberry.argument(description="Where, and about what.")]
    ) -> list[PortalOpenCase]:
        portals.account(Scope.SUBMIT)
        where = {name: value for name, value in values(at).items() if value is not None}
        found = affected.open_at(**where)
        return [PortalOpenCase(**_facts(row)) for row in found]


@strawberry.input(description="An open case affects the citizen too. It is no case of their own.")
class PortalCaseJoinInput:
    ticket: str = required("The `ticket` of `portalOpenCases`.")
    session: str = required(SESSION)
    privacy_notice: str = required("The code of the `publicPrivacyNotice(purpose: CASE)` that was shown.")


@strawberry.type(description="That it was noted: they are informed when it has ended.")
class PortalCaseJoinPayload(Payload):
    joined: PortalJoinedCase | None = strawberry.field(
        description="The case; null if nothing was done.", default=None
    )


@strawberry.input(description="A case of another does not affect the citizen any more.")
class PortalCaseLeaveInput:
    token: str = required("The `token` of a joined case of `portalMatters`.")
    session: str = required(SESSION)


@strawberry.type(description="That it was forgotten.")
class PortalCaseLeavePayload(Payload):
    pass


def _join(input: PortalCaseJoinInput) -> dict[str, Any]:
    account = portals.account(Scope.SUBMIT)
    notice = public_lists.notice_named(cleaned(input.privacy_notice), Purpose.CASE)
    row = affected.join(cleaned(input.ticket), input.session, by=account, privacy_notice=notice)
    return {"joined": joined_case(row)}


def _leave(input: PortalCaseLeaveInput) -> dict[str, Any]:
    affected.leave(cleaned(input.token), input.session, by=portals.account(Scope.FOLLOW))
    return {}


@strawberry.type
class PortalAffectedMutations:
    @strawberry.mutation(
        description="For a portal (SUBMIT): note that an open case affects the holder of a session too. They are"
        " informed when it has ended; twice is once."
    )
    def portal_case_join(self, input: PortalCaseJoinInput) -> PortalCaseJoinPayload:
        return run_mutation(PortalCaseJoinPayload, lambda: _join(input))

    @strawberry.mutation(
        description="For a portal (FOLLOW): take it back; their contact is deleted from the case at once."
    )
    def portal_case_leave(self, input: PortalCaseLeaveInput) -> PortalCaseLeavePayload:
        return run_mutation(PortalCaseLeavePayload, lambda: _leave(input))
