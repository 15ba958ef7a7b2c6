"""Who is what in which department: giving, taking, appointing. Read in `Department` and here."""

from __future__ import annotations

import datetime as dt
import enum
from typing import Annotated, Any

import strawberry
import strawberry_django
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from backend.core.errors import DomainError, ErrorCode
from backend.core.localtime import today
from backend.organization.models import Department as DepartmentRow
from backend.organization.models import User
from permissions.core import grants, scope
from permissions.core.scope import Action
from permissions.core.viewer import CONTACTS, HEAD, MEMBERSHIPS, OVERSEE, WORK
from permissions.models import DepartmentGrant as GrantRow
from schema.core.connection import Connection, Keyset, Page, connection_field, paged
from schema.core.fields import column, expression
from schema.core.nodes import Scoped, must_load
from schema.core.results import Payload, run_mutation
from schema.core.scalars import values
from schema.organization.types import Department, StaffMember

NEWEST = Keyset("grant", "given_at", dt.datetime, descending=True)


@strawberry.enum(description="What a person may be in a department.")
class DepartmentPermission(enum.Enum):
    WORK = strawberry.enum_value(WORK, description="Works there (tr: çalışır).")
    HEAD = strawberry.enum_value(HEAD, description="Heads it (tr: müdürü).")
    OVERSEE = strawberry.enum_value(OVERSEE, description="Oversees it (tr: bağlı olduğu başkan yardımcısı).")
    CONTACTS = strawberry.enum_value(
        CONTACTS, description="Sees who the citizen is (tr: iletişim bilgilerini görür)."
    )
    MEMBERSHIPS = strawberry.enum_value(
        MEMBERSHIPS,
        description="Sees memberships of associations, unions and parties (tr: dernek, sendika ve parti üyeliğini"
        " görür).",
    )


@strawberry_django.type(
    GrantRow,
    name="DepartmentGrant",
    description="A permission of one person on one department, from a day to a day.",
)
class DepartmentGrant(Scoped):
    user: StaffMember = column("Who has it.")
    department: Department = column("On which department.", "content_object")
    what: DepartmentPermission = expression(
        "What they are there.", F("permission__codename"), name="permission"
    )
    valid_from: dt.date = column("The first day.")
    valid_until: dt.date | None = column("The last day; null for good.")
    is_acting: bool = column("Acting for the head (vekâlet).")
    reason: str = column("Why it was granted.")
    given_at: dt.datetime = column("When it was granted.")
    given_by: StaffMember | None = column("Who gave it.")


@strawberry.type
class GrantQueries:
    @connection_field(
        description="Who is what in which department: one's own, or all for users who manage them."
    )
    def department_grants(
        self,
        info: strawberry.Info,
        page: Page,
        department: Annotated[
            strawberry.ID | None, strawberry.argument(description="Only on this one.")
        ] = None,
        user: Annotated[strawberry.ID | None, strawberry.argument(description="Only this person's.")] = None,
        live: Annotated[bool, strawberry.argument(description="Only those that count today.")] = True,
    ) -> Connection[DepartmentGrant]:
        rows: QuerySet[Any] = GrantRow.dated.live() if live else GrantRow.dated.all()
        if department:
            rows = rows.filter(content_object=must_load(DepartmentRow, department, "department"))
        if user:
            rows = rows.filter(user=must_load(User, user, "user"))
        rows = scope.visible(rows)
        return paged(rows, NEWEST, page, info)


def _field(description: str, **more: Any) -> Any:
    return strawberry.field(description=description, **more)


@strawberry.input(description="A permission to give.")
class GrantGiveInput:
    user: strawberry.ID = _field("To whom.")
    department: strawberry.ID = _field("On which department.")
    permission: DepartmentPermission = _field("What they shall be there.")
    valid_from: dt.date | None = _field("The first day; default today.", default=None)
    valid_until: dt.date | None = _field("The last day; default for good.", default=None)
    reason: str = _field("Why.", default="")


@strawberry.input(description="A permission to take back.")
class GrantTakeInput:
    user: strawberry.ID = _field("From whom.")
    department: strawberry.ID = _field("On which department.")
    permission: DepartmentPermission = _field("What they shall no longer be there.")
    reason: str = _field("Why.", default="")


@strawberry.input(description="Who heads a department from today.")
class HeadAppointInput:
    department: strawberry.ID = _field("The department.")
    user: strawberry.ID = _field("The head.")


@strawberry.input(description="Who acts for the head, from a day to a day (vekâlet).")
class ActingHeadAppointInput:
    department: strawberry.ID = _field("The department.")
    user: strawberry.ID = _field("Who acts.")
    valid_from: dt.date = _field("The first day.")
    valid_until: dt.date = _field("The last day.")
    reason: str = _field("Why.", default="")


@strawberry.type(description="The department afterwards.")
class GrantPayload(Payload):
    department: Department | None = strawberry.field(description="The department.", default=None)


def _give(input: GrantGiveInput, user: User, department: DepartmentRow, by: Any) -> None:
    fields = values(input, "user", "department", "permission")
    grants.give(user, str(input.permission.value), department, by=by, **fields)


def _take(input: GrantTakeInput, user: User, department: DepartmentRow, by: Any) -> None:
    held = GrantRow.objects.filter(
        Q(valid_until__isnull=True) | Q(valid_until__gte=today()),
        user=user,
        content_object=department,
        permission__codename=input.permission.value,
    )
    matches = list(held)
    if not matches:
        raise DomainError(ErrorCode.NOT_FOUND, _("They do not have this permission."), "permission")
    for grant in matches:
        grants.take(grant, by=by, reason=values(input)["reason"])


def _managing(input: Any, act: Any) -> GrantPayload:
    def run() -> dict[str, Any]:
        department = must_load(DepartmentRow, input.department, "department")
        user = must_load(User, input.user, "user")
        with scope.elevated_for(GrantRow, Action.GIVE) as viewer:
            act(user, department, viewer.user)
            return {"department": DepartmentRow.objects.get(pk=department.pk)}

    return run_mutation(GrantPayload, run)


@strawberry.type
class GrantMutations:
    @strawberry.mutation(description="Give a person a permission on a department.")
    def grant_give(self, input: GrantGiveInput) -> GrantPayload:
        return _managing(input, lambda user, department, by: _give(input, user, department, by))

    @strawberry.mutation(description="Take a permission back: yesterday was its last day.")
    def grant_take(self, input: GrantTakeInput) -> GrantPayload:
        return _managing(input, lambda user, department, by: _take(input, user, department, by))

    @strawberry.mutation(description="Appoint the head; the former head's permission ends.")
    def head_appoint(self, input: HeadAppointInput) -> GrantPayload:
        return _managing(input, lambda user, department, by: grants.appoint_head(department, user, by=by))

    @strawberry.mutation(description="Appoint who acts for the head (vekâlet); it begins and ends by itself.")
    def acting_head_appoint(self, input: ActingHeadAppointInput) -> GrantPayload:
        fields = values(input, "user", "department")
        return _managing(
            input, lambda user, department, by: grants.appoint_acting_head(department, user, by=by, **fields)
        )
