"""What becomes of an entry: confirmed, cancelled, taken up again, took place or not; and holds that end."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.core.errors import DomainError, ErrorCode
from backend.core.validation import required
from backend.core.words.text import clean
from backend.journal.action_table import Field, Trait
from backend.organization.models import User
from backend.programme import moves, places
from backend.programme.actions.parameters import AcceptUnusual, HowMuch, Note
from backend.programme.actions.press import take_from_press
from backend.programme.actions.series import part, reached
from backend.programme.actions.step import BEGUN, ITS_OWN, checked_hold, move, through_its_request
from backend.programme.choices import LIVE, Reach, Status
from backend.programme.models import Entry
from backend.programme.moves import Verb, entry_action
from backend.programme.story import EventType


@entry_action(
    Verb.CONFIRM,
    event=EventType.CONFIRMED,
    source=Status.HELD,
    target=Status.CONFIRMED,
    applies=ITS_OWN,
    traits=Trait.PRIMARY,
)
def confirm(
    entry: Entry,
    *,
    by: User | None,
    note: Annotated[str, Field(api="A remark for the story.")] = "",
    of_request: bool = False,
) -> Entry:
    """What was on hold stands.

    Its time is its own already.
    """
    through_its_request(entry, of_request)
    move(entry, Verb.CONFIRM, by=by, note=clean(note))
    return entry


@entry_action(Verb.EXTEND_HOLD, event=EventType.HOLD_EXTENDED, source=Status.HELD)
def extend_hold(
    entry: Entry,
    *,
    by: User | None,
    hold_until: Annotated[dt.datetime, Field(_("Hold until"), api="Until when.")],
) -> Entry:
    """Hold the time longer."""
    moves.require(Verb.EXTEND_HOLD, entry.status)
    until = checked_hold(hold_until)
    move(entry, Verb.EXTEND_HOLD, by=by, hold_expires_at=until, details={"until": until.isoformat()})
    return entry


@entry_action(
    Verb.RELEASE,
    event=EventType.RELEASED,
    source=Status.HELD,
    target=Status.RELEASED,
    applies=ITS_OWN,
    traits=Trait.PRIMARY | Trait.DESTRUCTIVE,
)
def release(entry: Entry, *, by: User | None, note: Note = "", of_request: bool = False) -> Entry:
    """Let a hold go.

    The time is free again.
    """
    through_its_request(entry, of_request)
    move(entry, Verb.RELEASE, by=by, note=clean(note))
    take_from_press(entry)
    return entry


@entry_action(
    Verb.CANCEL,
    event=EventType.CANCELLED,
    source=LIVE,
    target=Status.CANCELLED,
    applies=ITS_OWN,
    traits=Trait.PRIMARY | Trait.DESTRUCTIVE,
    hint=_("Its time is free again at once."),
)
def cancel(
    entry: Entry,
    *,
    by: User | None,
    reason: Annotated[str, Field(_("Reason"), api="Why.", rows=3)],
    reach: HowMuch = Reach.THIS,
    of_request: bool = False,
) -> Entry:
    """It will not be.

    Its time is free again, and it leaves the press view.
    """
    through_its_request(entry, of_request)
    rows = reached(entry, Verb.CANCEL, reach)
    reason = required(reason, "reason", _("Write why it is cancelled."))
    part(rows, entry, reach)
    for row in rows:
        move(row, Verb.CANCEL, by=by, note=reason, series=row.series, is_exception=row.is_exception)
    take_from_press(*rows)
    return entry


@entry_action(
    Verb.RESTORE,
    event=EventType.RESTORED,
    source=(Status.CANCELLED, Status.RELEASED, Status.NOT_HELD, Status.DONE),
    target=Status.CONFIRMED,
    applies=ITS_OWN,
    traits=Trait.PRIMARY,
    hint=_("At its old time, if that is still free."),
)
def restore(
    entry: Entry,
    *,
    by: User | None,
    note: Note = "",
    accept_unusual: AcceptUnusual = False,
    of_request: bool = False,
) -> Entry:
    """Take it up again at its old time.

    As confirmed. Raises CollisionError if the time is taken meanwhile.

    That takes back a result which was recorded by mistake too; then REQUIRED without a reason in `note`.
    """
    through_its_request(entry, of_request)
    moves.require(Verb.RESTORE, entry.status)
    has_result = entry.status in (Status.DONE, Status.NOT_HELD)
    if has_result and not of_request:  # of a request: asked for where the request is undone
        note = required(note, "note", _("Write why the result is taken back."))
    places.lock(entry.principal_id)
    time = places.time_of(entry)
    if not accept_unusual and not has_result:
        places.require_usual(entry.principal, entry.kind, time, [entry.pk])
    places.require_free(entry.principal, time, [entry.pk])
    taken_back = {"values": {"outcome": [entry.outcome, ""]}} if entry.outcome else {}
    move(entry, Verb.RESTORE, by=by, note=clean(note), details=taken_back, outcome="")
    return entry


@entry_action(
    Verb.FINISH,
    event=EventType.FINISHED,
    source=Status.CONFIRMED,
    target=Status.DONE,
    applies=ITS_OWN & BEGUN,
    traits=Trait.PRIMARY,
)
def finish(
    entry: Entry,
    *,
    by: User | None,
    outcome: Annotated[str, Field(_("What came of it"), api="What came of it.", rows=4)] = "",
    of_request: bool = False,
) -> Entry:
    """It took place.

    Not before it began.
    """
    through_its_request(entry, of_request)
    moves.require(Verb.FINISH, entry.status)
    if entry.starts_at > timezone.now():
        raise DomainError(ErrorCode.OUT_OF_TIME, _("It has not begun yet."))
    move(entry, Verb.FINISH, by=by, outcome=clean(outcome))
    return entry


@entry_action(
    Verb.MISS,
    event=EventType.MISSED,
    source=Status.CONFIRMED,
    target=Status.NOT_HELD,
    applies=ITS_OWN & BEGUN,
    traits=Trait.PRIMARY,
)
def miss(entry: Entry, *, by: User | None, note: Note = "", of_request: bool = False) -> Entry:
    """It did not take place.

    Not before it began: until then it is cancelled.
    """
    through_its_request(entry, of_request)
    moves.require(Verb.MISS, entry.status)
    if entry.starts_at > timezone.now():
        raise DomainError(ErrorCode.OUT_OF_TIME, _("It has not begun yet. Cancel it instead."))
    move(entry, Verb.MISS, by=by, note=clean(note))
    take_from_press(entry)
    return entry


def release_expired_holds() -> int:
    """End every hold whose time is over, with a line in its story; how many. The database does it, for a job has
    no eyes for confidential entries."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT app.release_expired_holds(NULL)")
        return int(cursor.fetchone()[0])
