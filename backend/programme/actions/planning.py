"""Entering something into a programme: one entry, or a series of them, held or confirmed."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from backend.core.errors import DomainError, ErrorCode
from backend.core.localtime import ISTANBUL
from backend.core.validation import choice, required, short
from backend.core.words.text import clean
from backend.organization.calendar import working_calendar
from backend.organization.models import User
from backend.programme import places, recurrence
from backend.programme.actions.people import seat
from backend.programme.actions.secrecy import put_readers
from backend.programme.actions.step import checked_hold, the_table_refuses_overlaps, write_line
from backend.programme.choices import COUNTED, Kind, Status
from backend.programme.models import Entry, Principal
from backend.programme.recurrence import Pattern
from backend.programme.slots import Time
from backend.programme.story import EventType

LONGEST = dt.timedelta(days=31)
MOST_MINUTES = 24 * 60


@transaction.atomic
def plan(
    principal: Principal,
    *,
    by: User | None,
    kind: str,
    title: str,
    starts_at: dt.datetime,
    ends_at: dt.datetime | None = None,
    place: str = "",
    description: str = "",
    preparation_minutes: int | None = None,
    travel_minutes: int | None = None,
    follow_up_minutes: int | None = None,
    hold_until: dt.datetime | None = None,
    participants: Iterable[User] = (),
    is_confidential: bool = False,
    readers: Iterable[User] = (),
    series: Pattern | None = None,
    accept_unusual: bool = False,
    of_request: bool = False,
) -> Entry:
    """Create a programme entry; returns the first entry of a series.

    Confirmed, or held until `hold_until`. Default length is the principal's usual appointment; appointments and
    meetings get the usual preparation and follow-up time unless others are passed. A confidential entry is read by
    its author and the named readers alone. Raises CollisionError with the nearest free times, UnusualError (unless
    accepted), REQUIRED, INVALID, OVER_LIMIT.
    """
    chosen = choice(Kind, kind, "kind")
    time = checked_time(
        principal, chosen, starts_at, ends_at, preparation_minutes, travel_minutes, follow_up_minutes
    )
    facts: dict[str, Any] = {
        "principal": principal,
        "kind": chosen,
        "title": required(title, "title", _("Write what it is."), 200),
        "place": short(place, "place"),
        "description": clean(description),
        "status": Status.HELD if hold_until else Status.CONFIRMED,
        "hold_expires_at": checked_hold(hold_until) if hold_until else None,
        "is_confidential": is_confidential,
        "readers": [by.pk] if is_confidential and by else [],
        "is_requested": of_request,
        "planned_by": by,
    }
    if not principal.is_active:
        raise DomainError(ErrorCode.INVALID, _("This programme is no longer kept."), "principal")
    if is_confidential and by is None:
        raise DomainError(ErrorCode.INVALID, _("Somebody must keep a confidential entry."), "is_confidential")
    places.lock(principal.pk)
    times = _times(time, series, facts)
    for one, _of_series in times:
        if not accept_unusual:
            places.require_usual(principal, chosen, one)
        places.require_free(principal, one)
    people, named = list(participants), list(readers)
    entries = [_enter(one, facts | of_series, by, people, named) for one, of_series in times]
    return entries[0]


def checked_time(
    principal: Principal,
    kind: str,
    starts_at: dt.datetime,
    ends_at: dt.datetime | None,
    preparation_minutes: int | None,
    travel_minutes: int | None,
    follow_up_minutes: int | None,
) -> Time:
    """Validate the time, with the principal's usual buffers by default. INVALID."""
    usual = kind in COUNTED
    if preparation_minutes is None:
        preparation_minutes = principal.preparation_minutes if usual else 0
    if follow_up_minutes is None:
        follow_up_minutes = principal.follow_up_minutes if usual else 0
    ends_at = ends_at or starts_at + dt.timedelta(minutes=principal.slot_minutes)
    buffers = {
        "preparation_minutes": preparation_minutes,
        "travel_minutes": travel_minutes or 0,
        "follow_up_minutes": follow_up_minutes,
    }
    for field, minutes in buffers.items():
        if not 0 <= minutes <= MOST_MINUTES:
            raise DomainError(
                ErrorCode.INVALID, _("A buffer lasts between no time and a day, in minutes."), field
            )
    if ends_at <= starts_at:
        raise DomainError(ErrorCode.INVALID, _("The end must lie after the beginning."), "ends_at")
    if ends_at - starts_at > LONGEST:
        raise DomainError(ErrorCode.INVALID, _("An entry may last thirty-one days at most."), "ends_at")
    return Time(starts_at, ends_at, **buffers)


def _times(time: Time, series: Pattern | None, facts: dict[str, Any]) -> list[tuple[Time, dict[str, Any]]]:
    if series is None:
        return [(time, {})]
    start, end = time.starts_at.astimezone(ISTANBUL), time.ends_at.astimezone(ISTANBUL)
    if end.date() != start.date() or facts["status"] == Status.HELD:
        message = _("A series consists of confirmed entries that end on the day they begin.")
        raise DomainError(ErrorCode.INVALID, message, "series")
    pattern = series.checked(start.date())
    result, one_series = [], uuid.uuid4()
    for day, actual in recurrence.days(pattern, start.date(), working_calendar(), end.time()):
        at = dt.datetime.combine(actual, start.time(), ISTANBUL)
        of_series = {"series": one_series, "series_on": day, "series_pattern": pattern.stored()}
        result.append((time.moved(at), of_series))
    return result


def _enter(
    time: Time, facts: dict[str, Any], by: User | None, people: list[User], named: list[User]
) -> Entry:
    with the_table_refuses_overlaps():
        entry = Entry.objects.create(
            starts_at=time.starts_at,
            ends_at=time.ends_at,
            preparation_minutes=time.preparation_minutes,
            travel_minutes=time.travel_minutes,
            follow_up_minutes=time.follow_up_minutes,
            **facts,
        )
    if entry.is_confidential:
        put_readers(entry, named, by=by)
    elif named:
        message = _("Only a confidential entry has named readers.")
        raise DomainError(ErrorCode.INVALID, message, "readers")
    for user in people:
        seat(entry, user=user)
    details = {"starts_at": time.starts_at.isoformat(), "ends_at": time.ends_at.isoformat()}
    write_line(entry, EventType.PLANNED, by=by, details=details, from_status="")
    entry.refresh_from_db()
    return entry
