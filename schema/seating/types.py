"""Halls and seating plans, as they are read."""

from __future__ import annotations

import datetime as dt
import enum

import strawberry
import strawberry_django

from backend.protocol.choices import Representation
from backend.seating import choices, models
from permissions.core.filters import Action
from schema.core.fields import column, owned, viewer_may
from schema.core.nodes import Everybody, Node, Scoped, node_type
from schema.core.scalars import described_enum
from schema.events.types import Event, Guest
from schema.organization.types import StaffMember

SeatingLineKind = described_enum(choices.LineKind, "SeatingLineKind", "How people sit together.")
SeatKind = described_enum(choices.SeatKind, "SeatKind", "Whose a seat is.")
SeatingRepresentation = described_enum(
    Representation, "SeatingRepresentation", "Where the representative of an office holder sits."
)


@strawberry.enum(description="What may be done to halls and seating plans.")
class SeatingAction(enum.Enum):
    CHANGE = strawberry.enum_value(Action.CHANGE.value, description="Change it (tr: düzenler).")


@strawberry_django.type(
    models.HallRow, name="HallRow", description="A row or a table of a hall, from the front (sıra, masa)."
)
class HallRow(Everybody):
    position: int = column("From the front.")
    label: str = column("Its name.")
    kind: SeatingLineKind = column("A row or a table.")
    seats: int = column("How many seats, numbered from the left of those who look at the stage.")
    gaps: list[int] = column("Numbers where there is no seat.")
    aisles: list[int] = column("Behind which seats an aisle runs.")
    is_front: bool = column("Whether it is a front row (ön sıra).")


@node_type(models.Hall, "Hall")
class Hall(Node, Everybody):
    """A room or a square in which people are seated (salon)."""

    name: str = column("Its name.")
    place: str = column("Its address.")
    note: str = column("What to know of it.")
    is_active: bool = column("Whether it is in use.")
    version: int = column("Rises with every change.")
    rows: list[HallRow] = owned("Its rows and tables, from the front.", ["position"], default=40)
    can = viewer_may(models.Hall, SeatingAction)


@node_type(models.PlanSeat, "SeatingSeat")
class SeatingSeat(Node, Scoped):
    """A seat that is assigned, or kept free (koltuk)."""

    number: int = column("Its number in the row.")
    kind: SeatKind = column("Whose it is.")
    guest: Guest | None = column("Whose guest sits there; null of the host and of a seat that is kept free.")
    companion: int = column("0 the guest, 1 the first who comes along.")
    by_hand: bool = column("Given by hand: seating by precedence leaves it.")


@node_type(models.PlanRow, "SeatingRow")
class SeatingRow(Node, Scoped):
    """A row or a table as it stands at one event."""

    position: int = column("From the front.")
    label: str = column("Its name.")
    kind: SeatingLineKind = column("A row or a table.")
    seats: int = column("How many seats, numbered from the left of those who look at the stage.")
    gaps: list[int] = column("Numbers where there is no seat.")
    aisles: list[int] = column("Behind which seats an aisle runs.")
    is_front: bool = column("Whether it is a front row.")
    taken: list[SeatingSeat] = owned("The seats that are assigned, by number.", ["number"], default=20)


@node_type(models.SeatingPlan, "SeatingPlan")
class SeatingPlan(Node, Scoped):
    """Who sits where at an event (oturma planı). Frozen when it goes to print."""

    event: Event | None = column("Of which event.")
    hall: Hall | None = column("In which hall.")
    hosts: bool = column("The principal sits in the middle as the host.")
    host_guest: Guest | None = column("Who the host is on the list of guests, if on it.")
    includes_unanswered: bool = column("Whether those too are seated who did not answer yet.")
    representation: SeatingRepresentation = column("Where representatives sit.")
    frozen_at: dt.datetime | None = column("When it was frozen; null while it is open.")
    frozen_by: StaffMember | None = column("Who froze it.")
    digest: str = column("The SHA-256 of what stands in it, once it is frozen.")
    begun_at: dt.datetime = column("When it was begun.")
    begun_by: StaffMember | None = column("Who began it.")
    version: int = column("Rises with every change; pass it along to be refused after a concurrent change.")
    rows: list[SeatingRow] = owned("Its rows and tables, from the front.", ["position"], default=40)
    can = viewer_may(models.SeatingPlan, SeatingAction)
