"""The matter that a mail belongs to: by the tag it was sent to, the mails it follows, or a number in its subject.

It is joined without a look only where its sender has an address of the matter: a tag may have been forwarded. Without
a tag our own server must also have found the address to be genuine: numbers can be counted up. Anything else is a
proposal, and waits at the desk. Nothing here ever answers a mail.
"""

from __future__ import annotations

import datetime as dt
import logging
import re
from collections.abc import Iterable
from dataclasses import dataclass
from email.message import Message as Part
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from backend.appointments.actions.answering import stamp_of, take_reply
from backend.appointments.models import AppointmentRequest, RequestNotice
from backend.calendars.replies import Answer, Reply
from backend.complaints.actions import citizens
from backend.complaints.danger import danger_in
from backend.complaints.models import Complaint, Notice
from backend.core.errors import DomainError
from backend.core.session import is_passing
from backend.journal import messages
from backend.journal.state_machine import change
from backend.letters.models import Addressee, Letter
from backend.mailboxes import moves
from backend.mailboxes.choices import Kind, MessageMethod, Note, Status
from backend.mailboxes.lines.telephones import by_telephone
from backend.mailboxes.matters import announcing, hearing
from backend.mailboxes.matters.numbers import named_in
from backend.mailboxes.matters.people import addresses_of
from backend.mailboxes.models import EDGES, InboundMessage, Matter, WrittenMessage
from backend.mailboxes.recognition import (
    bounce_of,
    calendar_reply,
    is_acknowledgement,
    is_only_thanks,
    kind_of,
)
from backend.organization.models import User
from backend.outbox import threads
from backend.outbox.models import Message
from backend.partners.actions import standing
from backend.partners.models import Organisation

log = logging.getLogger("mailboxes")
MOST_IDS = 50
_ADDRESS = re.compile(r"<?[^\s<>:;,]+@[^\s<>:;,]+>?:?")
SEVERAL = 20
"""So many mails of a thread are looked up for a header."""


@dataclass(frozen=True)
class Found:
    """A matter to which a mail may belong; `is_sure`: its sender has an address of it, so nobody has to look."""

    matter: Matter
    is_sure: bool


def thread_of(mail: InboundMessage) -> Found | None:
    """The matter that a message belongs to, or may belong to."""
    if not mail.is_mail:
        by = by_telephone(mail, matter_of)
        return by and Found(*by)
    found = _by_ours(mail) or _by_theirs(mail) or _by_number(mail)
    return found and Found(found.matter, found.is_sure and _is_plain(mail))


def recognise(mail: InboundMessage, message: Part) -> None:
    """Set what a mail is, and the tag that it was sent to; the caller saves the row."""
    mail.kind = kind_of(message, is_returned=_returned_key(mail) is not None)
    mail.reply_key = next(filter(None, map(threads.tag_in, mail.to_addresses)), "")


def settle(mail: InboundMessage, message: Part) -> None:
    """Join a mail that was just stored to its matter, where that is sure; a report marks the message that it is about.

    What a machine only acknowledged of a mail of ours changes nothing and waits for no one; any other mail that is not
    joined waits at the desk, whatever it is: an automatic mail of a ministry may be a petition. What the matter
    refuses, or a fault of ours keeps from it, waits there too: nothing that happens here loses a mail.
    """
    try:
        with transaction.atomic():
            _look_for_danger(mail)
            _settle(mail, message)
    except Exception as fault:
        if is_passing(fault):
            raise
        if isinstance(fault, DomainError):
            log.warning({"event": "mail_not_joined", "reason": fault.code.value})
        else:
            log.exception({"event": "mail_not_settled"})
        mail.refresh_from_db()


def _look_for_danger(mail: InboundMessage) -> None:
    """Note the danger that a person's words give away: who works the desk sees it before it is read."""
    if mail.kind == Kind.MESSAGE and (found := danger_in(f"{mail.subject}\n{mail.written}")):
        mail.danger = found
        mail.save(update_fields=["danger"])


def _settle(mail: InboundMessage, message: Part) -> None:
    if mail.status != Status.WAITING or mail.kind == Kind.LIST:
        return
    if mail.kind == Kind.REFUSAL:
        _set_aside(mail, _("The sender wants no messages but about their own matters."))
        return
    if mail.kind == Kind.BOUNCE:
        _returned(mail, message)
        return
    reply = calendar_reply(message)
    if reply is not None and _replied(mail, reply):
        return
    found = thread_of(mail)
    if found is None or (isinstance(found.matter, Letter) and not _answers_message(mail)):
        return
    if mail.kind == Kind.MESSAGE and found.is_sure and _begins_nothing(mail, found.matter):
        join(mail, found.matter, by=None)
    elif mail.kind == Kind.AUTO_REPLY and found.is_sure:
        _bind(mail, found.matter, None)
    elif mail.kind == Kind.AUTO_REPLY and _only_answers(mail, message) and _ours(mail) is not None:
        _set_aside(mail, _("A machine answered a message of ours."))


def _answers_message(mail: InboundMessage) -> bool:
    """Whether a mail names a message about a letter as what it answers. What answers the letter itself, in the same
    thread, may be an official answer, to be registered."""
    ours = _named(mail)
    return ours is not None and WrittenMessage.objects.filter(message=ours).exists()


def _begins_nothing(mail: InboundMessage, matter: Matter) -> bool:
    """Whether a mail goes on with its matter. What is written to a closed case may be a petition of its own, whose time
    runs (3071 m.7): a person looks at it, but at mere thanks."""
    return not isinstance(matter, Complaint) or matter.is_open or not _asks(mail)


def _asks(mail: InboundMessage) -> bool:
    return mail.kind == Kind.MESSAGE and not (is_only_thanks(mail.written) and not mail.files.exists())


def _only_answers(mail: InboundMessage, message: Part) -> bool:
    """Whether a machine wrote that it got a mail, or that its owner is away: without a file, and by its headers."""
    return not mail.files.exists() and is_acknowledgement(message)


def _replied(mail: InboundMessage, reply: Reply) -> bool:
    """Take what an applicant's calendar answered to an appointment: the mail joins it, and is notified of only where a
    person has to look. False for a mail that is not surely theirs, which does nothing."""
    key = _key(reply.uid)
    request = AppointmentRequest.objects.filter(key=key).first() if key else None
    if request is None:
        return False
    found, addresses = thread_of(mail), _addresses(request)
    if found is not None and found.matter == request:
        is_sure = found.is_sure
    else:
        is_sure = _is_proven(mail) and _is_plain(mail) and _is_of(mail, addresses)
    if not is_sure or reply.attendee not in {mail.from_address.lower(), *addresses}:
        return False
    is_done = take_reply(request, reply, is_proven=_is_proven(mail))
    request.refresh_from_db()
    if reply.comment and reply.comment not in mail.text:
        _put_first(mail, reply.comment)
    asks = not is_done or (reply.answer == Answer.ACCEPTED and bool(reply.comment))
    join(mail, request, by=None, asks=asks, answer=reply.answer.value, stamped_at=stamp_of(reply))
    return True


def _put_first(mail: InboundMessage, words: str) -> None:
    """Put what was written within the answer alone before the text of the mail, where people read it."""
    before = f"{words}\n\n"
    mail.text = f"{before}{mail.text}"
    if mail.quoted_from is not None:
        mail.quoted_from += len(before)
    mail.save(update_fields=["text", "quoted_from"])


@transaction.atomic
def join(
    mail: InboundMessage, matter: Matter, *, by: User | None, asks: bool | None = None, **details: str
) -> None:
    """Make a mail part of the conversation of a matter, and notify whose turn it is.

    The state of the matter stays, but of a case that waited for just this; mere thanks change nothing at all. `asks`:
    whether a person has to look, where that is known otherwise; `details`: more of the line in a request's story.
    A partner that was merged into another has none of its own any more: the mail joins that of the one that stands.
    WRONG_STATE unless the mail still waits.
    """
    moves.require(moves.Verb.JOIN, mail.status)
    if isinstance(matter, Organisation):
        matter = standing(matter)
    _bind(mail, matter, by)
    messages.announce(messages.Part.INBOUND, mail.pk, messages.MessageEvent.RECEIVED)
    hearing.wrote(matter, mail=str(mail.key), asks=_asks(mail) if asks is None else asks, by=by, **details)
    if mail.danger and isinstance(matter, Complaint):
        citizens.propose_urgency(matter, mail.danger)


def leave(mail: InboundMessage, matter: Matter | None, *, by: User | None) -> None:
    """Note in the story of a matter that a mail does not belong to it."""
    if matter is not None:
        hearing.wrote_elsewhere(matter, mail=str(mail.key), by=by)


# -- where it belongs ---------------------------------------------------------------------------------------------
def _by_ours(mail: InboundMessage) -> Found | None:
    """By a message of ours: the tag of its reply address, or its Message-ID."""
    message = _ours(mail)
    matter = matter_of(message) if message else None
    if message is None or matter is None:
        return None
    has_tag = bool(mail.reply_key) and message.thread == mail.reply_key.lower()
    is_genuine = not _is_forged(mail) if has_tag else _is_proven(mail)
    return Found(matter, is_genuine and _is_of(mail, {message.address.lower(), *_addresses(matter)}))


def _ours(mail: InboundMessage) -> Message | None:
    """The message of ours that a mail answers: in the thread whose tag it bears the one it names, or the newest."""
    named, tag = _named(mail), mail.reply_key.lower()
    if not tag or (named is not None and named.thread == tag):
        return named
    return _left().filter(thread=tag).order_by("-created_at").first() or named


def _named(mail: InboundMessage) -> Message | None:
    """The message of ours that a mail names: as returned, else the last one that it follows."""
    keys = [key for key in (_returned_key(mail), *map(_key, _ids(mail))) if key]
    found = _left().in_bulk(keys) if keys else {}
    return next((found[key] for key in keys if key in found), None)


def _left() -> QuerySet[Message]:
    """The messages of ours but those that were taken back, of which nothing is left but the row."""
    return Message.objects.exclude(status=Message.Status.RECALLED)


def matter_of(message: Message) -> Matter | None:
    """What a message of ours is about."""
    if (notice := Notice.objects.filter(message=message).select_related("complaint").first()) is not None:
        return notice.complaint
    asked = RequestNotice.objects.filter(message=message).select_related("request").first()
    if asked is not None:
        return asked.request
    sent = Addressee.objects.filter(message=message).select_related("letter").first()
    if sent is not None:
        return sent.letter
    written = WrittenMessage.objects.filter(message=message).select_related("letter", "organisation").first()
    return (written.letter or written.organisation) if written else None


def _by_theirs(mail: InboundMessage) -> Found | None:
    """By an earlier mail of theirs that is part of a matter: they write again before we answered."""
    earlier = InboundMessage.objects.filter(
        message_id__in=_ids(mail), status__in=[Status.JOINED, Status.MADE]
    )
    row = earlier.exclude(pk=mail.pk).order_by("-received_at", "-pk").first()
    matter = row and row.matter
    if row is None or matter is None:
        return None
    return Found(matter, _is_proven(mail) and _is_of(mail, {row.from_address.lower(), *_addresses(matter)}))


def _by_number(mail: InboundMessage) -> Found | None:
    """By the number in its subject: of a case or a request; None unless the sender has an address of it."""
    for matter in named_in(mail.subject):
        if _is_of(mail, _addresses(matter)):
            return Found(matter, _is_proven(mail))
    return None


def _addresses(matter: Matter) -> set[str]:
    return addresses_of(matter, MessageMethod.EMAIL)


def _is_of(mail: InboundMessage, addresses: set[str]) -> bool:
    return bool(mail.from_address) and mail.from_address.lower() in addresses


def _is_plain(mail: InboundMessage) -> bool:
    """Whether no other program reads another sender in its headers."""
    return Note.HEADERS_STRANGE not in mail.notes


def _is_forged(mail: InboundMessage) -> bool:
    """Whether our own server found the sender's address to be forged."""
    return mail.authentication.get("dmarc") == "fail"


def _is_proven(mail: InboundMessage) -> bool:
    """Whether our own server found the sender's address to be genuine, by DMARC or by what that asks for."""
    return mail.authentication.get("dmarc") in ("pass", "bestguesspass")


def _ids(mail: InboundMessage) -> list[str]:
    """The mails that it follows, the last one first."""
    named = [one.strip("<> ") for one in (mail.in_reply_to, *reversed(mail.references))]
    return [one for one in dict.fromkeys(named) if one][:MOST_IDS]


def _returned_key(mail: InboundMessage) -> UUID | None:
    """The key of the message of ours whose address for what is returned it was sent to."""
    return next(filter(None, map(threads.returned_in, mail.to_addresses)), None)


def _key(message_id: str) -> UUID | None:
    """The key of a message of ours, of its Message-ID."""
    try:
        return UUID(message_id.strip("<> ").partition("@")[0])
    except ValueError:
        return None


# -- what becomes of it -------------------------------------------------------------------------------------------
def _bind(mail: InboundMessage, matter: Matter, by: User | None) -> None:
    _decide(mail, by, Status.JOINED, **{EDGES[type(matter)]: matter})


def _set_aside(mail: InboundMessage, reason: object) -> None:
    with translation.override("tr"):
        _decide(mail, None, Status.SET_ASIDE, set_aside_reason=str(reason)[:300])


def _decide(mail: InboundMessage, by: User | None, to: Status, **values: object) -> None:
    change(mail, to, decided_at=timezone.now(), decided_by=by, **values)


def _returned(mail: InboundMessage, report: Part) -> None:
    """Mark the message that was returned as failed. The jobs that report what failed notify who has to call instead."""
    key = _returned_key(mail)
    bounced = bounce_of(report, is_returned=key is not None)
    if bounced is None:
        return
    # Anyone can write a report: it must come to the message's own address for it, which is signed; or name the very
    # message, which only its recipient had, and whom that was to.
    is_signed, key = key is not None, key or _key(bounced.message_id)
    message = Message.objects.filter(pk=key).first() if key else None
    if message is None or not (is_signed or bounced.address.lower() == message.address.lower()):
        return
    if bounced.is_permanent:
        sent = Message.objects.filter(pk=message.pk, status=Message.Status.SENT)
        reason = f"returned: {without_addresses(bounced.reason)}"[:200]
        if sent.update(status=Message.Status.FAILED, failed_at=timezone.now(), last_error=reason):
            message.refresh_from_db(fields=["status"])
            threads.fared(message)
            _set_aside(mail, _("A message of ours was returned."))
    else:
        _set_aside(mail, _("A message of ours is delayed; the server still tries."))


def without_addresses(text: str) -> str:
    """A server's words without the addresses that they name."""
    return " ".join(_ADDRESS.sub("…", text).split())


def received_in(message: Message) -> Iterable[tuple[dt.datetime, str]]:
    """What was received from the address of a message of ours in its matter (`outbox.threads.RECEIVED`)."""
    matter = matter_of(message)
    if matter is None:
        return []
    rows = InboundMessage.objects.filter(from_address=message.address.lower()).exclude(message_id="")
    rows = rows.filter(**{EDGES[type(matter)]: matter})
    newest = rows.order_by("-received_at", "-pk").values_list("received_at", "message_id")[:SEVERAL]
    return [(at, f"<{key.strip('<>')}>") for at, key in newest]


def register() -> None:
    """Let outgoing mails name what was received in their thread, and how they fare be announced."""
    if received_in not in threads.RECEIVED:
        threads.RECEIVED.append(received_in)
        threads.FARED.append(announcing.fared)
