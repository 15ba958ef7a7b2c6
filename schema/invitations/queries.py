"""Query and mutation fields of invitations."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

import strawberry

from backend.invitations import models
from permissions.core import scope
from schema.core.connection import Connection, Keyset, Page, Search, connection_field, listed
from schema.core.nodes import single_row
from schema.core.scalars import cleaned, values
from schema.core.verbs import optional
from schema.invitations.types import (
    Invitation,
    InvitationOccasion,
    InvitationStatus,
)
from schema.partners.queries import with_partner
from schema.programme.queries import From, Until, in_days, of_principal

BY_TIME = Keyset("invitation", "starts_at", dt.datetime)


Row = models.Invitation


@strawberry.input(description="Which invitations: all of these must hold; within a list, any.")
class InvitationFilter:
    principal: strawberry.ID | None = optional("Who is invited.")
    partner: strawberry.ID | None = optional("Which organisation invites.")
    occasion: list[InvitationOccasion] | None = optional("To what.")
    status: list[InvitationStatus] | None = optional("What was decided.")


@strawberry.type
class InvitationQueries:
    @connection_field(description="The invitations that the viewer sees, in order of time.")
    def invitations(
        self,
        info: strawberry.Info,
        page: Page,
        from_: From = None,
        until: Until = None,
        search: Search = None,
        filter: Annotated[InvitationFilter | None, strawberry.argument(description="Which ones.")] = None,
    ) -> Connection[Invitation]:
        rows: Any = Row.objects.all()
        if search is not None:
            rows = rows.search(search)
        fields = values(filter) if filter else {}
        for name in ("occasion", "status"):
            if fields.get(name) is not None:
                rows = rows.filter(**{f"{name}__in": [choice.value for choice in fields[name]]})
        rows = with_partner(of_principal(rows, fields.get("principal")), fields.get("partner"))
        rows = in_days(rows, from_, until)
        return listed(rows, BY_TIME, page, info)

    @strawberry.field(description="The invitation with this number. Null if it is hidden or missing.")
    def invitation(
        self,
        info: strawberry.Info,
        reference: Annotated[str, strawberry.argument(description="Its number, such as DV-2027/4.")],
    ) -> Invitation | None:
        scope.require_viewer()
        return single_row(scope.visible(Row).filter(reference=cleaned(reference)), info)
