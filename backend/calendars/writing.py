"""A calendar as iCalendar (RFC 5545): what a feed says, as text. Knows no database.

The text is a function of its events alone: the same events are the same bytes, so that their digest is the ETag.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID, uuid5

from django.conf import settings

from backend.core.localtime import ISTANBUL

PRODUCT = "-//Ozel Kalem//Programme//TR"
FORM = "1"
"""Raised when the text of the same event changes: it is part of the ETag."""
REFRESH = dt.timedelta(minutes=15)


@dataclass(frozen=True)
class Line:
    """One event of a feed. `uid` stays while it is the same thing; `sequence` grows with every change."""

    uid: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    summary: str
    status: str  # CONFIRMED, TENTATIVE, CANCELLED
    sequence: int
    changed_at: dt.datetime
    place: str = ""
    description: str = ""
    category: str = ""
    url: str = ""
    organizer: str = ""
    attendee: str = ""
    """Addresses, where the event is sent to one person (RFC 5546)."""
    is_asked: bool = False
    """Whether that person's answer is read; else the event goes into the calendar as one that was accepted."""


def uid(key: UUID, *parts: object) -> str:
    """Unique in the world and the same for ever: the row's key, or what is made of it, at our name."""
    name = uuid5(key, " ".join(map(str, parts))) if parts else key
    return f"{name}@{urlsplit(settings.PUBLIC_URL).hostname or 'localhost'}"


def etag(name: str, lines: list[Line]) -> str:
    return '"' + hashlib.sha256(repr((FORM, name, lines)).encode()).hexdigest()[:32] + '"'


def written(name: str, lines: list[Line], method: str = "") -> bytes:
    """The calendar of these events, with the time zone that their times name.

    `method`: what a program does with it (RFC 5546), where it is sent: PUBLISH, REQUEST or CANCEL.
    """
    from icalendar import Calendar, vText  # here and below: no command starts slower for it

    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    if method:
        calendar.add("method", method)
    calendar.add("x-wr-calname", vText(name))
    calendar.add("x-wr-timezone", ISTANBUL.key)
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", REFRESH)
    calendar.add_component(_zone())
    for line in lines:
        calendar.add_component(_event(line))
    return bytes(calendar.to_ical())


@lru_cache
def _zone() -> Any:
    """Europe/Istanbul since it stays on summer time all year (2016/9154); what a feed shows is later."""
    from icalendar import Timezone

    return Timezone.from_tzinfo(ISTANBUL, ISTANBUL.key, dt.date(2017, 1, 1), dt.date(2038, 1, 1))


def _event(line: Line) -> Any:
    from icalendar import Event

    event = Event()
    event.add("uid", line.uid)
    event.add("dtstamp", line.changed_at.astimezone(dt.UTC))
    event.add("last-modified", line.changed_at.astimezone(dt.UTC))
    event.add("sequence", line.sequence)
    event.add("dtstart", line.starts_at.astimezone(ISTANBUL))
    event.add("dtend", line.ends_at.astimezone(ISTANBUL))
    event.add("summary", line.summary)
    event.add("status", line.status)
    event.add("transp", "TRANSPARENT" if line.status == "CANCELLED" else "OPAQUE")
    for name, value in (("location", line.place), ("description", line.description), ("url", line.url)):
        if value:
            event.add(name, value)
    if line.organizer:
        event.add("organizer", f"mailto:{line.organizer}")
    if line.attendee:
        state, asked = ("NEEDS-ACTION", "TRUE") if line.is_asked else ("ACCEPTED", "FALSE")
        values = {"ROLE": "REQ-PARTICIPANT", "PARTSTAT": state, "RSVP": asked}
        event.add("attendee", f"mailto:{line.attendee}", parameters=values)
    if line.category:
        event.add("categories", [line.category])
    return event
