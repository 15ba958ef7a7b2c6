"""Mailboxes and mails for tests; every function writes as the house."""

from __future__ import annotations

import datetime as dt
import hashlib
import itertools
from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone

from backend.appointments.models import AppointmentRequest
from backend.core.session import elevated, system
from backend.mailboxes.models import (
    EDGES,
    InboundFile,
    InboundMessage,
    Mailbox,
    Matter,
    MessageLine,
    WrittenFile,
    WrittenMessage,
)
from backend.organization.models import Department
from backend.partners.models import Organisation
from permissions.core import scope
from tests.cast import Cast

_serial = itertools.count(1)


def make_mailbox(department: Department, **facts: Any) -> Mailbox:
    """A mailbox of a unit that nothing reads."""
    number = next(_serial)
    defaults = {
        "name": f"{department.name} posta kutusu",
        "address": f"kutu{number}@belediye.example",
        "host": "imap.belediye.example",
        "login": f"kutu{number}",
    }
    row = Mailbox(department=department, **(defaults | facts))
    row.seal_secret("gizli")
    with system():
        row.save(force_insert=True)
    return row


def make_mail(mailbox: Mailbox, subject: str = "Park lambası yanmıyor", **facts: Any) -> InboundMessage:
    """A mail that came into it an hour ago, with one file."""
    number = next(_serial)
    content = f"Subject: {subject}\r\nX-Number: {number}\r\n\r\nMerhaba".encode()
    defaults: dict[str, Any] = {
        "department": mailbox.department,
        "uid_validity": 1,
        "uid": number,
        "message_id": f"<{number}@posta.example>",
        "sha256": hashlib.sha256(content).hexdigest(),
        "size": len(content),
        "received_at": timezone.now() - dt.timedelta(hours=1),
        "from_address": f"yurttas{number}@posta.example",
        "from_name": "Işıl İnce",
        "to_addresses": [mailbox.address],
        "text": "Merhaba",
    }
    row = InboundMessage(mailbox=mailbox, subject=subject, **(defaults | facts))
    with system():
        row.file.save("mail.eml", ContentFile(content), save=False)
        row.save(force_insert=True)
        InboundFile.objects.create(
            mail=row,
            file=ContentFile(subject.encode(), name="a.txt"),
            name=f"{subject}.txt"[:200],
            content_type="text/plain",
            size=len(subject),
            sha256=hashlib.sha256(subject.encode()).hexdigest(),
        )
    return row


def make_line(department: Department, **facts: Any) -> MessageLine:
    """A number of a unit to which nothing is connected."""
    number = next(_serial)
    defaults = {"name": f"{department.name} SMS", "channel": "SMS", "number": f"+90850{number:07}"}
    row = MessageLine(department=department, **(defaults | facts))
    row.seal_secret("gizli-" * 4)
    row.seal_token("anahtar")
    with system():
        row.save(force_insert=True)
    return row


def make_text(line: MessageLine, text: str = "Park lambası yanmıyor", **facts: Any) -> InboundMessage:
    """A message that was sent to it an hour ago."""
    number = next(_serial)
    content = f"{number} {text}".encode()
    defaults: dict[str, Any] = {
        "department": line.department,
        "channel": line.channel,
        "message_id": str(number),
        "sha256": hashlib.sha256(content).hexdigest(),
        "size": len(content),
        "received_at": timezone.now() - dt.timedelta(hours=1),
        "from_address": f"+90532{number:07}",
        "to_addresses": [line.number],
        "subject": text[:100],
    }
    row = InboundMessage(line=line, text=text, **(defaults | facts))
    with system():
        row.file.save("message.json", ContentFile(content), save=False)
        row.save(force_insert=True)
    return row


def make_written(matter: Matter, body: str = "Salı günü arayacağız.", **facts: Any) -> WrittenMessage:
    """An internal note on a matter; with `means` a message about it, with one file."""
    facts = {"is_note": "means" not in facts, "at": timezone.now() - dt.timedelta(minutes=30)} | facts
    with system():
        return _write(matter, body, **facts)


def _write(matter: Matter, body: str, **facts: Any) -> WrittenMessage:
    row = WrittenMessage.objects.create(**{EDGES[type(matter)]: matter}, body=body, **facts)
    if not row.is_note:
        WrittenFile.objects.create(
            written=row,
            file=ContentFile(body.encode(), name="b.txt"),
            name=f"{body}.txt"[:200],
            content_type="text/plain",
            size=len(body),
            sha256=hashlib.sha256(body.encode()).hexdigest(),
        )
    return row


def make_conversation(cast: Cast, matter: Matter) -> None:
    """One row of everything that a conversation of a letter, a request or a partner has; also of a confidential one,
    which the house itself could not even write."""
    mail = make_mail(make_mailbox(cast.office))
    by = (
        cast.office_head if isinstance(matter, Organisation) else cast.secretary
    )  # who knows members of associations
    with scope.session(by), elevated():
        edge = EDGES[type(matter)]
        InboundMessage.objects.filter(pk=mail.pk).update(status="JOINED", **{edge: matter})
        _write(matter, "Yalnız içeride bilinsin.", is_note=True)
        if not isinstance(matter, AppointmentRequest):
            _write(matter, "Salı günü arayacağız.", means="EMAIL", subject="Toplantı", is_note=False)
