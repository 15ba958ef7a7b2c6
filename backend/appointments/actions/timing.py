"""Giving a request its time: approve, propose and be answered, reschedule, cancel."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, TypedDict, Unpack

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.appointments import moves
from backend.appointments.actions.notices import notify
from backend.appointments.actions.parameters import (
    AcceptUnusual,
    Addition,
    InternalReason,
    Note,
    NoteForThem,
    StartsAt,
    ToldBy,
)
from backend.appointments.actions.step import TO_COME, move, visit_is, write_line
from backend.appointments.choices import UNDECIDED, DeliveryMethod, NoticeKind, Status, VisitStatus
from backend.appointments.models import AppointmentRequest
from backend.appointments.moves import Verb, appointment_action
from backend.appointments.story import EventType
from backend.core.errors import DomainError, ErrorCode
from backend.core.localtime import ISTANBUL
from backend.core.validation import required, short
from backend.core.words.text import clean
from backend.journal.action_table import Field, Trait
from backend.organization.models import User
from backend.programme import actions as programme
from backend.programme import places
from backend.programme.choices import LIVE, Kind
from backend.programme.choices import Status as EntryStatus
from backend.programme.models import Entry, Principal

NOT_CONFIRMED = Q(coming_confirmed_at=None)


class TimeFields(TypedDict, total=False):
    """The facts of a time besides its beginning."""

    ends_at: Annotated[dt.datetime, Field(api="When it ends; default the principal's usual length.")]
    preparation_minutes: Annotated[int, Field(api="Preparation; default the principal's usual one.")]
    travel_minutes: Annotated[int, Field(api="The way there.")]
    follow_up_minutes: Annotated[int, Field(api="The time after it; default the principal's usual one.")]
    accept_unusual: AcceptUnusual


class AppointmentFields(TimeFields, total=False):
    place: Annotated[str, Field(_("Place"), api="Where.", max_length=200)]
    description: Annotated[str, Field(api="What else the programme is to say.")]


class RescheduleFields(TimeFields, total=False):
    note: Annotated[str, Field(api="A remark for the story.")]


def plan(request: AppointmentRequest, by: User | None, hold: dt.datetime | None, values: Any) -> Entry:
    """The appointment in the programme. It names who comes and why, for those who see the programme."""
    who = request.who
    return programme.plan(
        request.principal,
        by=by,
        kind=Kind.APPOINTMENT,
        title=f"{who}: {request.subject}"[:200] if who else request.subject,
        hold_until=hold,
        of_request=True,
        **values,
    )


def let_go(request: AppointmentRequest, by: User | None) -> None:
    """Free the time that was held for a proposal, if it still is."""
    entry = request.entry
    if entry is not None and entry.status == EntryStatus.HELD:
        places.lock(entry.principal_id)
        entry.refresh_from_db()
        if entry.status == EntryStatus.HELD:
            programme.release(entry, by=by, of_request=True)


def give_back(request: AppointmentRequest, by: User | None, reason: str) -> None:
    """Release the future time of a request, held or granted."""
    let_go(request, by)
    entry = request.entry
    if entry is not None:
        places.lock(entry.principal_id)
        entry.refresh_from_db()
        if entry.status in LIVE:
            programme.cancel(entry, by=by, reason=reason, of_request=True)


@appointment_action(
    Verb.APPROVE,
    event=EventType.APPROVED,
    source=UNDECIDED,
    target=Status.APPROVED,
    traits=Trait.PRIMARY,
    notifies=True,
)
def approve(
    request: AppointmentRequest,
    *,
    by: User | None,
    starts_at: StartsAt,
    means: ToldBy = "",
    body: Addition = "",
    **time: Unpack[AppointmentFields],
) -> AppointmentRequest:
    """Give an appointment.

    The time is as in `programme.plan`; the applicant is notified. A time held for a proposal is released first.
    Raises CollisionError, UnusualTimeError, REQUIRED.
    """
    moves.require(Verb.APPROVE, request.status)
    let_go(request, by)
    entry = plan(request, by, None, {"starts_at": starts_at, **time})
    move(request, Verb.APPROVE, by=by, entry=entry, details=when(entry), coming_confirmed_at=None)
    notify(request, NoticeKind.APPROVED, by=by, means=means, body=body)
    return request


@appointment_action(
    Verb.PROPOSE,
    event=EventType.PROPOSED,
    source=UNDECIDED,
    target=Status.PROPOSED,
    traits=Trait.PRIMARY,
    hint=_("The time is kept; the applicant answers by the link in the message or by telephone."),
    notifies=True,
)
def propose(
    request: AppointmentRequest,
    *,
    by: User | None,
    starts_at: StartsAt,
    hold_until: Annotated[
        dt.datetime,
        Field(
            _("Keep the time until"),
            api="Until when they can answer.",
            help=_("By then the applicant must have answered; afterwards the time is free again."),
        ),
    ],
    means: ToldBy = "",
    body: Addition = "",
    **time: Unpack[AppointmentFields],
) -> AppointmentRequest:
    """Hold a time and ask the applicant.

    They answer by the link in the message or by telephone until then. A repetition proposes another time and frees
    the former.
    """
    moves.require(Verb.PROPOSE, request.status)
    let_go(request, by)
    entry = plan(request, by, hold_until, {"starts_at": starts_at, **time})
    if hold_until >= entry.starts_at:
        message = _("The time to answer must end before the appointment.")
        raise DomainError(ErrorCode.INVALID, message, "hold_until")
    move(request, Verb.PROPOSE, by=by, entry=entry, details=when(entry))
    notify(
        request,
        NoticeKind.PROPOSED,
        by=by,
        means=means,
        body=body,
        until=hold_until.astimezone(ISTANBUL),
    )
    return request


@appointment_action(
    Verb.ACCEPT,
    event=EventType.ACCEPTED,
    source=Status.PROPOSED,
    target=Status.APPROVED,
    traits=Trait.PRIMARY,
    notifies=True,
)
def accept(
    request: AppointmentRequest,
    *,
    by: User | None,
    means: Annotated[
        str,
        Field(_("How they are notified"), api="How they are notified that it stands; default not at all."),
        DeliveryMethod,
    ] = DeliveryMethod.UNTOLD,
) -> AppointmentRequest:
    """The applicant takes the proposed time.

    OUT_OF_TIME if it was held too long ago.
    """
    moves.require(Verb.ACCEPT, request.status)
    entry = _entry(request)
    places.lock(entry.principal_id)
    entry.refresh_from_db()
    if entry.status != EntryStatus.HELD:
        raise DomainError(ErrorCode.OUT_OF_TIME, _("The proposed time is no longer held."))
    programme.confirm(entry, by=by, of_request=True)
    move(request, Verb.ACCEPT, by=by, details=when(entry))
    notify(request, NoticeKind.APPROVED, by=by, means=means)
    return request


@appointment_action(
    Verb.REFUSE,
    event=EventType.REFUSED,
    source=(Status.PROPOSED, Status.APPROVED),
    target=Status.NEW,
    traits=Trait.PRIMARY,
)
def refuse(
    request: AppointmentRequest, *, by: User | None, note: Note = "", wish: str = ""
) -> AppointmentRequest:
    """The applicant cannot come then.

    The proposed or assigned time is free, the request waits for another; `wish` is what they say would suit them.
    """
    moves.require(Verb.REFUSE, request.status)
    wish = short(wish, "wish", 200)
    give_back(request, by, str(_("The applicant wishes another time")))
    move(
        request,
        Verb.REFUSE,
        by=by,
        note=clean(note),
        entry=None,
        coming_confirmed_at=None,
        wish=wish or request.wish,
    )
    return request


@appointment_action(
    Verb.CONFIRM_COMING,
    event=EventType.COMING_CONFIRMED,
    source=(Status.APPROVED, Status.ON_PUBLIC_DAY),
    applies=NOT_CONFIRMED & (TO_COME | visit_is(VisitStatus.EXPECTED)),
)
def confirm_coming(request: AppointmentRequest, *, by: User | None, note: Note = "") -> AppointmentRequest:
    """The applicant will come to the appointment, or to the halk günü.

    Another time has to be confirmed anew.
    """
    moves.require(Verb.CONFIRM_COMING, request.status)
    if request.coming_confirmed_at is None:
        move(request, Verb.CONFIRM_COMING, by=by, note=clean(note), coming_confirmed_at=timezone.now())
    return request


@appointment_action(
    Verb.RESCHEDULE,
    event=EventType.RESCHEDULED,
    source=Status.APPROVED,
    traits=Trait.PRIMARY,
    notifies=True,
)
def reschedule(
    request: AppointmentRequest,
    *,
    by: User | None,
    starts_at: StartsAt,
    means: ToldBy = "",
    body: Addition = "",
    **time: Unpack[RescheduleFields],
) -> AppointmentRequest:
    """Give it another time.

    As in `programme.move_to`; the applicant is notified.
    """
    moves.require(Verb.RESCHEDULE, request.status)
    entry = programme.move_to(_entry(request), by=by, of_request=True, starts_at=starts_at, **time)
    request.entry = entry
    move(request, Verb.RESCHEDULE, by=by, details=when(entry), coming_confirmed_at=None)
    notify(request, NoticeKind.MOVED, by=by, means=means, body=body)
    return request


@appointment_action(
    Verb.HAND_OVER,
    event=EventType.HANDED_OVER,
    source=Status.APPROVED,
    traits=Trait.PRIMARY,
    hint=_("At the same time, if the other is free then; from now on it is their appointment."),
    notifies=True,
)
def hand_over(
    request: AppointmentRequest,
    *,
    by: User | None,
    to: Annotated[
        Principal,
        Field(_("Who attends instead"), api="The other principal, whose programme the viewer keeps too."),
    ],
    note: NoteForThem = "",
    accept_unusual: AcceptUnusual = False,
    means: ToldBy = "",
    body: Addition = "",
) -> AppointmentRequest:
    """Another principal receives them at the same time; the applicant is notified.

    As in `programme.hand_over`. From now on it is a request to that principal, and their keeper's.
    """
    moves.require(Verb.HAND_OVER, request.status)
    entry, former = _entry(request), request.principal
    places.lock(former.pk, to.pk)
    entry.refresh_from_db()
    programme.hand_over(entry, by=by, to=to, note=note, accept_unusual=accept_unusual, of_request=True)
    details = {"to": to.name, **when(entry)}
    move(request, Verb.HAND_OVER, by=by, note=clean(note), details=details, principal=to)
    notify(request, NoticeKind.HANDOVER, by=by, means=means, body=body, former=former.name)
    return request


@appointment_action(
    Verb.CANCEL,
    event=EventType.CANCELLED,
    source=Status.APPROVED,
    target=Status.CANCELLED,
    traits=Trait.PRIMARY | Trait.DESTRUCTIVE,
    notifies=True,
)
def cancel(
    request: AppointmentRequest,
    *,
    by: User | None,
    reason: InternalReason,
    means: ToldBy = "",
    body: Addition = "",
) -> AppointmentRequest:
    """Cancel the appointment.

    The reason stays in the house; the applicant is sent `body`.
    """
    moves.require(Verb.CANCEL, request.status)
    reason = required(reason, "reason", _("Write why it is cancelled."))
    entry = _entry(request)
    places.lock(entry.principal_id)
    entry.refresh_from_db()
    programme.cancel(entry, by=by, reason=reason, of_request=True)
    notify(request, NoticeKind.CANCELLED, by=by, means=means, body=body)
    move(request, Verb.CANCEL, by=by, note=reason, reason=reason, entry=None, details=when(entry))
    return request


def lapse_proposals() -> int:
    """Requests whose time was held in vain, a proposal without an answer or an applicant's choice that the office did
    not confirm, wait for the office again; how many."""
    waiting = [Status.PROPOSED, Status.NEW]
    rows = AppointmentRequest.objects.filter(status__in=waiting, entry__status=EntryStatus.RELEASED)
    matches = list(rows.select_for_update(of=("self",), skip_locked=True))
    for request in matches:
        before = request.status
        AppointmentRequest.objects.filter(pk=request.pk).update(
            status=Status.NEW, entry=None, version=request.version + 1
        )
        request.status = Status.NEW
        write_line(request, EventType.LAPSED, by=None, from_status=before)
    return len(matches)


def _entry(request: AppointmentRequest) -> Entry:
    if request.entry is None:
        raise DomainError(ErrorCode.WRONG_STATE, _("This request has no appointment."))
    return request.entry


def when(entry: Entry) -> dict[str, str]:
    return {"starts_at": entry.starts_at.isoformat(), "ends_at": entry.ends_at.isoformat()}
