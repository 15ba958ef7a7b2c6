"""Query and mutation fields of meetings and visits."""

from __future__ import annotations

import datetime as dt
import enum
from typing import Annotated, Any

import strawberry

from backend.engagements.models import Engagement as Row
from schema.complaints.queries import OrderDirection
from schema.core.connection import Connection, Keyset, Page, Search, connection_field, listed
from schema.core.scalars import values
from schema.core.verbs import optional
from schema.engagements.types import Engagement, EngagementKind, EngagementStatus
from schema.partners.queries import with_partner
from schema.programme.queries import of_principal


@strawberry.enum(description="What is true of an engagement today.")
class EngagementCondition(enum.Enum):
    COMING = strawberry.enum_value("coming", description="In preparation and not over (tr: yaklaşan).")
    TO_MINUTE = strawberry.enum_value(
        "to_minute", description="Over, and without minutes (tr: tutanağı yazılacak)."
    )


@strawberry.input(description="Which engagements: all of these must hold; within a list, any.")
class EngagementFilter:
    condition: list[EngagementCondition] | None = optional("What is true of it today; all of them.")
    kind: list[EngagementKind] | None = optional("What it is.")
    status: list[EngagementStatus] | None = optional("Where it stands.")
    principal: strawberry.ID | None = optional("Who represents us.")
    organisation: strawberry.ID | None = optional("With whom.")


def _filtered(asked: EngagementFilter | None) -> Any:
    rows: Any = Row.objects.all()
    fields = {name: value for name, value in (values(asked) if asked else {}).items() if value is not None}
    for condition in fields.get("condition", []):
        rows = getattr(rows, condition.value)()
    for name in ("kind", "status"):
        if name in fields:
            rows = rows.filter(**{f"{name}__in": [choice.value for choice in fields[name]]})
    rows = with_partner(rows, fields.get("organisation"), "organisation")
    return of_principal(rows, fields.get("principal"))


@strawberry.type
class EngagementQueries:
    @connection_field(description="The meetings and visits that the viewer sees, the latest first.")
    def engagements(
        self,
        info: strawberry.Info,
        page: Page,
        search: Search = None,
        direction: Annotated[
            OrderDirection, strawberry.argument(description="By time: which way.")
        ] = OrderDirection.DESC,
        filter: Annotated[EngagementFilter | None, strawberry.argument(description="Which ones.")] = None,
    ) -> Connection[Engagement]:
        rows = _filtered(filter)
        if search is not None:
            rows = rows.search(search)
        descending = direction is OrderDirection.DESC
        keyset = Keyset(
            "engagement-S" if descending else "engagement-s", "starts_at", dt.datetime, descending
        )
        return listed(rows, keyset, page, info)
