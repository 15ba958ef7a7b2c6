"""Threads of mail: what lets a mail program show one conversation, and a reply be joined to what it is about.

A thread is one matter (a case, a request for an appointment, a letter) and one address. Its tag stands in the reply
address, cannot be guessed, and is kept with each message, so that an earlier one is known after the key was changed.
"""

from __future__ import annotations

import base64
import datetime as dt
import logging
import re
from collections.abc import Callable, Iterable
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Model
from django.utils.crypto import constant_time_compare, salted_hmac

from backend.configuration.office import configured
from backend.outbox.models import Message

log = logging.getLogger("outbox")
LETTERS = 20
"""A tag is so many letters of 32: a hundred bits."""
KEPT = 20
"""So many mails of a thread are named in a mail: its first ones and its last ones (RFC 5322 3.6.4 allows it)."""
SIGNED = 10
"""So many letters prove that an address for what is returned is ours: fifty bits, and the key has 122."""
LONGEST_NAME = 64
"""So long what stands before the “@” may be (RFC 5321 4.5.3.1.1)."""
_TAG = re.compile(rf"[a-z2-7]{{{LETTERS}}}")
_MESSAGE_ID = re.compile(r"<[!-;=?-~]{3,250}>")
"""A Message-ID as it may stand in a header of ours, of any program."""

Mail = tuple[dt.datetime, str]
"""When a mail of a thread was sent or received, and its Message-ID."""
RECEIVED: list[Callable[[Message], Iterable[Mail]]] = []
"""What was received in the thread of a message: the service that reads mailboxes registers how it is found."""
FARED: list[Callable[[Message], None]] = []
"""Who hears of it when a message about a matter left, arrived or failed; registered by the same service."""

HEARD: list[Callable[[Model], str]] = []
"""By which channel the other side of a matter wrote last; the same service registers it."""


def heard_by(matter: Model) -> str:
    """The channel by which the other side wrote last, where we can answer by it now; "" else."""
    return next(filter(None, (heard(matter) for heard in HEARD)), "")


def tag_of(matter: UUID, address: str) -> str:
    """The tag of a matter and an address: another person to whom a mail is forwarded has another one."""
    facts = f"{matter.hex}\x1f{address.strip().lower()}"
    digest = salted_hmac("outbox.thread", facts, algorithm="sha256").digest()
    return base64.b32encode(digest).decode()[:LETTERS].lower()


def reply_address(tag: str) -> str:
    """Where a reply in this thread goes: the mailbox for replies with the tag; "" where none is configured."""
    name, _at, domain = configured.REPLY_MAILBOX.rpartition("@")
    return f"{name}+{tag}@{domain}" if name and tag else ""


def tag_in(address: str) -> str:
    """The tag that an address bears, or "": whether there is such a thread is another question."""
    _name, plus, tag = address.strip().rpartition("@")[0].lower().rpartition("+")
    return tag if plus and _TAG.fullmatch(tag) else ""


def return_address(message: Message) -> str:
    """Where a server returns this message (the envelope's sender): the mailbox for replies with the message's key, so
    that it is known whatever the report says; "" where none is configured that has room for it."""
    name, _at, domain = configured.REPLY_MAILBOX.rpartition("@")
    local = f"{name}+{_letters(message.pk.bytes)}{_signature(message.pk)}"
    return f"{local}@{domain}" if name and len(local) <= LONGEST_NAME else ""


def returned_in(address: str) -> UUID | None:
    """The key of the message whose returns this address takes; None for any other address."""
    _name, plus, tag = address.strip().rpartition("@")[0].lower().rpartition("+")
    key, signature = tag[:-SIGNED], tag[-SIGNED:]
    try:
        found = UUID(bytes=base64.b32decode(f"{key}======".upper()))
    except ValueError:
        return None
    secrets = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    is_ours = any(constant_time_compare(signature, _signature(found, secret)) for secret in secrets)
    return found if plus and is_ours else None


def _letters(content: bytes) -> str:
    return base64.b32encode(content).decode().rstrip("=").lower()


def _signature(key: UUID, secret: str | None = None) -> str:
    digest = salted_hmac("outbox.returned", key.hex, secret=secret, algorithm="sha256").digest()
    return _letters(digest)[:SIGNED]


def message_id_of(message: Message, domain: str) -> str:
    """The Message-ID: the same at every attempt, so that a second copy is recognised."""
    return f"<{message.pk}@{domain}>"


def headers(message: Message, domain: str) -> dict[str, str]:
    """What says which mails a mail follows (In-Reply-To, References); empty for the first one of a thread."""
    if not message.thread:
        return {}
    sent = Message.objects.filter(thread=message.thread, sent_at__isnull=False).exclude(pk=message.pk)
    mails = [(row.sent_at, message_id_of(row, domain)) for row in sent.only("sent_at").order_by("sent_at")]
    for received in RECEIVED:
        mails += received(message)
    keys = list(dict.fromkeys(key for _at, key in sorted(mails) if _MESSAGE_ID.fullmatch(key)))
    if not keys:
        return {}
    named = keys if len(keys) <= KEPT else [keys[0], *keys[1 - KEPT :]]
    return {"In-Reply-To": keys[-1], "References": " ".join(named)}


def fared(message: Message) -> None:
    """Announce that a message about a matter left, arrived or failed. A fault of that keeps no message back."""
    if not message.thread:
        return
    for announce in FARED:
        try:
            with transaction.atomic():
                announce(message)
        except Exception:
            log.exception({"event": "message_not_announced", "message_id": str(message.pk)})
