"""Fetching of mails over IMAP: each once, none lost, whenever the process or the line ends.

A mail is stored in a transaction of its own, together with the number up to which the mailbox was read; only then it is
marked as read at the server. What ended between the two is marked at the next run, by what is stored. What the server
does not hand over, or what cannot be stored, is noted by its number (`Mailbox.not_taken`), shown at the mailbox and
asked for again; it holds up no other.
"""

from __future__ import annotations

import datetime as dt
import imaplib
import logging
import re
import ssl
import time
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

from django.db.models import F
from django.db.models.functions import Greatest
from django.utils import timezone
from imap_tools import BaseMailBox

from backend.core.session import is_passing, system
from backend.mailboxes import intake
from backend.mailboxes.choices import Fault, Note
from backend.mailboxes.imap import line
from backend.mailboxes.imap.faults import CannotReadError
from backend.mailboxes.models import InboundMessage, Mailbox

log = logging.getLogger("mailboxes")
SECONDS_A_RUN = 50
"""How long a run asks for more; when its line is cut, whatever comes, stands there (`imap.line`)."""
AT_ONCE, BYTES_AT_ONCE = 50, 16 * 1024 * 1024
MOST_BYTES, BEGINNING = 64 * 1024 * 1024, 256 * 1024
"""A larger mail is not fetched but for its beginning; it stays at the server."""
MOST_A_RUN, RETRIED = 100, 10
"""So many are fetched before the job ends and others get their turn; the next one follows within a minute."""
WINDOW, MARKED_AT_ONCE = 50_000, 500
"""So many numbers are searched, and so many mails are marked, at once: a line of a server has its bound."""
_MOMENT = re.compile(rb'\bINTERNALDATE "([^"]{1,40})"')
_UID, _SIZE = re.compile(rb"\bUID (\d+)"), re.compile(rb"\bRFC822\.SIZE (\d+)")


class ChangedError(Exception):
    """The mailbox is read in another way by now: from another account, or from another folder."""


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
        with line.faults():
            for stored in _new(mailbox, context):
                count += stored
    except ChangedError:
        return count
    except CannotReadError as error:
        fault = error.fault
    _note(mailbox, fault)
    return count


def _note(mailbox: Mailbox, fault: Fault | None) -> None:
    now = timezone.now()
    if fault is not None:
        log.warning({"event": "mailbox_not_read", "mailbox_id": str(mailbox.key), "fault": fault.value})
    with system():
        rows = Mailbox.objects.filter(pk=mailbox.pk, generation=mailbox.generation)
        if fault is None:
            rows.update(checked_at=now, fault="", failing_since=None)
        else:
            rows.update(fault=fault.value, failing_since=mailbox.failing_since or now)


def _move(mailbox: Mailbox, **values: object) -> None:
    """Note up to where it was read. ChangedError where other settings apply: those numbers are not theirs."""
    if not Mailbox.objects.filter(pk=mailbox.pk, generation=mailbox.generation).update(**values):
        raise ChangedError


def _new(mailbox: Mailbox, context: ssl.SSLContext | None) -> Iterator[int]:
    """Store what is new; yields 1 for each that was stored and 0 for each that was here."""
    ends = time.monotonic() + SECONDS_A_RUN
    at_once = 1 if mailbox.fault == Fault.LINE else AT_ONCE  # one of them may have broken it
    with line.signed_in(mailbox, context) as server:
        validity, end = _uid_validity(server), _uid_end(server)
        if mailbox.uid_validity == validity:
            _mark_what_is_here(server, mailbox)
        else:
            _begin(mailbox, validity)
        left = MOST_A_RUN
        for last, found in _windows(server, mailbox.last_uid, end):
            uids = [uid for uid in found if uid not in mailbox.not_taken]
            for at in range(0, len(uids), at_once):
                if left <= 0 or time.monotonic() > ends:
                    return
                batch = uids[at : at + at_once][:left]
                left -= len(batch)
                for _uid, count in _take(server, mailbox, batch):
                    yield count
                if len(batch) < len(uids[at : at + at_once]):
                    return
            if last is not None:
                with system():
                    _move(mailbox, last_uid=Greatest(F("last_uid"), last))
            if time.monotonic() > ends:
                return
        yield from _again(server, mailbox)


def _begin(mailbox: Mailbox, validity: int) -> None:
    """Read from the beginning what the server numbers anew; by their content the mails that are here are known."""
    is_first = mailbox.uid_validity is None
    values = {"uid_validity": validity, "last_uid": 0, "not_taken": []}
    with system():
        _move(mailbox, generation=mailbox.generation + (0 if is_first else 1), **values)
    mailbox.generation += 0 if is_first else 1
    mailbox.uid_validity, mailbox.last_uid, mailbox.not_taken = validity, 0, []


def _windows(server: BaseMailBox, last: int, end: int | None) -> Iterator[tuple[int | None, list[int]]]:
    """The numbers above the last one, in order, by stretches of numbers; with each up to where no other will come."""
    if end is None:  # the server does not say where they end
        yield None, [uid for uid in _uids(server, f"UID {last + 1}:*") if uid > last]
        return
    while last + 1 < end:
        to = min(last + WINDOW, end - 1)
        found = _uids(server, f"UID {last + 1}:{to}")
        yield (to if to < end - 1 else None), [uid for uid in found if last < uid <= to]
        last = to


def _take(server: BaseMailBox, mailbox: Mailbox, uids: list[int]) -> Iterator[tuple[int, int]]:
    """Store several, and mark them; yields the number of each that is here now, and whether it came now."""
    mails = _listed(server, uids)
    _note_missing(server, mailbox, uids, {one.uid for one in mails})
    for several in _by_size(mails):
        try:
            contents = _contents(server, several)
        except (OSError, imaplib.IMAP4.abort):
            if uids == [several[0].uid] and mailbox.fault == Fault.LINE:  # again, and over this one alone
                _note_not_taken(mailbox, uids)
            raise
        _note_missing(server, mailbox, [one.uid for one in several], contents)
        here = []
        for one in several:
            if one.uid in contents:
                count = _keep(mailbox, one, contents[one.uid])
                if count is not None:
                    here.append(one.uid)
                    yield one.uid, count
        _mark(server, here)


def _note_missing(server: BaseMailBox, mailbox: Mailbox, uids: list[int], arrived: Collection[int]) -> None:
    """Note what was not handed over, before any later mail is stored; what was removed meanwhile is forgotten."""
    if missing := [uid for uid in uids if uid not in arrived]:
        _note_not_taken(mailbox, _still(server, missing))


def _note_not_taken(mailbox: Mailbox, uids: list[int]) -> None:
    if fresh := [uid for uid in uids if uid not in mailbox.not_taken]:
        for uid in fresh:
            log.warning({"event": "mail_not_taken", "mailbox_id": str(mailbox.key), "uid": uid})
        mailbox.not_taken = [*mailbox.not_taken, *fresh]
        with system():
            _move(mailbox, not_taken=mailbox.not_taken)


def _still(server: BaseMailBox, uids: list[int]) -> list[int]:
    return [uid for uid in _uids(server, f"UID {_named(uids)}") if uid in uids]


def _again(server: BaseMailBox, mailbox: Mailbox) -> Iterator[int]:
    """Ask again for some that were not handed over; what comes no more is the last in turn."""
    if not (asked := mailbox.not_taken[:RETRIED]):
        return
    still = _still(server, asked)
    mailbox.not_taken = [*mailbox.not_taken[RETRIED:], *still]
    done = set()
    try:
        for uid, count in _take(server, mailbox, still):
            done.add(uid)
            yield count
    except (OSError, imaplib.IMAP4.abort):  # one of them breaks the line: all that is new came before
        log.warning({"event": "mailbox_line_broken", "mailbox_id": str(mailbox.key)})
    mailbox.not_taken = [uid for uid in mailbox.not_taken if uid not in done]
    with system():
        _move(mailbox, not_taken=mailbox.not_taken)


def _named(uids: list[int]) -> str:
    return ",".join(map(str, uids))


def _uid_validity(server: BaseMailBox) -> int:
    _code, values = server.client.response("UIDVALIDITY")
    if not values or values[0] is None:
        raise CannotReadError(Fault.ANSWER)
    return int(values[0])


def _uid_end(server: BaseMailBox) -> int | None:
    """The number that the next mail will get, if the server says so."""
    _code, values = server.client.response("UIDNEXT")
    return int(values[0]) if values and values[0] is not None else None


def _uids(server: BaseMailBox, criteria: str) -> list[int]:
    return sorted(int(uid) for uid in server.uids(criteria, charset=None))


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
    """When the server received it, such as " 3-Nov-2026 10:15:00 +0300"; now, if it does not say what can be read."""
    try:
        return parsedate_to_datetime(text.strip().replace("-", " ", 2)).astimezone(dt.UTC)
    except (ValueError, OverflowError, TypeError):
        return timezone.now()


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
    """The answers for several; where the server refuses them, it is asked for each: one of them may be broken."""
    try:
        code, answers = server.client.uid("FETCH", _named(uids), what)
    except imaplib.IMAP4.abort:
        raise
    except imaplib.IMAP4.error:
        code, answers = "BAD", []
    if code == "OK":
        return [one for one in answers if isinstance(one, bytes | tuple)]
    if len(uids) == 1:
        return []
    return [answer for uid in uids for answer in _fetched(server, [uid], what)]


def _keep(mailbox: Mailbox, one: Listed, content: bytes) -> int | None:
    """Store one, and up to where the mailbox was read, in one transaction; None where it was noted as not taken.

    What fails twice is kept as it came, without being read.
    """
    for is_bare in (False, False, True):
        try:
            return _store(mailbox, one, content, is_bare=is_bare)
        except ChangedError:
            raise
        except OSError as error:  # the disk, for all of them
            log.exception({"event": "mail_not_stored", "mailbox_id": str(mailbox.key), "uid": one.uid})
            raise CannotReadError(Fault.KEEPING) from error
        except Exception as error:
            if is_passing(error):
                raise
            log.exception({"event": "mail_not_stored", "mailbox_id": str(mailbox.key), "uid": one.uid})
    _note_not_taken(mailbox, [one.uid])
    return None


def _store(mailbox: Mailbox, one: Listed, content: bytes, *, is_bare: bool) -> int:
    notes = [Note.TOO_LARGE] if one.size > MOST_BYTES else []
    validity = mailbox.uid_validity or 0
    with system():
        made = intake.keep(
            mailbox,
            content,
            uid_validity=validity,
            uid=one.uid,
            received_at=one.received_at,
            notes=notes,
            is_bare=is_bare,
        )
        _move(mailbox, last_uid=Greatest(F("last_uid"), one.uid))
    return int(made is not None)


def _mark_what_is_here(server: BaseMailBox, mailbox: Mailbox) -> None:
    """Mark what was stored before a run ended without marking it: no more than a run fetches."""
    with system():
        rows = InboundMessage.objects.filter(
            mailbox=mailbox, generation=mailbox.generation, uid_validity=mailbox.uid_validity or 0
        )
        numbers = rows.order_by("-uid").values_list("uid", flat=True)[:MOST_A_RUN]
        newest = sorted(uid for uid in numbers if uid is not None)
    if newest:
        _mark(server, _uids(server, f"UNSEEN UID {_named(newest)}"))


def _mark(server: BaseMailBox, uids: list[int]) -> None:
    """Mark as read, as far as the server allows that. Nothing is moved there, and nothing expunged."""
    for at in range(0, len(uids), MARKED_AT_ONCE):
        try:
            code, _answers = server.client.uid(
                "STORE", _named(uids[at : at + MARKED_AT_ONCE]), "+FLAGS.SILENT", r"(\Seen)"
            )
        except imaplib.IMAP4.abort:
            raise
        except imaplib.IMAP4.error:
            code = "BAD"
        if code != "OK":
            log.warning({"event": "mails_not_marked", "reason": code, "count": len(uids) - at})
