"""Fetching of mails over IMAP: each once, none lost, whenever the process or the line ends.

A mail is stored in a transaction of its own, together with the number up to which the mailbox was read; only then it is
marked as read at the server. What ended between the two is marked at the next run, by what is stored.
"""

from __future__ import annotations

import datetime as dt
import imaplib
import logging
import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

from django.db import DatabaseError
from django.utils import timezone
from imap_tools import BaseMailBox, MailBox, MailBoxStartTls
from imap_tools.errors import (
    ImapToolsError,
    MailboxFolderSelectError,
    MailboxLoginError,
    MailboxStarttlsError,
)

from backend.core import sealing
from backend.core.session import is_passing, system
from backend.mailboxes import intake
from backend.mailboxes.choices import Fault, Note, Security, SignIn
from backend.mailboxes.models import InboundMail, Mailbox
from backend.outbox.mail_servers import leads_to_a_server

log = logging.getLogger("mailboxes")
SECONDS = 30
AT_ONCE, BYTES_AT_ONCE = 50, 16 * 1024 * 1024
MOST_BYTES, BEGINNING = 64 * 1024 * 1024, 256 * 1024
"""A larger mail is not fetched but for its beginning; it stays at the server."""
MOST_A_RUN = 2000
"""So many are fetched before the job ends and others get their turn; the next one follows within a minute."""
_MOMENT = re.compile(rb'\bINTERNALDATE "([^"]{1,40})"')
_UID, _SIZE = re.compile(rb"\bUID (\d+)"), re.compile(rb"\bRFC822\.SIZE (\d+)")


class CannotReadError(Exception):
    """Why a mailbox cannot be read now."""

    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        super().__init__(fault.value)


@dataclass(frozen=True)
class Listed:
    """One mail as the server lists it."""

    uid: int
    size: int
    received_at: dt.datetime


def fetch(mailbox_id: int, context: ssl.SSLContext | None = None) -> int:
    """Fetch what is new in one mailbox, and note when it was read, or why not; how many were stored."""
    with system():
        mailbox = Mailbox.objects.active().filter(pk=mailbox_id).first()
    if mailbox is None:
        return 0
    fault: Fault | None = None
    count = 0
    try:
        for stored in _new(mailbox, context):
            count += stored
    except CannotReadError as error:
        fault = error.fault
    except MailboxFolderSelectError:
        fault = Fault.FOLDER
    except (TimeoutError, OSError, imaplib.IMAP4.abort):
        fault = Fault.LINE
    except (ImapToolsError, imaplib.IMAP4.error, ValueError):
        fault = Fault.ANSWER
    _note(mailbox, fault)
    return count


def _note(mailbox: Mailbox, fault: Fault | None) -> None:
    now = timezone.now()
    if fault is not None:
        log.warning({"event": "mailbox_not_read", "mailbox_id": str(mailbox.key), "fault": fault.value})
    with system():
        rows = Mailbox.objects.filter(pk=mailbox.pk)
        if fault is None:
            rows.update(checked_at=now, fault="", failing_since=None)
        else:
            rows.update(fault=fault.value, failing_since=mailbox.failing_since or now)


def _new(mailbox: Mailbox, context: ssl.SSLContext | None) -> Iterator[int]:
    """Store what is new; yields 1 for each that was stored and 0 for each that was here."""
    with _signed_in(mailbox, context) as server:
        validity = _uid_validity(server)
        last = mailbox.last_uid if mailbox.uid_validity == validity else 0
        _mark_what_is_here(server, mailbox, validity, last)
        uids = [uid for uid in _uids(server, f"UID {last + 1}:*") if uid > last][:MOST_A_RUN]
        for at in range(0, len(uids), AT_ONCE):
            for several in _by_size(_listed(server, uids[at : at + AT_ONCE])):
                contents = _contents(server, several)
                for one in several:
                    if one.uid in contents:  # else it was removed meanwhile
                        yield _keep(mailbox, validity, one, contents[one.uid])
                _mark(server, [one.uid for one in several])


@contextmanager
def _signed_in(mailbox: Mailbox, context: ssl.SSLContext | None) -> Iterator[BaseMailBox]:
    """A connection with the folder open."""
    try:
        secret = mailbox.read_secret()
    except sealing.WrongKeyError:
        raise CannotReadError(Fault.KEY) from None
    context = context or ssl.create_default_context()
    if not leads_to_a_server(mailbox.host, mailbox.port):
        raise CannotReadError(Fault.LINE)
    kind = MailBox if mailbox.security == Security.SSL else MailBoxStartTls
    try:
        server = kind(mailbox.host, mailbox.port, timeout=SECONDS, ssl_context=context)
    except MailboxStarttlsError:
        raise CannotReadError(Fault.LINE) from None
    try:
        _sign_in(server, mailbox, secret)
        server.folder.set(mailbox.folder)
        yield server
    finally:
        try:
            server.logout()
        except (OSError, imaplib.IMAP4.error, ImapToolsError):
            server.client.shutdown()


def _sign_in(server: BaseMailBox, mailbox: Mailbox, secret: str) -> None:
    try:
        if mailbox.sign_in == SignIn.OAUTH2:
            server.xoauth2(mailbox.login, secret, initial_folder=None)
        elif (mailbox.login + secret).isascii():
            server.login(mailbox.login, secret, initial_folder=None)
        else:
            server.login_utf8(mailbox.login, secret, initial_folder=None)
    except imaplib.IMAP4.abort:
        raise
    except (MailboxLoginError, imaplib.IMAP4.error):
        raise CannotReadError(Fault.SIGN_IN) from None


def _uid_validity(server: BaseMailBox) -> int:
    _code, values = server.client.response("UIDVALIDITY")
    if not values or values[0] is None:
        raise CannotReadError(Fault.ANSWER)
    return int(values[0])


def _uids(server: BaseMailBox, criteria: str) -> list[int]:
    return sorted(int(uid) for uid in server.uids(criteria))


def _listed(server: BaseMailBox, uids: list[int]) -> list[Listed]:
    """Size and moment of receipt of each that is still there."""
    found = []
    for answer in _fetched(server, uids, "(UID INTERNALDATE RFC822.SIZE)"):
        head = answer if isinstance(answer, bytes) else b" ".join(answer)
        uid, size, moment = _UID.search(head), _SIZE.search(head), _MOMENT.search(head)
        if uid and size:
            at = _moment(moment[1].decode("ascii", "replace")) if moment else timezone.now()
            found.append(Listed(int(uid[1]), int(size[1]), at))
    return sorted(found, key=lambda one: one.uid)


def _moment(text: str) -> dt.datetime:
    """When the server received it, such as " 3-Nov-2026 10:15:00 +0300"."""
    return parsedate_to_datetime(text.strip().replace("-", " ", 2)).astimezone(dt.UTC)


def _by_size(mails: list[Listed]) -> Iterator[list[Listed]]:
    """Several at once, as far as they have room."""
    several: list[Listed] = []
    for one in mails:
        if several and sum(other.size for other in several) + one.size > BYTES_AT_ONCE:
            yield several
            several = []
        several.append(one)
    if several:
        yield several


def _contents(server: BaseMailBox, mails: list[Listed]) -> dict[int, bytes]:
    """The mails by their number; nothing is marked by it."""
    whole = [one.uid for one in mails if one.size <= MOST_BYTES]
    found = _bodies(server, whole, "BODY.PEEK[]") if whole else {}
    for one in mails:
        if one.size > MOST_BYTES:
            found |= _bodies(server, [one.uid], f"BODY.PEEK[]<0.{BEGINNING}>")
    return found


def _bodies(server: BaseMailBox, uids: list[int], what: str) -> dict[int, bytes]:
    found: dict[int, bytes] = {}
    content: bytes | None = None
    for answer in _fetched(server, uids, f"(UID {what})"):
        head = answer[0] if isinstance(answer, tuple) else answer
        content = answer[1] if isinstance(answer, tuple) else content
        if (uid := _UID.search(head)) and content is not None:  # before the content or behind it
            found[int(uid[1])] = content
            content = None
    return found


def _fetched(server: BaseMailBox, uids: list[int], what: str) -> list[bytes | tuple[bytes, bytes]]:
    code, answers = server.client.uid("FETCH", ",".join(map(str, uids)), what)
    if code != "OK":
        raise CannotReadError(Fault.ANSWER)
    return [one for one in answers if isinstance(one, bytes | tuple)]


def _keep(mailbox: Mailbox, validity: int, one: Listed, content: bytes) -> int:
    """Store one, and up to where the mailbox was read, in one transaction."""
    notes = [Note.TOO_LARGE] if one.size > MOST_BYTES else []
    try:
        with system():
            made = intake.keep(
                mailbox,
                content,
                uid_validity=validity,
                uid=one.uid,
                received_at=one.received_at,
                notes=notes,
            )
            Mailbox.objects.filter(pk=mailbox.pk).update(uid_validity=validity, last_uid=one.uid)
    except DatabaseError as error:
        if is_passing(error):
            raise
        log.exception({"event": "mail_not_stored", "mailbox_id": str(mailbox.key), "uid": one.uid})
        raise CannotReadError(Fault.KEEPING) from error
    return int(made is not None)


def _mark_what_is_here(server: BaseMailBox, mailbox: Mailbox, validity: int, last: int) -> None:
    """Mark what was stored before a run ended without marking it."""
    unmarked = _uids(server, f"UNSEEN UID 1:{last}") if last else []
    if unmarked:
        with system():
            here = InboundMail.objects.filter(mailbox=mailbox, uid_validity=validity, uid__in=unmarked)
            _mark(server, list(here.values_list("uid", flat=True)))


def _mark(server: BaseMailBox, uids: list[int]) -> None:
    """Mark as read. Nothing else is done at the server: nothing is moved, and nothing expunged."""
    if uids:
        server.client.uid("STORE", ",".join(map(str, uids)), "+FLAGS.SILENT", r"(\Seen)")
