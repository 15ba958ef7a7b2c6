"""Who stands in for whom, and handing an entry over to another principal."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from backend.core.errors import DomainError, ErrorCode
from backend.core.localtime import today
from backend.core.words.text import clean
from backend.journal.action_table import Field
from backend.journal.actions import record
from backend.organization.models import User
from backend.programme import moves, places
from backend.programme.actions.parameters import AcceptUnusual, Note
from backend.programme.actions.press import take_from_press
from backend.programme.actions.step import ITS_OWN, move, through_its_request
from backend.programme.choices import LIVE, Kind
from backend.programme.models import ONE_STAND_IN, DepartmentNote, Entry, Principal, StandIn
from backend.programme.moves import Verb, entry_action
from backend.programme.story import EventType

LONGEST = dt.timedelta(days=366)


@transaction.atomic
def appoint_stand_in(
    principal: Principal,
    *,
    by: User | None,
    deputy: Principal,
    valid_from: dt.date,
    valid_until: dt.date,
    reason: str = "",
) -> StandIn:
    """Appoint an acting principal for a period (başkan vekili, 5393 m.40: a member of the council).

    Who acts as mayor initials and signs letters in the mayor's place, as “V.” (`backend.letters`).
    On those days the programme offers no free time, and appointments need confirmation. Existing entries are handed
    over one by one. `reason` is for the journal alone: it may be an illness. INVALID, CONFLICT for overlapping
    periods.
    """
    if valid_until < valid_from:
        raise DomainError(ErrorCode.INVALID, _("The last day lies before the first."), "valid_until")
    if valid_until < today():
        raise DomainError(ErrorCode.INVALID, _("The last day lies in the past."), "valid_until")
    if valid_until - valid_from > LONGEST:
        raise DomainError(ErrorCode.OVER_LIMIT, _("At most one year at a time."), "valid_until")
    other_in_office(principal, deputy, "deputy")
    try:
        with transaction.atomic():
            row = StandIn.objects.create(
                principal=principal,
                deputy=deputy,
                valid_from=valid_from,
                valid_until=valid_until,
                appointed_by=by,
            )
    except IntegrityError as error:
        if ONE_STAND_IN not in str(error):
            raise
        message = _("Somebody stands in on some of these days already. End that first.")
        raise DomainError(ErrorCode.CONFLICT, message, "valid_from") from None
    note = f"{deputy.name} {row} {clean(reason)}".strip()
    record(verb="stand_in_appointed", about=principal, by=by, note=note)
    return row


@transaction.atomic
def end_stand_in(row: StandIn, *, by: User | None) -> Principal:
    """The principal is back: yesterday was the last day; what had not begun is removed. The journal keeps both."""
    locked = (
        StandIn.objects.select_for_update(of=("self",)).select_related("principal", "deputy").get(pk=row.pk)
    )
    yesterday = today() - dt.timedelta(days=1)
    if locked.valid_until <= yesterday:
        raise DomainError(ErrorCode.WRONG_STATE, _("This is over already."), "stand_in")
    record(verb="stand_in_ended", about=locked.principal, by=by, note=f"{locked.deputy.name} {locked}")
    if locked.valid_from > yesterday:
        locked.delete()
    else:
        StandIn.objects.filter(pk=locked.pk).update(valid_until=yesterday)
    return locked.principal


@entry_action(
    Verb.HAND_OVER,
    event=EventType.HANDED_OVER,
    source=LIVE,
    applies=ITS_OWN & ~Q(kind=Kind.PUBLIC_DAY),
    hint=_("It goes into the other's programme at its time, and leaves this one and the press view."),
)
def hand_over(
    entry: Entry,
    *,
    by: User | None,
    to: Annotated[
        Principal,
        Field(_("Who attends instead"), api="The other principal, whose programme the viewer keeps too."),
    ],
    note: Note = "",
    accept_unusual: AcceptUnusual = False,
    of_request: bool = False,
) -> Entry:
    """Another principal attends.

    The entry goes into their programme at its time, and leaves this one.

    It leaves its series and the press view of whom it was. A halk günü cannot be handed over: visitors were notified
    whom they meet. Raises CollisionError with free times of the other, UnusualError, WRONG_STATE, INVALID.
    """
    moves.require(Verb.HAND_OVER, entry.status)
    through_its_request(entry, of_request)
    former = entry.principal
    other_in_office(former, to, "to")
    if entry.kind == Kind.PUBLIC_DAY:
        message = _("A public day is the principal's own. Cancel it instead.")
        raise DomainError(ErrorCode.INVALID, message)
    places.lock(former.pk, to.pk)
    time = places.time_of(entry)
    if not accept_unusual:
        places.require_usual(to, entry.kind, time)
    places.require_free(to, time)
    take_from_press(entry)
    DepartmentNote.objects.filter(entry=entry).update(principal=to)
    move(
        entry,
        Verb.HAND_OVER,
        by=by,
        note=clean(note),
        details={"principals": [former.name, to.name]},
        principal=to,
        hold_expires_at=entry.hold_expires_at,
        series=None,
        series_on=None,
        series_pattern=None,
        is_exception=False,
    )
    return entry


def other_in_office(principal: Principal, other: Principal, field: str) -> None:
    """INVALID unless it is another principal, who is in office."""
    if other.pk == principal.pk or not other.is_active:
        raise DomainError(ErrorCode.INVALID, _("Choose another principal who is in office."), field)
