"""Asking for submissions that await verification."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

import strawberry

from backend.submissions.models import Submission as Row
from permissions.core import scope
from schema.core.connection import After, Before, Connection, First, Keyset, Last, Page, listed
from schema.submissions.types import Submission, SubmissionStatus

OLDEST = Keyset("submission", "received_at", dt.datetime)


@strawberry.type
class SubmissionQueries:
    @strawberry.field(description="What was sent in without an account, the oldest first. For the office.")
    def submissions(
        self,
        info: strawberry.Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        status: Annotated[
            list[SubmissionStatus] | None, strawberry.argument(description="Where they stand.")
        ] = None,
    ) -> Connection[Submission]:
        scope.require_viewer()
        rows: Any = Row.objects.all()
        if status is not None:
            asked: Any = status
            rows = rows.filter(status__in=[choice.value for choice in asked])
        return listed(rows, OLDEST, Page.of(first, after, last, before), info)
