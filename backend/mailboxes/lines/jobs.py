"""What the worker does for lines: it fetches what messages bring."""

from __future__ import annotations

import io
import json
import logging

from django.core.files.base import File
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from backend.core.errors import DomainError
from backend.core.session import system
from backend.documents.intake import accept
from backend.mailboxes.choices import Note
from backend.mailboxes.lines import cloud, intake, whatsapp
from backend.mailboxes.models import InboundFile, InboundMessage
from backend.outbox.sms import TryAgain, Undeliverable

log = logging.getLogger("mailboxes")
ATTEMPTS = 6
AGAIN = RetryStrategy(max_attempts=ATTEMPTS, wait=20, exponential_wait=3, retry_exceptions=[TryAgain])


@app.task(name="mailboxes.fetch_media", queue="mailboxes", retry=AGAIN, pass_context=True)
def fetch_media(context: object, inbound_id: int) -> None:
    """Fetch the file that a message brings, and only then join the message. Raises TryAgain but for the last time."""
    attempts = getattr(getattr(context, "job", None), "attempts", 0)
    fetch(inbound_id, is_last=attempts >= ATTEMPTS - 1)


def fetch(message_id: int, *, is_last: bool = False) -> bool:
    """Fetch it once; whether it was taken. What was fetched already is not fetched again."""
    with system():
        rows = InboundMessage.objects.select_related("line__department").exclude(file="")
        row = rows.filter(pk=message_id, files=None).first()
        media = whatsapp.media_of(_original(row.file)) if row else None
    if row is None or row.line is None or media is None:
        return False
    key, name = media
    try:
        brought = cloud.fetch(row.line, key)
    except (Undeliverable, DomainError):
        brought = None
    except TryAgain:
        if not is_last:
            raise
        brought = None
    with system():
        row.refresh_from_db()
        taken = _keep(row, brought, name)
        if not taken:
            row.notes = [*row.notes, Note.FILES_LEFT_OUT.value]
            row.save(update_fields=["notes", "left_out"])
        intake.settle(row)
        intake.report_waiting(row.line, [row])
    return taken


def _original(file: File) -> dict[str, object]:
    with file.open("rb") as stream:
        found = json.loads(stream.read())
    return found if isinstance(found, dict) else {}


def _keep(row: InboundMessage, brought: cloud.Media | None, name: str) -> bool:
    size = len(brought.content) if brought else 0
    code = "UNREADABLE"
    if brought is not None:
        try:
            accepted = accept(io.BytesIO(brought.content), name)
        except DomainError as refusal:
            code = refusal.code.value
        else:
            InboundFile.keep(accepted, by=None, mail=row)
            return True
    row.left_out = [
        *row.left_out,
        {"name": name[:200] or row.get_channel_display(), "size": size, "code": code},
    ]
    return False
