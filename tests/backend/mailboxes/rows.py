"""Mailboxes and mails for tests; every function writes as the house."""

from __future__ import annotations

import datetime as dt
import hashlib
import itertools
from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone

from backend.core.session import system
from backend.mailboxes.models import InboundFile, InboundMessage, Mailbox, MessageLine
from backend.organization.models import Department

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
            sha256="0" * 64,
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
