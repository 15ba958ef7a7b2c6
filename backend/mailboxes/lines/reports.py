"""What a provider reports of messages of ours: delivered, read, or never to arrive."""

from __future__ import annotations

import datetime as dt
import enum
import re
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from backend.core.words.text import line
from backend.mailboxes.joining import without_addresses
from backend.outbox.models import Message
from backend.outbox.sms_parts import NAMED_FOR
from backend.outbox.threads import fared

Status = Message.Status
WRITTEN = ("status", "last_error", "sent_at", "delivered_at", "failed_at", "provider_id")
MOST_NAMED = 20
"""So many messages of these days are looked at that several gateways call the same."""
_DIGITS = re.compile(r"\+?\d{7,}")
"""What may be a telephone number."""


class Outcome(enum.Enum):
    """How a message of ours fared."""

    SENT = "SENT"
    DELIVERED = "DELIVERED"
    READ = "READ"
    FAILED = "FAILED"


@dataclass(frozen=True)
class Report:
    """`id`: our key of the message, or the provider's name of it."""

    id: str
    outcome: Outcome
    at: dt.datetime | None = None
    reason: str = ""
    provider_id: str = ""


@transaction.atomic
def note(report: Report, *, channel: str, gateway: str, waits: bool = True) -> bool:
    """Note a report at the message that it is about; whether there is such a message that went by this gateway.

    What is delivered does not fail any more, and what failed by a report is failed for good: the jobs that report what
    failed notify who calls instead. A report that comes twice, or too late, changes nothing. One that comes while the
    message is still being sent waits for that, unless `waits` is false: then it is as if there were no such message.
    """
    if not report.id:
        return False
    rows = Message.objects.select_for_update(skip_locked=not waits).filter(_named(report.id), channel=channel)
    newest = rows.order_by("-created_at")[
        :MOST_NAMED
    ]  # compared after locking: who sends it writes down by whom
    row = next((one for one in newest if one.gateway == gateway), None)
    if row is None:
        return False
    if row.status not in (Status.WAITING, Status.SENT) or not row.attempts:
        return True
    before, now = (row.status, row.delivered_at), timezone.now()
    at = min(max(report.at, row.sent_at or row.created_at), now) if report.at else now
    if report.outcome == Outcome.FAILED:
        if row.delivered_at is None:
            reason = _DIGITS.sub("…", without_addresses(line(report.reason)))
            row.status, row.failed_at, row.last_error = Status.FAILED, at, f"gateway: {reason}"[:200]
    else:
        row.status, row.sent_at, row.last_error = Status.SENT, row.sent_at or at, ""
        row.provider_id = row.provider_id or report.provider_id
        if report.outcome != Outcome.SENT:
            row.delivered_at = row.delivered_at or at
        if report.outcome == Outcome.READ:
            row.read_at = row.read_at or at
    row.save(update_fields=[*WRITTEN, "read_at"])
    if (row.status, row.delivered_at) != before:
        fared(row)
    return True


def _named(name: str) -> Q:
    """By our key, or by the provider's name of a message of these days: a counter that begins anew names old ones
    again."""
    lately = Q(sent_at=None) | Q(sent_at__gt=timezone.now() - NAMED_FOR)
    theirs = Q(provider_id=name) & lately
    try:
        return Q(pk=UUID(name)) | theirs
    except ValueError:
        return theirs
