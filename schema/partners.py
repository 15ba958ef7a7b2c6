"""Asking for partners, recording them, and saying what may be said to them."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Callable
from typing import Annotated, Any

import strawberry

from backend.contacts.models import Citizen
from backend.organization.models import Department, Neighbourhood, OutsideBody
from backend.partners import actions
from backend.partners.models import Organisation as Row
from backend.partners.models import Role
from backend.partners.moves import Verb
from permissions import scope
from permissions.scope import Action
from schema import partner_inputs as i
from schema.complaint_queries import OrderDirection
from schema.connection import Connection, Keyset, Page
from schema.nodes import MODELS, decode, row_again
from schema.organization import After, Before, First, Last, Search
from schema.partner_types import Organisation, OrganisationKind, OrganisationStatus
from schema.programme import listed
from schema.results import Payload, answered
from schema.scalars import cleaned, values
from schema.verbs import given, optional, says


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
        found = decode(fields["department"])
        if found is None or found[0] != MODELS[Department]:
            return rows.none()
        rows = rows.filter(liaisons__department__key=found[1])
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
    found = decode(value)
    if found is None or found[0] != MODELS[Row]:
        return Row.objects.none()
    named: Any = scope.visible(Row.objects.filter(key=found[1]))
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
    @strawberry.field(description="The organisations that the viewer sees, by name.")
    def organisations(
        self,
        info: strawberry.Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        search: Search = None,
        order: Annotated[OrganisationOrder | None, strawberry.argument(description="In which order.")] = None,
        filter: Annotated[OrganisationFilter | None, strawberry.argument(description="Which ones.")] = None,
    ) -> Connection[Organisation]:
        scope.require_viewer()
        rows = _filtered(filter)
        if search is not None:
            rows = rows.search(search)
        return listed(rows, _keyset(order), Page.of(first, after, last, before), info)


# -- changing ----------------------------------------------------------------------------------------------
@strawberry.type(description="The organisation, as the viewer sees it afterwards.")
class OrganisationPayload(Payload):
    organisation: Organisation | None = row_again(
        Row, "The organisation; null if it left the viewer's sight, or nothing was done."
    )


def _record(input: i.OrganisationRecordInput) -> dict[str, Any]:
    edges = {"body": OutsideBody, "neighbourhood": Neighbourhood, "liaisons": Department}
    with scope.elevated_for(Row, Action.REGISTER) as viewer:
        row = actions.record(by=viewer.user, **given(input, edges))
    return {"key": row.key}


def _said(verb: Verb, act: Callable[..., Any], input_type: type, description: str, **edges: Any) -> Any:
    keep_null = verb in (Verb.CORRECT, Verb.CORRECT_ROLE)
    return says(verb, act, Row, OrganisationPayload, input_type, description, keep_null=keep_null, **edges)


V, a = Verb, actions


@strawberry.type
class PartnerMutations:
    @strawberry.mutation(description="Record an organisation. For the office.")
    def organisation_record(self, input: i.OrganisationRecordInput) -> OrganisationPayload:
        return answered(OrganisationPayload, lambda: _record(input))

    organisation_correct = _said(
        V.CORRECT,
        a.correct,
        i.OrganisationCorrectInput,
        "Set facts right.",
        body=OutsideBody,
        neighbourhood=Neighbourhood,
    )
    organisation_reclassify = _said(
        V.RECLASSIFY, a.reclassify, i.OrganisationReclassifyInput, "It is something else."
    )
    organisation_add_liaison = _said(
        V.ADD_LIAISON,
        a.add_liaison,
        i.OrganisationDepartmentInput,
        "A department works with it, and sees it.",
        department=Department,
    )
    organisation_release_liaison = _said(
        V.RELEASE_LIAISON,
        a.release_liaison,
        i.OrganisationDepartmentInput,
        "A department works with it no longer, and no longer sees it.",
        department=Department,
    )
    organisation_add_role = _said(
        V.ADD_ROLE, a.add_role, i.OrganisationAddRoleInput, "A person with their role.", person=Citizen
    )
    organisation_correct_role = _said(
        V.CORRECT_ROLE, a.correct_role, i.OrganisationCorrectRoleInput, "Set a role right.", role=Role
    )
    organisation_end_role = _said(
        V.END_ROLE, a.end_role, i.OrganisationEndRoleInput, "The last day of a role.", role=Role
    )
    organisation_close = _said(V.CLOSE, a.close, i.OrganisationCloseInput, "It exists no longer.")
    organisation_reopen = _said(V.REOPEN, a.reopen, i.OrganisationRemarkInput, "It exists after all.")
    organisation_merge = _said(
        V.MERGE, a.merge, i.OrganisationMergeInput, "Another record stands for both. Can be undone.", into=Row
    )
    organisation_undo_merge = _said(
        V.UNDO_MERGE, a.undo_merge, i.OrganisationInput, "A merged record stands for itself again."
    )
