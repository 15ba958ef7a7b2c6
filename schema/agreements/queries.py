"""Query and mutation fields of agreements."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

import strawberry

from backend.agreements.models import Agreement as Row
from schema.agreements.types import Agreement, AgreementKind, AgreementStatus
from schema.core.connection import Connection, Keyset, Page, Search, connection_field, listed
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
    @connection_field(description="The agreements with partners that the viewer sees, the newest first.")
    def agreements(
        self,
        info: strawberry.Info,
        page: Page,
        search: Search = None,
        filter: Annotated[AgreementFilter | None, strawberry.argument(description="Which ones.")] = None,
    ) -> Connection[Agreement]:
        rows = _filtered(filter)
        if search is not None:
            rows = rows.search(search)
        return listed(rows, NEWEST, page, info)
