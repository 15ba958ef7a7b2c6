"""What all actions are made of: the conditional move of the row, the line of the story, the refusal of the database."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.core.errors import DomainError, ErrorCode
from backend.journal.state_machine import StateMachine
from backend.organization.models import User
from backend.programme.choices import LIVE, NoteStatus, Status
from backend.programme.models import NO_OVERLAP, DepartmentNote, Entry, EntryLine
from backend.programme.moves import Verb, entry_action
from backend.programme.places import CollisionError

_saying = StateMachine(line=EntryLine, of="entry", moves=entry_action)
write_line = _saying.write_line

ITS_OWN = Q(is_requested=False)
"""The entries without a request: see `through_its_request`."""
TO_COME, BEGUN = Q(starts_at__gt=Now()), Q(starts_at__lte=Now())
OPEN, CONFIDENTIAL = Q(is_confidential=False), Q(is_confidential=True)


def move(
    entry: Entry,
    verb: Verb,
    *,
    by: User | None,
    note: str = "",
    details: dict[str, Any] | None = None,
    **changes: Any,
) -> None:
    """Say the verb, as `StateMachine.move` does: nothing overlaps, and what has ended holds no time and awaits no
    notes."""
    before, after = Status(entry.status), entry_action.after(verb, entry.status)
    if after is not Status.HELD:
        changes = {"hold_expires_at": None, **changes}
    with the_table_refuses_overlaps():
        _saying.move(entry, verb, by=by, note=note, details=details, **changes)
    if before in LIVE and after not in LIVE:
        DepartmentNote.objects.filter(entry=entry).awaited().update(status=NoteStatus.WITHDRAWN)


@contextmanager
def the_table_refuses_overlaps() -> Iterator[None]:
    """Run a write and translate a violated exclusion constraint into a user error.

    Under the lock of `places.lock` this happens only against a writer without it.
    """
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        if NO_OVERLAP not in str(error):
            raise
        raise CollisionError(_("This time has just been taken. Choose another time."), []) from None


def through_its_request(entry: Entry, of_request: bool) -> None:
    """WRONG_STATE for an entry that comes from a request, which decides on notifications."""
    if entry.is_requested and not of_request:
        raise DomainError(
            ErrorCode.WRONG_STATE,
            _(
                "This comes of a request or of an event: change it there, so that those concerned are notified."
            ),
        )


def checked_hold(until: dt.datetime) -> dt.datetime:
    """When a hold ends: in the future, and within ninety days."""
    now = timezone.now()
    if until <= now:
        raise DomainError(ErrorCode.INVALID, _("The end of the hold must lie in the future."), "hold_until")
    if until > now + dt.timedelta(days=90):
        raise DomainError(ErrorCode.INVALID, _("A hold may last ninety days at most."), "hold_until")
    return until
