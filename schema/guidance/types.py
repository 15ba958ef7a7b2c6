"""Pins, as they are read."""

from __future__ import annotations

from backend.guidance import models
from schema.core.fields import column
from schema.core.nodes import Node, Scoped, node_type


@node_type(models.Pin, "Pin")
class Pin(Node, Scoped):
    """A page of the admin that the viewer pinned to their side bar (sabitlenen)."""

    page: str = column("Its address, such as `/admin/complaints/complaint/?tab=late`.")
    title: str = column("What a list is narrowed to; empty for a whole list, and for a row.")
    position: int = column("Its place in the side bar; a smaller number stands higher.")
