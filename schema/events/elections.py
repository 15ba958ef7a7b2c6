"""Election periods, in which openings are forbidden (298 m.64): readable by all staff, maintained by the office."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

import strawberry

from backend.events import elections, models
from permissions.core import scope
from permissions.core.scope import Action
from schema.core.connection import Connection, Keyset, Page, connection_field, listed
from schema.core.fields import column
from schema.core.nodes import Everybody, Node, must_load, node_type, refetched_row
from schema.core.results import Payload, run_mutation
from schema.core.scalars import values
from schema.core.verbs import optional, required

BY_BEGIN = Keyset("election", "begins_on", dt.date)


@node_type(models.ElectionPeriod, "ElectionPeriod")
class ElectionPeriod(Node, Everybody):
    """From the beginning of propaganda to the day after a vote (seçim dönemi, 298 m.49 and m.64)."""

    code: str = column("Its name in files.")
    name: str = column("Which election.")
    begins_on: dt.date = column("When propaganda begins.")
    ends_on: dt.date = column("The day after the vote, the last day of the period.")
    source: str = column("The decision or the calendar it comes from.")


NotOver = Annotated[bool, strawberry.argument(description="Only those that are not over.")]


@strawberry.type
class ElectionQueries:
    @connection_field(description="The election periods, in order of time.")
    def election_periods(
        self, info: strawberry.Info, page: Page, not_over: NotOver = False
    ) -> Connection[ElectionPeriod]:
        rows: Any = models.ElectionPeriod.objects.all()
        rows = rows.to_come() if not_over else rows
        return listed(rows, BY_BEGIN, page, info)


@strawberry.type(description="The election period, as it is now.")
class ElectionPeriodPayload(Payload):
    election_period: ElectionPeriod | None = refetched_row(
        models.ElectionPeriod, "The period; null if nothing was done."
    )


@strawberry.input(description="An election period, new or corrected.")
class ElectionPeriodSaveInput:
    id: strawberry.ID | None = optional("The one to correct; nothing for a new one.")
    name: str = required("Which election.")
    begins_on: dt.date = required("When propaganda begins: the tenth day before the vote (298 m.49).")
    ends_on: dt.date = required("The day after the vote.")
    source: str = required("The decision or the calendar it comes from.")


def _save(input: ElectionPeriodSaveInput) -> dict[str, Any]:
    with scope.elevated_for(models.ElectionPeriod, Action.CHANGE) as viewer:
        row = must_load(models.ElectionPeriod, input.id, "id") if input.id else None
        return {"key": elections.save_period(row, by=viewer.user, **values(input, "id")).key}


@strawberry.type
class ElectionMutations:
    @strawberry.mutation(description="Add an election period, or correct one: the office.")
    def election_period_save(self, input: ElectionPeriodSaveInput) -> ElectionPeriodPayload:
        return run_mutation(ElectionPeriodPayload, lambda: _save(input))
