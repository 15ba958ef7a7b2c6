"""Retention, holds and destruction through GraphQL; erasure_job a person, and everything about one."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

import strawberry

from backend.contacts.models import Citizen as CitizenRow
from backend.core.errors import DomainError, ErrorCode
from backend.retention import actions, models
from backend.retention.models import DestructionRun as Row
from permissions.core import scope
from permissions.retention import subjects
from schema.core.connection import Connection, Keyset, Page, connection_field, listed
from schema.core.nodes import key_of
from schema.retention.types import (
    DestructionRun,
    ErasureJob,
    LegalHold,
    RetentionRule,
    SubjectReport,
)

BY_CODE = Keyset("retention", "code", str)


HOLDS = Keyset("hold", "placed_at", dt.datetime, descending=True)


ERASURE_JOBS = Keyset("erasure_job", "asked_at", dt.datetime, descending=True)


RUNS = Keyset("destruction", "prepared_at", dt.datetime, descending=True)


Standing = Annotated[bool, strawberry.argument(description="Only those that stand.")]


@strawberry.type(description="Whether the law asks for a destruction now (Silme Yönetmeliği m.11).")
class DestructionStanding:
    last_done_on: dt.date | None = strawberry.field(description="When the last one was carried out.")
    due_on: dt.date | None = strawberry.field(
        description="The last day for the next one; null: there was none yet."
    )
    is_overdue: bool = strawberry.field(
        description="More than six months have passed, or there was none yet."
    )


@strawberry.type
class RetentionQueries:
    @connection_field(description="The retention rules: for the office.")
    def retention_rules(self, info: strawberry.Info, page: Page) -> Connection[RetentionRule]:
        return listed(models.RetentionRule.objects.all(), BY_CODE, page, info)

    @connection_field(description="The legal holds, the newest first: for the office.")
    def legal_holds(
        self, info: strawberry.Info, page: Page, standing: Standing = False
    ) -> Connection[LegalHold]:
        rows: Any = models.LegalHold.objects.all()
        return listed(rows.standing() if standing else rows, HOLDS, page, info)

    @connection_field(description="The destruction runs, the newest first: for the office.")
    def destruction_runs(self, info: strawberry.Info, page: Page) -> Connection[DestructionRun]:
        return listed(Row.objects.all(), RUNS, page, info)

    @connection_field(
        description="The persons who were anonymised on request, the newest first: for the office, as far as it"
        " may know every citizen. It names no person."
    )
    def erasure_jobs(self, info: strawberry.Info, page: Page) -> Connection[ErasureJob]:
        rows: Any = models.ErasureJob.objects.all()
        return listed(rows, ERASURE_JOBS, page, info)

    @strawberry.field(
        description="Whether the law asks for a destruction now; null if that is not for the viewer."
    )
    def destruction_standing(self) -> DestructionStanding | None:
        viewer = scope.require_viewer()
        if not (viewer.may("READ") and viewer.sees_all):
            return None
        return DestructionStanding(
            last_done_on=actions.last_done_on(),
            due_on=actions.next_due_on(),
            is_overdue=actions.is_overdue(),
        )

    @strawberry.field(
        description="Everything about a person, and who looked: for the head of the office, in a browser. Noted in the"
        " read log. Null for everybody else."
    )
    def subject_report(
        self, citizen: Annotated[strawberry.ID, strawberry.argument(description="About whom.")]
    ) -> SubjectReport | None:
        scope.require_viewer()
        try:
            return SubjectReport(found=subjects.report(key_of(CitizenRow, citizen, "citizen")))
        except DomainError as error:
            if error.code in (ErrorCode.FORBIDDEN, ErrorCode.NOT_FOUND):
                return None
            raise
