"""What all actions are made of: the conditional move of the row, the line of the story, the refusal of the database."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.core.errors import DomainError, ErrorCode
from backend.core.text import clean
from backend.organization.models import User
from backend.programme import moves
from backend.programme.choices import Status
from backend.programme.models import NO_OVERLAP, Entry, EntryLine
from backend.programme.moves import MOVES, Verb
from backend.programme.places import CollisionError
from backend.programme.story import TELLS

C = TypeVar("C", bound=enum.Enum)


def write_line(
    entry: Entry,
    verb: str,
    *,
    by: User | None,
    note: str = "",
    details: dict[str, Any] | None = None,
    from_status: str | None = None,
) -> EntryLine:
    """Add one line to the story. `verb` is a word of `story.Happened`."""
    return EntryLine.objects.create(
        entry=entry,
        verb=verb,
        actor=by,
        note=note,
        from_status=entry.status if from_status is None else from_status,
        to_status=entry.status,
        details=details or {},
    )


def move(
    entry: Entry,
    verb: Verb,
    *,
    by: User | None,
    note: str = "",
    details: dict[str, Any] | None = None,
    **changes: Any,
) -> None:
    """Say the verb: change the row if it still is as the caller knows it, and write the line.

    Of many callers at once one wins, the others get WRONG_STATE.
    """
    moves.require(verb, entry.status)
    before = Status(entry.status)
    after = MOVES[verb].to or before
    if after is not Status.HELD:
        changes = {"hold_expires_at": None, **changes}
    rows = Entry.objects.filter(pk=entry.pk, status=before, version=entry.version)
    with the_table_refuses_overlaps():
        changed = rows.update(status=after, version=F("version") + 1, **changes)
    if not changed:
        raise changed_meanwhile()
    entry.status, entry.version = after, entry.version + 1
    for field, value in changes.items():
        setattr(entry, field, value)
    write_line(entry, TELLS[verb], by=by, note=note, details=details, from_status=before)


@contextmanager
def the_table_refuses_overlaps() -> Iterator[None]:
    """Run a write; what the exclusion constraint refuses becomes the sentence a person reads.

    Under the lock of `places.lock` this happens only against somebody who wrote without it.
    """
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        if NO_OVERLAP not in str(error):
            raise
        raise CollisionError(_("This time has just been taken. Choose another time."), []) from None


def through_its_request(entry: Entry, of_request: bool) -> None:
    """WRONG_STATE where somebody asked for it: who is told of a change is decided at the request."""
    if entry.is_requested and not of_request:
        raise DomainError(
            ErrorCode.WRONG_STATE,
            _("Somebody asked for this appointment: change it at the request, so that they are told."),
        )


def changed_meanwhile() -> DomainError:
    return DomainError(
        ErrorCode.WRONG_STATE, _("Somebody else has changed this entry in the meantime. Reload the page.")
    )


def required(text: str, field: str, message: Any, longest: int | None = None) -> str:
    """The cleaned text, or REQUIRED with the given sentence."""
    text = clean(text or "")
    if not text:
        raise DomainError(ErrorCode.REQUIRED, message, field)
    return short(text, field, longest) if longest else text


def short(text: str, field: str, longest: int = 200) -> str:
    """The cleaned text, INVALID if it is longer than its column."""
    text = clean(text or "")
    if len(text) > longest:
        raise DomainError(
            ErrorCode.INVALID, _("At most %(count)s letters are possible here.") % {"count": longest}, field
        )
    return text


def choice(enumeration: type[C], value: object, field: str) -> C:
    """The member of a closed list, or INVALID."""
    try:
        return enumeration(value)
    except ValueError:
        raise DomainError(ErrorCode.INVALID, _("Choose one of the listed values."), field) from None


def checked_hold(until: dt.datetime) -> dt.datetime:
    """When a hold ends: in the future, and within ninety days."""
    now = timezone.now()
    if until <= now:
        raise DomainError(ErrorCode.INVALID, _("The end of the hold must lie in the future."), "hold_until")
    if until > now + dt.timedelta(days=90):
        raise DomainError(ErrorCode.INVALID, _("A hold may last ninety days at most."), "hold_until")
    return until
