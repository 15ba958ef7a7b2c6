"""Offices of the protocol, their holders, and orders of precedence, as they are read."""

from __future__ import annotations

import datetime as dt
import enum

import strawberry
import strawberry_django

from backend.protocol import choices, models
from permissions.core.filters import Action
from schema.contacts.types import Citizen
from schema.core.fields import column, owned, viewer_may
from schema.core.nodes import Everybody, Node, Scoped, node_type
from schema.core.scalars import described_enum
from schema.organization.types import StaffMember

ProtocolSphere = described_enum(choices.Sphere, "ProtocolSphere", "To what an office belongs.")
HoldingCapacity = described_enum(choices.Capacity, "HoldingCapacity", "In what capacity an office is held.")
PrecedenceKind = described_enum(
    choices.ListKind, "PrecedenceKind", "For ceremonies of which level an order is."
)


@strawberry.enum(description="What may be done to offices and orders of the protocol.")
class ProtocolAction(enum.Enum):
    CHANGE = strawberry.enum_value(Action.CHANGE.value, description="Change it (tr: düzenler).")


@node_type(models.Holding, "ProtocolHolding")
class ProtocolHolding(Node, Scoped):
    """From which to which day a person holds an office (makam sahibi)."""

    office: ProtocolOffice = column("Which office.")
    person: Citizen | None = column("Who; null if the viewer may not know persons.")
    capacity: HoldingCapacity = column("The office itself, or in its holder's place.")
    valid_from: dt.date = column("The first day.")
    valid_until: dt.date | None = column("The last day; null while it goes on.")
    basis: str = column("On what it rests.")
    appointed_at: dt.datetime = column("When it was recorded.")
    appointed_by: StaffMember | None = column("Who recorded it.")


@node_type(models.Office, "ProtocolOffice")
class ProtocolOffice(Node, Everybody):
    """An office that is invited, addressed and ranked (makam). A rank is the office's, never a person's."""

    code: str = column("Short code, unique.")
    title: str = column("Full title.")
    short_title: str = column("Short title.")
    institution: str = column("The institution it belongs to.")
    sphere: ProtocolSphere = column("To what it belongs.")
    address_form: str = column("How a letter begins, such as “Sayın Kaymakamım,”.")
    is_collective: bool = column("Several hold it at a time, such as members of parliament.")
    is_active: bool = column("Whether it is in use.")
    version: int = column("Rises with every change; pass it along to be refused after a concurrent change.")
    holdings: list[ProtocolHolding] = owned(
        "Who holds it and held it, the latest first.", ["-valid_from", "-id"]
    )
    can = viewer_may(models.Office, ProtocolAction)


@strawberry_django.type(
    models.PrecedenceEntry, name="PrecedenceEntry", description="The place of an office in an order."
)
class PrecedenceEntry(Everybody):
    office: ProtocolOffice = column("Which office.")
    place: int = column("Its place; offices with the same place are equal.")
    position: int = column("Where it stands in the list, equals included.")


@node_type(models.PrecedenceList, "PrecedenceList")
class PrecedenceList(Node, Everybody):
    """A version of an order of precedence (öndegelim sırası). It holds until the next one of its kind begins."""

    kind: PrecedenceKind = column("For ceremonies of which level.")
    name: str = column("Its name.")
    source: str = column("Where the order comes from.")
    valid_from: dt.date = column("Since when it holds.")
    version: int = column("Rises whenever the order is rewritten.")
    recorded_at: dt.datetime = column("When it was recorded.")
    recorded_by: StaffMember | None = column("Who recorded it.")
    entries: list[PrecedenceEntry] = owned("The offices, the highest first.", ["position"], default=100)
    can = viewer_may(models.PrecedenceList, ProtocolAction)


@node_type(models.SnapshotLine, "PrecedenceSnapshotLine")
class PrecedenceSnapshotLine(Node, Scoped):
    """An office in the order of one event, with its titles as they then were."""

    office: ProtocolOffice = column("Which office.")
    title: str = column("Its full title when the order was taken.")
    short_title: str = column("Its short title when the order was taken.")
    place: int = column("Its place at this event; offices with the same place are equal.")
    position: int = column("Where it stands, equals included.")
    listed_place: int | None = column("Its place in the list; null if it was put in for this event.")
    why: str = column("Why its place was changed for this event.")


@node_type(models.Snapshot, "PrecedenceSnapshot")
class PrecedenceSnapshot(Node, Scoped):
    """The order of precedence as an event took it: no later change of the list reaches it."""

    precedence: PrecedenceList = column("The list it was taken from.")
    list_version: int = column("The version of the list then.")
    taken_at: dt.datetime = column("When it was taken.")
    taken_by: StaffMember | None = column("Who took it.")
    version: int = column("Rises with every change; pass it along to be refused after a concurrent change.")
    lines: list[PrecedenceSnapshotLine] = owned("The offices, the highest first.", ["position"], default=100)
    can = viewer_may(models.Snapshot, ProtocolAction)
