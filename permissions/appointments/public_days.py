"""The halk günü for everybody: the days on which places are free, and taking one through a portal."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, Unpack
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.appointments import actions
from backend.appointments.actions.booking import CLOSES
from backend.appointments.actions.receiving import Facts, checked_facts
from backend.appointments.choices import Channel, SessionStatus
from backend.appointments.models import PublicDaySession
from backend.contacts.models import Purpose
from backend.core.errors import ErrorCode
from backend.core.localtime import today
from backend.core.session import system
from backend.core.validation import noting, refuse
from backend.organization.models import User
from backend.programme.slots import Span
from permissions.appointments.portal import KINDS, PublicStatus, standing_of
from permissions.complaints.portal import check_contact, recorded_contact
from permissions.core.scope import not_found
from permissions.portals.public_lists import notice_with

DAYS_AHEAD = 60
MOST_DAYS = 12


@dataclass(frozen=True)
class OfferedDay:
    """A halk günü of which the office offers places: how many are free, and when. Nothing of who comes."""

    row: PublicDaySession
    free: int
    times: tuple[Span, ...]


def offered(principal: UUID | None = None) -> list[OfferedDay]:
    """The days to come of which places are offered, full ones too, the next first."""
    with system():
        rows = _within_reach().filter(status=SessionStatus.PLANNED, places_online__gt=0, day__gte=today())
        if principal is not None:
            rows = rows.filter(principal__key=principal)
        rows = rows.prefetch_related("visits").order_by("starts_at", "pk")
        return [one for row in rows[:MOST_DAYS] if (one := _offered(row)) is not None]


def _within_reach() -> QuerySet[PublicDaySession]:
    """The days of which anything is offered to citizens, if places are: not of who has left, nor so far ahead."""
    rows = PublicDaySession.objects.filter(
        principal__is_active=True, day__lte=today() + dt.timedelta(days=DAYS_AHEAD)
    )
    return rows.select_related("principal")


def _offered(row: PublicDaySession) -> OfferedDay | None:
    now, visits = timezone.now(), list(row.visits.all())
    if row.starts_at - CLOSES <= now:
        return None
    times = actions.free_times(row, visits, now)
    step = dt.timedelta(minutes=row.slot_minutes)
    spans = tuple(Span(at, at + step) for at in times)
    return OfferedDay(row, actions.left_online(row, visits), spans)


def book(
    *,
    by: User,
    public_day: UUID,
    starts_at: dt.datetime,
    kind: str,
    subject: str,
    contact: dict[str, Any],
    privacy_notice: str,
    **facts: Unpack[Facts],
) -> PublicStatus:
    """Take a place for an applicant, as `actions.book` does. REQUIRED, INVALID; NOT_FOUND for no such day."""
    if kind not in KINDS:
        refuse(ErrorCode.INVALID, _("Choose one of the listed values."), "kind")
    with system(), transaction.atomic():
        checked_facts({"subject": subject} | facts)
        check_contact(contact)
        with noting():
            notice = notice_with(privacy_notice, Purpose.APPOINTMENT)
        day = _within_reach().filter(key=public_day).first()
        if day is None:
            raise not_found("public_day")
        request = actions.book(
            day,
            by=by,
            at=starts_at,
            now=timezone.now(),
            contact=(contact.get("email") or "", contact.get("phone") or ""),
            name=f"{contact.get('first_name') or ''} {contact.get('last_name') or ''}",
            receive=lambda: actions.receive(
                day.principal,
                by=by,
                channel=Channel.PORTAL,
                kind=kind,
                subject=subject,
                applicant=recorded_contact(contact, by=by),
                privacy_notice=notice,
                receipt=False,
                **facts,
            ),
        )
        return standing_of(request)
