"""Places at an event: how many are taken, who waits for one, and who moves up by itself."""

from __future__ import annotations

from typing import Any

from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from backend.core.errors import DomainError, ErrorCode
from backend.events.actions.step import move_guest
from backend.events.choices import ATTENDING, Answer, GuestStatus
from backend.events.models import Event, Guest
from backend.events.moves import GuestVerb
from backend.organization.models import User


def places_of(guest: Guest, **changes: Any) -> int:
    """How many places a guest takes with these changes: those allowed until they answer, then those who come."""
    said = {name: changes.get(name, getattr(guest, name)) for name in ("status", "answer", "companions")}
    if said["status"] != GuestStatus.LISTED or said["answer"] == Answer.NOT_COMING:
        return 0
    if said["answer"] in ATTENDING:
        return 1 + int(said["companions"])
    return 1 + int(changes.get("companions_allowed", guest.companions_allowed))


def room(event: Event) -> int | None:
    """How many places are free; None where nobody counts them."""
    if event.capacity is None:
        return None
    return event.capacity - Guest.objects.filter(event=event).listed().places_taken()


def require_room(guest: Guest, **changes: Any) -> None:
    """OVER_LIMIT where these changes need more places than are free."""
    free = room(guest.event)
    if free is not None and places_of(guest, **changes) - guest.places > max(free, 0):
        message = _("All places are taken (%(count)s).") % {"count": guest.event.capacity}
        raise DomainError(ErrorCode.OVER_LIMIT, message, "companions")


def next_reserve(event: Event) -> int:
    last = Guest.objects.filter(event=event).aggregate(last=Max("reserve_position"))["last"]
    return int(last or 0) + 1


def move_up(event: Event, *, by: User | None) -> list[Guest]:
    """Those of the reserve, in their order, for whom there is room now; the first who does not fit ends it.

    Where invitations were sent already, theirs follows.
    """
    from backend.events.actions.inviting import has_invited, invite_one

    free, promoted = room(event), []
    for guest in Guest.objects.filter(event=event).reserve().select_for_update(of=("self",)):
        needed = places_of(guest, status=GuestStatus.LISTED)
        if free is not None and needed > free:
            break
        free = None if free is None else free - needed
        move_guest(guest, GuestVerb.PROMOTE, by=by, reserve_position=None, places=needed)
        promoted.append(guest)
    if promoted and has_invited(event):
        for guest in promoted:
            invite_one(guest, by=by)
    return promoted
