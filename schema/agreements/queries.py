"""Query and mutation fields of agreements."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

import strawberry

from backend.agreements.models import Agreement as Row
from permissions.core import scope
from schema.agreements.types import Agreement, AgreementKind, AgreementStatus
from schema.core.connection import After, Before, Connection, First, Keyset, Last, Page, Search, listed
from schema.core.scalars import values
from schema.core.verbs import optional

NEWEST = Keyset("agreement", "drafted_at", dt.datetime, descending=True)


@strawberry.input(description="Which agreements: all of these must hold; within a list, any.")
class AgreementFilter:
    kind: list[AgreementKind] | None = optional("What it is.")
    status: list[AgreementStatus] | None = optional("Where it stands.")
    to_renew: bool | None = optional("In force, and the day to think of renewal has come.")


def _filtered(asked: AgreementFilter | None) -> Any:
    fields = {name: value for name, value in (values(asked) if asked else {}).items() if value is not None}
    rows: Any = Row.objects.to_renew() if fields.get("to_renew") else Row.objects.all()
    for name in ("kind", "status"):
        if name in fields:
            rows = rows.filter(**{f"{name}__in": [choice.value for choice in fields[name]]})
    return rows


@strawberry.type
class AgreementQueries:
    @strawberry.field(description="The agreements with partners that the viewer sees, the newest first.")
    def agreements(
        self,
        info: strawberry.Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        search: Search = None,
        filter: Annotated[AgreementFilter | None, strawberry.argument(description="Which ones.")] = None,
    ) -> Connection[Agreement]:
        scope.require_viewer()
        rows = _filtered(filter)
        if search is not None:
            rows = rows.search(search)
        return listed(rows, NEWEST, Page.of(first, after, last, before), info)
