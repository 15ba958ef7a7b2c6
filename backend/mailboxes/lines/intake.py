"""Keeping a message that came by a line: as it was handed over, once, joined to its matter where that is sure."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from email.message import EmailMessage

from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from backend.configuration.office import configured
from backend.core.localtime import local_date
from backend.core.words.phones import numbers_of_gateway
from backend.core.words.text import clean, line
from backend.mailboxes import joining
from backend.mailboxes.choices import Kind, Note
from backend.mailboxes.lines.telephones import AMBIGUOUS, refuses
from backend.mailboxes.models import InboundMessage, MessageLine
from backend.notifications import staff

LONGEST_TEXT, LONGEST_BEGINNING = 20_000, 100
OLDEST = dt.timedelta(days=30)
"""A gateway that says that it has had a message for longer has a wrong clock."""


@dataclass(frozen=True)
class Incoming:
    """A message as a gateway hands it over. `raw`: all of it; `at`: since when it has it; `follows`: the
    provider's name of the message that it answers; `has_media`: it brings a file, which is fetched afterwards."""

    id: str
    sender: str
    text: str
    raw: bytes
    at: dt.datetime | None = None
    name: str = ""
    notes: tuple[Note, ...] = ()
    follows: str = ""
    has_media: bool = False


def keep(to: MessageLine, incoming: Incoming) -> InboundMessage | None:
    """Keep a message, and join it where that is sure; None where it is here already, by the provider's name of it.

    The gateway works for the municipality, so what is received counts from when the gateway had it (3071 m.7).
    """
    if InboundMessage.objects.filter(line=to, message_id=incoming.id).exists():
        return None
    row = _row(to, incoming)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:  # the same call came twice at once
        return None
    if incoming.has_media:  # what it brings may say more than the words: it is joined after that
        app.configure_task("mailboxes.fetch_media", lock=f"media:{row.pk}").defer(inbound_id=row.pk)
    else:
        settle(row)
    return row


def _row(to: MessageLine, incoming: Incoming) -> InboundMessage:
    text, now = clean(incoming.text), timezone.now()
    at = incoming.at if incoming.at and now - OLDEST < incoming.at < now else now
    sender = telephone(incoming.sender)
    row = InboundMessage(
        file=ContentFile(incoming.raw, name="file"),
        line=to,
        channel=to.channel,
        department_id=to.department_id,
        message_id=incoming.id,
        sha256=hashlib.sha256(incoming.raw).hexdigest(),
        size=len(incoming.raw),
        received_at=at,
        sent_at=incoming.at,
        from_address=sender or line(incoming.sender)[:254],
        from_name=line(incoming.name)[:200],
        to_addresses=[to.number],
        subject=line(text)[:LONGEST_BEGINNING],
        text=text[:LONGEST_TEXT],
        in_reply_to=incoming.follows,
    )
    notes = [*incoming.notes]
    if not sender:
        notes.append(Note.NO_FROM)
    if len(text) > LONGEST_TEXT:
        notes.append(Note.CUT)
    row.notes = [note.value for note in notes]
    if word := refuses(text, configured.SMS_SENDER):
        is_answer = word in AMBIGUOUS and joining.thread_of(row) is not None
        row.kind = Kind.MESSAGE if is_answer else Kind.REFUSAL
    return row


def telephone(sender: str) -> str:
    """The number of a sender (E.164), as gateways write it; "" for a name, which machines have, and who shows none."""
    is_name = any(letter.isalpha() for letter in sender)
    return "" if is_name else next(iter(numbers_of_gateway(sender)), "")


def settle(row: InboundMessage) -> None:
    """Join it to its matter where that is sure; anything else waits at the desk."""
    joining.settle(row, EmailMessage())


def report_waiting(to: MessageLine, kept: Iterable[InboundMessage | None]) -> int:
    """Notify the unit of a line, once for all, of those of the messages kept that joined nothing; how many."""
    rows = InboundMessage.objects.waiting().filter(pk__in=[row.pk for row in kept if row is not None])
    moments = list(rows.order_by("received_at").values_list("received_at", flat=True))
    if moments:
        is_urgent = rows.exclude(danger="").exists()  # it is not kept until the morning
        facts = {"count": len(moments), "since": local_date(moments[0]), "urgent": is_urgent}
        staff.post(staff.unit(to.department), "mailboxes/waiting", facts)
    return len(moments)
