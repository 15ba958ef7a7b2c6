"""What stops, lengthens or answers a clock: progress notice, extension, fee (3071 m.7; 4982 m.10-11)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from typing import Annotated

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from backend.complaints import moves
from backend.complaints.actions.ending import withdraw
from backend.complaints.actions.notices import CARRIED, default_means, lira_text, notify
from backend.complaints.actions.parameters import ChosenMeans, Proof, ToldOn
from backend.complaints.actions.staff import notify_office
from backend.complaints.actions.step import claim, journal_line, move, taken_up
from backend.complaints.choices import BEFORE_REPLY, DeliveryMethod, NoticeKind, Status
from backend.complaints.law import clock, clock_moves, deadlines
from backend.complaints.law.applicable import (
    ANSWERED_IN_STEPS,
    HAS_LAPSED_FEE,
    HAS_OPEN_FEE,
    NOT_YET_EXTENDED,
    WITHOUT_FEE,
    undone_by_payment,
)
from backend.complaints.models import UNPAID, Complaint, Extension, FeeNotice
from backend.complaints.moves import Verb, complaint_action
from backend.complaints.story import EventType
from backend.core.errors import DomainError, ErrorCode
from backend.core.localtime import today
from backend.core.validation import required
from backend.journal.action_table import Field
from backend.organization.calendar import working_calendar
from backend.organization.models import User


@complaint_action(
    Verb.NOTIFY_PROGRESS,
    event=EventType.PROGRESS_NOTIFIED,
    applies=ANSWERED_IN_STEPS,
    source=BEFORE_REPLY,
    hint=_("Tells how far the matter is. The result is still owed and is notified separately (3071 m.7)."),
    notifies=True,
)
def notify_progress(
    complaint: Complaint,
    *,
    by: User | None,
    body: Annotated[
        str,
        Field(
            _("How far the matter is"),
            api="The text, without salutation.",
            why=_("It stops no clock: the result is owed all the same, and is notified separately."),
            law="3071 m. 7",
            rows=6,
        ),
    ],
    means: ChosenMeans = None,
    proof: Proof = "",
    notified_on: ToldOn = None,
) -> Complaint:
    """Tell how far the matter is (3071 m.7)."""
    moves.require(Verb.NOTIFY_PROGRESS, complaint.status)
    text = required(body, "body", _("Write how far the matter is."))
    with _about("notified_on"):
        clock_moves.check_progress_notice(clock.clock_of(complaint), on=notified_on or today())
    way = means or default_means(complaint)
    move(complaint, Verb.NOTIFY_PROGRESS, by=by, result_owed=True, details={"means": str(way)})
    notify(complaint, NoticeKind.PROGRESS, by=by, means=way, body=text, proof=proof, notified_on=notified_on)
    return complaint


@complaint_action(
    Verb.EXTEND,
    event=EventType.EXTENDED,
    applies=NOT_YET_EXTENDED,
    source=BEFORE_REPLY,
    hint=_("Once, in writing, with the reason, before the fifteen working days end (4982 m.11)."),
    notifies=True,
)
def extend(
    complaint: Complaint,
    *,
    by: User | None,
    reason: Annotated[
        str, Field(_("Reason"), api="The reason, which the applicant reads.", rows=3, law="4982 m. 11")
    ],
    notified_on: ToldOn = None,
    means: ChosenMeans = None,
    proof: Proof = "",
) -> Complaint:
    """Extend the limit, once (4982 m.11).

    Extend to thirty working days, once, with written notice before the fifteen end (4982 m.11). `notified_on`: the
    local day of that notice, default today. Raises OUT_OF_TIME, REQUIRED (reason, means or proof), UNSUPPORTED,
    WRONG_STATE, INVALID (a telephone call is not in writing).
    """
    claim(complaint, Verb.EXTEND)
    way = means or default_means(complaint)
    if way == DeliveryMethod.PHONE:
        raise DomainError(
            ErrorCode.INVALID, _("An extension must be notified in writing (Law 4982, m.11)."), "means"
        )
    on, calendar, now = notified_on or today(), working_calendar(), clock.clock_of(complaint)
    with _about("notified_on"):
        clock_moves.check_extension(now, on=on, reason=reason, calendar=calendar)
    reason = required(reason, "reason", _("An extension needs its reason."))
    later = deadlines.compute(_extended(now, on, reason), calendar)
    extra = {"due_on": later.target}
    notice = notify(
        complaint,
        NoticeKind.EXTENSION,
        by=by,
        means=way,
        body=reason,
        body_field="reason",
        proof=proof,
        notified_on=notified_on,
        extra=extra,
    )
    Extension.objects.update_or_create(  # one of the time before a reopening is in the story
        complaint=complaint,
        defaults={"granted_on": on, "reason": reason, "granted_by": by, "notice": notice},
    )
    _move_with_dates(complaint, Verb.EXTEND, by, note=reason)
    return complaint


def _extended(now: deadlines.Clock, on: dt.date, reason: str) -> deadlines.Clock:
    return replace(now, extension=deadlines.Extension(on, reason))


@complaint_action(
    Verb.ASK_FEE, event=EventType.FEE_ASKED, applies=WITHOUT_FEE, source=BEFORE_REPLY, notifies=True
)
def ask_fee(
    complaint: Complaint,
    *,
    by: User | None,
    amount: Annotated[Decimal | str, Field(_("Amount in lira"), api="In lira.", law="4982 m. 10")],
    body: Annotated[str, Field(_("How to pay"), api="How to pay.", rows=3)] = "",
    means: ChosenMeans = None,
    proof: Proof = "",
    notified_on: ToldOn = None,
) -> Complaint:
    """Ask for the fee; the clock stops.

    Of an information request; unpaid for 15 working days it lapses. `amount` in lira, above zero; `body` says how to
    pay.
    """
    claim(complaint, Verb.ASK_FEE)
    lira, on, calendar, now = (
        _lira(amount),
        notified_on or today(),
        working_calendar(),
        clock.clock_of(complaint),
    )
    with _about("notified_on"):
        clock_moves.check_fee_notice(now, on=on, calendar=calendar)
    due_on = deadlines.fee_due_on(now, deadlines.FeeNotice(on), calendar)
    notice = notify(
        complaint,
        NoticeKind.FEE,
        by=by,
        means=means or default_means(complaint),
        body=body,
        proof=proof,
        notified_on=notified_on,
        extra={"amount": lira_text(lira), "due_on": due_on},
    )
    FeeNotice.objects.create(complaint=complaint, notified_on=on, amount=lira, due_on=due_on, notice=notice)
    _move_with_dates(complaint, Verb.ASK_FEE, by, details={"amount": str(lira), "due_on": due_on.isoformat()})
    return complaint


@complaint_action(
    Verb.RECORD_FEE,
    event=EventType.FEE_RECORDED,
    applies=HAS_OPEN_FEE | HAS_LAPSED_FEE,
    source=(*BEFORE_REPLY, Status.WITHDRAWN),
    hint=_("The day of the payment counts: a payment in time revives a request that lapsed (4982 m.11)."),
)
def record_fee(
    complaint: Complaint,
    *,
    by: User | None,
    paid_on: Annotated[
        dt.date | None, Field(_("Paid on"), api="The local day of payment, if it was not today.")
    ] = None,
) -> Complaint:
    """The fee was paid; the clock runs again.

    The day of the payment counts, not the day on which it is recorded: paid on or before the last day, a request that
    lapsed meanwhile is taken up again, and the applicant is notified. INVALID for a day in the future or before the fee
    was asked for, OUT_OF_TIME after the last day to pay.
    """
    claim(complaint, Verb.RECORD_FEE)
    fee = complaint.fee_notices.filter(UNPAID).first() if complaint.is_open else None
    fee = fee or undone_by_payment().filter(complaint=complaint).first()
    if fee is None:
        raise DomainError(ErrorCode.WRONG_STATE, _("There is no unpaid fee."))
    day = paid_on or today()
    if day > today():
        raise DomainError(ErrorCode.INVALID, _("The payment cannot lie in the future."), "paid_on")
    with _about("paid_on"):
        now = replace(clock.clock_of(complaint), fee_notice=clock.fee_notice(fee))
        clock_moves.check_fee_payment(now, on=day, calendar=working_calendar())
    lapsed_on = fee.lapsed_on
    fee.paid_on, fee.lapsed_on = day, None
    fee.save(update_fields=["paid_on", "lapsed_on"])
    details = {"paid_on": day.isoformat()}
    if lapsed_on is None:
        _move_with_dates(complaint, Verb.RECORD_FEE, by, details=details)
    else:
        _undo_lapse(complaint, fee, by, details=details | {"lapsed_on": lapsed_on.isoformat()})
    return complaint


@transaction.atomic
def lapse(complaint: Complaint, *, fee: FeeNotice) -> Complaint:
    """End a case whose fee was not paid in time: deemed withdrawn (4982 m.11), with a notice to the citizen.

    Where no message can be sent automatically, the office is asked to notify them.
    """
    journal_line(complaint, EventType.FEE_LAPSED, by=None, details={"fee": fee.pk})
    withdraw(complaint, by=None)
    if (way := default_means(complaint)) in CARRIED:
        extra = {"amount": lira_text(fee.amount), "due_on": fee.due_on}
        notify(complaint, NoticeKind.CLOSING, by=None, means=way, extra=extra)
    else:
        journal_line(complaint, EventType.NOT_TOLD, by=None)
        notify_office("lapse_untold", complaint)
    return complaint


def _undo_lapse(complaint: Complaint, fee: FeeNotice, by: User | None, *, details: dict[str, str]) -> None:
    """Go on with a request that lapsed although its fee was paid in time, and tell the applicant.

    It is counted from the payment, even where it had been reopened meanwhile.
    """
    complaint.deadline_inputs = {
        name: value for name, value in complaint.deadline_inputs.items() if name != clock.RESTARTED
    }
    dates, moved = clock.changes(complaint)
    to = None if complaint.is_open else taken_up(complaint)
    again = {"outcome": "", "escalation": 0, **dates}
    move(complaint, Verb.RECORD_FEE, by=by, to=to, details=details | moved, **again)
    if (means := default_means(complaint)) in CARRIED:
        extra = {"amount": lira_text(fee.amount), "paid_on": fee.paid_on, "due_on": complaint.target_on}
        notify(complaint, NoticeKind.FEE, by=by, means=means, extra=extra)
    else:
        journal_line(complaint, EventType.NOT_TOLD, by=by)


@contextmanager
def _about(field: str) -> Iterator[None]:
    """A refusal of the pure rules is about their `on`; the caller knows that day by another name."""
    try:
        yield
    except DomainError as error:
        raise DomainError(error.code, error.message, field if error.field == "on" else error.field) from None


def _lira(amount: Decimal | str) -> Decimal:
    try:
        lira = Decimal(str(amount)).quantize(Decimal("0.01"))
    except InvalidOperation:
        lira = Decimal(0)
    if not (lira.is_finite() and 0 < lira < Decimal(10) ** 8):
        raise DomainError(ErrorCode.INVALID, _("Write the amount in lira, above zero."), "amount")
    return lira


def _move_with_dates(
    complaint: Complaint,
    verb: Verb,
    by: User | None,
    *,
    note: str = "",
    details: dict[str, str] | None = None,
) -> None:
    """The move, with the dates that follow from the child just written."""
    dates, result = clock.changes(complaint)
    move(complaint, verb, by=by, note=note, details=(details or {}) | result, **dates)
