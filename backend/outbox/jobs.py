"""Sending what is in the outbox: each message once, again after a fault, never for ever."""

from __future__ import annotations

import datetime as dt
import logging
import smtplib

from django.core.mail import EmailMultiAlternatives
from django.db.models import Exists, OuterRef, Q, TextField
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Now
from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from backend.core.operation import tracing
from backend.core.session import system
from backend.outbox.carriers import carrier
from backend.outbox.mail import composed
from backend.outbox.models import ACCOUNT_LINK, CODE_LIVES, CONTACT_CODE, Message, SmsPart
from backend.outbox.sms import TryAgain, Undeliverable, sms_port
from backend.outbox.sms_parts import fate_of, forget_old
from backend.outbox.threads import fared

log = logging.getLogger("outbox")
MAX_ATTEMPTS = 8
MOST_AN_HOUR = 30
"""So many mails about matters leave for one address within an hour; the others wait."""
TAKE_UP_AFTER, TAKE_UP_AT_ONCE = dt.timedelta(minutes=2), 1000
# Seconds between two attempts: 34, 46, 94, 286, 1054, 4126, 16414: six hours in all.
BACKOFF = RetryStrategy(max_attempts=MAX_ATTEMPTS, wait=30, exponential_wait=4, retry_exceptions=[TryAgain])
WRITTEN = (
    "status",
    "attempts",
    "sent_at",
    "delivered_at",
    "failed_at",
    "last_error",
    "body",
    "provider_id",
    "gateway",
)
DUE = Q(not_before=None) | Q(not_before__lte=Now())
"""The messages whose moment has come: before it they can be taken back (`holding`)."""


@app.task(name="outbox.deliver", queue="outbox", retry=BACKOFF)
def deliver(message_id: str) -> None:
    """Send one message if it still waits and no other worker is sending it.

    The row stays locked while it is sent. Should the process die between the server's "accepted" and our commit, it
    is sent again under the same Message-ID. Raises TryAgain, so that the job comes back later.
    """
    with system():
        fault = _attempt(message_id)
    with system():
        _settle_late(message_id)
    if fault is not None:
        raise fault


@app.periodic(cron="* * * * *")
@app.task(name="outbox.take_up", queue="outbox", queueing_lock="outbox.take_up")
def take_up(timestamp: int = 0) -> None:
    """Every minute: give each message that waits without a job a new one: a fault of ours ended its own."""
    with system():
        jobs = ProcrastinateJob.objects.filter(task_name=deliver.name, status__in=["todo", "doing"])
        about = jobs.annotate(about=KeyTextTransform("message_id", "args"))
        theirs = about.filter(about=Cast(OuterRef("pk"), TextField()))
        waiting = Message.objects.filter(
            DUE, status=Message.Status.WAITING, created_at__lt=timezone.now() - TAKE_UP_AFTER
        )
        for message in waiting.exclude(Exists(theirs)).order_by("created_at")[:TAKE_UP_AT_ONCE]:
            deliver.defer(message_id=str(message.pk))


@app.periodic(cron="* * * * *")
@app.task(name="outbox.keep_up", queue="outbox", queueing_lock="outbox.keep_up")
def keep_up(timestamp: int = 0) -> None:
    """Every minute: open the line by which SMS come in, where that is ours to open and has ended."""
    try:
        sms_port().keep_up()
    except TryAgain as error:
        log.warning({"event": "sms_line_not_open", "reason": str(error)})


@app.periodic(cron="25 1 * * *")
@app.task(name="outbox.forget_parts", queue="upkeep", queueing_lock="outbox.forget_parts")
def forget_parts(timestamp: int = 0) -> int:
    """Every night: the parts of texts whose receipts come no more."""
    return forget_old()


def _attempt(message_id: str) -> TryAgain | None:
    waiting = Message.objects.filter(DUE, pk=message_id, status=Message.Status.WAITING)
    # Not of its key: the parts of a text are written down meanwhile (`sms_parts`).
    message = waiting.select_for_update(skip_locked=True, no_key=True).first()
    if message is None:
        return None
    if _is_too_many(message):
        return TryAgain(
            "too many mails to this address within the hour"
        )  # no attempt: it is not the mail's fault
    message.attempts += 1
    fault: TryAgain | None = None
    try:
        with tracing.span("message", channel=message.channel, attempt=message.attempts):
            _send(message)
    except Undeliverable as error:
        _fail(message, str(error))
    except TryAgain as error:
        fault = _again(message, error)
    except Exception as error:  # a fault of ours counts too, or it would be tried for ever
        log.exception({"event": "message_not_sent", "message_id": str(message.pk)})
        fault = _again(message, TryAgain(f"fault of the program ({type(error).__name__})"))
    else:
        message.status, message.sent_at, message.last_error = Message.Status.SENT, timezone.now(), ""
        _settle(message)
    if message.purpose == ACCOUNT_LINK and message.status != Message.Status.WAITING:
        message.body = "–"
    message.save(update_fields=WRITTEN)
    if message.status != Message.Status.WAITING:
        fared(message)
    return fault


def _fail(message: Message, reason: str) -> None:
    message.status, message.failed_at, message.last_error = (
        Message.Status.FAILED,
        timezone.now(),
        reason[:200],
    )


def _settle(message: Message) -> None:
    """Take over what receipts reported of a text while it was still being sent."""
    fate = fate_of(message) if message.channel == Message.Channel.SMS else None
    if fate is not None and fate.is_delivered:
        message.delivered_at = fate.at
    elif fate is not None:
        _fail(message, f"gateway: {fate.reason}")


def _settle_late(message_id: str) -> None:
    """Take over what was reported between the look of `_settle` and the commit of what that found: who noted the
    receipt saw a message that still waits."""
    rows = Message.objects.filter(
        pk=message_id, channel=Message.Channel.SMS, status=Message.Status.SENT, delivered_at=None
    )
    message = rows.filter(Exists(SmsPart.objects.filter(message=OuterRef("pk")).exclude(outcome="")))
    if (row := message.select_for_update(no_key=True).first()) is None:
        return
    before = (row.status, row.delivered_at)
    _settle(row)
    if (row.status, row.delivered_at) != before:
        row.save(update_fields=WRITTEN)
        fared(row)


def _is_too_many(message: Message) -> bool:
    """Whether so many mails about matters left for this address within the hour that a robot may be answering them."""
    if not message.thread:
        return False
    hour_ago = timezone.now() - dt.timedelta(hours=1)
    lately = Message.objects.filter(address=message.address, sent_at__gt=hour_ago).exclude(thread="")
    return lately.count() >= MOST_AN_HOUR


def _again(message: Message, error: TryAgain) -> TryAgain | None:
    """Note the fault; None after the last attempt."""
    message.last_error = str(error)[:200]
    if message.attempts < MAX_ATTEMPTS:
        return error
    _fail(message, str(error))
    return None


def _send(message: Message) -> None:
    if message.purpose == CONTACT_CODE and message.created_at < timezone.now() - CODE_LIVES:
        raise Undeliverable("the code ended before it could leave")
    if message.channel == Message.Channel.SMS:
        port = sms_port()
        message.gateway = port.gateway
        message.provider_id = port.send(key=str(message.pk), to=message.address, text=message.body) or ""
    elif (carried := carrier(message.channel)) is not None:
        message.provider_id = carried.send(message)
    elif message.channel != Message.Channel.EMAIL:
        raise Undeliverable("this way is not configured")
    else:
        _send_mail(message)


def _hand_over(mail: EmailMultiAlternatives) -> None:
    """Send a mail; with its sender's own address in the envelope where the server allows the account no other one.

    Servers say so of the sender, of the recipient (Postfix delays its refusals) or of the content (Exchange); nothing
    was taken until then.
    """
    try:
        mail.send()
    except (smtplib.SMTPSenderRefused, smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError):
        if mail.from_email == mail.extra_headers["From"]:
            raise
        mail.from_email = mail.extra_headers["From"]
        mail.send()


def _send_mail(message: Message) -> None:
    mail = composed(message)
    try:
        _hand_over(mail)
    except smtplib.SMTPRecipientsRefused as error:
        codes = [code for code, _text in error.recipients.values()]
        raise _by_code(max(codes, default=450), "recipient refused") from None
    except smtplib.SMTPResponseException as error:
        # 535 and the like are about our own account: not the message's fault.
        code = 450 if isinstance(error, smtplib.SMTPAuthenticationError) else error.smtp_code
        raise _by_code(code, f"server answered {error.smtp_code}") from None
    except (smtplib.SMTPException, OSError) as error:
        raise TryAgain(f"mail server not reached ({type(error).__name__})") from None
    except ValueError as error:
        raise Undeliverable(f"address not accepted ({type(error).__name__})") from None


def _by_code(code: int, text: str) -> Exception:
    return Undeliverable(f"{text} ({code})") if code >= 500 else TryAgain(f"{text} ({code})")
