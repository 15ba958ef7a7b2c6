"""What the JSON gateway of SMS calls us with: messages that came in, and reports about messages of ours.

    {"messages": [{"id": "…", "from": "+905…", "text": "…", "receivedAt": "2026-11-29T10:00:00+03:00"}],
     "reports": [{"id": "the id that we sent", "status": "DELIVERED", "at": "…", "reason": "…"}]}

Statuses: DELIVERED, FAILED; any other says that it is under way, and changes nothing.
"""

from __future__ import annotations

import datetime as dt
import json
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_datetime

from backend.core.words.text import clean
from backend.mailboxes.lines.intake import OLDEST, Incoming
from backend.mailboxes.lines.reports import Outcome, Report

log = logging.getLogger("mailboxes")
MOST_AT_ONCE, LONGEST_ID = 1000, 200
AHEAD = dt.timedelta(days=1)
"""How far the clock of a gateway may be ahead."""


class UnreadableError(Exception):
    """What was sent is not as the protocol says; the text says to a developer where."""


@dataclass
class Call:
    """What one call brings. `odd`: why rows of it could not be read; the others are kept."""

    messages: list[Incoming] = field(default_factory=list)
    reports: list[Report] = field(default_factory=list)
    odd: list[str] = field(default_factory=list)

    def read[T](
        self, rows: Iterable[dict[str, Any]], one_of: Callable[[dict[str, Any]], T | None]
    ) -> list[T]:
        """Read the rows one by one: one of another shape holds up no other."""
        found = []
        for row in rows:
            try:
                one = one_of(row)
            except UnreadableError as error:
                self.odd.append(str(error))
                log.warning({"event": "row_unreadable", "reason": str(error)})
            else:
                found += [] if one is None else [one]
        return found


def read(body: bytes) -> Call:
    """Read a call of the gateway. UnreadableError."""
    data, call = parsed(body), Call()
    call.messages = call.read(listed(data, "messages"), _message)
    call.reports = call.read(listed(data, "reports"), _report)
    return call


def parsed(body: bytes) -> dict[str, Any]:
    """The JSON object of a body. UnreadableError."""
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        raise UnreadableError("The body is no JSON.") from None
    if not isinstance(data, dict):
        raise UnreadableError("The body is no JSON object.")
    return data


def listed(data: dict[str, Any], name: str) -> Iterable[dict[str, Any]]:
    """The objects of a list, which may be left out. UnreadableError."""
    rows = data.get(name)
    rows = [] if rows is None else rows
    if not isinstance(rows, list) or len(rows) > MOST_AT_ONCE or not all(isinstance(r, dict) for r in rows):
        raise UnreadableError(f"{name} is no list of at most {MOST_AT_ONCE} objects.")
    return rows


def text_of(row: dict[str, Any], name: str) -> str:
    """A text that must be there. UnreadableError."""
    value = row.get(name)
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str) or not (value := clean(value)):
        raise UnreadableError(f"{name} is missing, or no text.")
    return value


def id_of(row: dict[str, Any]) -> str:
    """How the provider names a row. UnreadableError."""
    if len(name := text_of(row, "id")) > LONGEST_ID:
        raise UnreadableError(f"id has more than {LONGEST_ID} letters.")
    return name


def raw_of(row: dict[str, Any]) -> bytes:
    """What was handed over of a message, to be kept."""
    return json.dumps(row, ensure_ascii=False, sort_keys=True).encode("utf-8", "replace")


def _message(row: dict[str, Any]) -> Incoming:
    text = row.get("text")
    if not isinstance(text, str):
        raise UnreadableError("text is missing, or no text.")
    return Incoming(id_of(row), text_of(row, "from"), text, raw_of(row), _moment(row.get("receivedAt")))


def _report(row: dict[str, Any]) -> Report | None:
    status = text_of(row, "status").upper()
    if status not in ("DELIVERED", "FAILED"):
        return None
    reason = row.get("reason")
    return Report(
        id_of(row), Outcome(status), _moment(row.get("at")), reason if isinstance(reason, str) else ""
    )


def _moment(value: object) -> dt.datetime | None:
    try:
        at = parse_datetime(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return sensible(at) if at and at.tzinfo else None


def sensible(at: dt.datetime) -> dt.datetime | None:
    """A moment of these days; None for any other, such as the year 1, with which some programs say that they have
    none."""
    now = timezone.now()
    return at if now - OLDEST < at < now + AHEAD else None
