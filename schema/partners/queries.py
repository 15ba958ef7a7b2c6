"""Query and mutation fields of partners."""

from __future__ import annotations

import datetime as dt
import enum
from typing import Annotated, Any

import strawberry

from backend.organization.models import Department
from backend.partners.models import Organisation as Row
from permissions.core import scope
from schema.complaints.queries import OrderDirection
from schema.core.connection import Connection, Keyset, Page, Search, connection_field, listed
from schema.core.nodes import MODELS, decode
from schema.core.scalars import cleaned, values
from schema.core.verbs import optional
from schema.partners.types import Organisation, OrganisationKind, OrganisationStatus


@strawberry.enum(description="By what a list of organisations is ordered.")
class OrganisationOrderField(enum.Enum):
    NAME = strawberry.enum_value("name", description="By name, in Turkish order (tr: ad).")
    RECORDED_AT = strawberry.enum_value("recorded_at", description="When it was recorded (tr: kayıt zamanı).")


@strawberry.input(
    description="The order of a list of organisations; the number of the row decides between equals."
)
class OrganisationOrder:
    field: OrganisationOrderField = strawberry.field(
        description="By what.", default=OrganisationOrderField.NAME
    )
    direction: OrderDirection = strawberry.field(description="Which way.", default=OrderDirection.ASC)


@strawberry.input(description="Which organisations: all of these must hold; within a list, any.")
class OrganisationFilter:
    kind: list[OrganisationKind] | None = optional("What it is.")
    status: list[OrganisationStatus] | None = optional("Where the record stands; by default active ones.")
    tag: str | None = optional("With this tag.")
    department: strawberry.ID | None = optional("With which this department works.")
    is_sister: bool | None = optional("Whether it is a sister municipality.")


def _filtered(asked: OrganisationFilter | None) -> Any:
    fields = {name: value for name, value in (values(asked) if asked else {}).items() if value is not None}
    rows: Any = Row.objects.all()
    if "status" in fields:
        rows = rows.filter(status__in=[choice.value for choice in fields["status"]])
    else:
        rows = rows.active()
    if "kind" in fields:
        rows = rows.filter(kind__in=[choice.value for choice in fields["kind"]])
    if "tag" in fields:
        rows = rows.filter(tags__contains=[cleaned(fields["tag"])])
    if "is_sister" in fields:
        rows = rows.filter(sister_since__isnull=not fields["is_sister"])
    if "department" in fields:
        result = decode(fields["department"])
        if result is None or result[0] != MODELS[Department]:
            return rows.none()
        rows = rows.filter(liaisons__department__key=result[1])
    return rows


def _keyset(order: OrganisationOrder | None) -> Keyset:
    order = order or OrganisationOrder()
    descending = order.direction is OrderDirection.DESC
    if order.field is OrganisationOrderField.RECORDED_AT:
        code = "organisation-R" if descending else "organisation-r"
        return Keyset(code, "recorded_at", dt.datetime, descending)
    return Keyset("organisation-N" if descending else "organisation-n", "name_sort", str, descending)


def family_of(value: str) -> Any:
    """All records of one organisation that the viewer sees, as far as they see them; of an id of nothing, none."""
    result = decode(value)
    if result is None or result[0] != MODELS[Row]:
        return Row.objects.none()
    named: Any = scope.visible(Row.objects.filter(key=result[1]))
    return scope.visible(named.family())


def with_partner(rows: Any, value: str | None, field: str = "partner") -> Any:
    """Narrow to the rows of one organisation, whichever of its records they name (`family_of`)."""
    return (
        rows
        if value is None or value is strawberry.UNSET
        else rows.filter(**{f"{field}__in": family_of(value)})
    )


@strawberry.type
class PartnerQueries:
    @connection_field(description="The organisations that the viewer sees, by name.")
    def organisations(
        self,
        info: strawberry.Info,
        page: Page,
        search: Search = None,
        order: Annotated[OrganisationOrder | None, strawberry.argument(description="In which order.")] = None,
        filter: Annotated[OrganisationFilter | None, strawberry.argument(description="Which ones.")] = None,
    ) -> Connection[Organisation]:
        rows = _filtered(filter)
        if search is not None:
            rows = rows.search(search)
        return listed(rows, _keyset(order), page, info)
