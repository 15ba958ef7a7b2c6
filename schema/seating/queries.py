"""Asking for halls and seating plans, seating guests and moving them."""

from __future__ import annotations

from typing import Annotated

import strawberry

from backend.events.models import Event
from backend.seating import models
from permissions.core import scope
from schema.core.connection import Connection, Keyset, Page, connection_field, listed, paged
from schema.core.nodes import key_of, single_row
from schema.seating.types import Hall, SeatingPlan, SeatingRow

BY_NAME = Keyset("hall", "name_sort", str)


FROM_THE_FRONT = Keyset("seating-row", "position", int)


@strawberry.type(description="What the rule says against a seat.")
class SeatingFault:
    kind: str = strawberry.field(
        description="BEHIND: a guest of lower rank sits better; APART: not next to whom they came with;"
        " UNSEATED; GONE: has a seat and does not come."
    )
    guest: strawberry.ID | None = strawberry.field(description="Whose seat it is; null of the host.")
    companion: int = strawberry.field(description="0 the guest, 1 the first who comes along.")
    other: strawberry.ID | None = strawberry.field(description="Which other guest it is about.")


@strawberry.type
class SeatingQueries:
    @connection_field(description="The halls (salon) in use, by name.")
    def halls(self, info: strawberry.Info, page: Page) -> Connection[Hall]:
        rows = models.Hall.objects.filter(is_active=True)
        return paged(rows, BY_NAME, page, info)

    @strawberry.field(description="The seating plan of an event; null if there is none, or if it is hidden.")
    def seating_plan(
        self,
        info: strawberry.Info,
        event: Annotated[strawberry.ID, strawberry.argument(description="Which event.")],
    ) -> SeatingPlan | None:
        scope.require_viewer()
        rows = models.SeatingPlan.objects.filter(event__key=key_of(Event, event, "event"))
        return single_row(scope.visible(rows), info)

    @connection_field(
        description="The rows and tables of the plan of an event, from the front: a big hall page by page."
    )
    def seating_rows(
        self,
        info: strawberry.Info,
        event: Annotated[strawberry.ID, strawberry.argument(description="Of which event.")],
        page: Page,
    ) -> Connection[SeatingRow]:
        rows = models.PlanRow.objects.filter(plan__event__key=key_of(Event, event, "event"))
        return listed(rows, FROM_THE_FRONT, page, info)
