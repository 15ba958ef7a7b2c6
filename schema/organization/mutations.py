"""What may be done to the municipality: inputs, payloads and mutations."""

from __future__ import annotations

import datetime as dt
from typing import Any

import strawberry
from django.utils.translation import gettext_lazy as _

from backend.complaints.actions import announce_leave, cancel_leave
from backend.core.errors import DomainError, ErrorCode
from backend.organization import models
from permissions.core import scope
from schema.core.results import Payload, run_mutation
from schema.core.scalars import values
from schema.organization.types import AdministrativeLeave


# -- administrative leave (case 5) --------------------------------------------------------------------------
@strawberry.input(description="A day of administrative leave to enter or to change.")
class AdministrativeLeaveSetInput:
    day: dt.date = strawberry.field(description="The day.")
    reason: str = strawberry.field(description="The reason or the source of the announcement.")
    half_day: bool = strawberry.field(description="Only from 13:00.", default=False)


@strawberry.input(description="A day of administrative leave to take back.")
class AdministrativeLeaveRemoveInput:
    day: dt.date = strawberry.field(description="The day.")


@strawberry.type(description="What became of the day, and how many cases got other dates.")
class AdministrativeLeavePayload(Payload):
    leave: AdministrativeLeave | None = strawberry.field(
        description="The day as it stands now.", default=None
    )
    recomputed: int = strawberry.field(description="How many open cases got other dates.", default=0)


@strawberry.type
class OrganizationMutations:
    @strawberry.mutation(description="Enter a day of administrative leave; the dates of open cases follow.")
    def administrative_leave_set(self, input: AdministrativeLeaveSetInput) -> AdministrativeLeavePayload:
        def act() -> dict[str, Any]:
            with scope.elevated_for(models.AdministrativeLeave, scope.Action.CHANGE) as viewer:
                leave, count = announce_leave(**values(input), by=viewer.user)
            return {"leave": leave, "recomputed": count}

        return run_mutation(AdministrativeLeavePayload, act)

    @strawberry.mutation(
        description="Take a day of administrative leave back; the dates of open cases follow."
    )
    def administrative_leave_remove(
        self, input: AdministrativeLeaveRemoveInput
    ) -> AdministrativeLeavePayload:
        def act() -> dict[str, Any]:
            with scope.elevated_for(models.AdministrativeLeave, scope.Action.CHANGE) as viewer:
                leave = models.AdministrativeLeave.objects.filter(day=input.day).first()
                if leave is None:
                    raise DomainError(
                        ErrorCode.NOT_FOUND, _("No administrative leave is entered for this day."), "day"
                    )
                return {"recomputed": cancel_leave(leave, by=viewer.user)}

        return run_mutation(AdministrativeLeavePayload, act)
