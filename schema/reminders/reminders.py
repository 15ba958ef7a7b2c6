"""One's own reminders of cases: asking for them, making one, and what becomes of it."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

import strawberry

from backend.complaints.models import Complaint as Case
from backend.reminders import choices, moves
from backend.reminders.models import Reminder as Row
from backend.reminders.moves import reminder_action
from permissions.reminders import access
from permissions.reminders.rules import REMINDERS
from schema.complaints.types import Complaint
from schema.core.action_mutations import action_mutations
from schema.core.connection import Connection, Keyset, Page, connection_field, listed
from schema.core.fields import column, viewer_can
from schema.core.nodes import Node, Scoped, key_of, node_type, refetched_row
from schema.core.results import Payload, run_mutation
from schema.core.scalars import described_enum, values
from schema.core.verbs import optional, required

BY_DAY = Keyset("reminder", "on", dt.date)
ReminderStatus = described_enum(choices.Status, "ReminderStatus", "Where a reminder stands.")
ReminderVerb = described_enum(moves.Verb, "ReminderVerb", "What may be done to a reminder.")


@node_type(Row, "Reminder")
class Reminder(Node, Scoped):
    """A case that the viewer comes back to on a day (hatırlatma). Nobody else sees it."""

    complaint: Complaint | None = column("The case.")
    remind_on: dt.date = column("The local day.", "on")
    note: str = column("What it is for, in the viewer's own words.")
    status: ReminderStatus = column("Where it stands.")
    version: int = column("Rises with every change; pass it along to be refused after a concurrent change.")
    made_at: dt.datetime = column("When it was made.")
    can = viewer_can(REMINDERS, ReminderVerb)


@strawberry.type
class ReminderQueries:
    @connection_field(
        description="The viewer's own reminders of cases that they still see, the nearest day first."
    )
    def reminders(
        self,
        info: strawberry.Info,
        page: Page,
        status: Annotated[
            list[ReminderStatus] | None, strawberry.argument(description="Only those that stand so.")
        ] = None,
    ) -> Connection[Reminder]:
        rows: Any = Row.objects.all()
        if status is not None:
            rows = rows.filter(status__in=[str(one) for one in status])
        return listed(rows, BY_DAY, page, info)


@strawberry.type(description="The reminder, as it is now.")
class ReminderPayload(Payload):
    reminder: Reminder | None = refetched_row(Row, "The reminder; null if nothing was done.")


@strawberry.input(description="Be reminded of a case on a day.")
class ComplaintRemindMeInput:
    id: strawberry.ID = required("The case.")
    on: dt.date = required("The local day: today at the earliest, within a year.")
    note: str | None = optional("What it is for; at most 200 letters.")


def _remind(input: ComplaintRemindMeInput) -> dict[str, Any]:
    fields = {name: value for name, value in values(input, "id").items() if value is not None}
    return {"key": access.remind_me(key_of(Case, input.id), **fields).key}


@strawberry.type
class ReminderMutations:
    @strawberry.mutation(
        description="Be reminded of a case on a day, alone: no one else sees it. One that waits moves there."
    )
    def complaint_remind_me(self, input: ComplaintRemindMeInput) -> ReminderPayload:
        return run_mutation(ReminderPayload, lambda: _remind(input))


ReminderActions = action_mutations("Reminder", reminder_action, Row, ReminderPayload, row="The reminder.")
