"""What was promised in meetings: asking for it, and saying what became of it."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

import strawberry
from django.db.models import Q

from backend.appointments.models import AppointmentRequest
from backend.appointments.models import Promise as Row
from backend.appointments.promise_moves import promise_action
from backend.programme.models import Entry, Principal
from permissions.core import scope
from permissions.core.filters import NOTHING
from schema.appointments.types import Promise, PromiseStatus
from schema.core.action_mutations import action_mutations
from schema.core.connection import Connection, Keyset, Page, connection_field, listed
from schema.core.nodes import MODELS, decode, refetched_row
from schema.core.results import Payload
from schema.core.scalars import values
from schema.core.verbs import optional

BY_DATE = Keyset("promise", "due_on", dt.date)


@strawberry.input(description="Which promises: all of these must hold; within a list, any.")
class PromiseFilter:
    principal: strawberry.ID | None = optional("By whom they were made.")
    status: list[PromiseStatus] | None = optional("Where they stand.")
    late: bool | None = optional("Only open ones whose day has passed.")


@strawberry.type
class PromiseQueries:
    @connection_field(description="The promises that the viewer sees, the nearest date first.")
    def promises(
        self,
        info: strawberry.Info,
        page: Page,
        filter: Annotated[PromiseFilter | None, strawberry.argument(description="Which ones.")] = None,
    ) -> Connection[Promise]:
        rows: Any = Row.objects.all()
        fields = values(filter) if filter else {}
        if fields.get("status") is not None:
            rows = rows.filter(status__in=[choice.value for choice in fields["status"]])
        if fields.get("late"):
            rows = rows.late()
        if (principal := fields.get("principal")) is not None:
            rows = rows.filter(_made_by(principal))
        return listed(rows, BY_DATE, page, info)


def _made_by(principal: str) -> Q:
    """By the requests and entries that the viewer sees: who made a promise does not show where its place is hidden."""
    result = decode(principal)
    if result is None or result[0] != MODELS[Principal]:
        return NOTHING
    theirs = {"principal__key": result[1]}
    requests = scope.visible(AppointmentRequest).filter(**theirs)
    return Q(request__in=requests.values("pk")) | Q(
        entry__in=scope.visible(Entry).filter(**theirs).values("pk")
    )


# -- changing ----------------------------------------------------------------------------------------------
@strawberry.type(description="The promise, as the viewer sees it afterwards.")
class PromisePayload(Payload):
    promise: Promise | None = refetched_row(
        Row, "The promise; null if it left the viewer's sight, or nothing was done."
    )


PromiseActions = action_mutations("Promise", promise_action, Row, PromisePayload, row="The promise.")
