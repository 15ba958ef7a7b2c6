"""Appointments for portals: asked for, followed, answered and taken back through the account that brought them.

The free and busy times of a principal are for everybody, where the office publishes them, and say nothing else.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Unpack
from uuid import UUID

from django.db import models, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from backend.appointments import actions, links
from backend.appointments.actions import answering
from backend.appointments.actions.receiving import Facts, check_wish, checked_facts
from backend.appointments.choices import Channel, Kind, NoticeKind, Status
from backend.appointments.models import AppointmentRequest, RequestNotice
from backend.appointments.moves import Verb, allows
from backend.contacts.models import Purpose
from backend.core.errors import DomainError, ErrorCode
from backend.core.localtime import today
from backend.core.session import system
from backend.core.validation import noting, refuse
from backend.organization.models import User
from backend.outbox import holding
from backend.programme.models import Principal
from backend.programme.places import busy_in_public
from backend.programme.slots import Span
from permissions.appointments import public as public_appointments
from permissions.complaints.portal import check_contact, recorded_contact
from permissions.core.access_log import log_access
from permissions.core.scope import not_found
from permissions.portals.public_lists import notice_with

DAYS_AHEAD = 60
"""Range of the public busy times, in days."""
KINDS = tuple(kind for kind in Kind if kind is not Kind.STAFF)


class AppointmentStatus(models.TextChoices):
    """Where a request stands, in the applicant's words."""

    NEW = "NEW", _("Received")
    PROPOSED = "PROPOSED", _("A time was proposed to you")
    APPROVED = "APPROVED", _("You have an appointment")
    ON_PUBLIC_DAY = "ON_PUBLIC_DAY", _("You are expected on the public day")
    REDIRECTED = "REDIRECTED", _("Sent to the unit concerned")
    TURNED = "TURNED", _("Registered as an application")
    SETTLED = "SETTLED", _("The meeting took place")
    NO_SHOW = "NO_SHOW", _("The meeting did not take place")
    CANCELLED = "CANCELLED", _("The appointment was cancelled")
    DECLINED = "DECLINED", _("No appointment could be approved")
    WITHDRAWN = "WITHDRAWN", _("Taken back")


TIME_TOLD = frozenset({Status.PROPOSED, Status.APPROVED, Status.SETTLED, Status.NO_SHOW})
"""The states in which the applicant knows the time; in all others it is internal."""


@dataclass(frozen=True)
class PublicNotice:
    notified_at: dt.datetime
    kind: str
    body: str


@dataclass(frozen=True)
class PublicStatus:
    """Public status of a request; without names, except the principal's."""

    reference: str
    principal: str
    status: AppointmentStatus
    starts_at: dt.datetime | None
    place: str
    held_until: dt.datetime | None
    is_chosen: bool
    answers: tuple[str, ...]
    times: tuple[Span, ...]
    may_cancel: bool
    notices: list[PublicNotice]


@dataclass(frozen=True)
class Listed:
    """A request in the list of what an account asked for; made of its row alone."""

    reference: str
    kind: str
    principal: str
    registered_at: dt.datetime
    status: AppointmentStatus
    starts_at: dt.datetime | None
    place: str
    is_awaited: bool
    may_cancel: bool


@dataclass(frozen=True)
class Answered:
    """What became of an answer (accept, refuse, cancel, chosen, moved, taken), and how it stands after it."""

    word: str
    standing: PublicStatus


def principals() -> QuerySet[Principal]:
    """Principals who receive visitors."""
    return Principal.objects.filter(is_active=True).order_by("position", "pk")


def busy_times(key: UUID, first: dt.date, last: dt.date) -> list[Span] | None:
    """The half hours of the working time in which a principal is busy, between two local days, from today on and sixty
    days ahead at most.

    None where the office does not publish it, and where there is no such principal; INVALID, OVER_LIMIT.
    """
    with system():
        principal = principals().filter(key=key, publishes_busy=True).first()
        if principal is None:
            return None
        if last < first or first < today():
            message = _("Ask from today on, the first day before the last.")
            raise DomainError(ErrorCode.INVALID, message, "from_")
        if last > today() + dt.timedelta(days=DAYS_AHEAD):
            message = _("Busy times are shown for the next %(days)s days.")
            raise DomainError(ErrorCode.OVER_LIMIT, message % {"days": DAYS_AHEAD}, "until")
        return busy_in_public(principal, first, last)


def submit(
    *,
    by: User,
    principal: UUID,
    kind: str,
    subject: str,
    contact: dict[str, Any],
    privacy_notice: str,
    **facts: Unpack[Facts],
) -> PublicStatus:
    """Submit a request for an appointment, as `actions.receive` does; with a receipt if there is an e-mail
    address. REQUIRED, INVALID; NOT_FOUND for a principal who receives no visitors."""
    if kind not in KINDS:
        refuse(ErrorCode.INVALID, _("Choose one of the listed values."), "kind")
    with system(), transaction.atomic():
        checked_facts({"subject": subject} | facts)
        check_wish(facts.get("wished_from"), facts.get("wished_until"))
        check_contact(contact)
        with noting():
            notice = notice_with(privacy_notice, Purpose.APPOINTMENT)
        whose = principals().filter(key=principal).first()
        if whose is None:
            raise not_found("principal")
        request = actions.receive(
            whose,
            by=by,
            channel=Channel.PORTAL,
            kind=kind,
            subject=subject,
            applicant=recorded_contact(contact, by=by),
            privacy_notice=notice,
            **facts,
        )
        return standing_of(request)


def followed(reference: str, by: User) -> PublicStatus | None:
    """The request of this number, if the account brought it in; None for any other."""
    with system():
        request = brought_by(by).filter(reference=reference).first()
        result = None if request is None else standing_of(request)
    note_shown([request] if request else [])
    return result


def brought_by(account: User) -> QuerySet[AppointmentRequest]:
    """The requests that an account brought in, for a list; to be read under the role of the house."""
    rows = AppointmentRequest.objects.filter(registered_by=account)
    return rows.select_related("principal", "entry", "visit__session")


def listed(request: AppointmentRequest) -> Listed:
    """A row of `brought_by` in the applicant's words; asks the database nothing more."""
    starts_at, place = _time_told(request, answering.is_chosen(request))
    return Listed(
        reference=request.reference,
        kind=request.kind,
        principal=request.principal.name,
        registered_at=request.registered_at,
        status=AppointmentStatus(request.status),
        starts_at=starts_at,
        place=place,
        is_awaited=answering.is_proposed(request),
        may_cancel=allows(Verb.WITHDRAW, request.status),
    )


def note_shown(requests: Iterable[AppointmentRequest]) -> None:
    """The read log remembers whose requests a portal was shown."""
    log_access([request.applicant_id for request in requests if request.applicant_id], purpose="portal")


def cancel(reference: str, *, by: User, reason: str = "") -> PublicStatus:
    """The applicant takes it back; a second time nothing more is done. NOT_FOUND, WRONG_STATE once it is over."""

    def act(request: AppointmentRequest) -> PublicStatus:
        if request.status == Status.WITHDRAWN:
            return standing_of(request)
        if not allows(Verb.WITHDRAW, request.status):
            raise DomainError(ErrorCode.WRONG_STATE, _("It is over; there is nothing to take back."))
        return standing_of(actions.withdraw(request, by=by, note=reason[:200]))

    return _on(reference, by, act)


def answer(reference: str, *, by: User, word: str, wish: str = "", at: str = "") -> Answered:
    """Say one of the `answers` for the applicant, as by the link of their message (`public_appointments.answer`).

    NOT_FOUND; WRONG_STATE for an answer that is not possible, or no longer.
    """

    def act(request: AppointmentRequest) -> Answered:
        value = public_appointments.answer(links.token_for(request), word, wish, at)
        if value is None:
            message = _("This answer is not possible, or no longer. Look at the appointment again.")
            raise DomainError(ErrorCode.WRONG_STATE, message, "answer")
        return Answered(value.word, standing_of(AppointmentRequest.objects.get(pk=request.pk)))

    return _on(reference, by, act)


def _on(reference: str, by: User, act: Callable[[AppointmentRequest], Any]) -> Any:
    with system(), transaction.atomic():
        request = brought_by(by).select_for_update(of=("self",)).filter(reference=reference).first()
        if request is None:
            raise not_found("reference")
        return act(request)


def _time_told(request: AppointmentRequest, is_chosen: bool) -> tuple[dt.datetime | None, str]:
    """Time and place, as far as the applicant knows them or chose them."""
    visit = getattr(request, "visit", None) if request.status == Status.ON_PUBLIC_DAY else None
    if visit:
        return visit.at, visit.session.place
    entry = request.entry
    if entry is None or not (request.status in TIME_TOLD or is_chosen):
        return None, ""
    return entry.starts_at, entry.place


def standing_of(request: AppointmentRequest) -> PublicStatus:
    """Say of a request what its applicant may know; under the role of the house."""
    shown = public_appointments.invitation(links.token_for(request)) if request.entry else None
    starts_at, place = _time_told(request, bool(shown and shown.is_chosen))
    return PublicStatus(
        reference=request.reference,
        principal=request.principal.name,
        status=AppointmentStatus(request.status),
        starts_at=starts_at,
        place=place,
        held_until=shown.held_until if shown else None,
        is_chosen=bool(shown and shown.is_chosen),
        answers=shown.answers if shown else (),
        times=shown.times if shown else (),
        may_cancel=allows(Verb.WITHDRAW, request.status),
        notices=[
            PublicNotice(*row)
            for row in RequestNotice.objects.filter(holding.LEFT, request=request)
            .exclude(kind=NoticeKind.REMINDER)
            .order_by("notified_at", "pk")
            .values_list("notified_at", "kind", "body")
        ],
    )
