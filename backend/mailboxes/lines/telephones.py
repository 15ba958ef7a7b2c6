"""The matter to which a message from a telephone belongs.

The telephone must be one of the matter's own people at this moment; a number that another person has now opens nothing.
A number of a matter in the text names it. Else it is what we last wrote to this telephone about, and it is sure only
where we wrote about one matter alone in these days: two are a proposal, at which a person looks.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from backend.core.words.text import search_form
from backend.mailboxes.choices import MessageMethod
from backend.mailboxes.matters.numbers import named_in
from backend.mailboxes.matters.people import addresses_of
from backend.mailboxes.models import InboundMessage, Matter
from backend.outbox.models import Message

ANSWERED_WITHIN = dt.timedelta(days=14)
MOST_MESSAGES = 50
REFUSALS = frozenset({"ret", "stop"})
"""What operators and İYS have people write to refuse messages of any sender."""
AMBIGUOUS = frozenset({"iptal", "red"})
"""A refusal too, unless a matter waits for an answer of this telephone: then it may be the appointment."""


def by_telephone(
    message: InboundMessage, matter_of: Callable[[Message], Matter | None]
) -> tuple[Matter, bool] | None:
    """The matter that a message may belong to, and whether that is sure."""
    phone = message.from_phone
    if not phone:
        return None

    def is_theirs(matter: Matter) -> bool:
        return phone in addresses_of(matter, MessageMethod.SMS)

    if message.in_reply_to and (answered := Message.objects.filter(provider_id=message.in_reply_to).first()):
        matter = matter_of(answered)
        if matter is not None and is_theirs(matter):
            return matter, True
    for named in named_in(message.text):
        if is_theirs(named):
            return named, True
    rows = Message.objects.filter(
        address=phone,
        channel__in=[Message.Channel.SMS, Message.Channel.WHATSAPP],
        sent_at__gt=message.received_at - ANSWERED_WITHIN,
    )
    last = {row.thread: row for row in reversed(rows.exclude(thread="").order_by("-sent_at")[:MOST_MESSAGES])}
    newest = sorted(last.values(), key=lambda row: row.sent_at or row.created_at, reverse=True)
    found = [matter for row in newest if (matter := matter_of(row)) and is_theirs(matter)]
    return (found[0], len(found) == 1) if found else None


def refuses(text: str, sender: str) -> str:
    """The word by which a text refuses messages, alone or before the name under which we send; "" where it does not."""
    word, *rest = search_form(text).strip(" .!").split() or [""]
    is_one = not rest or " ".join(rest) == search_form(sender)
    return word if is_one and word in REFUSALS | AMBIGUOUS else ""
