"""How far a message of ours is, for who sees what it says but not the outbox: a department sees a failure as the office
does. PostgreSQL answers (`permissions/sql/functions.sql`), for the key of a message alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from django.db import models
from django.db.models import F, Func, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.outbox.models import Message


class Delivery(models.TextChoices):
    """How far a message to the other side is."""

    WAITING = "WAITING", _("Waiting to be sent")
    SENT = "SENT", _("Sent")
    DELIVERED = "DELIVERED", _("Delivered")
    READ = "READ", _("Read by the recipient")
    FAILED = "FAILED", _("Returned or failed")
    RECORDED = "RECORDED", _("Recorded by hand")


REACHED_OTHERWISE: list[Callable[[Message], bool]] = []
"""Whether what a message carried was sent anew since, or is known to have arrived; by services above, which lock it."""


def how_far(key: str = "message_id") -> dict[str, Func]:
    """For `annotate`: `how_far` (a `Delivery`, NULL without a message) and `how_far_at`, the moment of that."""
    return {
        "how_far": Func(F(key), function="app.delivery", output_field=models.CharField()),
        "how_far_at": Func(F(key), function="app.delivery_at", output_field=models.DateTimeField()),
    }


def lately(days: int) -> Q:
    """The rows whose `message` was written, left or failed within so many days: one that was scheduled leaves long
    after it was written."""
    since = timezone.now() - dt.timedelta(days=days)
    return (
        Q(message__created_at__gte=since) | Q(message__sent_at__gte=since) | Q(message__failed_at__gte=since)
    )
