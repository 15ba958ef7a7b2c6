"""Guests at the door: scans and ticks of several devices, which may send them late and twice."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from django.db.models import F, Q, Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.core.errors import DomainError, ErrorCode
from backend.core.localtime import ISTANBUL
from backend.events import links, moves
from backend.events.actions.step import move_guest, write_guest_line
from backend.events.choices import Duty, GuestStatus, Status
from backend.events.models import Arrival, Event, Guest, TeamMember
from backend.events.moves import GuestVerb, Verb, event_action, guest_action
from backend.events.story import EventType, GuestEventType
from backend.journal.action_table import Field
from backend.notifications import staff
from backend.organization.models import User

MOST_SCANS = 500
MOST_PEOPLE = 100
EARLIEST = dt.timedelta(days=1)
LEEWAY = dt.timedelta(minutes=5)


@dataclass(frozen=True)
class Scan:
    """What a device saw: the code of a card (`code`) or a guest chosen by name (`guest`), when, and how many people."""

    client_id: UUID
    code: str = ""
    guest: UUID | None = None
    at: dt.datetime | None = None
    people: int | None = None


class Outcome(StrEnum):
    """What came of a scan."""

    WELCOME = "WELCOME"  # came in now
    AGAIN = "AGAIN"  # came in before: a second scan
    REPEATED = "REPEATED"  # this very scan was sent before; nothing was changed
    NOT_LISTED = "NOT_LISTED"  # on the reserve, or taken off the list
    UNKNOWN = "UNKNOWN"  # no card of this event


@dataclass(frozen=True)
class Seen:
    """A scan and what came of it; `since` is when the guest came in."""

    client_id: UUID
    outcome: Outcome
    guest: Guest | None = None
    since: dt.datetime | None = None


@event_action(Verb.CHECK_IN, event=EventType.CHECKED_IN, source=(Status.ANNOUNCED, Status.HELD))
def check_in(event: Event, *, by: User | None, scans: Sequence[Scan]) -> list[Seen]:
    """Take over scans, in the order in which they happened; each once. OVER_LIMIT for too many scans.

    The first scan of a guest counts; a second one is kept and reported. The chief of protocol is written to when one
    whom the protocol receives comes in.
    """
    moves.require(Verb.CHECK_IN, event.status)
    if len(scans) > MOST_SCANS:
        message = _("At most %(count)s scans at a time.") % {"count": MOST_SCANS}
        raise DomainError(ErrorCode.OVER_LIMIT, message, "scans")
    now = timezone.now()
    ordered = sorted(scans, key=lambda scan: _moment(event, scan, now))
    seen: dict[UUID, Seen] = {}
    for scan in ordered:
        if scan.client_id not in seen:
            seen[scan.client_id] = _take(event, scan, _moment(event, scan, now), by)
    return [seen[scan.client_id] for scan in scans]


def _moment(event: Event, scan: Scan, now: dt.datetime) -> dt.datetime:
    """When it happened by the device's clock, where that can be true; otherwise now."""
    if scan.at is None or scan.at.tzinfo is None:
        return now
    return scan.at if event.starts_at - EARLIEST <= scan.at <= now + LEEWAY else now


def _take(event: Event, scan: Scan, at: dt.datetime, by: User | None) -> Seen:
    there = Arrival.objects.filter(client_id=scan.client_id).select_related("guest__person").first()
    if there is not None:
        if there.event_id != event.pk:
            return Seen(scan.client_id, Outcome.UNKNOWN)
        return Seen(scan.client_id, Outcome.REPEATED, there.guest, there.guest.arrived_at)
    guest = _meant(event, scan)
    if guest is None:
        return Seen(scan.client_id, Outcome.UNKNOWN)
    if guest.status != GuestStatus.LISTED:
        return Seen(scan.client_id, Outcome.NOT_LISTED, guest)
    people = min(max(scan.people or 1 + guest.companions, 1), MOST_PEOPLE)
    is_first = guest.arrived_at is None
    Arrival.objects.create(
        event=event, guest=guest, client_id=scan.client_id, at=at, people=people, is_first=is_first, by=by
    )
    if not is_first:
        return Seen(scan.client_id, Outcome.AGAIN, guest, guest.arrived_at)
    guest.arrived_at, guest.arrived_with = at, people - 1
    guest.save(update_fields=["arrived_at", "arrived_with"])
    write_guest_line(guest, GuestEventType.ARRIVED, by=by, details={"people": people, "at": at.isoformat()})
    if guest.is_vip:
        _notify_chief(event, guest, people)
    return Seen(scan.client_id, Outcome.WELCOME, guest, at)


def _meant(event: Event, scan: Scan) -> Guest | None:
    """The guest of this event whom the scan means, locked; none by an outdated link."""
    guests = Guest.objects.filter(event=event).select_for_update(of=("self",)).select_related("person")
    if scan.guest is not None:
        return guests.filter(key=scan.guest).first()
    value = links.read(scan.code)
    return None if value is None else guests.filter(key=value[0], link=value[1]).first()


def _notify_chief(event: Event, guest: Guest, people: int) -> None:
    """Notify the chief of protocol by the guest's title, without a name."""
    chiefs = User.objects.filter(
        pk__in=TeamMember.objects.filter(event=event, duty__in=[Duty.CHIEF, Duty.HOST]).values("user")
    )
    context = {
        "reference": event.reference,
        "title": guest.title,
        "at": (guest.arrived_at or timezone.now()).astimezone(ISTANBUL),
        "people": people,
        "key": str(event.key),
    }
    staff.post(staff.recipients(None, *chiefs.order_by("pk")), "events/vip", context, event)


@guest_action(
    GuestVerb.UNDO_ARRIVAL,
    event=GuestEventType.ARRIVAL_UNDONE,
    source=GuestStatus.LISTED,
    applies=Q(arrived_at__isnull=False),
)
def undo_arrival(
    guest: Guest, *, by: User | None, reason: Annotated[str, Field(_("Reason"), rows=2)] = ""
) -> Guest:
    """The guest has not come in after all.

    It was another person. WRONG_STATE without an arrival.
    """
    if guest.arrived_at is None:
        raise DomainError(ErrorCode.WRONG_STATE, _("This guest has not come in."))
    Arrival.objects.filter(guest=guest, is_first=True).update(is_first=False)
    details = {"at": guest.arrived_at.isoformat()}
    move_guest(
        guest,
        GuestVerb.UNDO_ARRIVAL,
        by=by,
        note=reason.strip(),
        details=details,
        arrived_at=None,
        arrived_with=0,
    )
    return guest


def people_inside(event: Event) -> int:
    """How many people came in so far, companions included."""
    arrived = Guest.objects.filter(event=event).arrived()
    result = arrived.aggregate(people=Sum(F("arrived_with") + 1))
    return int(result["people"] or 0)
