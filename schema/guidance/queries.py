"""Pins of the viewer; no one sees another's."""

from __future__ import annotations

import strawberry

from backend.guidance import models
from permissions.core import scope
from schema.core.connection import After, Before, Connection, First, Keyset, Last, Page, listed
from schema.guidance.types import Pin

IN_ORDER = Keyset("pin", "position", int)


@strawberry.type
class GuidanceQueries:
    @strawberry.field(
        description="What the viewer pinned to the side bar of the admin, in its order. Empty for a program's token."
    )
    def pins(
        self,
        info: strawberry.Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[Pin]:
        scope.require_viewer()
        return listed(models.Pin.objects.all(), IN_ORDER, Page.of(first, after, last, before), info)
