"""Reminder schedule: the day before, in the morning, an hour before; over no rows.

Each moment is a span, so that a worker that was down sends it a little later, and what is too late by then is
dropped. Quiet hours are respected. Times of day are those of Türkiye.
"""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.utils.translation import gettext_lazy as _

from backend.configuration.office import configured
from backend.core.localtime import ISTANBUL
from backend.programme.slots import Span

HOUR = dt.timedelta(hours=1)
AFTERNOON = dt.time(16)
LATE = dt.timedelta(minutes=20)
"""Tolerance of the reminder "in an hour"."""
FURTHEST = dt.timedelta(hours=33)
"""Nothing that begins later than this has its moment now: 16:00 of the day before until the end of the day."""


class Moment(models.TextChoices):
    """Moment of a reminder."""

    DAY_BEFORE = "DAY_BEFORE", _("The day before")
    MORNING = "MORNING", _("In the morning of the day")
    HOUR_BEFORE = "HOUR_BEFORE", _("An hour before")


def span(moment: str, starts_at: dt.datetime) -> Span | None:
    """From when until when one may be reminded of what begins at `starts_at`; None: it would be in the quiet hours, or
    when it has begun."""
    start = starts_at.astimezone(ISTANBUL)
    day = start.date()
    if moment == Moment.DAY_BEFORE:
        eve = day - dt.timedelta(days=1)
        return Span(_at(eve, AFTERNOON), _at(eve, configured.quiet_from))
    if moment == Moment.MORNING:
        return _if_any(_at(day, configured.quiet_until), min(_at(day, dt.time(10)), start - HOUR))
    from_ = start - HOUR
    if not configured.quiet_until <= from_.time() < configured.quiet_from:
        return None
    return Span(from_, from_ + LATE)


def is_due(moment: str, starts_at: dt.datetime, now: dt.datetime) -> bool:
    result = span(moment, starts_at)
    return result is not None and result.start <= now < result.end


def of_day(moment: str, now: dt.datetime) -> dt.date | None:
    """The day whose programme is sent at this moment, or None."""
    today = now.astimezone(ISTANBUL).date()
    if moment == Moment.DAY_BEFORE and _at(today, AFTERNOON) <= now < _at(today, configured.quiet_from):
        return today + dt.timedelta(days=1)
    if moment == Moment.MORNING and _at(today, configured.quiet_until) <= now < _at(today, dt.time(10)):
        return today
    return None


def _at(day: dt.date, time: dt.time) -> dt.datetime:
    return dt.datetime.combine(day, time, ISTANBUL)


def _if_any(start: dt.datetime, end: dt.datetime) -> Span | None:
    return Span(start, end) if start < end else None
