"""What became of a batch, in numbers."""

from __future__ import annotations

import datetime as dt

from django.db.models import Count
from django.utils import timezone

from backend.greetings.choices import Channel, Outcome, Status
from backend.greetings.models import Batch
from backend.outbox.models import Message

SILENT_AFTER = dt.timedelta(minutes=3)
"""A worker gives a sign of life after every hundred recipients; a print run takes it a minute at most."""


def outcomes(batch: Batch) -> dict[str, int]:
    """How many recipients have which outcome, every outcome named."""
    rows = batch.recipients.order_by().values_list("outcome").annotate(Count("pk"))
    return {**dict.fromkeys(Outcome.values, 0), **dict(rows)}


def undelivered(batch: Batch) -> int:
    """How many of the messages that went out came back or were refused."""
    return batch.recipients.filter(message__status=Message.Status.FAILED).count()


def share(counts: dict[str, int]) -> int:
    """How much is settled, in percent."""
    whole = sum(counts.values())
    return 100 * (whole - counts[Outcome.PENDING]) // whole if whole else 0


def on_paper(batch: Batch) -> tuple[int, int]:
    """How many letters stand in a print run, of how many that go out on paper."""
    matches = batch.recipients.filter(outcome=Outcome.SENT, channel=Channel.PRINT)
    counts = matches.aggregate(printed=Count("print_run"), all=Count("pk"))
    return counts["printed"], counts["all"]


def is_silent(batch: Batch) -> bool:
    """Whether the worker that had it in hand has died."""
    if batch.status != Status.RUNNING or batch.seen_at is None:
        return False
    return timezone.now() - batch.seen_at > SILENT_AFTER
