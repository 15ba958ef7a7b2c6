"""Times as a secretary says them ("perşembe 10.30"), and the free ones that are offered as buttons."""

from __future__ import annotations

import contextlib
import datetime as dt
import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from admin_ui.core.dates import date_text
from backend.core.localtime import ISTANBUL, today
from backend.core.words.text import tr_fold
from backend.programme import places
from backend.programme.models import Principal
from backend.programme.slots import Span, Time

WEEKDAYS = ("pazartesi", "sali", "carsamba", "persembe", "cuma", "cumartesi", "pazar")
IN_ENGLISH = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_CLOCK = re.compile(r"^(.*?)[\s,t]*(?:saat\s*)?(\d{1,2})(?:[:.](\d{2}))?$")
_NUMERIC = re.compile(r"^(\d{1,2})[./](\d{1,2})(?:[./](\d{4}))?\.?$")
OFFERED, DAYS, A_DAY = 9, 4, 3
"""How many free times are offered around one that was named; else of how many days, and how many of each."""


def spoken(moment: dt.datetime) -> str:
    """As it is written into the field, and read on a button: “26.11.2026 Perşembe 10.30”."""
    return date_text(moment, "d.m.Y l H:i")


def understood(text: str) -> dt.datetime | None:
    """The moment that is meant, or None: “perşembe 10.30”, “yarın 14”, “26.11. 9:15”, “2026-11-26T10:30”,
    “thursday 10:30”."""
    match = _CLOCK.match(tr_fold(text).strip())
    if not match:
        return None
    day, hour, minute = _day(match[1].strip(" ,.")), int(match[2]), int(match[3] or 0)
    if day is None or hour > 23 or minute > 59:
        return None
    return dt.datetime.combine(day, dt.time(hour, minute), ISTANBUL)


def _day(text: str) -> dt.date | None:
    words = [word for word in re.split(r"[\s,]+", text) if word not in ("", "gunu", "saat", "bu")]
    if len(words) == 2 and words[0][:1].isdigit() != words[1][:1].isdigit():
        words = [
            word for word in words if word[0].isdigit()
        ]  # the weekday after a date only helps the reader
    if len(words) != 1:
        return None
    word = words[0]
    if word in ("bugun", "yarin", "today", "tomorrow"):
        return today() + dt.timedelta(days=word in ("yarin", "tomorrow"))
    return _named(word, WEEKDAYS) or _named(word, IN_ENGLISH) or _dated(word)


def _named(word: str, names: tuple[str, ...]) -> dt.date | None:
    """The next day of this name, today excluded; “cuma” is Friday, not the beginning of Saturday."""
    if len(word) < 2:
        return None
    exact = [number for number, name in enumerate(names) if name == word]
    result = exact or [number for number, name in enumerate(names) if name.startswith(word)]
    if len(result) != 1:
        return None
    ahead = (result[0] - today().weekday() - 1) % 7 + 1
    return today() + dt.timedelta(days=ahead)


def _dated(word: str) -> dt.date | None:
    try:
        if match := _NUMERIC.match(word):
            day, month, year = (int(part or 0) for part in match.groups())
            return dt.date(year, month, day) if year else _next(month, day)
        return dt.date.fromisoformat(word)
    except ValueError:
        return None


def _next(month: int, day: int) -> dt.date | None:
    """This day of the year, today or later; None if neither this year nor the next has it (29 February)."""
    for year in (today().year, today().year + 1):
        with contextlib.suppress(ValueError):
            if (result := dt.date(year, month, day)) >= today():
                return result
    return None


class MomentField(forms.CharField):
    """A day and a time in words or numbers."""

    default_error_messages = {
        "moment": _(
            "Write a day and a time, for example: Thursday 10:30, tomorrow 14:00 or 26/11/2026 10:30."
        )
    }

    def prepare_value(self, value: object) -> Any:
        return spoken(value) if isinstance(value, dt.datetime) else value

    def clean(self, value: object) -> Any:
        text = super().clean(value)
        if not text:
            return None
        moment = understood(text)
        if moment is None:
            raise ValidationError(self.error_messages["moment"], code="moment")
        return moment


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
    return [{"at": spoken(span.start), "text": date_text(span.start, "D d.m. H:i")} for span in spans]
