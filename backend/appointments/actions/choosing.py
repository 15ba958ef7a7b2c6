"""The applicant chooses another free time by their link: the office confirms it, or the principal's setting does."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.appointments.actions import timing
from backend.appointments.actions.notices import default_means, notify
from backend.appointments.actions.step import write_line
from backend.appointments.choices import DeliveryMethod, NoticeKind, Status
from backend.appointments.models import AppointmentRequest
from backend.appointments.story import EventType
from backend.configuration.office import configured
from backend.core.errors import DomainError, ErrorCode
from backend.core.localtime import ISTANBUL, local_date, moment_text
from backend.journal.state_machine import changed_meanwhile
from backend.organization.calendar import working_calendar
from backend.programme import places
from backend.programme.choices import Status as EntryStatus
from backend.programme.models import Entry
from backend.programme.places import CollisionError
from backend.programme.slots import Span

OFFERED = 6
A_DAY = 2
AHEAD = dt.timedelta(days=28)
TIMES = 3
"""Limit of changes by the applicant; after that the office has to talk to them."""
DAYS_TO_CONFIRM = 2


def may_choose(request: AppointmentRequest) -> bool:
    """Whether the applicant may exchange their time: proposed, granted, or chosen and not yet confirmed; before
    it begins, and three times at most."""
    entry = request.entry
    if entry is None or entry.starts_at <= timezone.now() or not request.principal.is_active:
        return False
    fits = {
        Status.PROPOSED: EntryStatus.HELD,
        Status.NEW: EntryStatus.HELD,
        Status.APPROVED: EntryStatus.CONFIRMED,
    }
    if fits.get(Status(request.status)) != entry.status:
        return False
    chosen = request.lines.filter(actor__isnull=True, verb__in=[EventType.CHOSEN, EventType.RESCHEDULED])
    return bool(chosen.count() < TIMES)


def times_to_choose(request: AppointmentRequest) -> list[Span]:
    """Some free times similar to the current one: in working hours, far enough ahead, two a day."""
    if not may_choose(request) or request.entry is None:
        return []
    items: list[Span] = []
    wanted = places.time_of(request.entry)
    for one in _free(request, request.entry):
        same_day = [other for other in items if local_date(other.start) == local_date(one.start)]
        if one.start == wanted.starts_at or len(same_day) == A_DAY:
            continue
        if same_day and _is_morning(same_day[0]) == _is_morning(one):
            continue
        items.append(one)
        if len(items) == OFFERED:
            break
    return items


@transaction.atomic
def choose(request: AppointmentRequest, *, starts_at: dt.datetime) -> AppointmentRequest:
    """Exchange the appointment for another free time.

    The old time is released; the new one is held until the office confirms it, or granted at once where the principal
    allows applicants to move. CollisionError, with other times, if the time was taken meanwhile; WRONG_STATE if there
    is nothing to exchange.
    """
    places.lock(request.principal_id)
    if request.entry is not None:
        request.entry.refresh_from_db()
    if not may_choose(request) or request.entry is None:
        raise DomainError(ErrorCode.WRONG_STATE, _("This appointment can no longer be changed by its link."))
    if starts_at not in (one.start for one in _free(request, request.entry)):
        message = _("Another person has just chosen this time. Please choose another.")
        raise CollisionError(message, times_to_choose(request))
    if not request.principal.applicants_move:
        return _hold(request, request.entry, starts_at)
    means = default_means(request) or DeliveryMethod.UNTOLD
    if request.status == Status.APPROVED:
        return timing.reschedule(request, by=None, means=means, starts_at=starts_at)
    time = _like(request.entry, starts_at)
    return timing.approve(request, by=None, means=means, **time)


def _hold(request: AppointmentRequest, old: Entry, starts_at: dt.datetime) -> AppointmentRequest:
    """The old time goes back and the new one is kept; the request waits for the office with it."""
    time = _like(old, starts_at)
    wish = _("Chose %(moment)s by the link.") % {"moment": moment_text(starts_at)}
    if request.status == Status.NEW:
        timing.let_go(request, None)
    else:
        timing.refuse(request, by=None, wish=str(wish))
    entry = timing.plan(request, None, _until(starts_at), time)
    same = AppointmentRequest.objects.filter(pk=request.pk, version=request.version)
    if not same.update(entry=entry, wish=str(wish), version=F("version") + 1):
        raise changed_meanwhile()
    request.entry, request.wish, request.version = entry, str(wish), request.version + 1
    write_line(request, EventType.CHOSEN, by=None, details=timing.when(entry))
    notify(request, NoticeKind.CHOSEN, by=None, means=default_means(request) or DeliveryMethod.UNTOLD)
    return request


def _free(request: AppointmentRequest, entry: Entry) -> Iterator[Span]:
    """The free times that an applicant may have instead of this entry; none within the lunch break, unless the office
    offers it."""
    start = timezone.now() + dt.timedelta(hours=configured.APPOINTMENT_NOTICE_HOURS)
    slots = places.slots_of(request.principal, start, start + AHEAD, [entry.pk])
    for one in slots.free(places.time_of(entry)):
        if configured.LUNCH_IS_OFFERED or not _is_at_lunch(one):
            yield one


def _is_at_lunch(span: Span) -> bool:
    day = local_date(span.start)
    begins, ends = (dt.datetime.combine(day, at, ISTANBUL) for at in configured.lunch)
    return begins < ends and span.overlaps(Span(begins, ends))


def _like(entry: Entry, starts_at: dt.datetime) -> dict[str, Any]:
    """The same appointment, beginning then."""
    return {
        "starts_at": starts_at,
        "ends_at": starts_at + (entry.ends_at - entry.starts_at),
        "place": entry.place,
        "preparation_minutes": entry.preparation_minutes,
        "travel_minutes": entry.travel_minutes,
        "follow_up_minutes": entry.follow_up_minutes,
    }


def _until(starts_at: dt.datetime) -> dt.datetime:
    """The office has two working days, and not longer than until an hour before it begins."""
    day = working_calendar().add_working_days(local_date(timezone.now()), DAYS_TO_CONFIRM, with_leave=True)
    return min(dt.datetime.combine(day, dt.time(17), ISTANBUL), starts_at - dt.timedelta(hours=1))


def _is_morning(span: Span) -> bool:
    return span.start.astimezone(ISTANBUL).hour < 12
