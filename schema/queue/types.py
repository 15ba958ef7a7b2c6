"""What waits for the viewer, row by row."""

from __future__ import annotations

import datetime as dt

import strawberry

from permissions.queue import kinds, reading
from permissions.queue.words import reason
from schema.core.nodes import global_id
from schema.core.scalars import described_enum

QueueBasis = described_enum(kinds.Basis, "QueueBasis", "What the day of a row of the queue is.")
QueueFilter = described_enum(kinds.Filter, "QueueFilter", "A part of the queue over all its sources.")

QueueSource = described_enum(kinds.QueueSource, "QueueSource", "Where a row of the queue comes from.")
QueueWhose = described_enum(kinds.Whose, "QueueWhose", "Whose a row of the queue is within the unit.")


@strawberry.type(description="A row that waits for the viewer, with the reason of its place (tr: sıradaki).")
class QueueItem:
    item: strawberry.Private[reading.Item]

    @strawberry.field(description="The row, to be asked for by `node`.")
    def id(self) -> strawberry.ID:
        return global_id(self.item.row)

    @strawberry.field(description="The source that it comes from.")
    def source(self) -> QueueSource:
        return self.item.source.name

    @strawberry.field(
        description="Whose it is within the unit; null where no person is responsible for such a thing."
    )
    def whose(self) -> QueueWhose | None:
        return self.item.whose

    @strawberry.field(description="Its number, or empty.")
    def reference(self) -> str:
        return self.item.reference

    @strawberry.field(description="What it is about.")
    def title(self) -> str:
        return self.item.title

    @strawberry.field(description="Urgent, or proposed as that: before all that is not.")
    def is_urgent(self) -> bool:
        return self.item.is_pressing

    @strawberry.field(description="The danger that proposes urgency, until it is decided; otherwise empty.")
    def danger(self) -> str:
        return self.item.danger

    @strawberry.field(description="The day by which it is ordered.")
    def due_on(self) -> dt.date:
        return self.item.due_on

    @strawberry.field(description="What that day is.")
    def basis(self) -> QueueBasis:
        return self.item.source.basis

    @strawberry.field(description="Since when it waits.")
    def began_at(self) -> dt.datetime:
        return self.item.since

    @strawberry.field(description="Why it stands there, in the viewer's language.")
    def reason(self) -> str:
        return reason(self.item)

    @strawberry.field(
        description="The verb that usually comes next, of those that the viewer may do now; null if there is none."
    )
    def verb(self) -> str | None:
        return None if self.item.verb is None else str(self.item.verb.value)


@strawberry.type(description="How much of one source waits, counted up to a thousand and one.")
class QueueCount:
    source: QueueSource = strawberry.field(description="The source.")
    title: str = strawberry.field(description="The same in the viewer's language.")
    all: int = strawberry.field(description="All of it.")
    urgent: int = strawberry.field(description="Of that, what is urgent.")
    late: int = strawberry.field(description="Of that, what is over its day.")
    today: int = strawberry.field(description="Of that, what is due today.")
    mine: int = strawberry.field(description="Of that, what the viewer is responsible for.")
    nobody: int = strawberry.field(description="Of that, what no person is responsible for yet.")
    unit: int = strawberry.field(description="Of that, what others in the unit are responsible for.")


@strawberry.type(description="What waits for the viewer over all services, in one order.")
class Queue:
    items: list[QueueItem] = strawberry.field(
        description="The first rows (at most 100): undecided danger, what is urgent, the"
        " viewer's own, then by day, then by age."
    )
    counts: list[QueueCount] = strawberry.field(
        description="Every source that has any row, whatever was asked for."
    )
