"""Parser of .ics files, without database access.

The file is untrusted: size, number of events, repetitions and parsing time are limited, and each limit has its own
error.
"""

from __future__ import annotations

import datetime as dt
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from backend.core.errors import DomainError, ErrorCode
from backend.core.localtime import ISTANBUL
from backend.core.words.text import clean, line
from backend.programme.slots import Span

MOST_BYTES = 3 * 1024 * 1024
MOST_EVENTS = 5000
MOST_SERIES = 200
SECONDS = 10
RULES = {"FREQ", "UNTIL", "COUNT", "INTERVAL", "BYDAY", "BYMONTHDAY", "BYMONTH", "BYSETPOS", "WKST"}
FREQUENCIES = {"DAILY", "WEEKLY", "MONTHLY", "YEARLY"}
DAY, INSTANT = dt.timedelta(days=1), dt.timedelta(microseconds=1)


@dataclass(frozen=True)
class Outside:
    """One event of the file, an occurrence of a series each on its own. `uid` tells it from all others."""

    uid: str
    sequence: int
    title: str
    place: str
    description: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    is_cancelled: bool = False
    is_private: bool = False
    is_free: bool = False


def read(data: bytes, window: Span) -> tuple[list[Outside], int]:
    """What begins or goes on within the window, in order of time, of the same event the last version; and how many
    events have no time that can be read.

    UNSUPPORTED for what is no calendar, TOO_LARGE and OVER_LIMIT for what is too much of one.
    """
    calendar = _parsed(data)
    groups: dict[str, list[Any]] = defaultdict(list)
    for number, event in enumerate(calendar.walk("VEVENT")):
        groups[str(event.get("UID") or f"-{number}")].append(event)
    zones = calendar.walk("VTIMEZONE")
    values: dict[str, Outside] = {}
    unreadable = 0
    for event in _occurrences(groups, zones, window):
        one = _understood(event)
        if one is None:
            unreadable += 1
            continue
        if not (one.starts_at < window.end and window.start < max(one.ends_at, one.starts_at + INSTANT)):
            continue
        before = values.get(one.uid)
        if before is None or one.sequence >= before.sequence:
            values[one.uid] = one
        if len(values) > MOST_EVENTS:
            raise _too_many()
    return sorted(values.values(), key=lambda one: (one.starts_at, one.uid)), unreadable


def _parsed(data: bytes) -> Any:
    from icalendar import Calendar  # here and below: no command starts slower for it

    if len(data) > MOST_BYTES:
        message = _("The file is larger than %(size)s MB. Export a shorter period.")
        raise DomainError(ErrorCode.TOO_LARGE, message % {"size": MOST_BYTES // 1024 // 1024}, "file")
    if data.upper().count(b"BEGIN:VEVENT") > MOST_EVENTS:
        raise _too_many()
    try:
        text = data.decode("utf-8-sig")
        if not text.lstrip().upper().startswith("BEGIN:VCALENDAR"):
            raise ValueError
        return Calendar.from_ical(text.lstrip())
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError):
        message = _("This file is no calendar that can be read (iCalendar, .ics, in UTF-8).")
        raise DomainError(ErrorCode.UNSUPPORTED, message, "file") from None


def _too_many() -> DomainError:
    message = _("The file has more than %(count)s events. Export a shorter period.") % {"count": MOST_EVENTS}
    return DomainError(ErrorCode.OVER_LIMIT, message, "file")


def _occurrences(groups: dict[str, list[Any]], zones: list[Any], window: Span) -> Iterator[Any]:
    import recurring_ical_events
    from icalendar import Calendar
    from icalendar.error import BrokenCalendarProperty

    series = {uid: events for uid, events in groups.items() if any(_repeats(event) for event in events)}
    if len(series) > MOST_SERIES:
        message = _("The file has more than %(count)s series. Export a shorter period.")
        raise DomainError(ErrorCode.OVER_LIMIT, message % {"count": MOST_SERIES}, "file")
    ends = time.monotonic() + SECONDS
    for uid, events in groups.items():
        if uid not in series:
            yield from events
            continue
        for event in events:
            _require_sensible(event)
        alone = Calendar()
        for part in [*zones, *events]:
            alone.add_component(part)
        try:
            for count, one in enumerate(recurring_ical_events.of(alone).between(*window)):
                if count > MOST_EVENTS:
                    raise _too_many()
                one["X-OCCURRENCE"] = True
                yield one
        except (ValueError, TypeError, KeyError, AttributeError, OverflowError, BrokenCalendarProperty):
            raise _no_sense() from None
        if time.monotonic() > ends:
            raise _no_sense()


def _repeats(event: Any) -> bool:
    return "RRULE" in event or "RDATE" in event


def _require_sensible(event: Any) -> None:
    """Refuse a rule that repeats within a day, from before anybody's calendar, or by parts that may never come true."""
    rules = event.get("RRULE") or []
    if _is_broken(rules):
        raise _no_sense()
    for rule in rules if isinstance(rules, list) else [rules]:
        names = {str(name).upper() for name in rule}
        frequency = {str(value).upper() for value in rule.get("FREQ", [])}
        if names - RULES or not frequency or frequency - FREQUENCIES:
            raise _no_sense()
    start = _date(event, "DTSTART")
    if start is None or start.year < 1970:
        raise _no_sense()


def _no_sense() -> DomainError:
    message = _(
        "A series in the file repeats in a way that is not supported, or too often. Leave it out of the export."
    )
    return DomainError(ErrorCode.UNSUPPORTED, message, "file")


def _understood(event: Any) -> Outside | None:
    """The event in our terms; None for one without a time."""
    start, end = _date(event, "DTSTART"), _date(event, "DTEND")
    length = None if _is_broken(event.get("DURATION")) else getattr(event.get("DURATION"), "dt", None)
    if start is None:
        return None
    try:
        if end is None and isinstance(length, dt.timedelta):
            end = start + length
        if end is None:
            end = start if isinstance(start, dt.datetime) else start + DAY
        starts_at, ends_at = _moment(start), _moment(end)
    except (OverflowError, ValueError):
        return None
    uid, mark = str(event.get("UID") or ""), ""
    if "RECURRENCE-ID" in event or event.get("X-OCCURRENCE"):
        on = _date(event, "RECURRENCE-ID") or start
        mark = f"#{_moment(on).astimezone(dt.UTC):%Y%m%dT%H%M%SZ}"
    sequence = str(event.get("SEQUENCE", 0))
    return Outside(
        uid=(uid[:260] + mark)
        if uid
        else f"-{starts_at.timestamp():.0f}-{clean(str(event.get('SUMMARY', '')))[:200]}",
        sequence=min(int(sequence[:18]), 2**31 - 1) if sequence.isascii() and sequence.isdigit() else 0,
        title=_line(event.get("SUMMARY")),
        place=_line(event.get("LOCATION")),
        description=clean(str(event.get("DESCRIPTION") or ""))[:5000],
        starts_at=starts_at,
        ends_at=ends_at,
        is_cancelled=str(event.get("STATUS", "")).upper() == "CANCELLED",
        is_private=str(event.get("CLASS", "PUBLIC")).upper() != "PUBLIC",
        is_free=str(event.get("TRANSP", "")).upper() == "TRANSPARENT",
    )


def _is_broken(value: Any) -> bool:
    from icalendar import vBroken

    return isinstance(value, vBroken)


def _date(event: Any, name: str) -> Any:
    """The day or moment of a property; None where there is none that makes sense."""
    value = event.get(name)
    result = None if _is_broken(value) else getattr(value, "dt", None)
    return result if isinstance(result, dt.date) else None


def _moment(value: dt.date | dt.datetime) -> dt.datetime:
    """A day begins at midnight of Türkiye, and a time without a zone is that of Türkiye."""
    if not isinstance(value, dt.datetime):
        return dt.datetime.combine(value, dt.time(), ISTANBUL)
    moment = value if value.tzinfo else value.replace(tzinfo=ISTANBUL)
    return moment.astimezone(ISTANBUL)


def _line(value: Any) -> str:
    return line(str(value or ""))[:200]
