"""Places with a QR code, as the staff reads them."""

from __future__ import annotations

import datetime as dt

from backend.stickers import models
from schema.core.fields import column
from schema.core.nodes import Everybody, Node, node_type
from schema.organization.types import Category, Department, Neighbourhood


@node_type(models.Sticker, "Sticker")
class Sticker(Node, Everybody):
    """A place or object that bears a sticker with a QR code (karekodlu yer)."""

    code: str = column("The code in its QR, such as 7G2K-0QXM; it never changes.")
    label: str = column("What it is, as the sticker says it.")
    neighbourhood: Neighbourhood | None = column("The neighbourhood (mahalle).")
    street: str = column("The street, or empty.")
    number: str = column("The number in it, or empty.")
    description: str = column("Where it stands in words, or empty.")
    latitude: float | None = column("Latitude in degrees (WGS 84).")
    longitude: float | None = column("Longitude in degrees (WGS 84).")
    category: Category | None = column("What reports there are about, where the citizen says nothing else.")
    department: Department | None = column("The unit that looks after it: proposed first for routing.")
    is_active: bool = column("In use; a withdrawn one opens the ordinary form.")
    printed_at: dt.datetime | None = column("When it was last put on a sheet; null: it is to be printed.")
    created_at: dt.datetime = column("When it was recorded.")
