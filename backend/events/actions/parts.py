"""The parts of an event, each with its time in the principal's programme."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any

from django.db.models import Max, Min
from django.utils.translation import gettext_lazy as _

from backend.core.errors import DomainError, ErrorCode
from backend.core.localtime import local_date
from backend.core.validation import required, short
from backend.events import elections, moves
from backend.events.actions.agenda import Step
from backend.events.actions.parameters import Reason
from backend.events.actions.publishing import sync_published
from backend.events.actions.step import move, row_of
from backend.events.choices import UPCOMING
from backend.events.models import AgendaItem, Event, EventPart
from backend.events.moves import Verb, event_action
from backend.events.story import EventType
from backend.journal.action_table import Field, Trait
from backend.organization.models import User
from backend.programme import actions as programme
from backend.programme import places
from backend.programme.choices import LIVE, Kind


def span_of(event: Event) -> list[dt.date]:
    """The local days on which its parts begin."""
    return [local_date(at) for at in event.parts.values_list("starts_at", flat=True)]


def enter(
    event: Event, one: PlannedPart, *, is_main: bool, by: User | None, accept_unusual: bool
) -> EventPart:
    """The part as a row, with its entry where the principal attends."""
    title, place = _facts(one.title, one.place)
    _require_order(one.starts_at, one.ends_at)
    part = EventPart(
        event=event,
        title=title,
        place=place,
        starts_at=one.starts_at,
        ends_at=one.ends_at,
        is_main=is_main,
        attends=one.attends,
    )
    if one.attends:
        _plan(part, by, accept_unusual)
    part.save(force_insert=True)
    return part


def _facts(title: str, place: str) -> tuple[str, str]:
    return required(title, "title", _("Write what it is."), 200), short(place, "place")


def _require_order(starts_at: dt.datetime, ends_at: dt.datetime) -> None:
    if ends_at <= starts_at:
        raise DomainError(ErrorCode.INVALID, _("The end must lie after the beginning."), "ends_at")


def _plan(part: EventPart, by: User | None, accept_unusual: bool) -> None:
    event = part.event
    heading = event.title if part.is_main or part.title == event.title else f"{event.title}: {part.title}"
    part.entry = programme.plan(
        event.principal,
        by=by,
        kind=Kind.EVENT,
        title=heading[:200],
        starts_at=part.starts_at,
        ends_at=part.ends_at,
        place=part.place or event.place,
        accept_unusual=accept_unusual,
        of_request=True,
    )


def leave_programme(part: EventPart, *, by: User | None, reason: str) -> None:
    """Its time is free again, if it still takes any."""
    if part.entry is not None and part.entry.status in LIVE:
        programme.cancel(part.entry, by=by, reason=reason, of_request=True)


@event_action(Verb.PUT_PART, event=EventType.PART_PUT, source=UPCOMING)
def put_part(
    event: Event,
    *,
    by: User | None,
    part: Annotated[
        EventPart | None,
        Field(_("Part"), api="The part to change; without it one is added.", empty=_("a new part")),
    ] = None,
    title: Annotated[str | None, Field(_("Name of the part"), api="What it is.", max_length=200)] = None,
    place: Annotated[str | None, Field(_("Place"), api="Where.", max_length=200)] = None,
    starts_at: Annotated[
        dt.datetime | None, Field(_("Begins"), api="When it begins; its steps move with it.")
    ] = None,
    ends_at: Annotated[
        dt.datetime | None, Field(_("Ends"), api="When it ends; without it the length stays.")
    ] = None,
    attends: Annotated[
        bool | None,
        Field(
            _("The principal attends"),
            api="The principal attends.",
            why=_("What the principal attends enters the programme and takes its time there."),
        ),
    ] = None,
    is_main: Annotated[
        bool | None, Field(_("Stands on the invitation"), api="It stands on the invitation.")
    ] = None,
    override_reason: Annotated[
        str,
        Field(
            _("Reason for holding it within an election period"),
            api="Why an opening is held within an election period (298 m.64).",
            help=_("Only where openings are forbidden (298 m.64); with the note of the legal department."),
            why=_(
                "From the beginning of propaganda to the day after the vote nothing is opened and no foundation laid"
                " with public means; national days and days of liberation are exempt."
            ),
            law="298 m. 64, Ek m. 6",
            max_length=300,
        ),
    ] = "",
    legal_note: Annotated[
        str, Field(_("Legal note"), api="What the legal department says of that; with a reason only.", rows=2)
    ] = "",
    accept_unusual: Annotated[
        bool,
        Field(_("The time is meant, though it is unusual"), api="Confirms the time after UNUSUAL."),
    ] = False,
) -> EventPart:
    """Add a part, or change one.

    A new time moves its steps and its entry with it.

    What is left out stays; without a new end the length stays. Raises CollisionError, UnusualError, REQUIRED, INVALID,
    UNUSUAL for a day within an election period (298 m.64).
    """
    moves.require(Verb.PUT_PART, event.status)
    row = EventPart(event=event) if part is None else row_of(event, EventPart.objects, part, "part")
    if starts_at is None and part is None:
        raise DomainError(ErrorCode.REQUIRED, _("Say when it is."), "starts_at")
    before = row.starts_at
    length = row.ends_at - row.starts_at if part else dt.timedelta(hours=1)
    row.title, row.place = _facts(
        row.title if title is None else title, row.place if place is None else place
    )
    row.starts_at = starts_at or row.starts_at
    row.ends_at = ends_at or (row.starts_at + length if starts_at else row.ends_at)
    row.attends = row.attends if attends is None else attends
    _require_order(row.starts_at, row.ends_at)
    override = _override(event, row, override_reason, legal_note)
    if is_main and not row.is_main:
        EventPart.objects.filter(event=event, is_main=True).update(is_main=False)
        row.is_main = True
    _in_programme(row, by, accept_unusual)
    row.save()
    if part and row.starts_at != before:
        _shift(row, row.starts_at - before)
    _settle(event, by, row, override)
    return row


def _override(event: Event, row: EventPart, reason: str, legal_note: str) -> dict[str, str]:
    """What a new day within an election period needs; what stands already is enough."""
    if event.override_reason:
        return {}
    return elections.checked_override(event.kind, [local_date(row.starts_at)], reason, legal_note)


def _in_programme(part: EventPart, by: User | None, accept_unusual: bool) -> None:
    entry = part.entry
    if entry is None or entry.status not in LIVE:
        if part.attends:
            _plan(part, by, accept_unusual)
        return
    if not part.attends:
        programme.cancel(entry, by=by, reason=str(_("The principal does not attend.")), of_request=True)
        part.entry = None
        return
    places.lock(entry.principal_id)
    entry.refresh_from_db()
    if (entry.starts_at, entry.ends_at) != (part.starts_at, part.ends_at):
        programme.move_to(
            entry,
            by=by,
            starts_at=part.starts_at,
            ends_at=part.ends_at,
            accept_unusual=accept_unusual,
            of_request=True,
        )


def _shift(part: EventPart, by: dt.timedelta) -> None:
    items = list(AgendaItem.objects.filter(part=part))
    for item in items:
        item.starts_at += by
    AgendaItem.objects.bulk_update(items, ["starts_at"])


def _settle(event: Event, by: User | None, part: EventPart, changes: dict[str, Any]) -> None:
    span = event.parts.aggregate(start=Min("starts_at"), end=Max("ends_at"))
    details = {
        "part": part.title,
        "starts_at": part.starts_at.isoformat(),
        "ends_at": part.ends_at.isoformat(),
    }
    whole = {"starts_at": span["start"], "ends_at": span["end"]}
    move(event, Verb.PUT_PART, by=by, details=details, **whole, **changes)
    sync_published(event)


@event_action(Verb.DROP_PART, event=EventType.PART_DROPPED, source=UPCOMING, traits=Trait.DESTRUCTIVE)
def drop_part(
    event: Event,
    *,
    by: User | None,
    part: Annotated[EventPart, Field(_("Part"), api="The part.")],
    reason: Reason = "",
) -> Event:
    """Take a part off.

    With its steps; its time is free again. The last one stays: cancel the event instead.
    """
    moves.require(Verb.DROP_PART, event.status)
    row = row_of(event, EventPart.objects, part, "part")
    rest = EventPart.objects.filter(event=event).exclude(pk=row.pk).order_by("starts_at", "id")
    if not rest.exists():
        raise DomainError(ErrorCode.INVALID, _("An event has at least one part: cancel it instead."), "part")
    why = reason.strip() or str(_("This part is left out."))
    leave_programme(row, by=by, reason=why)
    was_main = row.is_main
    row.delete()
    if was_main:
        EventPart.objects.filter(pk=rest.values("pk")[:1]).update(is_main=True)
    span = event.parts.aggregate(start=Min("starts_at"), end=Max("ends_at"))
    whole = {"starts_at": span["start"], "ends_at": span["end"]}
    move(event, Verb.DROP_PART, by=by, note=reason.strip(), details={"part": row.title}, **whole)
    sync_published(event)
    return event


@dataclass(frozen=True)
class PlannedPart:
    """Part of an event, as input; its place defaults to the event's."""

    title: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    place: str = ""
    is_main: bool = False
    attends: bool = True
    steps: Sequence[Step] = field(default_factory=tuple)
