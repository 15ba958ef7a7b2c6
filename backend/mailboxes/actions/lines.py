"""Keeping the numbers to which citizens write."""

from __future__ import annotations

import re

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from backend.core.errors import ErrorCode
from backend.core.validation import choice, phone_number, refuse, required, short
from backend.journal.actions import record
from backend.mailboxes.choices import Channel, Purpose
from backend.mailboxes.models import MessageLine
from backend.organization.models import Department, User

SHORTEST_SECRET = 20
_SHORT_CODE = re.compile(r"\d{3,6}")


@transaction.atomic
def save_line(
    line: MessageLine | None,
    *,
    by: User | None,
    name: str,
    channel: str,
    number: str,
    department: Department,
    purpose: str,
    account: str = "",
    template: str = "",
    secret: str = "",
    token: str = "",
    is_active: bool = True,
    sends: bool | None = None,
) -> MessageLine:
    """Keep a line, new or changed; without a `secret` or `token` the former one stays.

    `sends`: whether our SMS leave by its gateway, which no other line's do then; left out it stays, and the first one
    sends.
    REQUIRED, INVALID; DUPLICATE for a number that another line of this channel has.
    """
    row = line or MessageLine()
    row.name = required(name, "name", _("Write what it is called."), 120)
    chosen = choice(Channel, channel, "channel")
    if chosen == Channel.MAIL:
        refuse(ErrorCode.INVALID, _("What comes by e-mail comes into a mailbox."), "channel")
    if line is not None and line.channel != chosen:
        refuse(ErrorCode.INVALID, _("A line keeps its channel: add another one."), "channel")
    row.channel = chosen
    row.number = _number(number, chosen)
    row.account = short(account, "account", 60)
    row.template = short(template, "template", 60)
    if chosen == Channel.WHATSAPP and not (row.account.isascii() and row.account.isdecimal()):
        refuse(
            ErrorCode.REQUIRED,
            _("Write the phone number ID of WhatsApp Business: digits, not the number itself."),
            "account",
        )
    row.department = department
    row.purpose = choice(Purpose, purpose, "purpose")
    row.is_active = is_active
    if secret:
        if len(secret) < SHORTEST_SECRET:
            message = _("A secret has at least %(letters)s letters.") % {"letters": SHORTEST_SECRET}
            refuse(ErrorCode.INVALID, message, "secret")
        row.seal_secret(secret)
    elif line is None:
        refuse(ErrorCode.REQUIRED, _("Write the secret by which the gateway is known."), "secret")
    if token:
        row.seal_token(token)
    row.version += 0 if line is None else 1
    try:
        with transaction.atomic():
            _choose_sender(row, sends)
            row.save()
    except IntegrityError:
        refuse(ErrorCode.DUPLICATE, _("Another line has this number."), "number")
    record(verb="message_line_saved", about=row, by=by)
    return row


def _choose_sender(row: MessageLine, sends: bool | None) -> None:
    """Let SMS leave by this line and by no other, where that is wished; unasked, the first one sends."""
    others = MessageLine.objects.filter(channel=Channel.SMS, sends=True).exclude(pk=row.pk)
    is_wished = sends if sends is not None else row.sends or (row._state.adding and not others.exists())
    row.sends = is_wished and row.channel == Channel.SMS
    if row.sends:
        others.update(sends=False, version=F("version") + 1)


def _number(text: str, channel: str) -> str:
    """A telephone number in E.164, or a short code of an operator, to which SMS are written."""
    number = required(text, "number", _("Write the number to which citizens write."), 40)
    if channel == Channel.SMS and _SHORT_CODE.fullmatch("".join(number.split())):
        return "".join(number.split())
    return phone_number(number, "number")
