"""Deciding a request otherwise than by a time: decline, redirect, make a complaint of it, settle, withdraw, reopen."""

from __future__ import annotations

from typing import Annotated

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from backend.appointments import moves
from backend.appointments.actions.notices import notify
from backend.appointments.actions.parameters import (
    Addition,
    InternalNote,
    MaybeToldBy,
    Note,
    NoteForThem,
    ResultNote,
    ToldBy,
    ToldGround,
    WhatCameOfIt,
)
from backend.appointments.actions.step import TO_COME, move
from backend.appointments.actions.timing import give_back, let_go
from backend.appointments.choices import (
    OPEN,
    UNDECIDED,
    Channel,
    DeclineGround,
    DeliveryMethod,
    NoticeKind,
    Outcome,
    Status,
    VisitStatus,
)
from backend.appointments.models import AppointmentRequest, Visit
from backend.appointments.moves import Verb, appointment_action
from backend.appointments.story import EventType
from backend.complaints import actions as complaints
from backend.complaints.choices import Channel as ComplaintChannel
from backend.complaints.choices import Kind as ComplaintKind
from backend.core.errors import DomainError, ErrorCode
from backend.core.validation import choice, required
from backend.core.words.text import clean
from backend.journal.action_table import Field, Trait
from backend.organization.models import Department, User
from backend.programme import actions as programme
from backend.programme import places
from backend.programme.models import Principal

SAME_CHANNEL = {
    Channel.PHONE: ComplaintChannel.PHONE,
    Channel.EMAIL: ComplaintChannel.EMAIL,
    Channel.SMS: ComplaintChannel.SMS,
    Channel.WHATSAPP: ComplaintChannel.WHATSAPP,
    Channel.WEB: ComplaintChannel.WEB,
    Channel.PORTAL: ComplaintChannel.E_MUNICIPALITY,
    Channel.IN_PERSON: ComplaintChannel.COUNTER,
    Channel.INTERNAL: ComplaintChannel.PHONE,
}


@appointment_action(
    Verb.DECLINE,
    event=EventType.DECLINED,
    source=UNDECIDED,
    target=Status.DECLINED,
    traits=Trait.PRIMARY | Trait.DESTRUCTIVE,
    notifies=True,
)
def decline(
    request: AppointmentRequest,
    *,
    by: User | None,
    ground: ToldGround,
    reason: InternalNote = "",
    means: ToldBy = "",
    body: Addition = "",
) -> AppointmentRequest:
    """Decline, with courtesy and the reason.

    The notice states the ground in its approved sentence, followed by `body`; OTHER needs a `body`. What else there
    is to say (`reason`) stays in the house.
    """
    moves.require(Verb.DECLINE, request.status)
    chosen = choice(DeclineGround, ground, "ground")
    if chosen is DeclineGround.OTHER:
        required(body, "body", _("Write the reason that the applicant reads."))
    note = clean(reason)
    let_go(request, by)
    details = {"ground": chosen.value}
    move(request, Verb.DECLINE, by=by, note=note, details=details, ground=chosen, reason=note, entry=None)
    notify(request, NoticeKind.DECLINED, by=by, means=means, body=body)
    return request


@appointment_action(
    Verb.REDIRECT,
    event=EventType.REDIRECTED,
    source=UNDECIDED,
    traits=Trait.PRIMARY,
    hint=_("Another principal's keeper decides anew; a department settles it itself."),
    notifies=True,
)
def redirect(
    request: AppointmentRequest,
    *,
    by: User | None,
    principal: Annotated[
        Principal | None,
        Field(_("To another principal"), api="Another principal, whose keeper decides anew.", empty="–"),
    ] = None,
    department: Annotated[
        Department | None, Field(_("Or to a department"), api="The department that settles it.", empty="–")
    ] = None,
    note: NoteForThem = "",
    means: ToldBy = "",
    body: Addition = "",
) -> AppointmentRequest:
    """Send it to another principal or to a department.

    Another principal's keeper decides anew; a department settles it.
    """
    moves.require(Verb.REDIRECT, request.status)
    if (principal is None) == (department is None):
        raise DomainError(
            ErrorCode.REQUIRED, _("Name either another principal or a department."), "principal"
        )
    if principal is not None and (principal.pk == request.principal_id or not principal.is_active):
        raise DomainError(ErrorCode.INVALID, _("Choose another principal who is in office."), "principal")
    if department is not None and not department.is_open():
        raise DomainError(ErrorCode.INVALID, _("This department is closed."), "department")
    let_go(request, by)
    target = principal.name if principal else department.name if department else ""
    to = Status.NEW if principal else Status.REDIRECTED
    move(
        request,
        Verb.REDIRECT,
        by=by,
        to=to,
        note=clean(note),
        details={"to": target},
        entry=None,
        principal=principal or request.principal,
        department=department,
    )
    notify(request, NoticeKind.REDIRECTED, by=by, means=means, body=body, target=target)
    return request


@appointment_action(
    Verb.CONVERT_TO_COMPLAINT,
    event=EventType.TURNED,
    source=(*OPEN, Status.SETTLED),
    applies=Q(complaint=None),
    hint=_("An application is recorded and linked both ways; an approved appointment stays."),
    notifies=True,
)
def convert_to_complaint(
    request: AppointmentRequest,
    *,
    by: User | None,
    subject: Annotated[
        str, Field(_("Subject"), api="What the complaint is about; default as here.", max_length=200)
    ] = "",
    body: Annotated[str, Field(_("Text"), api="Its text; default as here.", rows=4)] = "",
    kind: Annotated[
        str,
        Field(
            _("Kind"),
            api="What the citizen brings; default a request.",
            why=_(
                "A request for information has a limit and grounds of refusal of its own; the rest are petitions."
            ),
            law="3071 m. 7, 4982 m. 11",
        ),
        ComplaintKind,
    ] = ComplaintKind.REQUEST,
    means: MaybeToldBy = DeliveryMethod.UNTOLD,
) -> AppointmentRequest:
    """Make a complaint of it, linked both ways.

    Before a meeting or after it; once. Where nothing was decided that is what becomes of the request; an appointment
    that was approved stays.
    """
    moves.require(Verb.CONVERT_TO_COMPLAINT, request.status)
    if request.complaint_id is not None:
        raise DomainError(ErrorCode.DUPLICATE, _("There is a complaint of this request already."))
    undecided = request.status in (Status.NEW, Status.PROPOSED, Status.REDIRECTED)
    if undecided:
        let_go(request, by)
    complaint = complaints.register(
        kind=kind,
        channel=SAME_CHANNEL[Channel(request.channel)],
        subject=subject or request.subject,
        body=body or request.body,
        applicant=request.applicant,
        by=by,
        receipt=False,
    )
    move(
        request,
        Verb.CONVERT_TO_COMPLAINT,
        by=by,
        to=Status.TURNED if undecided else None,
        details={"complaint": complaint.reference},
        complaint=complaint,
        entry=None if undecided else request.entry,
    )
    notify(request, NoticeKind.TURNED, by=by, means=means, complaint=complaint)
    return request


@appointment_action(
    Verb.COMPLETE,
    event=EventType.SETTLED,
    source=(Status.APPROVED, Status.REDIRECTED),
    target=Status.SETTLED,
    applies=~TO_COME,
    traits=Trait.PRIMARY,
)
def complete(
    request: AppointmentRequest, *, by: User | None, outcome: WhatCameOfIt, note: ResultNote = ""
) -> AppointmentRequest:
    """Record what came of it.

    Of an appointment that took place, or of what a department did.
    """
    moves.require(Verb.COMPLETE, request.status)
    result = choice(Outcome, outcome, "outcome")
    text = clean(note)
    if request.entry is not None:
        places.lock(request.entry.principal_id)
        request.entry.refresh_from_db()
        programme.finish(request.entry, by=by, outcome=text, of_request=True)
    move(request, Verb.COMPLETE, by=by, note=text, outcome=result, outcome_note=text)
    return request


@appointment_action(
    Verb.UNDO,
    event=EventType.UNDONE,
    source=(Status.SETTLED, Status.NO_SHOW),
    hint=_("For a result recorded by mistake: the request stands where it stood before."),
)
def undo(
    request: AppointmentRequest,
    *,
    by: User | None,
    reason: Annotated[str, Field(_("Reason"), api="Why; it stands in the story.", rows=2)],
) -> AppointmentRequest:
    """Take back a result recorded by mistake.

    The request stands where it stood before, and with it its appointment or its place on the halk günü. CollisionError
    if the time of a missed one is taken.
    """
    moves.require(Verb.UNDO, request.status)
    reason = required(reason, "reason", _("Write why the result is taken back."))
    before = Status.REDIRECTED
    if visit := Visit.objects.select_for_update(of=("self",)).filter(request=request).first():
        before = Status.ON_PUBLIC_DAY
        stood = VisitStatus.IN if visit.status == VisitStatus.OUT else VisitStatus.EXPECTED
        Visit.objects.filter(pk=visit.pk).update(status=stood, out_at=None)
    elif request.entry is not None:
        before = Status.APPROVED
        places.lock(request.entry.principal_id)
        request.entry.refresh_from_db()
        programme.restore(request.entry, by=by, note=reason, of_request=True)
    move(request, Verb.UNDO, by=by, to=before, note=reason, outcome="", outcome_note="")
    return request


@appointment_action(
    Verb.WITHDRAW, event=EventType.WITHDRAWN, source=OPEN, target=Status.WITHDRAWN, traits=Trait.DESTRUCTIVE
)
def withdraw(request: AppointmentRequest, *, by: User | None, note: Note = "") -> AppointmentRequest:
    """The applicant takes it back.

    By telephone, or by the link of their message (`by` is None).
    """
    moves.require(Verb.WITHDRAW, request.status)
    text = clean(note)
    give_back(request, by, str(_("Withdrawn by the applicant")))
    Visit.objects.filter(request=request).delete()
    move(request, Verb.WITHDRAW, by=by, note=text, entry=None, department=None)
    return request


@appointment_action(
    Verb.REOPEN,
    event=EventType.REOPENED,
    source=(Status.DECLINED, Status.WITHDRAWN, Status.CANCELLED, Status.NO_SHOW, Status.REDIRECTED),
    target=Status.NEW,
    traits=Trait.PRIMARY,
)
def reopen(request: AppointmentRequest, *, by: User | None, note: Note = "") -> AppointmentRequest:
    """Decide it anew.

    As if it had just come in.
    """
    moves.require(Verb.REOPEN, request.status)
    Visit.objects.filter(request=request).delete()
    move(request, Verb.REOPEN, by=by, note=clean(note), ground="", reason="", entry=None, department=None)
    return request
