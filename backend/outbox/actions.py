"""Writing a message to the outbox: in the transaction of the act that it tells of, or not at all."""

import datetime as dt
from collections.abc import Mapping, Sequence
from uuid import UUID

from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from backend.configuration.office import configured
from backend.core.errors import DomainError, ErrorCode
from backend.core.validation import short
from backend.journal.actions import record
from backend.organization.models import User
from backend.outbox import threads
from backend.outbox.carriers import carrier
from backend.outbox.delivery import REACHED_OTHERWISE
from backend.outbox.models import ACCOUNT_LINK, Message
from backend.outbox.sms import sms_port

SHORT = frozenset({Message.Channel.SMS.value, Message.Channel.WHATSAPP.value})
"""Ways whose messages have no letter around them and no subject."""
LONGEST_SMS = 600
"""Each 67 letters of a Turkish SMS, or 153 without letters of its own, are paid for as one."""


def render(template: str, context: dict[str, object]) -> tuple[str, str]:
    """Return (subject, body) of a mail text, whose first line is the subject. In Turkish, but for what a
    text has for the `language` "en".

    A text may name who writes and where one asks: `municipality`, `phone`.
    """
    sender = {"municipality": configured.MUNICIPALITY_NAME, "phone": configured.MUNICIPALITY_PHONE}
    with translation.override("tr"):
        text = render_to_string(template, sender | context)
    subject, _separator, body = text.strip().partition("\n")
    return subject.strip(), body.strip() + "\n"


def render_for(channel: str, template: str, context: dict[str, object]) -> tuple[str, str]:
    """`render`, for what carries short messages in the short form of the text: `code.txt` has a `code_sms.txt`."""
    return render(template.replace(".txt", "_sms.txt") if channel in SHORT else template, context)


def language_of_asker() -> str:
    """The language of a text that goes to who asks at this moment: "en", or "tr" for any other."""
    return "en" if (translation.get_language() or "").startswith("en") else "tr"


def marked_as_test(subject: str, body: str) -> tuple[str, str]:
    """A message that a user sends to their own address to look at it."""
    return render("outbox/test.txt", {"subject": subject, "body": body})


def require_channel(channel: str) -> None:
    """UNSUPPORTED if the installation has no gateway for this channel."""
    if channel == Message.Channel.SMS and not sms_port().is_configured:
        message = _("No SMS gateway is configured. Choose another means.")
        raise DomainError(ErrorCode.UNSUPPORTED, message, "means")
    if channel == Message.Channel.WHATSAPP and carrier(channel) is None:
        message = _("No number of WhatsApp is in use. Choose another means.")
        raise DomainError(ErrorCode.UNSUPPORTED, message, "means")


def agrees(channel: str, address: str) -> bool:
    """Whether who has this address agreed to this way: to WhatsApp who wrote by it and did not refuse it."""
    carried = carrier(channel)
    return carried is None or carried.may_reach(address)


def require_consent(channel: str, address: str) -> None:
    """UNSUPPORTED for who did not agree to this way."""
    if not agrees(channel, address):
        message = _("This person has not written by WhatsApp, or refuses it. Choose another means.")
        raise DomainError(ErrorCode.UNSUPPORTED, message, "means")


def bounded(text: str, channel: str) -> str:
    """A text that is not longer than what this way carries; INVALID at `body`."""
    return short(text, "body", LONGEST_SMS) if channel in SHORT else text


def require_carried(files: Sequence[object], channel: str) -> None:
    """UNSUPPORTED at `new_files` if a message that is no e-mail, which carries none, would have files."""
    if files and channel != Message.Channel.EMAIL:
        message = _("Only an e-mail carries files. Choose e-mail, or leave the files out.")
        raise DomainError(ErrorCode.UNSUPPORTED, message, "new_files")


@transaction.atomic
def post(
    *,
    channel: str,
    address: str,
    subject: str,
    body: str,
    purpose: str,
    key: UUID | None = None,
    calendar: str = "",
    files: Sequence[Mapping[str, str]] = (),
    not_before: dt.datetime | None = None,
    matter: UUID | None = None,
    language: str = "tr",
) -> Message:
    """Put one message into the outbox, with the job that sends it once the transaction is committed.

    `key`: what makes it the same message if it is posted again; IntegrityError then (see `is_posted`). `calendar`: an
    appointment as iCalendar, which a mail carries. `files`: stored files that it carries (`documents.models.stored`).
    `not_before`: until when it waits (`backend.outbox.holding`). `matter`: the key of the case, the request or the
    letter that a message is about; those to one address are a thread (`backend.outbox.threads`).
    `language`: that of the text, in which its frame is written too.
    """
    from backend.outbox.jobs import deliver

    message = Message.objects.create(
        **({"id": key} if key else {}),
        channel=channel,
        address=address,
        subject=subject[:200],
        body=body,
        calendar=calendar,
        files=list(files),
        purpose=purpose[:60],
        language=language,
        not_before=not_before,
        thread=threads.tag_of(matter, address) if matter else "",
    )
    deliver.configure(schedule_at=not_before).defer(message_id=str(message.pk))
    return message


def is_posted(key: UUID) -> bool:
    """Whether a message with this key was written already, whatever became of it."""
    return Message.objects.filter(pk=key).exists()


@transaction.atomic
def post_again(message: Message, *, by: User | None = None) -> None:
    """Try a failed message once more, from the beginning; who asked for it stands in the journal.

    WRONG_STATE unless it failed, for the link to an account, whose text is gone, and for what reached its addressee by
    another way since: no one gets the same twice.
    """
    from backend.outbox.jobs import deliver

    if message.purpose == ACCOUNT_LINK:
        raise DomainError(ErrorCode.WRONG_STATE, _("This link is gone from here. Send the person a new one."))
    if any(reached(message) for reached in REACHED_OTHERWISE):
        refusal = _(
            "It went to its addressee by another way since, or its arrival is recorded. It is not sent again."
        )
        raise DomainError(ErrorCode.WRONG_STATE, refusal)
    failed = Message.objects.filter(pk=message.pk, status=Message.Status.FAILED)
    nothing = {
        "provider_id": "",
        "sent_at": None,
        "delivered_at": None,
        "read_at": None,
        "failed_at": None,
        "gateway": "",
    }  # of the attempt before
    if not failed.update(status=Message.Status.WAITING, attempts=0, last_error="", **nothing):
        raise DomainError(ErrorCode.WRONG_STATE, _("Only a message that failed can be sent again."))
    message.parts.all().delete()
    record(verb="message_posted_again", about=message, by=by)
    deliver.defer(message_id=str(message.pk))
