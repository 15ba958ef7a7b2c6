"""Asking for what waits."""

from __future__ import annotations

from typing import Annotated

import strawberry
from django.utils.translation import gettext_lazy as _

from backend.core.errors import DomainError, ErrorCode
from permissions.core import scope
from permissions.queue import reading
from permissions.queue.sources import BY_NAME
from schema.queue.types import Queue, QueueCount, QueueFilter, QueueItem, QueueSource, QueueWhose

PURPOSE = "GraphQL: queue"


@strawberry.type
class QueueQueries:
    @strawberry.field(
        description="What waits for the viewer: cases, letters, appointments, instructions, promises and notes whose"
        " next step is theirs, in one order, each with its reason and the verb that usually comes next."
    )
    def next_up(
        self,
        first: Annotated[
            int, strawberry.argument(description=f"How many rows at most (up to {reading.MOST}).")
        ] = 25,
        source: Annotated[
            QueueSource | None,
            strawberry.argument(description="Only this source."),
        ] = None,
        part: Annotated[QueueFilter | None, strawberry.argument(description="Only this part.")] = None,
        whose: Annotated[QueueWhose | None, strawberry.argument(description="Only what is theirs.")] = None,
    ) -> Queue:
        scope.require_viewer()
        if not 0 <= first <= reading.MOST:
            message = _("Ask for at most %(most)s rows.") % {"most": reading.MOST}
            raise DomainError(ErrorCode.INVALID, message, "first")
        queue = reading.next_up(first, purpose=PURPOSE, source=source or "", part=part, whose=whose)
        counts = [
            QueueCount(
                source=BY_NAME[name].name,
                title=str(BY_NAME[name].title),
                all=count.all,
                urgent=count.urgent,
                late=count.late,
                today=count.today,
                mine=count.mine,
                nobody=count.nobody,
                unit=count.unit,
            )
            for name, count in queue.counts.items()
        ]
        return Queue(items=[QueueItem(item=item) for item in queue.items], counts=counts)
