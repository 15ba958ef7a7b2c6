"""Keeping a mail that was fetched: the original, what is read of it, and its attachments, in one transaction."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import logging
from collections.abc import Iterable, Mapping
from email.message import EmailMessage

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from backend.core.errors import DomainError, ErrorCode
from backend.core.words.text import line
from backend.documents.intake import accept
from backend.mailboxes import joining
from backend.mailboxes.choices import Note
from backend.mailboxes.models import InboundFile, InboundMessage, Mailbox
from backend.mailboxes.parsing import Parsed, Part, parsed

log = logging.getLogger("mailboxes")
MOST_FILES = 30


@transaction.atomic
def keep(
    mailbox: Mailbox,
    raw: bytes,
    *,
    uid_validity: int,
    uid: int,
    received_at: dt.datetime,
    notes: Iterable[Note] = (),
    is_bare: bool = False,
) -> InboundMessage | None:
    """Keep a mail as it came, and read it; None where it is here already, by its content.

    Its number says nothing of that: another folder counts from one too. `received_at` is when our server had it. It
    cannot lie in the future: such a clock is wrong. `is_bare`: nothing of it is read but the original kept.
    """
    digest = hashlib.sha256(raw).hexdigest()
    if InboundMessage.objects.filter(mailbox=mailbox, sha256=digest).exists():
        return None
    read = Parsed(EmailMessage(), notes=[Note.BROKEN]) if is_bare else _read(raw)
    for note in notes:
        read.note(note)
    row = InboundMessage(
        file=ContentFile(raw, name="file"),
        mailbox=mailbox,
        department_id=mailbox.department_id,
        generation=mailbox.generation,
        uid_validity=uid_validity,
        uid=uid,
        sha256=digest,
        size=len(raw),
        received_at=min(received_at, timezone.now()),
        message_id=read.message_id,
        sent_at=read.sent_at,
        from_address=read.from_address,
        from_name=read.from_name,
        to_addresses=read.to_addresses,
        subject=read.subject,
        text=read.text,
        quoted_from=read.quoted_from,
        html=read.html,
        in_reply_to=read.in_reply_to,
        references=read.references,
        authentication=dict(found_by(mailbox, read)),
    )
    files = []
    for part in read.parts[:MOST_FILES]:
        try:
            files.append((part, accept(io.BytesIO(part.content), _named(part))))
        except DomainError as refusal:
            row.left_out.append(_left_out(part, str(refusal.code)))
        except Exception:  # a file must not keep out the mail that it came with
            log.exception({"event": "attachment_not_read"})
            row.left_out.append(_left_out(part, str(ErrorCode.UNSUPPORTED)))
    row.left_out += [_left_out(part, "OVER_LIMIT") for part in read.parts[MOST_FILES:]]
    if row.left_out:
        read.note(Note.FILES_LEFT_OUT)
    _recognise(row, read)
    row.notes = [note.value for note in read.notes]
    row.save(force_insert=True)
    for part, accepted in files:
        InboundFile.keep(accepted, by=None, mail=row, content_id=part.content_id, is_inline=part.is_inline)
    joining.settle(row, read.message)
    return row


def _read(raw: bytes) -> Parsed:
    """Read it; what a fault of ours keeps from being read is kept all the same."""
    try:
        return parsed(raw)
    except Exception:
        log.exception({"event": "mail_not_read"})
        return Parsed(EmailMessage(), notes=[Note.BROKEN])


def _recognise(row: InboundMessage, read: Parsed) -> None:
    """Set what it is, and the tag that it was sent to; a fault of ours leaves it a message, which a person looks at."""
    try:
        joining.recognise(row, read.message)
    except Exception:
        log.exception({"event": "mail_not_recognised"})


def found_by(mailbox: Mailbox, read: Parsed) -> Mapping[str, str]:
    """What our own server found of SPF, DKIM and DMARC: the uppermost line, if it bears the name that was entered for
    the mailbox, or else one of our servers. What a line below says may have been written by the sender."""
    if not read.authentication:
        return {}
    server, found = read.authentication[0]
    if mailbox.authserv_id:
        return found if (server or "-") == mailbox.authserv_id.lower() else {}
    domain = mailbox.address.rpartition("@")[2].lower()
    ours = {mailbox.host.lower(), domain}
    return found if server in ours or any(server.endswith(f".{one}") for one in ours) else {}


def _named(part: Part) -> str:
    return part.name or ("davet.ics" if part.content_type == "text/calendar" else "")


def _left_out(part: Part, code: str) -> dict[str, str | int]:
    return {"name": line(_named(part)) or part.content_type[:100], "size": len(part.content), "code": code}
