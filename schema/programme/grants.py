"""Keepers and readers of programmes, with dates: granted and revoked here, read in `programmeGrants`."""

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
from backend.organization.models import User
from backend.programme.models import Principal as PrincipalRow
from permissions.core import grants, scope
from permissions.core.scope import Action
from permissions.core.viewer import KEEP, PRESS, READ
from permissions.models import PrincipalGrant as GrantRow
from schema.core.connection import Connection, Keyset, Page, connection_field, paged
from schema.core.fields import column, expression
from schema.core.nodes import Scoped, must_load, refetched_row
from schema.core.results import Payload, run_mutation
from schema.core.verbs import action_kwargs, optional, required
from schema.organization.types import StaffMember
from schema.programme.types import Principal

NEWEST = Keyset("programmegrant", "given_at", dt.datetime, descending=True)


@strawberry.enum(description="What a person may be to a programme.")
class ProgrammePermission(enum.Enum):
    KEEP = strawberry.enum_value(KEEP, description="Keeps it (tr: programı tutar).")
    READ = strawberry.enum_value(READ, description="Reads it (tr: programı görür).")
    PRESS = strawberry.enum_value(
        PRESS, description="Sees what it shows to the press unit (tr: basın görünümü)."
    )


@strawberry_django.type(
    GrantRow,
    name="ProgrammeGrant",
    description="A permission of one person on one programme, from a day to a day.",
)
class ProgrammeGrant(Scoped):
    user: StaffMember = column("Who has it.")
    principal: Principal = column("On whose programme.", "content_object")
    what: ProgrammePermission = expression(
        "What they are there.", F("permission__codename"), name="permission"
    )
    valid_from: dt.date = column("The first day.")
    valid_until: dt.date | None = column("The last day; null for good.")
    reason: str = column("Why it was granted.")
    given_at: dt.datetime = column("When it was granted.")
    given_by: StaffMember | None = column("Who gave it.")


@strawberry.type
class ProgrammeGrantQueries:
    @connection_field(
        description="Who keeps, reads or sees the press view of which programme: one's own, or all for users who"
        " manages them. With `live: false` those that have ended too."
    )
    def programme_grants(
        self,
        info: strawberry.Info,
        page: Page,
        principal: Annotated[
            strawberry.ID | None, strawberry.argument(description="Only on this one's programme.")
        ] = None,
        live: Annotated[bool, strawberry.argument(description="Only those that count today.")] = True,
    ) -> Connection[ProgrammeGrant]:
        rows: QuerySet[Any] = GrantRow.dated.live() if live else GrantRow.dated.all()
        if principal:
            rows = rows.filter(content_object=must_load(PrincipalRow, principal, "principal"))
        rows = scope.visible(rows)
        return paged(rows, NEWEST, page, info)


@strawberry.input(description="A permission on a programme to give.")
class ProgrammeGrantGiveInput:
    user: strawberry.ID = required("To whom.")
    principal: strawberry.ID = required("On whose programme.")
    permission: ProgrammePermission = required("What they shall be there.")
    valid_from: dt.date | None = optional("The first day; default today.")
    valid_until: dt.date | None = optional("The last day; default for good.")
    reason: str | None = optional("Why.")


@strawberry.input(description="A permission on a programme to take back.")
class ProgrammeGrantTakeInput:
    user: strawberry.ID = required("From whom.")
    principal: strawberry.ID = required("On whose programme.")
    permission: ProgrammePermission = required("What they shall no longer be there.")
    reason: str | None = optional("Why.")


@strawberry.type(description="The principal afterwards.")
class ProgrammeGrantPayload(Payload):
    principal: Principal | None = refetched_row(PrincipalRow, "The principal; null if nothing was done.")


def _managing(input: Any, act: Any) -> ProgrammeGrantPayload:
    def run() -> dict[str, Any]:
        fields = action_kwargs(input, {"user": User, "principal": PrincipalRow}, "permission")
        principal = fields.pop("principal")
        with scope.elevated_for(GrantRow, Action.GIVE) as viewer:
            act(fields.pop("user"), input.permission.value, principal, by=viewer.user, **fields)
        return {"key": principal.key}

    return run_mutation(ProgrammeGrantPayload, run)


def _take(user: User, codename: str, principal: PrincipalRow, *, by: Any, reason: str = "") -> None:
    held = GrantRow.dated.filter(
        Q(valid_until__isnull=True) | Q(valid_until__gte=today()),
        user=user,
        content_object=principal,
        permission__codename=codename,
    )
    matches = list(held)
    if not matches:
        raise DomainError(ErrorCode.NOT_FOUND, _("They do not have this permission."), "permission")
    for grant in matches:
        grants.take(grant, by=by, reason=reason)


@strawberry.type
class ProgrammeGrantMutations:
    @strawberry.mutation(description="Give a person a permission on a programme.")
    def programme_grant_give(self, input: ProgrammeGrantGiveInput) -> ProgrammeGrantPayload:
        return _managing(input, grants.give_programme)

    @strawberry.mutation(description="Take a permission on a programme back: yesterday was its last day.")
    def programme_grant_take(self, input: ProgrammeGrantTakeInput) -> ProgrammeGrantPayload:
        return _managing(input, _take)
