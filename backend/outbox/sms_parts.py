"""Parts of texts that a message centre has: written down as soon as it says so, by a connection of their own.

So a process that is killed sends no part twice, and a receipt that comes before the message is written down as sent
is lost no more than one that comes after.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.utils import timezone

from backend.core.session import system
from backend.outbox.models import Message, SmsPart

NAMED_FOR = dt.timedelta(days=7)
"""How long a centre's name of a message is that of ours: a counter that begins anew names old ones again."""
KEPT_FOR = dt.timedelta(days=14)
DELIVERED, FAILED = "DELIVERED", "FAILED"


@dataclass(frozen=True)
class Taken:
    """A part that the centre took, of so many of one text; `name`: how the centre names it."""

    number: int
    total: int
    reference: int
    name: str


@dataclass(frozen=True)
class Fate:
    """What became of a text, by the receipts of its parts."""

    message: Message
    is_delivered: bool
    at: dt.datetime
    reason: str = ""


def known(key: str) -> list[Taken]:
    """The parts of a message that the centre has, from the first on without a gap."""
    rows = SmsPart.objects.filter(message=UUID(key)).order_by("number")
    found = [Taken(row.number, row.total, row.reference, row.provider_id) for row in rows]
    return [part for place, part in enumerate(found, 1) if part.number == place]


def remember(key: str, part: Taken) -> None:
    """Write down a part that the centre took. Its message may be locked by who sends it."""
    facts = {"total": part.total, "reference": part.reference, "provider_id": part.name[:200]}
    with system():
        SmsPart.objects.update_or_create(message_id=key, number=part.number, defaults=facts)


def report(names: Iterable[str], *, is_delivered: bool, reason: str) -> Message | None:
    """Write down the receipt of a part by one of the centre's names of it; its message, None for no part of ours. A
    second receipt changes nothing."""
    lately = SmsPart.objects.filter(provider_id__in=list(names), taken_at__gt=timezone.now() - NAMED_FOR)
    row = lately.select_related("message").order_by("-taken_at").first()
    if row is None:
        return None
    outcome = DELIVERED if is_delivered else FAILED
    SmsPart.objects.filter(pk=row.pk, outcome="").update(
        outcome=outcome, outcome_at=timezone.now(), reason=reason[:200]
    )
    return row.message


def fate_of(message: Message) -> Fate | None:
    """What became of a text: it failed with any of its parts, and arrived with the last of them; None until then."""
    rows = list(message.parts.all())
    for row in rows:
        if row.outcome == FAILED:
            return Fate(message, False, row.outcome_at or timezone.now(), row.reason)
    arrived = [row.outcome_at for row in rows if row.outcome == DELIVERED and row.outcome_at is not None]
    if not rows or len(arrived) < rows[0].total:
        return None
    return Fate(message, True, max(arrived))


def forget_old() -> int:
    """Remove the parts of texts whose receipts come no more; how many."""
    with system():
        old = SmsPart.objects.filter(taken_at__lt=timezone.now() - KEPT_FOR)
        return old.exclude(message__status=Message.Status.WAITING).delete()[0]
