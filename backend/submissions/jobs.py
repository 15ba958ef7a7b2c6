"""What happens to submissions by itself: the office is reminded of those that wait, rejected ones are erased, and of
the others it is forgotten where they came from. Whom an ended case of another affects is informed."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone
from procrastinate.contrib.django import app

from backend.core.localtime import local_date
from backend.core.session import system
from backend.notifications import staff
from backend.submissions import affected, brought
from backend.submissions.choices import Status
from backend.submissions.models import ContactProof, ShareUse, Submission

KEPT = dt.timedelta(days=30)
"""So long a rejected submission is kept, in case of an objection."""
TRACED = dt.timedelta(days=1)
"""So long it is known from which line a submission came, and whether it was sent twice: shares are of an hour."""


@app.periodic(cron="20 5 * * *")
@app.task(name="submissions.warn", queue="clock", queueing_lock="submissions.warn")
def warn_daily(timestamp: int) -> None:
    warn()


def warn() -> int:
    """Tell the office how many submissions wait, and since when; how many those are."""
    with system():
        waiting = Submission.objects.waiting()
        oldest = waiting.order_by("received_at", "id").first()
        if oldest is None:
            return 0
        count = waiting.count()
        facts = {"count": count, "since": local_date(oldest.received_at)}
        staff.post(staff.heads(staff.private_office()), "submissions/waiting", facts)
        return count


@app.periodic(cron="35 0 * * *")
@app.task(name="submissions.erase", queue="upkeep", queueing_lock="submissions.erase")
def erase_daily(timestamp: int) -> None:
    erase()
    forget_senders()
    erase_proofs()
    forget_affected()
    forget_files()


def erase() -> int:
    """Delete what was rejected more than thirty days ago (KVKK m.7); how many. What waits stays, however old."""
    with system():
        rows = Submission.objects.filter(status=Status.REJECTED, decided_at__lt=timezone.now() - KEPT)
        return rows.delete()[0]


def forget_senders() -> int:
    """Empty the digests of where a submission came from, and of its content, once no share is counted by them; how
    many rows. One that waits keeps its network: a flood is rejected by it."""
    with system():
        rows = Submission.objects.filter(received_at__lt=timezone.now() - TRACED)
        decided = rows.exclude(status=Status.WAITING).filter(network__gt="")
        count = decided.update(sender="", network="", content="")
        return count + rows.waiting().filter(sender__gt="").update(sender="", content="")


def erase_proofs() -> int:
    """Delete the codes and sessions of contacts, and uses of shares, once no share is counted by them; how many."""
    with system():
        ended = timezone.now() - TRACED
        uses = ShareUse.objects.filter(used_at__lt=ended).delete()[0]
        return uses + ContactProof.objects.filter(asked_at__lt=ended).delete()[0]


def forget_files() -> int:
    """`brought.forget`."""
    with system():
        return brought.forget()


def forget_affected() -> int:
    """`affected.forget`."""
    with system():
        return affected.forget()


@app.periodic(cron="7-59/15 * * * *")
@app.task(name="submissions.inform", queue="clock", queueing_lock="submissions.inform")
def inform_quarterly(timestamp: int) -> None:
    inform()


def inform() -> int:
    """`affected.inform`."""
    with system():
        return affected.inform()
