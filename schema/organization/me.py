"""The viewer: person or program, memberships, and rights outside of single cases."""

from __future__ import annotations

from typing import Any

import strawberry
from django.db.models import QuerySet

from backend.journal.models import AccessLog, AuditLog
from backend.organization import models
from permissions.complaints.rules import may_register
from permissions.core import scope
from permissions.core.filters import EVERYTHING, Action
from permissions.core.registry import RULES
from permissions.models import DepartmentGrant
from schema.organization.types import Department, StaffMember


@strawberry.type(description="What the viewer is in a department today.")
class Membership:
    department: Department = strawberry.field(description="The department.")
    works: bool = strawberry.field(description="Works there (memur).")
    heads: bool = strawberry.field(description="Heads it, or acts for its head (müdür, vekil).")
    oversees: bool = strawberry.field(
        description="Oversees it (başkan yardımcısı; the mayor the private office)."
    )
    sees_contacts: bool = strawberry.field(description="Sees there who the citizen is and how to reach them.")


@strawberry.type(description="The one who asks.")
class Viewer:
    user: StaffMember = strawberry.field(description="The account.")
    username: str = strawberry.field(description="The name of the account.")
    memberships: list[Membership] = strawberry.field(description="What they are where, today.")
    is_office: bool = strawberry.field(description="Works in the private office (özel kalem).")
    sees_all_complaints: bool = strawberry.field(
        description="Sees every case: the private office and the mayor."
    )
    can_register: bool = strawberry.field(description="May record a new case.")
    can_manage_grants: bool = strawberry.field(
        description="May give and take what others are in departments."
    )
    can_read_journal: bool = strawberry.field(description="May read the journal of the installation.")
    can_read_read_log: bool = strawberry.field(description="May read who looked at whose data.")
    scopes: list[str] | None = strawberry.field(
        description="What a program's token may do at most; null for a person."
    )


def _memberships(viewer: scope.Viewer) -> list[Membership]:
    keys = viewer.departments | viewer.contacts_in
    rows: QuerySet[Any] = models.Department.objects.filter(pk__in=keys).order_by("name_sort")
    return [
        Membership(
            department=row,
            works=row.pk in viewer.works_in,
            heads=row.pk in viewer.heads,
            oversees=row.pk in viewer.oversees,
            sees_contacts=row.pk in viewer.contacts_in,
        )
        for row in rows
    ]


def _may(model: Any, action: str) -> bool:
    """Whether the table gives the viewer this on all rows of a table."""
    return bool(RULES[model][action](scope.current_viewer()) == EVERYTHING)


@strawberry.type
class MeQueries:
    @strawberry.field(description="The one who asks, and what they may do.")
    def me(self) -> Viewer:
        viewer = scope.require_viewer()
        return Viewer(
            user=viewer.user,  # type: ignore[arg-type]
            username=viewer.user.username,  # type: ignore[union-attr]
            memberships=_memberships(viewer),
            is_office=viewer.is_office,
            sees_all_complaints=viewer.sees_all,
            can_register=may_register(viewer),
            can_manage_grants=_may(DepartmentGrant, Action.GIVE),
            can_read_journal=_may(AuditLog, Action.VIEW),
            can_read_read_log=_may(AccessLog, Action.VIEW),
            scopes=None if viewer.scopes is None else sorted(viewer.scopes),
        )
