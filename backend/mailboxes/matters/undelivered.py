"""What was written about letters and to partners and did not arrive: marked, and reported to who has to call."""

from __future__ import annotations

from django.utils import timezone

from backend.core.session import system
from backend.letters.story import EventType as LetterEvent
from backend.mailboxes.matters.hearing import notify, write_line
from backend.mailboxes.models import WrittenMessage
from backend.outbox.delivery import lately
from backend.outbox.models import Message

DAYS = 14


def report_undelivered() -> int:
    """Mark messages that finally failed or were returned, and notify of each once. Returns how many.

    One that was sent again is no more failed: should that fail, it is reported anew.
    """
    with system():
        marked = WrittenMessage.objects.filter(lately(DAYS), failed_at__isnull=False)
        marked.exclude(message__status=Message.Status.FAILED).update(failed_at=None)
        failed = WrittenMessage.objects.filter(
            lately(DAYS), message__status=Message.Status.FAILED, failed_at=None
        )
        rows = failed.select_related("letter__department", "organisation")
        reported = 0
        for row in rows.select_for_update(of=("self",), skip_locked=True):
            WrittenMessage.objects.filter(pk=row.pk).update(failed_at=timezone.now())
            if (matter := row.letter or row.organisation) is not None:
                write_line(matter, LetterEvent.NOT_DELIVERED, None, {})
                notify(matter, "undelivered", None)
            reported += 1
        return reported
