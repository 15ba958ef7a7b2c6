"""What the Cloud API of WhatsApp Business calls us with: messages, and how ours fared.

Read as its documentation describes the webhooks of the field `messages`. A call bears the digest of its body under the
app secret (`X-Hub-Signature-256`); what is about another number than the line's is not ours, and passed over.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
from collections.abc import Iterator
from functools import partial
from typing import Any

from backend.core.words.text import clean
from backend.mailboxes.choices import Note
from backend.mailboxes.lines.gateway import Call, id_of, listed, parsed, raw_of, sensible
from backend.mailboxes.lines.intake import Incoming
from backend.mailboxes.lines.reports import Outcome, Report

OUTCOMES = {
    "sent": Outcome.SENT,
    "delivered": Outcome.DELIVERED,
    "read": Outcome.READ,
    "failed": Outcome.FAILED,
}
MEDIA = ("image", "document", "video", "audio", "sticker")


def is_signed(body: bytes, signature: str, secret: str) -> bool:
    """Whether a call bears the digest of its body under the app secret."""
    expected = "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(expected.encode(), signature.strip().encode())


def read(body: bytes, account: str) -> Call:
    """Read a call for the number that the provider names `account`. UnreadableError."""
    call = Call()
    for value in _values(parsed(body), account):
        names = {
            name: _word(_part(one, "profile"), "name")
            for one in listed(value, "contacts")
            for name in (_word(one, "wa_id"), _word(one, "user_id"))
            if name
        }
        call.messages += call.read(listed(value, "messages"), partial(_message, names=names))
        call.reports += call.read(listed(value, "statuses"), _report)
    return call


def media_of(row: dict[str, Any]) -> tuple[str, str] | None:
    """(ID, name) of the file that a message brings; None without one."""
    kind = row.get("type")
    part = row.get(kind) if kind in MEDIA else None
    if not isinstance(part, dict) or not str(part.get("id") or "").isdecimal():
        return None
    name = part.get("filename")
    return str(part["id"]), name if isinstance(name, str) else ""


def _values(data: dict[str, Any], account: str) -> Iterator[dict[str, Any]]:
    for entry in listed(data, "entry"):
        for change in listed(entry, "changes"):
            value = change.get("value")
            if change.get("field") != "messages" or not isinstance(value, dict):
                continue
            about = value.get("metadata")
            if isinstance(about, dict) and str(about.get("phone_number_id")) == account:
                yield value


def _message(row: dict[str, Any], names: dict[str, str]) -> Incoming | None:
    sender = _word(row, "from")
    hidden = _word(row, "from_user_id") or _word(
        row, "user_id"
    )  # of who has a user name, and shows no number
    if not sender and not hidden and len(names) == 1:
        (hidden,) = names
    text, notes = _text(row)
    context = _part(row, "reaction") if row.get("type") == "reaction" else _part(row, "context")
    if row.get("type") == "reaction" and not text:
        return None  # one was taken back
    return Incoming(
        id_of(row),
        f"+{sender.lstrip('+')}" if sender else hidden,
        text,
        raw_of(row),
        _moment(row.get("timestamp")),
        names.get(sender or hidden, ""),
        notes,
        follows=(_word(context, "message_id") or _word(context, "id"))[:200],
        has_media=media_of(row) is not None,
    )


def _text(row: dict[str, Any]) -> tuple[str, tuple[Note, ...]]:
    """What a message says in words, and what could not be read of it."""
    kind = row.get("type")
    part = _part(row, str(kind))
    if kind == "audio":
        return "", (Note.VOICE,)
    if kind in MEDIA:
        return _word(part, "caption"), ()
    if kind == "location":
        place = [_word(part, "name"), _word(part, "address")]
        return "\n".join(filter(None, [*place, f"{part.get('latitude')}, {part.get('longitude')}"])), ()
    if kind == "interactive":
        chosen = _part(part, str(part.get("type")))
        words = _word(chosen, "title") or _word(chosen, "body")
        return words, () if words else (Note.NO_TEXT,)
    named = {"text": "body", "button": "text", "reaction": "emoji"}
    if kind in named:
        return _word(part, named[str(kind)]), ()
    return "", (Note.NO_TEXT,)


def _report(row: dict[str, Any]) -> Report | None:
    outcome = OUTCOMES.get(str(row.get("status")))
    if outcome is None:
        return None
    faults = list(listed(row, "errors"))
    reason = f"{faults[0].get('code')} {faults[0].get('title') or ''}" if faults else ""
    return Report(
        _word(row, "biz_opaque_callback_data") or id_of(row),
        outcome,
        _moment(row.get("timestamp")),
        reason,
        provider_id=id_of(row),
    )


def _part(row: dict[str, Any], name: str) -> dict[str, Any]:
    part = row.get(name)
    return part if isinstance(part, dict) else {}


def _word(part: dict[str, Any], name: str) -> str:
    value = part.get(name)
    return clean(value) if isinstance(value, str) else ""


def _moment(value: object) -> dt.datetime | None:
    try:
        return sensible(dt.datetime.fromtimestamp(int(str(value)), dt.UTC))
    except (ValueError, OverflowError, OSError):
        return None
