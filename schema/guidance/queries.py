"""Pins of the viewer; no one sees another's."""

from __future__ import annotations

import strawberry

from backend.guidance import models
from schema.core.connection import Connection, Keyset, Page, connection_field, listed
from schema.guidance.types import Pin

IN_ORDER = Keyset("pin", "position", int)


@strawberry.type
class GuidanceQueries:
    @connection_field(
        description="What the viewer pinned to the side bar of the admin, in its order. Empty for a program's token."
    )
    def pins(self, info: strawberry.Info, page: Page) -> Connection[Pin]:
        return listed(models.Pin.objects.all(), IN_ORDER, page, info)
