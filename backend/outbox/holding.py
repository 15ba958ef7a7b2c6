"""Messages that wait for their moment: until then they can be taken back, and are as if they were never sent.

Until when is asked of PostgreSQL, and so is whether the moment has come: for who takes back and for the worker alike,
whatever the clocks of the machines say. A worker that is down sends later, and takes nothing back.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import connection
from django.db.models import Model, Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.configuration.office import configured
from backend.core.errors import DomainError, ErrorCode
from backend.core.localtime import ISTANBUL, moment_text
from backend.outbox.models import Message

UNDO = dt.timedelta(seconds=30)
UNDO_MANY = dt.timedelta(minutes=1)
"""How long one message waits, and one of many."""
FURTHEST = dt.timedelta(days=30)

HELD = Q(held_until__gt=Now())
"""The rows whose message still waits for its moment: `held_until` of a row is the `not_before` of its message."""
LEFT = Q(held_until=None) | Q(held_until__lte=Now())


def until(send_at: dt.datetime | None = None, *, many: bool = False) -> dt.datetime | None:
    """Return until when a message that is posted now waits: the moment chosen, else for the time of an undo.

    INVALID for a moment that has passed, or that is too far away.
    """
    now = _now()
    patience = UNDO_MANY if many else UNDO
    if send_at is None:
        return now + patience if patience else None
    if send_at <= now:
        message = _("This moment has passed. Choose one to come, or leave it empty to send now.")
        raise DomainError(ErrorCode.INVALID, message, "send_at")
    if send_at > now + FURTHEST:
        message = _("A message waits at most %(days)s days. Choose a nearer moment.")
        raise DomainError(ErrorCode.INVALID, message % {"days": FURTHEST.days}, "send_at")
    return max(send_at, now + patience)


def by_day(moment: dt.datetime | None = None) -> dt.datetime | None:
    """Return when an SMS may leave that is about no matter of its recipient: `moment` (None: at once), or the end of
    the quiet hours in which that lies."""
    now = moment or _now()
    local = now.astimezone(ISTANBUL)
    begins, ends = configured.quiet_from, configured.quiet_until
    clock = local.time()
    is_quiet = begins <= clock < ends if begins <= ends else clock >= begins or clock < ends
    if not is_quiet:
        return moment
    day = local.date() + dt.timedelta(days=clock >= ends)
    return dt.datetime.combine(day, ends, ISTANBUL)


def is_scheduled(held_until: dt.datetime | None) -> bool:
    """Whether a message waits for a moment that was chosen, and not only for the time of an undo."""
    return held_until is not None and held_until > _now() + UNDO_MANY


def recall(messages: Iterable[Message | None]) -> int:
    """Take back messages of which none has left; how many. WRONG_STATE as soon as one has: nothing is taken back then.

    Their rows are kept without address and text, which are needed no more, and are never sent.
    """
    keys = {message.pk for message in messages if message is not None}
    held = Message.objects.filter(pk__in=keys, status=Message.Status.WAITING, not_before__gt=Now())
    nothing = {"address": "", "subject": "", "body": "", "calendar": ""}
    count = held.update(status=Message.Status.RECALLED, **nothing)
    if not keys or count < len(keys):
        raise has_left()
    return count


def recall_some(messages: Iterable[Message | None]) -> set[Any]:
    """Take back those of the messages that still wait, and leave those that have left; the keys of the former."""
    if still := waiting(messages):
        recall(still)
    return {message.pk for message in still}


def waiting(messages: Iterable[Message | None]) -> list[Message]:
    """Those of the messages that still wait, locked: none of them leaves before the transaction ends."""
    keys = [message.pk for message in messages if message is not None]
    rows = Message.objects.filter(pk__in=keys, status=Message.Status.WAITING, not_before__gt=Now())
    return list(rows.select_for_update(skip_locked=True))  # a locked one is being sent


def of_one[Row: Model](rows: list[Row], by: Model | None, author: str) -> list[Row]:
    """Those of the waiting rows that one takes back: one's own, else the last one of a colleague. What another writes
    at the same time leaves as they meant it."""
    own = [row for row in rows if getattr(row, author) == (by.pk if by else None)]
    return own or rows[-1:]


def has_left() -> DomainError:
    message = _("It has left already and cannot be taken back any more.")
    return DomainError(ErrorCode.WRONG_STATE, message)


def leaves_text(held_until: dt.datetime) -> str:
    """When a message leaves, as a sentence."""
    moment = {"moment": moment_text(held_until)}
    return str(_("It leaves on %(moment)s; until then it can be taken back.") % moment)


def _now() -> dt.datetime:
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement_timestamp()")
        (moment,) = cursor.fetchone() or (timezone.now(),)
    return moment
