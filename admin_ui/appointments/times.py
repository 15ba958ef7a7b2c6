"""The free times that are offered as buttons."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from admin_ui.core.dates import date_text, weekday_text
from backend.core.localtime import ISTANBUL, today
from backend.programme import places
from backend.programme.models import Principal
from backend.programme.slots import Span, Time

OFFERED, DAYS, A_DAY = 9, 4, 3
"""How many free times are offered around one that was named; else of how many days, and how many of each."""


def wanted_time(principal: Principal, at: dt.datetime, minutes: int | None = None) -> Time:
    """An appointment of this length at this moment, with the principal's usual buffers."""
    length = dt.timedelta(minutes=minutes or principal.slot_minutes)
    return Time(
        at,
        at + length,
        preparation_minutes=principal.preparation_minutes,
        follow_up_minutes=principal.follow_up_minutes,
    )


def next_morning(day: dt.date | None = None) -> dt.datetime:
    """Where one begins to look for a free time if nothing was wished."""
    day = max(day, today()) if day else today() + dt.timedelta(days=1)
    return dt.datetime.combine(day, dt.time(9), ISTANBUL)


def answered_before(starts_at: dt.datetime) -> dt.datetime:
    """Until when a near time is kept: the evening before, else two hours before, else for half of what is left."""
    evening = dt.datetime.combine(
        starts_at.astimezone(ISTANBUL).date() - dt.timedelta(days=1), dt.time(17), ISTANBUL
    )
    now = timezone.now()
    for moment in (evening, starts_at - dt.timedelta(hours=2)):
        if moment > now + dt.timedelta(hours=1):
            return moment
    middle = now + (starts_at - now) / 2
    return middle.replace(second=0, microsecond=0) + dt.timedelta(minutes=1)


def free_times(
    principal: Principal,
    at: dt.datetime | None,
    minutes: int | None = None,
    *,
    count: int = places.ALTERNATIVES,
    leaving_out: tuple[int, ...] = (),
) -> list[dict[str, str]]:
    """The free times nearest to a moment, as buttons. Says nothing of what the others are taken by."""
    time = wanted_time(principal, at or next_morning(), minutes)
    fortnight = dt.timedelta(days=14)
    slots = places.slots_of(principal, time.starts_at - fortnight, time.starts_at + fortnight, leaving_out)
    return buttons(slots.nearest(time, count))


def free_days(
    principal: Principal,
    at: dt.datetime,
    minutes: int | None = None,
    *,
    leaving_out: tuple[int, ...] = (),
) -> list[dict[str, str]]:
    """Some free times of each of the next days that have any, spread over the day."""
    time = wanted_time(principal, at, minutes)
    slots = places.slots_of(principal, at, at + dt.timedelta(days=28), leaving_out)
    of_day: dict[dt.date, list[Span]] = {}
    for span in slots.free(time):
        result = of_day.setdefault(span.start.astimezone(ISTANBUL).date(), [])
        if not result or result[-1].end <= span.start:
            result.append(span)
    chosen = []
    for spans in list(of_day.values())[:DAYS]:
        step = max(1, -(-len(spans) // A_DAY))
        chosen += spans[::step]
    return buttons(chosen)


def buttons(spans: list[Span]) -> list[dict[str, str]]:
    return [{"at": weekday_text(span.start), "text": date_text(span.start, "D j M H:i")} for span in spans]
