"""The halk günü: sessions from the rule, places within the capacity, and the day itself."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Annotated

from django.db import transaction
from django.db.models import Count, F, Max, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.appointments import moves
from backend.appointments.actions.notices import default_means, first_means, notify
from backend.appointments.actions.parameters import (
    Addition,
    ByItself,
    MaybeToldBy,
    Note,
    ResultNote,
    VisitAt,
    WhatCameOfIt,
)
from backend.appointments.actions.step import TO_COME, move, visit_is
from backend.appointments.actions.timing import let_go
from backend.appointments.choices import (
    UNDECIDED,
    DeliveryMethod,
    NoticeKind,
    Outcome,
    SessionStatus,
    Status,
    VisitStatus,
)
from backend.appointments.models import AppointmentRequest, PublicDaySession, Visit
from backend.appointments.moves import Verb, appointment_action
from backend.appointments.story import EventType
from backend.core.errors import DomainError, ErrorCode
from backend.core.localtime import ISTANBUL, today
from backend.core.validation import choice, required
from backend.core.words.text import clean
from backend.journal.action_table import Field, Trait
from backend.journal.state_machine import changed_meanwhile
from backend.organization.calendar import working_calendar
from backend.organization.models import User
from backend.programme import actions as programme
from backend.programme import places, recurrence
from backend.programme.choices import Kind
from backend.programme.models import Principal, PublicDayRule
from backend.programme.places import CollisionError

LONGEST = dt.timedelta(days=366)
PARKED = 10_000
"""Beyond every position of a session: where rows wait while an order is rewritten."""


@dataclass
class Generated:
    """What a generation made, and on which days it could not, with the sentence why."""

    sessions: list[PublicDaySession] = field(default_factory=list)
    left_out: list[tuple[dt.date, str]] = field(default_factory=list)


@transaction.atomic
def generate_public_days(
    principal: Principal, *, by: User | None, from_: dt.date, until: dt.date
) -> Generated:
    """Create the sessions of these days (both included) from the principal's rules; idempotent.

    Holidays, administrative leave and half days that end too early are skipped; days with a taken programme are
    reported and left out.
    """
    if until < from_:
        raise DomainError(ErrorCode.INVALID, _("The last day lies before the first."), "until")
    if until - from_ > LONGEST:
        raise DomainError(ErrorCode.OVER_LIMIT, _("At most one year at a time."), "until")
    places.lock(principal.pk)
    outcome, calendar = Generated(), working_calendar()
    there = set(principal.public_days.exclude(status=SessionStatus.CANCELLED).values_list("day", flat=True))
    for rule in principal.public_day_rules.all():
        for day in _days(rule, from_, until):
            if day in there:
                continue
            if recurrence.is_off(day, calendar, rule.ends):
                names = ", ".join(calendar.holiday_names(day)) or str(_("administrative leave"))
                outcome.left_out.append((day, names))
                continue
            there.add(day)
            try:
                with transaction.atomic():
                    outcome.sessions.append(_session(principal, rule, day, by))
            except CollisionError as error:
                outcome.left_out.append((day, str(error)))
    return outcome


def _days(rule: PublicDayRule, from_: dt.date, until: dt.date) -> list[dt.date]:
    first = max(from_, rule.valid_from)
    last = min(until, rule.valid_until or until)
    first += dt.timedelta(days=(rule.weekday - first.weekday()) % 7)
    return [first + dt.timedelta(days=n) for n in range(0, max(0, (last - first).days + 1), 7)]


def _session(principal: Principal, rule: PublicDayRule, day: dt.date, by: User | None) -> PublicDaySession:
    starts = dt.datetime.combine(day, rule.starts, ISTANBUL)
    ends = dt.datetime.combine(day, rule.ends, ISTANBUL)
    entry = programme.plan(
        principal,
        by=by,
        kind=Kind.PUBLIC_DAY,
        title=str(_("Public day")),
        place=rule.place,
        starts_at=starts,
        ends_at=ends,
        accept_unusual=True,  # the rule is what is usual
    )
    return PublicDaySession.objects.create(
        principal=principal,
        rule=rule,
        entry=entry,
        day=day,
        starts_at=starts,
        ends_at=ends,
        slot_minutes=rule.slot_minutes,
        capacity=rule.capacity,
        place=rule.place,
    )


def _open_session(session: PublicDaySession) -> PublicDaySession:
    """The session, locked: two who assign at once take turns. WRONG_STATE unless it is to come."""
    locked = PublicDaySession.objects.select_for_update(of=("self",)).get(pk=session.pk)
    if locked.status != SessionStatus.PLANNED or locked.day < today():
        raise DomainError(ErrorCode.WRONG_STATE, _("This public day is over or cancelled."), "session")
    return locked


def _place(
    session: PublicDaySession, at: dt.datetime | None, own: Visit | None = None
) -> tuple[dt.datetime, int]:
    """(moment, position) of a free place: the wanted moment, else the first free one. OVER_LIMIT if it is full."""
    visits = session.visits.exclude(pk=own.pk) if own else session.visits.all()
    taken = dict(visits.values_list("at").annotate(count=Count("pk")))
    if sum(taken.values()) >= session.capacity:
        raise DomainError(ErrorCode.OVER_LIMIT, _("This public day is full. Choose another."), "session")
    slots = session.slots()
    if at is not None and at not in slots:
        raise DomainError(ErrorCode.INVALID, _("Choose one of the times of this public day."), "at")
    free = [slot for slot in slots if taken.get(slot, 0) < session.visits_a_slot]
    if at is not None and at not in free:
        raise DomainError(ErrorCode.OVER_LIMIT, _("This time is taken. Choose another time."), "at")
    last = session.visits.aggregate(last=Max("position"))["last"] or 0
    return at or free[0], last + 1


@appointment_action(
    Verb.ASSIGN_TO_PUBLIC_DAY,
    event=EventType.PUT_ON_PUBLIC_DAY,
    source=UNDECIDED,
    target=Status.ON_PUBLIC_DAY,
    traits=Trait.PRIMARY,
    notifies=True,
)
def assign_to_public_day(
    request: AppointmentRequest,
    *,
    by: User | None,
    session: Annotated[PublicDaySession, Field(_("Public day"), api="Which one.")],
    at: VisitAt = None,
    means: ByItself = "",
    body: Addition = "",
) -> AppointmentRequest:
    """Give a place on a halk günü.

    At a moment of it or the first free one; the applicant is notified, or stands among those to be called.
    """
    moves.require(Verb.ASSIGN_TO_PUBLIC_DAY, request.status)
    let_go(request, by)
    locked = _open_session(session)
    _same_principal(request, locked)
    moment, position = _place(locked, at)
    Visit.objects.create(session=locked, request=request, at=moment, position=position)
    where = _where(locked, moment)
    move(request, Verb.ASSIGN_TO_PUBLIC_DAY, by=by, entry=None, coming_confirmed_at=None, details=where)
    way = means or first_means(request) or DeliveryMethod.UNTOLD
    notify(request, NoticeKind.PUBLIC_DAY, by=by, means=way, body=body, at=moment)
    return request


def _same_principal(request: AppointmentRequest, session: PublicDaySession) -> None:
    if session.principal_id != request.principal_id:
        message = _("This public day is another principal's. Redirect the request first.")
        raise DomainError(ErrorCode.INVALID, message, "session")


@appointment_action(
    Verb.MOVE_VISIT,
    event=EventType.VISIT_MOVED,
    source=Status.ON_PUBLIC_DAY,
    applies=visit_is(VisitStatus.EXPECTED),
    traits=Trait.PRIMARY,
    notifies=True,
)
def move_visit(
    request: AppointmentRequest,
    *,
    by: User | None,
    session: Annotated[PublicDaySession | None, Field(_("Public day"), api="Another one.")] = None,
    at: VisitAt = None,
    means: MaybeToldBy = DeliveryMethod.UNTOLD,
) -> AppointmentRequest:
    """Another time of the halk günü, or another one.

    The capacity is looked at again.
    """
    moves.require(Verb.MOVE_VISIT, request.status)
    visit = _visit(request, VisitStatus.EXPECTED)
    locked = _open_session(session or visit.session)
    _same_principal(request, locked)
    same = locked.pk == visit.session_id
    moment, position = _place(locked, at, visit if same else None)
    Visit.objects.filter(pk=visit.pk).update(
        session=locked, at=moment, position=visit.position if same else position
    )
    move(request, Verb.MOVE_VISIT, by=by, coming_confirmed_at=None, details=_where(locked, moment))
    request = AppointmentRequest.objects.get(pk=request.pk)
    notify(request, NoticeKind.PUBLIC_DAY, by=by, means=means, at=moment)
    return request


@transaction.atomic
def order_visits(
    session: PublicDaySession,
    requests: Sequence[AppointmentRequest],
    *,
    by: User | None,
    seen: Sequence[AppointmentRequest],
) -> list[AppointmentRequest]:
    """Reorder the expected visitors in one write: the times stay, the people change; returns those with a new
    time. `seen` is the order that the user saw. WRONG_STATE if it changed meanwhile, INVALID for other visitors
    than these."""
    locked = _open_session(session)
    visits = list(locked.visits.filter(status=VisitStatus.EXPECTED).order_by("at", "position"))
    if [visit.request_id for visit in visits] != [request.pk for request in seen]:
        raise changed_meanwhile()
    by_request = {visit.request_id: visit for visit in visits}
    if sorted(by_request) != sorted(request.pk for request in requests):
        message = _("Name everybody who is still expected, each once.")
        raise DomainError(ErrorCode.INVALID, message, "order")
    before = [(visit.at, visit.position) for visit in visits]
    after = dict(zip((request.pk for request in requests), before, strict=True))
    moved = [request for request in requests if after[request.pk][0] != by_request[request.pk].at]
    _renumber(visits, after)
    for request in moved:
        where = _where(locked, after[request.pk][0])
        move(request, Verb.MOVE_VISIT, by=by, coming_confirmed_at=None, details=where)
    return moved


def _renumber(visits: list[Visit], after: dict[int, tuple[dt.datetime, int]]) -> None:
    """First out of the way of one another, for no two may have one position even for a moment."""
    spare = max((visit.position for visit in visits), default=0) + PARKED
    Visit.objects.filter(pk__in=[visit.pk for visit in visits]).update(position=F("position") + spare)
    for visit in visits:
        visit.at, visit.position = after[visit.request_id]
    Visit.objects.bulk_update(visits, ["at", "position"])


@appointment_action(
    Verb.REMOVE_FROM_PUBLIC_DAY,
    event=EventType.TAKEN_OFF,
    source=Status.ON_PUBLIC_DAY,
    target=Status.NEW,
    applies=visit_is(VisitStatus.EXPECTED, VisitStatus.NO_SHOW),
    traits=Trait.PRIMARY,
)
def remove_from_public_day(
    request: AppointmentRequest, *, by: User | None, note: Note = ""
) -> AppointmentRequest:
    """Take it off the halk günü.

    The request waits for a decision again.
    """
    moves.require(Verb.REMOVE_FROM_PUBLIC_DAY, request.status)
    _visit(request, VisitStatus.EXPECTED, VisitStatus.NO_SHOW).delete()
    move(request, Verb.REMOVE_FROM_PUBLIC_DAY, by=by, note=clean(note), coming_confirmed_at=None)
    return request


# -- the day -----------------------------------------------------------------------------------------------
def _visit(request: AppointmentRequest, *expected: VisitStatus) -> Visit:
    """The visit, locked, if it is in one of these states."""
    visit = Visit.objects.select_for_update(of=("self",)).filter(request=request).first()
    if visit is None or visit.status not in expected:
        label = VisitStatus(visit.status).label if visit else "–"
        raise DomainError(
            ErrorCode.WRONG_STATE,
            _("This is not possible while the visitor is “%(status)s”. Reload the page.") % {"status": label},
        )
    return visit


def _on_the_day(visit: Visit) -> None:
    if visit.session.day > today():
        raise DomainError(ErrorCode.OUT_OF_TIME, _("The public day has not come yet."))


@appointment_action(
    Verb.ARRIVE,
    event=EventType.ARRIVED,
    source=Status.ON_PUBLIC_DAY,
    applies=visit_is(VisitStatus.EXPECTED),
    traits=Trait.PRIMARY,
)
def arrive(request: AppointmentRequest, *, by: User | None) -> AppointmentRequest:
    """The visitor is in the hall."""
    moves.require(Verb.ARRIVE, request.status)
    visit = _visit(request, VisitStatus.EXPECTED)
    _on_the_day(visit)
    Visit.objects.filter(pk=visit.pk).update(status=VisitStatus.ARRIVED, arrived_at=timezone.now())
    move(request, Verb.ARRIVE, by=by)
    return request


@appointment_action(
    Verb.CALL_IN,
    event=EventType.CALLED_IN,
    source=Status.ON_PUBLIC_DAY,
    applies=visit_is(VisitStatus.EXPECTED, VisitStatus.ARRIVED),
    traits=Trait.PRIMARY,
)
def call_in(request: AppointmentRequest, *, by: User | None) -> AppointmentRequest:
    """The visitor goes in."""
    moves.require(Verb.CALL_IN, request.status)
    visit = _visit(request, VisitStatus.EXPECTED, VisitStatus.ARRIVED)
    _on_the_day(visit)
    now = timezone.now()
    Visit.objects.filter(pk=visit.pk).update(
        status=VisitStatus.IN, arrived_at=visit.arrived_at or now, in_at=now
    )
    move(request, Verb.CALL_IN, by=by)
    return request


@appointment_action(
    Verb.COMPLETE_VISIT,
    event=EventType.SEEN_OUT,
    source=Status.ON_PUBLIC_DAY,
    target=Status.SETTLED,
    applies=visit_is(VisitStatus.IN),
    traits=Trait.PRIMARY,
)
def complete_visit(
    request: AppointmentRequest, *, by: User | None, outcome: WhatCameOfIt, note: ResultNote = ""
) -> AppointmentRequest:
    """The conversation is over."""
    moves.require(Verb.COMPLETE_VISIT, request.status)
    result = choice(Outcome, outcome, "outcome")
    visit = _visit(request, VisitStatus.IN)
    Visit.objects.filter(pk=visit.pk).update(status=VisitStatus.OUT, out_at=timezone.now())
    text = clean(note)
    move(request, Verb.COMPLETE_VISIT, by=by, note=text, outcome=result, outcome_note=text)
    return request


@appointment_action(
    Verb.MARK_NO_SHOW,
    event=EventType.MISSED,
    source=(Status.APPROVED, Status.ON_PUBLIC_DAY),
    target=Status.NO_SHOW,
    applies=~TO_COME & (~Q(status=Status.ON_PUBLIC_DAY) | visit_is(VisitStatus.EXPECTED)),
)
def mark_no_show(request: AppointmentRequest, *, by: User | None, note: Note = "") -> AppointmentRequest:
    """Record a no-show.

    To the halk günü, or to an appointment that has begun.
    """
    moves.require(Verb.MARK_NO_SHOW, request.status)
    if request.status == Status.ON_PUBLIC_DAY:
        visit = _visit(request, VisitStatus.EXPECTED)
        _on_the_day(visit)
        Visit.objects.filter(pk=visit.pk).update(status=VisitStatus.NO_SHOW)
    elif request.entry is not None:
        places.lock(request.entry.principal_id)
        request.entry.refresh_from_db()
        programme.miss(request.entry, by=by, note=note, of_request=True)
    move(request, Verb.MARK_NO_SHOW, by=by, note=clean(note))
    return request


def _whole(session: PublicDaySession) -> PublicDaySession:
    """The session and all who are on it, locked in everybody's order: requests, programme, session."""
    rows = AppointmentRequest.objects.filter(visit__session=session).order_by("pk")
    list(rows.select_for_update(of=("self",)).values_list("pk"))
    places.lock(session.principal_id)
    locked = PublicDaySession.objects.select_for_update(of=("self",)).get(pk=session.pk)
    if locked.status != SessionStatus.PLANNED:
        raise DomainError(ErrorCode.WRONG_STATE, _("This public day is over or cancelled."), "session")
    return locked


@transaction.atomic
def cancel_public_day(session: PublicDaySession, *, by: User | None, reason: str) -> int:
    """Cancel the day: release its time, return the visitors to the undecided requests and notify them by e-mail.
    Returns how many visitors there were."""
    reason = required(reason, "reason", _("Write why it is cancelled."))
    locked = _whole(session)
    programme.cancel(locked.entry, by=by, reason=reason)
    PublicDaySession.objects.filter(pk=locked.pk).update(status=SessionStatus.CANCELLED)
    visits = list(locked.visits.filter(status=VisitStatus.EXPECTED).select_related("request"))
    for visit in visits:
        request = visit.request
        notify(
            request,
            NoticeKind.CANCELLED,
            by=by,
            means=default_means(request) or DeliveryMethod.UNTOLD,
            at=visit.at,
        )
        visit.delete()
        request = AppointmentRequest.objects.get(pk=request.pk)
        move(request, Verb.REMOVE_FROM_PUBLIC_DAY, by=by, note=reason, coming_confirmed_at=None)
    return len(visits)


@transaction.atomic
def close_public_day(session: PublicDaySession, *, by: User | None) -> int:
    """It is over: who did not come is recorded so, and the entry of the programme took place. How many came."""
    locked = _whole(session)
    if locked.day > today():
        raise DomainError(ErrorCode.OUT_OF_TIME, _("The public day has not come yet."))
    inside = [VisitStatus.ARRIVED, VisitStatus.IN]
    if locked.visits.filter(status__in=inside).exists():
        raise DomainError(
            ErrorCode.WRONG_STATE, _("There are still visitors in the hall. See them out first.")
        )
    programme.finish(locked.entry, by=by)
    for visit in locked.visits.filter(status=VisitStatus.EXPECTED).select_related("request"):
        mark_no_show(visit.request, by=by)
    PublicDaySession.objects.filter(pk=locked.pk).update(status=SessionStatus.CLOSED)
    return locked.visits.filter(status=VisitStatus.OUT).count()


def _where(session: PublicDaySession, at: dt.datetime) -> dict[str, str]:
    return {"day": session.day.isoformat(), "at": at.isoformat()}
