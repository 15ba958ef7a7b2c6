"""What a calendar program answers to an invitation (RFC 5546, METHOD:REPLY), read from what a mail brings."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.utils import timezone

LONGEST = 64 * 1024
"""No answer to one invitation is longer."""
EARLIEST, AHEAD = dt.datetime(2000, 1, 1, tzinfo=dt.UTC), dt.timedelta(days=1)
"""No answer is older; the clock of no calendar is further ahead."""


class Answer(StrEnum):
    """What an invited person answers."""

    ACCEPTED = "ACCEPTED"
    DECLINED = "DECLINED"
    TENTATIVE = "TENTATIVE"


@dataclass(frozen=True)
class Reply:
    """The answer of one person to one version of an event. `attendee`: their address, in small letters."""

    uid: str
    sequence: int
    stamped_at: dt.datetime
    attendee: str
    answer: Answer
    comment: str = ""


def reply_in(content: bytes) -> Reply | None:
    """The answer that a calendar file is; None for any other file, whatever its bytes are."""
    if len(content) > LONGEST or b"REPLY" not in content.upper():
        return None
    try:
        return _read(content)
    except Exception:  # the library refuses in many ways what is no calendar
        return None


def _read(content: bytes) -> Reply | None:
    from icalendar import Calendar  # here: no command starts slower for it

    calendar = Calendar.from_ical(content.decode("utf-8-sig", "replace").lstrip())
    events: list[Any] = calendar.walk("VEVENT")
    if str(calendar.get("METHOD", "")).strip().upper() != "REPLY" or len(events) != 1:
        return None
    (event,) = events
    attendees = event.get("ATTENDEE", [])
    if isinstance(attendees, list):
        if len(attendees) != 1:
            return None
        (attendees,) = attendees
    stamped_at = _moment(event["DTSTAMP"].dt)
    if not EARLIEST <= stamped_at <= timezone.now() + AHEAD:
        return None
    return Reply(
        uid=str(event["UID"]).strip(),
        sequence=int(event.get("SEQUENCE", 0)),
        stamped_at=stamped_at,
        attendee=_address(str(attendees)),
        answer=Answer(str(attendees.params.get("PARTSTAT", "")).upper()),
        comment=_comment(event.get("COMMENT", "")),
    )


def _moment(stamp: Any) -> dt.datetime:
    moment = dt.datetime.combine(stamp, dt.time()) if not isinstance(stamp, dt.datetime) else stamp
    return moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)


def _address(value: str) -> str:
    scheme, colon, address = value.strip().lower().partition(":")
    return address if colon and scheme == "mailto" else ""


def _comment(value: Any) -> str:
    return str(value[0] if isinstance(value, list) and value else value)[:500].strip()
