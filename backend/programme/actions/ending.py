"""What becomes of an entry: confirmed, cancelled, taken up again, took place or not; and holds that end."""

from __future__ import annotations

import datetime as dt

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.core.errors import DomainError, ErrorCode
from backend.core.given import required
from backend.core.words.text import clean
from backend.organization.models import User
from backend.programme import moves, places
from backend.programme.actions.press import take_from_press
from backend.programme.actions.series import part, reached
from backend.programme.actions.step import checked_hold, move, through_its_request
from backend.programme.choices import Reach, Status
from backend.programme.models import Entry
from backend.programme.moves import Verb


@transaction.atomic
def confirm(entry: Entry, *, by: User | None, note: str = "", of_request: bool = False) -> Entry:
    """What was on hold stands. Its time is its own already."""
    through_its_request(entry, of_request)
    move(entry, Verb.CONFIRM, by=by, note=clean(note))
    return entry


@transaction.atomic
def extend_hold(entry: Entry, *, by: User | None, hold_until: dt.datetime) -> Entry:
    """Keep the time longer."""
    moves.require(Verb.EXTEND_HOLD, entry.status)
    until = checked_hold(hold_until)
    move(entry, Verb.EXTEND_HOLD, by=by, hold_expires_at=until, details={"until": until.isoformat()})
    return entry


@transaction.atomic
def release(entry: Entry, *, by: User | None, note: str = "", of_request: bool = False) -> Entry:
    """Let a hold go: the time is free again."""
    through_its_request(entry, of_request)
    move(entry, Verb.RELEASE, by=by, note=clean(note))
    take_from_press(entry)
    return entry


@transaction.atomic
def cancel(
    entry: Entry, *, by: User | None, reason: str, reach: str = Reach.THIS, of_request: bool = False
) -> Entry:
    """It will not be, for a reason. Its time is free again, and it leaves the press view."""
    through_its_request(entry, of_request)
    rows = reached(entry, Verb.CANCEL, reach)
    reason = required(reason, "reason", _("Write why it is cancelled."))
    part(rows, entry, reach)
    for row in rows:
        move(row, Verb.CANCEL, by=by, note=reason, series=row.series, is_exception=row.is_exception)
    take_from_press(*rows)
    return entry


@transaction.atomic
def restore(
    entry: Entry, *, by: User | None, note: str = "", accept_unusual: bool = False, of_request: bool = False
) -> Entry:
    """Take it up again at its old time, as confirmed. Raises CollisionError if the time was given away meanwhile.

    That takes back a result which was recorded by mistake too; then REQUIRED without a reason in `note`.
    """
    through_its_request(entry, of_request)
    moves.require(Verb.RESTORE, entry.status)
    has_result = entry.status in (Status.DONE, Status.NOT_HELD)
    if has_result:
        note = required(note, "note", _("Write why the result is taken back."))
    places.lock(entry.principal_id)
    time = places.time_of(entry)
    if not accept_unusual and not has_result:
        places.require_usual(entry.principal, entry.kind, time, [entry.pk])
    places.require_free(entry.principal, time, [entry.pk])
    taken_back = {"values": {"outcome": [entry.outcome, ""]}} if entry.outcome else {}
    move(entry, Verb.RESTORE, by=by, note=clean(note), details=taken_back, outcome="")
    return entry


@transaction.atomic
def finish(entry: Entry, *, by: User | None, outcome: str = "", of_request: bool = False) -> Entry:
    """It took place, and this came of it. Not before it began."""
    through_its_request(entry, of_request)
    moves.require(Verb.FINISH, entry.status)
    if entry.starts_at > timezone.now():
        raise DomainError(ErrorCode.OUT_OF_TIME, _("It has not begun yet."))
    move(entry, Verb.FINISH, by=by, outcome=clean(outcome))
    return entry


@transaction.atomic
def miss(entry: Entry, *, by: User | None, note: str = "", of_request: bool = False) -> Entry:
    """It did not take place, though it stood in the programme. Not before it began: until then it is cancelled."""
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
