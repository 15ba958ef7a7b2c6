"""The door for gateways of SMS and messengers: each is known by the secret of its line, and sees nothing."""

from __future__ import annotations

import hmac
import logging
from uuid import UUID

from django.utils import timezone

from backend.core.errors import DomainError
from backend.core.sealing import WrongKeyError
from backend.core.session import is_passing, system
from backend.mailboxes.choices import Channel
from backend.mailboxes.lines import gateway, intake, reports, whatsapp
from backend.mailboxes.models import InboundMessage, MessageLine

log = logging.getLogger("mailboxes")


class Refused(Exception):  # noqa: N818
    """There is no such line, or this is not its secret: one answer for both."""


class Unreadable(Exception):  # noqa: N818
    """The call is not as the protocol says; the text says where, to a developer."""


class NotKept(Exception):  # noqa: N818
    """A fault of ours kept something from being stored: the gateway calls again with all of it."""


def take_texts(key: UUID, secret: str, body: bytes) -> None:
    """Take what the gateway of SMS calls with: messages, each once, and reports about messages of ours. Refused,
    Unreadable, NotKept."""
    line = _line(key, Channel.SMS)
    if not secret or not _is_same(secret, _secret(line)):
        raise Refused
    try:
        call = gateway.read(body)
    except gateway.UnreadableError as error:
        raise Unreadable(str(error)) from None
    take(line, call)
    if call.odd:  # the others are kept: the gateway's developer reads which one is not
        raise Unreadable(call.odd[0])


def answer_challenge(key: UUID, token: str) -> None:
    """Know who points WhatsApp to us by the word that stands at the line. Refused."""
    if not token or not _is_same(token, _line(key, Channel.WHATSAPP).verification):
        raise Refused


def take_signed(key: UUID, signature: str, body: bytes) -> None:
    """Take what WhatsApp calls with: messages, each once, and how ours fared; rows of another shape are passed over.
    Refused, Unreadable, NotKept."""
    line = _line(key, Channel.WHATSAPP)
    if not whatsapp.is_signed(body, signature, _secret(line)):
        raise Refused
    try:
        call = whatsapp.read(body, line.account)
    except gateway.UnreadableError as error:
        raise Unreadable(str(error)) from None
    take(line, call)


def take(line: MessageLine, call: gateway.Call) -> None:
    """Keep what a call brings, each message and report in a transaction of its own. NotKept after all were tried."""
    kept: list[InboundMessage | None] = []
    failed = 0
    for message in call.messages:
        try:
            with system():
                row = intake.keep(line, message)
            kept += [] if message.has_media else [row]  # of a file the unit hears when it is fetched
        except Exception as error:
            failed += _passed_over(error, "message_not_kept")
    for report in call.reports:
        try:
            with system():
                is_ours = reports.note(report, channel=line.channel, gateway=str(line.key))
            if not is_ours:
                log.warning({"event": "report_of_no_message_of_this_line", "line": str(line.key)})
        except Exception as error:
            failed += _passed_over(error, "report_not_noted")
    with system():
        intake.report_waiting(line, kept)
        MessageLine.objects.filter(pk=line.pk).update(heard_at=timezone.now())
    if failed:
        raise NotKept


def _passed_over(error: Exception, event: str) -> int:
    if is_passing(error):
        raise error
    log.exception({"event": event, "reason": error.code.value if isinstance(error, DomainError) else ""})
    return 1


def _line(key: UUID, channel: Channel) -> MessageLine:
    with system():
        rows = MessageLine.objects.active().select_related("department")
        found = rows.filter(key=key, channel=channel).first()
    if found is None:
        raise Refused
    return found


def _secret(line: MessageLine) -> str:
    try:
        return line.read_secret()
    except WrongKeyError:
        log.error({"event": "line_secret_unreadable", "line": str(line.key)})
        raise Refused from None


def _is_same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode())
