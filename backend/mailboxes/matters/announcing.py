"""What is announced of our messages about matters: to who follows a conversation, and to webhooks."""

from __future__ import annotations

from collections.abc import Iterator

from backend.appointments.models import RequestNotice
from backend.complaints.models import Notice
from backend.journal import change_feed, messages
from backend.journal.messages import FARED, MessageEvent, Part
from backend.letters.models import Addressee
from backend.mailboxes.models import WrittenMessage
from backend.outbox.models import Message


def fared(message: Message) -> None:
    """Announce that a message left, arrived or failed, at itself and at its matter."""
    happened = MessageEvent.DELIVERED if message.delivered_at else MessageEvent.SENT
    if message.status == Message.Status.FAILED:
        happened = MessageEvent.FAILED
    for part, row, kind, matter in _places(message):
        messages.announce(part, row, happened)
        change_feed.announce(kind, matter, FARED)


def _places(message: Message) -> Iterator[tuple[Part, int, str, int]]:
    """Where a message stands, and the kind and row of its matter; a letter's with who it went to."""
    for row, case in Notice.objects.filter(message=message).values_list("pk", "complaint_id"):
        yield Part.NOTICE, row, "complaint", case
    for row, request in RequestNotice.objects.filter(message=message).values_list("pk", "request_id"):
        yield Part.REQUEST_NOTICE, row, "appointment_request", request
    for row, letter in Addressee.objects.filter(message=message).values_list("pk", "letter_id"):
        yield Part.LETTER_SENT, row, "letter", letter
    written = WrittenMessage.objects.filter(message=message)
    for row, letter, partner in written.values_list("pk", "letter_id", "organisation_id"):
        yield Part.WRITTEN, row, "letter" if letter else "organisation", letter or partner
