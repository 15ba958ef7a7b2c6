"""A department gets a new name, a DETSİS number, or closes into another; what moves along can be asked first."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable
from typing import Annotated, Any

import strawberry

from backend.organization import actions
from backend.organization.models import Department as Row
from permissions.core import scope
from permissions.core.scope import Action
from permissions.organization import departments
from schema.core.nodes import key_of, must_load
from schema.core.results import Payload, run_mutation
from schema.core.scalars import values
from schema.organization.types import Department


@strawberry.type(description="What goes to the successor of a department, as numbers.")
class DepartmentEffects:
    open_cases: int | None = strawberry.field(
        description="Open cases it is responsible for; null for who does not see all cases."
    )
    collaborations: int | None = strawberry.field(
        description="Open cases on which it works along; null likewise."
    )
    awaited_notes: int | None = strawberry.field(
        description="Notes before meetings that it has still to write; null as above."
    )
    open_promises: int | None = strawberry.field(description="Promises that it is to keep; null as above.")
    open_instructions: int | None = strawberry.field(
        description="Instructions that have not come to their end; null as above."
    )
    incoming_letters: int | None = strawberry.field(
        description="Letters that it has still to answer; null as above."
    )
    people: int = strawberry.field(description="People who hold a permission on it today.")
    sections: int = strawberry.field(description="Its parts (şeflik).")
    categories: int = strawberry.field(description="Categories that name it as a candidate.")
    bodies: int = strawberry.field(description="Outside bodies that it speaks with.")


@strawberry.input(description="A new name from a day on; the old one stays on what was written under it.")
class DepartmentRenameInput:
    id: strawberry.ID = strawberry.field(description="The department.")
    name: str = strawberry.field(description="The new name.")
    short_name: str = strawberry.field(description="The new short name; by default the name.", default="")
    on: dt.date = strawberry.field(description="The first day of the new name, at the latest today.")


@strawberry.input(description="A department that ends; its rights and cases go to its successor.")
class DepartmentCloseInput:
    id: strawberry.ID = strawberry.field(description="The department.")
    successor: strawberry.ID = strawberry.field(
        description="The department that has its rights and cases since."
    )
    last_day: dt.date = strawberry.field(description="Its last day, at the latest yesterday.")


@strawberry.input(description="The number of a department in the state's register of organisations (DETSİS).")
class DepartmentRecordDetsisInput:
    id: strawberry.ID = strawberry.field(description="The department.")
    detsis: str = strawberry.field(description="Eight digits; empty takes the number away.")


@strawberry.type(description="The department afterwards: the one with the new name, or the closed one.")
class DepartmentPayload(Payload):
    department: Department | None = strawberry.field(description="The department.", default=None)


def _changed(id: str, act: Callable[..., Row], fields: Callable[[], dict[str, Any]]) -> DepartmentPayload:
    def run() -> dict[str, Any]:
        data = fields()
        with scope.authorized(Action.CHANGE, Row, key_of(Row, id)) as row:
            after = act(row, by=scope.current_viewer().user, **data)
            return {"department": Row.objects.get(pk=after.pk)}

    return run_mutation(DepartmentPayload, run)


@strawberry.type
class DepartmentQueries:
    @strawberry.field(
        description="What would move along if this department were renamed or closed; for who may do so, else null."
    )
    def department_effects(
        self, id: Annotated[strawberry.ID, strawberry.argument(description="The department.")]
    ) -> DepartmentEffects | None:
        scope.require_viewer()
        row = must_load(Row, id, "id")
        if not scope.can(Action.CHANGE, row):
            return None
        return DepartmentEffects(**dataclasses.asdict(departments.hanging_on(row)))


@strawberry.type
class DepartmentMutations:
    @strawberry.mutation(
        description="Give a department a new name from a day on; the new row is its successor."
    )
    def department_rename(self, input: DepartmentRenameInput) -> DepartmentPayload:
        return _changed(input.id, actions.rename, lambda: values(input, "id"))

    @strawberry.mutation(description="Record the DETSİS number of a department, which its letters bear.")
    def department_record_detsis(self, input: DepartmentRecordDetsisInput) -> DepartmentPayload:
        return _changed(input.id, actions.record_detsis, lambda: values(input, "id"))

    @strawberry.mutation(description="Close a department into another.")
    def department_close(self, input: DepartmentCloseInput) -> DepartmentPayload:
        return _changed(
            input.id,
            actions.close_into,
            lambda: (
                values(input, "id", "successor") | {"successor": must_load(Row, input.successor, "successor")}
            ),
        )
