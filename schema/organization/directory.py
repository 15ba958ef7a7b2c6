"""The table of the directory's groups, and who would get and lose what by it: for administrators."""

from __future__ import annotations

from contextlib import nullcontext
from typing import Any

import strawberry
from django.db.models import F

from backend.core.session import dry_run as taking_back
from backend.organization import models
from backend.organization.sign_on import actions, ldap
from permissions.core import scope
from permissions.core.scope import Action
from permissions.organization import directory
from schema.core.connection import Connection, Keyset, Page, connection_field, paged
from schema.core.fields import column, expression
from schema.core.nodes import Node, Scoped, must_load, node_type, refetched_row
from schema.core.results import Payload, run_mutation
from schema.core.scalars import described_enum
from schema.organization.grants import DepartmentPermission
from schema.organization.types import Department

BY_GROUP = Keyset("directory_rule", "group", str)
MOST = 500
DirectoryEffectKind = described_enum(
    directory.EffectKind, "DirectoryEffectKind", "What the table does to a person."
)


@node_type(models.DirectoryRule, "DirectoryRule")
class DirectoryRule(Node, Scoped):
    """A line of the table: who is in the group of the directory has the permission (dizin grubu)."""

    group: str = column("The group, as the directory writes it.")
    department: Department | None = column("On which department.")
    what: DepartmentPermission = expression("What they are there.", F("permission"), name="permission")
    takes_others: bool = column("Whether it ends what was granted by hand.")


@strawberry.type(description="One thing that the table would do, or did, to one person.")
class DirectoryEffect:
    kind: DirectoryEffectKind = strawberry.field(description="What.")
    person: str = strawberry.field(description="The name in the directory.")
    username: str = strawberry.field(description="The user name in the directory.")
    department: Department | None = strawberry.field(description="On which department.")
    permission: DepartmentPermission | None = strawberry.field(description="Which permission.")
    reason: str = strawberry.field(description="Why not, where it does not.")


@strawberry.type
class DirectoryQueries:
    @connection_field(
        description="The table of the directory's groups. For administrators and the office's head."
    )
    def directory_rules(self, info: strawberry.Info, page: Page) -> Connection[DirectoryRule]:
        return paged(scope.visible(models.DirectoryRule), BY_GROUP, page, info)

    @strawberry.field(
        description="What applying the table to what was last read would do, 500 lines at most. Empty for all but"
        " administrators and the head of the office."
    )
    def directory_effects(self) -> list[DirectoryEffect]:
        scope.require_viewer()
        return _shown(directory.effects()) if directory.may_see() else []


@strawberry.input(description="A line of the table, new or corrected.")
class DirectoryRuleSaveInput:
    id: strawberry.ID | None = strawberry.field(
        description="The one to correct; nothing for a new one.", default=None
    )
    group: str = strawberry.field(description="The group, in full, as the directory writes it.")
    department: strawberry.ID = strawberry.field(description="On which department.")
    permission: DepartmentPermission = strawberry.field(description="What who is in the group is there.")
    takes_others: bool = strawberry.field(
        description="Whether it ends what was granted by hand.", default=False
    )
    dry_run: bool = strawberry.field(description="Only say what would change.", default=False)


@strawberry.input(description="A line of the table to remove.")
class DirectoryRuleRemoveInput:
    id: strawberry.ID = strawberry.field(description="Which one.")
    dry_run: bool = strawberry.field(description="Only say what would change.", default=False)


@strawberry.type(description="The line as it is now, and what applying the table would do.")
class DirectoryRulePayload(Payload):
    directory_rule: DirectoryRule | None = refetched_row(
        models.DirectoryRule, "The line; null if it was removed or nothing was done."
    )
    effects: list[DirectoryEffect] = strawberry.field(
        description="What the table does when it is next applied, 500 lines at most.", default_factory=list
    )


@strawberry.input(description="The table to apply now.")
class DirectoryApplyInput:
    dry_run: bool = strawberry.field(description="Only say what would change.", default=False)


@strawberry.type(description="What was done.")
class DirectoryApplyPayload(Payload):
    count: int = strawberry.field(description="How many things were done.", default=0)
    effects: list[DirectoryEffect] = strawberry.field(
        description="What, 500 lines at most.", default_factory=list
    )


@strawberry.type
class DirectoryMutations:
    @strawberry.mutation(description="Add a line to the table of the directory's groups, or correct one.")
    def directory_rule_save(self, input: DirectoryRuleSaveInput) -> DirectoryRulePayload:
        def act(by: Any) -> models.DirectoryRule:
            row = must_load(models.DirectoryRule, input.id, "id") if input.id else None
            return actions.save_rule(
                row,
                by=by,
                group=input.group,
                department=must_load(models.Department, input.department, "department"),
                permission=str(input.permission.value),
                takes_others=input.takes_others,
            )

        return _changing(input.dry_run, act)

    @strawberry.mutation(
        description="Remove a line of the table; what it gave ends when the table is next applied."
    )
    def directory_rule_remove(self, input: DirectoryRuleRemoveInput) -> DirectoryRulePayload:
        def act(by: Any) -> None:
            actions.remove_rule(must_load(models.DirectoryRule, input.id, "id"), by=by)

        return _changing(input.dry_run, act)

    @strawberry.mutation(description="Apply the table to what was last read, without waiting for the job.")
    def directory_apply(self, input: DirectoryApplyInput) -> DirectoryApplyPayload:
        def run() -> dict[str, Any]:
            with (
                scope.elevated_for(models.DirectoryRule, Action.CHANGE) as viewer,
                taking_back() if input.dry_run else nullcontext(),
            ):
                actions.reading()
                found = directory.effects()
                count = directory.apply(found, by=viewer.user)
                actions.let_go()
                return {"count": count, "effects": _shown(found)}

        return run_mutation(DirectoryApplyPayload, run)


def _changing(dry_run: bool, act: Any) -> DirectoryRulePayload:
    def run() -> dict[str, Any]:
        reading = ldap.read_if_possible() if dry_run else None
        with (
            scope.elevated_for(models.DirectoryRule, Action.CHANGE) as viewer,
            taking_back() if dry_run else nullcontext(),
        ):
            row = act(viewer.user)
            found = _shown(directory.look(reading))
        return {"key": row.key if row is not None and not dry_run else None, "effects": found}

    return run_mutation(DirectoryRulePayload, run)


def _shown(found: list[Any]) -> list[DirectoryEffect]:
    return [
        DirectoryEffect(
            kind=one.kind,
            person=str(one.person),
            username=one.person.username,
            department=one.department,
            permission=DepartmentPermission(one.permission) if one.permission else None,
            reason=str(one.reason),
        )
        for one in found[:MOST]
    ]
