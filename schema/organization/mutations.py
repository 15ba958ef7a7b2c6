"""What may be done to the municipality: inputs, payloads and mutations."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

import strawberry
from django.utils.translation import gettext_lazy as _

from backend.complaints.actions import announce_leave, cancel_leave, confirm_holidays, correct_holiday
from backend.core import session
from backend.core.errors import DomainError, ErrorCode
from backend.organization import models
from permissions.complaints.access import changed_cases
from permissions.core import scope
from schema.core.nodes import refetched_row
from schema.core.results import Payload, run_mutation
from schema.core.scalars import values
from schema.organization.types import AdministrativeLeave, HolidayCorrection, HolidayKind


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


# -- public holidays ------------------------------------------------------------------------------------------
_SOURCE = "Number and date of the Resmî Gazete, or the decision."
_DRY_RUN = "Only say what would change."


@strawberry.input(description="What a day is in place of what was calculated.")
class HolidayCorrectInput:
    day: dt.date = strawberry.field(description="The day.")
    kind: HolidayKind = strawberry.field(description="What it is.")
    source: str = strawberry.field(description=_SOURCE)
    name: str = strawberry.field(description="The name of the holiday, in Turkish.", default="")
    yearly: bool = strawberry.field(description="Every year from then on.", default=False)
    valid_to: dt.date | None = strawberry.field(
        description="The last day of what comes every year.", default=None
    )
    dry_run: bool = strawberry.field(description=_DRY_RUN, default=False)


@strawberry.input(description="The estimated holidays of a year, announced as they were estimated.")
class HolidaysConfirmInput:
    year: int = strawberry.field(description="The year.")
    source: str = strawberry.field(description=_SOURCE)
    dry_run: bool = strawberry.field(description=_DRY_RUN, default=False)


@strawberry.type(description="The newest line of the table of holidays, and which open cases it moved.")
class HolidayCorrectionPayload(Payload):
    correction: HolidayCorrection | None = refetched_row(
        models.HolidayCorrection, "The line; null if nothing was done."
    )
    recomputed: int = strawberry.field(
        description="Of how many open cases the dates, or what made them, changed.", default=0
    )
    references: list[str] = strawberry.field(
        description="The numbers of those that the viewer sees, a hundred at most.", default_factory=list
    )


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

    @strawberry.mutation(
        description="Correct a day of the table of public holidays (2429): Bilgi İşlem and the head of the office. The"
        " dates of open cases follow. A correction is taken back by one of the kind AS_CALCULATED."
    )
    def holiday_correct(self, input: HolidayCorrectInput) -> HolidayCorrectionPayload:
        return _corrected(input.dry_run, lambda by: correct_holiday(by=by, **values(input, "dry_run")))

    @strawberry.mutation(
        description="Confirm that the estimated holidays of a year fall so; “(tahmini)” goes from their names."
    )
    def holidays_confirm(self, input: HolidaysConfirmInput) -> HolidayCorrectionPayload:
        return _corrected(input.dry_run, lambda by: confirm_holidays(by=by, **values(input, "dry_run")))


def _corrected(dry_run: bool, act: Callable[[Any], models.HolidayCorrection]) -> HolidayCorrectionPayload:
    def run() -> dict[str, Any]:
        looking = session.dry_run() if dry_run else nullcontext()
        with scope.elevated_for(models.HolidayCorrection, scope.Action.CHANGE) as viewer, looking:
            row = act(viewer.user)
            seen = changed_cases(row)
        return {
            "key": None if dry_run else row.key,
            "recomputed": len(row.recomputed),
            "references": [one.reference for one, _dates in seen],
        }

    return run_mutation(HolidayCorrectionPayload, run)
