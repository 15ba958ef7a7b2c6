"""Reminding applicants of their appointments: by the job runner, once each time, and never of a time that is over."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple
from uuid import UUID, uuid5

from django.db.models import Q, QuerySet
from django.utils import timezone

from backend.appointments.actions.notices import first_means, notify
from backend.appointments.choices import DeliveryMethod, NoticeKind, SessionStatus, Status, VisitStatus
from backend.appointments.models import AppointmentRequest
from backend.configuration.office import configured
from backend.core.session import system
from backend.outbox import actions as outbox
from backend.programme.choices import Status as EntryStatus
from backend.programme.reminders import FURTHEST, Moment, is_due, span

SPACE = dt.timedelta(hours=3)
"""No reminder within this time after another message about the appointment."""


class Reminder(NamedTuple):
    """One that is still to come."""

    moment: Moment
    at: dt.datetime
    means: DeliveryMethod


def remind_applicants(now: dt.datetime | None = None) -> int:
    """Send the reminders that are due, each in a transaction of its own; returns how many.

    Idempotent, also for concurrent workers: the message key is made of the request, its time and the moment. A moved
    appointment has a new time, and its old one is not reminded of.
    """
    now = now or timezone.now()
    with system():
        matches = list(_near(AppointmentRequest.objects.all(), now).values_list("pk", flat=True))
    return sum(_remind(pk, now) for pk in matches)


def _near(rows: QuerySet[AppointmentRequest], now: dt.datetime) -> QuerySet[AppointmentRequest]:
    value = Q(
        status=Status.APPROVED,
        entry__status=EntryStatus.CONFIRMED,
        entry__starts_at__gt=now,
        entry__starts_at__lte=now + FURTHEST,
    )
    placed = Q(
        status=Status.ON_PUBLIC_DAY,
        visit__status=VisitStatus.EXPECTED,
        visit__session__status=SessionStatus.PLANNED,
        visit__at__gt=now,
        visit__at__lte=now + FURTHEST,
    )
    return rows.filter(value | placed).order_by("pk")


def _remind(pk: int, now: dt.datetime) -> bool:
    with system():
        rows = _near(AppointmentRequest.objects.select_for_update(of=("self",), skip_locked=True), now)
        request = rows.filter(pk=pk).select_related("principal", "requested_by").first()
        at = _time(request) if request else None
        if request is None or at is None:
            return False
        due = [moment for moment in configured.APPLICANT_REMINDERS if is_due(moment, at, now)]
        if not due or request.notices.filter(notified_at__gt=now - SPACE).exists():
            return False
        means, key = _means(request, due[0]), _key(request, due[0], at)
        if means is None or outbox.is_posted(key):
            return False
        notify(request, NoticeKind.REMINDER, by=None, means=means, key=key)
        return True


def reminders_of(request: AppointmentRequest, now: dt.datetime | None = None) -> list[Reminder]:
    """The reminders that are still to come; empty if the applicant cannot be reached."""
    now, at = now or timezone.now(), _time(request)
    if at is None or request.status not in (Status.APPROVED, Status.ON_PUBLIC_DAY):
        return []
    items = []
    for moment in configured.APPLICANT_REMINDERS:
        when, means = span(moment, at), _means(request, moment)
        if when and means and now < when.start:
            items.append(Reminder(Moment(moment), when.start, means))
    return items


def _time(request: AppointmentRequest) -> dt.datetime | None:
    """When they come: their appointment, or their place on the halk günü."""
    if request.status == Status.APPROVED:
        return request.entry.starts_at if request.entry else None
    visit = getattr(request, "visit", None)
    return visit.at if visit else None


def _means(request: AppointmentRequest, moment: str) -> DeliveryMethod | None:
    """By mail, else by SMS where a gateway is configured; an hour before the other way round, for who is on the way."""
    ways = (DeliveryMethod.EMAIL, DeliveryMethod.SMS)
    return first_means(request, ways[::-1] if moment == Moment.HOUR_BEFORE else ways)


def _key(request: AppointmentRequest, moment: str, at: dt.datetime) -> UUID:
    return uuid5(request.key, f"{moment} {at.timestamp():.0f}")
