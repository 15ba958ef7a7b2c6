"""Asking for submissions that await verification."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

import strawberry

from backend.submissions.models import Submission as Row
from schema.core.connection import Connection, Keyset, Page, connection_field, listed
from schema.submissions.types import Submission, SubmissionStatus

OLDEST = Keyset("submission", "received_at", dt.datetime)


@strawberry.type
class SubmissionQueries:
    @connection_field(description="What was sent in without an account, the oldest first. For the office.")
    def submissions(
        self,
        info: strawberry.Info,
        page: Page,
        status: Annotated[
            list[SubmissionStatus] | None, strawberry.argument(description="Where they stand.")
        ] = None,
    ) -> Connection[Submission]:
        rows: Any = Row.objects.all()
        if status is not None:
            asked: Any = status
            rows = rows.filter(status__in=[choice.value for choice in asked])
        return listed(rows, OLDEST, page, info)
