"""Places at an event: how many are taken, who waits for one, who moves up, and who gets or loses one."""

from __future__ import annotations

from typing import Annotated, Any

from django.db.models import Max, Q
from django.utils.translation import gettext_lazy as _

from backend.core.errors import DomainError, ErrorCode
from backend.core.validation import required
from backend.core.words.text import clean
from backend.events.actions.parameters import Reason
from backend.events.actions.step import move_guest
from backend.events.choices import ATTENDING, Answer, GuestStatus
from backend.events.models import Event, Guest
from backend.events.moves import GuestVerb, guest_action
from backend.events.story import GuestEventType
from backend.journal.action_table import Field, Trait
from backend.organization.models import User


def places_of(guest: Guest, **changes: Any) -> int:
    """How many places a guest takes with these changes: those allowed until they answer, then those who come."""
    values = {name: changes.get(name, getattr(guest, name)) for name in ("status", "answer", "companions")}
    if values["status"] != GuestStatus.LISTED or values["answer"] == Answer.NOT_COMING:
        return 0
    if values["answer"] in ATTENDING:
        return 1 + int(values["companions"])
    return 1 + int(changes.get("companions_allowed", guest.companions_allowed))


def room(event: Event) -> int | None:
    """Number of free places; None without a limit."""
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
    if promoted:
        was_sent = has_invited(event)
        for guest in promoted:
            if was_sent or guest.signed_up_at is not None:  # who signed up waits for word of it
                invite_one(guest, by=by)
    return promoted


@guest_action(
    GuestVerb.PROMOTE,
    event=GuestEventType.PROMOTED,
    source=GuestStatus.RESERVE,
    target=GuestStatus.LISTED,
    traits=Trait.PRIMARY,
)
def promote(guest: Guest, *, by: User | None) -> Guest:
    """Move a guest up from the reserve.

    Even if others wait longer. OVER_LIMIT where none is free.
    """
    from backend.events.actions.inviting import has_invited, invite_one

    guest_action.require(GuestVerb.PROMOTE, guest.status)
    require_room(guest, status=GuestStatus.LISTED)
    places = places_of(guest, status=GuestStatus.LISTED)
    move_guest(guest, GuestVerb.PROMOTE, by=by, reserve_position=None, places=places)
    if guest.signed_up_at is not None or has_invited(guest.event):
        invite_one(guest, by=by)
    return guest


@guest_action(
    GuestVerb.DEMOTE,
    event=GuestEventType.DEMOTED,
    source=GuestStatus.LISTED,
    target=GuestStatus.RESERVE,
    applies=Q(answer=Answer.WAITING),
)
def demote(guest: Guest, *, by: User | None, note: Annotated[str, Field(_("Note"), rows=2)] = "") -> Guest:
    """Move a guest to the reserve.

    At its end. WRONG_STATE once they accepted.
    """
    guest_action.require(GuestVerb.DEMOTE, guest.status)
    if guest.answer != Answer.WAITING:
        raise DomainError(ErrorCode.WRONG_STATE, _("This guest has answered already."))
    position = next_reserve(guest.event)
    move_guest(guest, GuestVerb.DEMOTE, by=by, note=clean(note), reserve_position=position, places=0)
    return guest


@guest_action(
    GuestVerb.REMOVE,
    event=GuestEventType.TAKEN_OFF,
    source=(GuestStatus.LISTED, GuestStatus.RESERVE),
    target=GuestStatus.LEFT,
    traits=Trait.DESTRUCTIVE,
)
def remove_guest(guest: Guest, *, by: User | None, reason: Reason) -> Guest:
    """Remove a guest from the list.

    Their link says that it is out of date, and the reserve moves up.
    """
    guest_action.require(GuestVerb.REMOVE, guest.status)
    reason = required(reason, "reason", _("Write why."))
    move_guest(guest, GuestVerb.REMOVE, by=by, note=reason, places=0, reserve_position=None)
    move_up(guest.event, by=by)
    return guest


@guest_action(
    GuestVerb.PUT_BACK, event=GuestEventType.PUT_BACK, source=GuestStatus.LEFT, target=GuestStatus.LISTED
)
def put_back(guest: Guest, *, by: User | None) -> Guest:
    """Put a guest back on the list.

    OVER_LIMIT where no place is free.
    """
    guest_action.require(GuestVerb.PUT_BACK, guest.status)
    require_room(guest, status=GuestStatus.LISTED)
    move_guest(guest, GuestVerb.PUT_BACK, by=by, places=places_of(guest, status=GuestStatus.LISTED))
    return guest
