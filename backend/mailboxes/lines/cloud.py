"""Asking the Cloud API of WhatsApp Business: sending, and fetching what a message brings.

Free text is for the twenty-four hours after the person wrote; outside of them an approved template carries it. There is
no key against sending twice: our key goes along (`biz_opaque_callback_data`), and a report that names it settles a
message whose answer we did not get.
"""

from __future__ import annotations

import datetime as dt
import json
import logging
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone

from backend.core.sealing import WrongKeyError
from backend.core.words.text import line
from backend.mailboxes.choices import Channel, Kind
from backend.mailboxes.models import InboundMessage, MessageLine
from backend.outbox.models import Message
from backend.outbox.sms import TryAgain, Undeliverable
from backend.portals.webhooks import sending
from backend.portals.webhooks.addresses import target_of

log = logging.getLogger("mailboxes")
WINDOW = dt.timedelta(hours=24)
LONGEST_TEXT, LONGEST_TEMPLATE = 4096, 1000
LATE = frozenset({131047})
"""Errors that say that the twenty-four hours are over."""
PASSING = frozenset({1, 2, 4, 80007, 130429, 131000, 131016, 131048, 131056})
"""Errors that say to try again: their service, or too many at once."""
ACCOUNT = frozenset({0, 3, 10, 190, *range(200, 300), 368, 401, 403, 131005, 131031, 131042})
"""Errors (and statuses without one) about our own account, such as a token that ended: no message's fault."""
MEDIA_HOSTS = ("fbsbx.com", "whatsapp.net", "fbcdn.net", "facebook.com")
"""Where Meta keeps files: our token goes nowhere else."""
_CODE = re.compile(r'"code"\s*:\s*(\d{1,9})')
_NAME = re.compile(r'"id"\s*:\s*"(wamid\.[^"]{1,190})"')


@dataclass(frozen=True)
class Media:
    """A file that a message brings, as it was fetched."""

    content: bytes
    content_type: str


class WhatsApp:
    """Carries messages by the line of WhatsApp to which their person wrote last (`outbox.carriers`)."""

    @property
    def is_configured(self) -> bool:
        return MessageLine.objects.active().filter(channel=Channel.WHATSAPP).exclude(token=b"").exists()

    def may_reach(self, address: str) -> bool:
        """Who wrote to us by WhatsApp agreed to this way, until they refuse it."""
        return _last_heard(address) is not None and not InboundMessage.objects.refusing([address]).exists()

    def send(self, message: Message) -> str:
        heard = _last_heard(message.address)
        if heard is None or not self.may_reach(message.address):
            raise Undeliverable("the person did not agree to WhatsApp")
        to = heard.line
        if to is None or not to.is_active or not to.account:
            raise Undeliverable("no line of WhatsApp in use")
        message.gateway = str(to.key)
        is_open = is_within_window(heard)
        content = _free(message) if is_open else _templated(message, to)
        code, text = _posted(to, content | _frame(message))
        if code in LATE and is_open:
            code, text = _posted(to, _templated(message, to) | _frame(message))
        if code is None:
            found = _NAME.search(text)
            return found[1] if found else ""
        if code in ACCOUNT:
            log.error({"event": "whatsapp_account_refused", "line": str(to.key), "reason": code})
        raise (TryAgain if code in PASSING | ACCOUNT else Undeliverable)(f"WhatsApp answered {code}")


def is_within_window(heard: InboundMessage) -> bool:
    """Whether free text is taken after this message: for twenty-four hours."""
    return heard.received_at > timezone.now() - WINDOW


def takes(heard: InboundMessage) -> bool:
    """Whether what answers this message can leave by WhatsApp: within a day, or by the template of the line."""
    to = heard.line
    return to is not None and to.is_active and (is_within_window(heard) or bool(to.template))


def _last_heard(address: str) -> InboundMessage | None:
    rows = InboundMessage.objects.filter(channel=Channel.WHATSAPP, from_address=address)
    return (
        rows.exclude(kind__in=[Kind.REFUSAL, Kind.VOID])
        .select_related("line")
        .order_by("-received_at", "-pk")
        .first()
    )


def _frame(message: Message) -> dict[str, Any]:
    return {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        "to": message.address.lstrip("+"),
        "biz_opaque_callback_data": str(message.pk),
    }


def _free(message: Message) -> dict[str, Any]:
    if len(message.body) > LONGEST_TEXT:
        raise Undeliverable("the text is longer than WhatsApp takes")
    return {"type": "text", "text": {"preview_url": False, "body": message.body}}


def _templated(message: Message, to: MessageLine) -> dict[str, Any]:
    """The template with the text as its one parameter, which is one line."""
    text = line(message.body)
    if not to.template:
        raise Undeliverable("outside of the twenty-four hours, and the line has no template")
    if len(text) > LONGEST_TEMPLATE:
        raise Undeliverable("the text is longer than a template takes")
    parts = [{"type": "body", "parameters": [{"type": "text", "text": text}]}]
    return {
        "type": "template",
        "template": {"name": to.template, "language": {"code": "tr"}, "components": parts},
    }


def _posted(to: MessageLine, content: dict[str, Any]) -> tuple[int | None, str]:
    """(None, answer), or (code of the error, answer). TryAgain where nothing was answered."""
    target = target_of(f"{settings.WHATSAPP_URL}/{to.account}/messages")
    answer = sending.post(target, json.dumps(content).encode(), _proof(to))
    if answer.status is None:
        raise TryAgain(f"WhatsApp not reached ({answer.fault})")
    if answer.is_done:
        return None, answer.text
    found = _CODE.search(answer.text)
    if (
        answer.status >= 500
        or answer.status == 429
        or (found is None and answer.status not in (400, 401, 403, 404))
    ):
        raise TryAgain(f"WhatsApp answered {answer.status}")
    return int(found[1]) if found else answer.status, answer.text


def _proof(to: MessageLine) -> dict[str, str]:
    try:
        token = to.read_token()
    except WrongKeyError:
        raise TryAgain("the token of the line was stored under another key") from None
    return {"Authorization": f"Bearer {token}"}


def fetch(to: MessageLine, media_id: str) -> Media | None:
    """Fetch a file that a message brings; None for one that is not there any more, or larger than what is taken.

    TryAgain. The address of the file is asked for first, and is judged like that of any webhook.
    """
    proof = _proof(to)
    described = sending.get(target_of(f"{settings.WHATSAPP_URL}/{media_id}"), proof, 64 * 1024)
    if (facts := _facts(described)) is None:
        return None
    most = settings.ATTACHMENT_MAX_BYTES
    size = facts.get("file_size")
    if isinstance(size, int) and size > most:
        return None
    address = str(facts.get("url") or "")
    if not _is_metas(address):
        log.warning({"event": "media_of_a_foreign_host"})
        return None
    brought = sending.get(target_of(address), proof, most + 1)
    if not _is_there(brought) or len(brought.content) > most:
        return None
    return Media(brought.content, str(facts.get("mime_type") or ""))


def _is_metas(address: str) -> bool:
    host = urlsplit(address).hostname or ""
    is_theirs = any(host == one or host.endswith(f".{one}") for one in MEDIA_HOSTS)
    return is_theirs or host == urlsplit(settings.WHATSAPP_URL).hostname


def _facts(answer: sending.Fetched) -> dict[str, Any] | None:
    if not _is_there(answer):
        return None
    try:
        facts = json.loads(answer.content)
    except ValueError:
        raise TryAgain("WhatsApp answered what cannot be read") from None
    return facts if isinstance(facts, dict) else None


def _is_there(answer: sending.Fetched) -> bool:
    if answer.status is None or answer.status >= 500 or answer.status in (401, 408, 429):
        raise TryAgain(f"WhatsApp answered {answer.status or answer.fault}")
    return answer.status == 200
