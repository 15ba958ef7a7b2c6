"""Query and mutation fields of instructions."""

from __future__ import annotations

import datetime as dt
import enum
from typing import Annotated, Any

import strawberry

from backend.instructions.models import Instruction as Row
from backend.organization.models import Department
from permissions.core import scope
from schema.complaints.queries import OrderDirection
from schema.core.connection import Connection, Keyset, Page, Search, connection_field, listed
from schema.core.nodes import MODELS, decode, single_row
from schema.core.scalars import cleaned, values
from schema.core.verbs import optional
from schema.instructions.types import Instruction, InstructionPriority, InstructionStatus
from schema.programme.queries import of_principal


@strawberry.enum(description="What is true of an instruction today.")
class InstructionCondition(enum.Enum):
    OPEN = strawberry.enum_value("open", description="Neither accepted nor withdrawn (tr: açık).")
    CARRIED = strawberry.enum_value(
        "carried", description="Still to be carried out by the department (tr: yürütülen)."
    )
    LATE = strawberry.enum_value(
        "late", description="Still to be carried out, and its day has passed (tr: geciken)."
    )
    UNACKNOWLEDGED = strawberry.enum_value(
        "unacknowledged", description="Waiting for the department's acknowledgement (tr: alındı bekleyen)."
    )
    TO_DECIDE = strawberry.enum_value(
        "to_decide", description="Waiting for a decision of the office (tr: karar bekleyen)."
    )


@strawberry.enum(description="By what a list of instructions is ordered.")
class InstructionOrderField(enum.Enum):
    DUE_ON = strawberry.enum_value("due_on", description="The day it is to be done by (tr: son gün).")
    GIVEN_AT = strawberry.enum_value("given_at", description="When it was recorded (tr: kayıt zamanı).")


@strawberry.input(
    description="The order of a list of instructions; the number of the row decides between equals."
)
class InstructionOrder:
    field: InstructionOrderField = strawberry.field(
        description="By what.", default=InstructionOrderField.DUE_ON
    )
    direction: OrderDirection = strawberry.field(description="Which way.", default=OrderDirection.ASC)


@strawberry.input(description="Which instructions: all of these must hold; within a list, any.")
class InstructionFilter:
    condition: list[InstructionCondition] | None = optional("What is true of it today; all of them.")
    status: list[InstructionStatus] | None = optional("Where it stands.")
    priority: list[InstructionPriority] | None = optional("How pressing it is.")
    principal: strawberry.ID | None = optional("Who gave it.")
    department: strawberry.ID | None = optional("The department that is responsible.")
    due_from: dt.date | None = optional("To be done on this day or later.")
    due_to: dt.date | None = optional("To be done on this day or earlier.")


def _filtered(asked: InstructionFilter | None) -> Any:
    rows: Any = Row.objects.all()
    fields = {name: value for name, value in (values(asked) if asked else {}).items() if value is not None}
    for condition in fields.get("condition", []):
        rows = getattr(rows, condition.value)()
    for name in ("status", "priority"):
        if name in fields:
            rows = rows.filter(**{f"{name}__in": [choice.value for choice in fields[name]]})
    for name, lookup in (("due_from", "due_on__gte"), ("due_to", "due_on__lte")):
        if name in fields:
            rows = rows.filter(**{lookup: fields[name]})
    if "department" in fields:
        result = decode(fields["department"])
        if result is None or result[0] != MODELS[Department]:
            return rows.none()
        rows = rows.filter(department__key=result[1])
    return of_principal(rows, fields.get("principal"))


def _keyset(order: InstructionOrder | None) -> Keyset:
    order = order or InstructionOrder()
    descending = order.direction is OrderDirection.DESC
    if order.field is InstructionOrderField.GIVEN_AT:
        return Keyset("instruction-G" if descending else "instruction-g", "given_at", dt.datetime, descending)
    return Keyset("instruction-D" if descending else "instruction-d", "due_on", dt.date, descending)


@strawberry.type
class InstructionQueries:
    @connection_field(description="The instructions that the viewer sees, by default the nearest day first.")
    def instructions(
        self,
        info: strawberry.Info,
        page: Page,
        search: Search = None,
        order: Annotated[InstructionOrder | None, strawberry.argument(description="In which order.")] = None,
        filter: Annotated[InstructionFilter | None, strawberry.argument(description="Which ones.")] = None,
    ) -> Connection[Instruction]:
        rows = _filtered(filter)
        if search is not None:
            rows = rows.search(search)
        return listed(rows, _keyset(order), page, info)

    @strawberry.field(description="The instruction with this number. Null if it is hidden or missing.")
    def instruction(
        self,
        info: strawberry.Info,
        reference: Annotated[str, strawberry.argument(description="Its number, such as TL-2027/4.")],
    ) -> Instruction | None:
        scope.require_viewer()
        return single_row(scope.visible(Row).filter(reference=cleaned(reference)), info)
