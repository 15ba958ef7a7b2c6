"""Checks of the moves of a clock: extension, fee notice, payment, progress notice, result owed.

Each `check_*` returns nothing when the move is allowed and raises `DomainError` when it is not. `on` is the local
date of the notice to the applicant (or of the payment), for which the caller stores the proof.
"""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from backend.complaints.law.deadlines import Clock, Regime, compute, fee_due_on
from backend.core.calendar import WorkingCalendar
from backend.core.errors import DomainError, ErrorCode


def check_extension(clock: Clock, *, on: date, reason: str, calendar: WorkingCalendar) -> None:
    """May the limit be extended?  4982 m.11: once, in writing, with the reason, before the 15 working days
    end.

    Raises UNSUPPORTED (the regime knows no extension), WRONG_STATE (already extended, or the clock stands
    still), REQUIRED (no reason), INVALID (before the start), OUT_OF_TIME.
    """
    if clock.rule is None or clock.rule.extended_days is None or clock.shown_by_cimer:
        raise DomainError(ErrorCode.UNSUPPORTED, _("This kind of application cannot be extended."))
    if clock.extension is not None:
        raise DomainError(ErrorCode.WRONG_STATE, _("The time limit has already been extended once."))
    if not reason.strip():
        raise DomainError(ErrorCode.REQUIRED, _("An extension needs its reason."), "reason")
    _check_in_time(clock, on, calendar)


def check_fee_notice(clock: Clock, *, on: date, calendar: WorkingCalendar) -> None:
    """May a fee be asked for?  4982 m.10-11: information requests only, once, within the limit.

    Raises UNSUPPORTED, WRONG_STATE (already asked for), INVALID (before the start), OUT_OF_TIME.
    """
    if clock.rule is None or clock.rule.fee_notice_days is None or clock.shown_by_cimer:
        raise DomainError(ErrorCode.UNSUPPORTED, _("No fee can be asked for this kind of application."))
    if clock.fee_notice is not None:
        raise DomainError(ErrorCode.WRONG_STATE, _("The fee has already been notified."))
    _check_in_time(clock, on, calendar)


def check_fee_payment(clock: Clock, *, on: date, calendar: WorkingCalendar) -> None:
    """May the payment be recorded?  4982 m.11: within 15 working days of the notice, else deemed withdrawn.  The day
    of the payment decides, not the day on which the municipality learns of it.

    Raises WRONG_STATE (no fee is open), INVALID (before the notice), OUT_OF_TIME.
    """
    notice = clock.fee_notice
    if notice is None or notice.paid_on is not None:
        raise DomainError(ErrorCode.WRONG_STATE, _("There is no unpaid fee."))
    if on < notice.notified_on:
        raise DomainError(ErrorCode.INVALID, _("The payment cannot be earlier than the notice."), "on")
    if on > (last := fee_due_on(clock, notice, calendar)):
        message = _(
            "The last day to pay was %(day)s. After a later payment the applicant is deemed to have withdrawn"
            " (Law 4982, m.11)."
        )
        raise DomainError(ErrorCode.OUT_OF_TIME, message % {"day": f"{last:%d.%m.%Y}"}, "on")


def is_deemed_withdrawn(clock: Clock, *, on: date, calendar: WorkingCalendar) -> bool:
    """Whether on the day `on` the fee is unpaid and its 15 working days are over (4982 m.11)."""
    notice = clock.fee_notice
    if notice is None or notice.paid_on is not None or clock.rule is None:
        return False
    return on > fee_due_on(clock, notice, calendar)


def check_progress_notice(clock: Clock, *, on: date) -> None:
    """Check a progress notice in place of the result.

    Petitions only (3071 m.7), CİMER's included. A late notice is still a notice: it is recorded and the delay stays
    visible. Raises UNSUPPORTED, INVALID.
    """
    if clock.rule is None or not clock.rule.progress_notice:
        raise DomainError(ErrorCode.UNSUPPORTED, _("A progress notice exists only for petitions."))
    if on < clock.starts_on:
        raise _too_early()


def is_result_owed(regime: Regime, *, progress_told_on: date | None, result_told_on: date | None) -> bool:
    """Whether a progress notice was sent and the result is still due: 3071 m.7 requires a separate notice of the
    result."""
    if regime not in (Regime.PETITION_3071, Regime.CIMER):
        return False
    return progress_told_on is not None and result_told_on is None


def check_no_result_owed(
    regime: Regime, *, progress_told_on: date | None, result_told_on: date | None
) -> None:
    """Raises WRONG_STATE if a petition cannot be closed because its result is still owed (3071 m.7)."""
    if is_result_owed(regime, progress_told_on=progress_told_on, result_told_on=result_told_on):
        message = _("Only progress has been notified so far; notify the result separately before closing.")
        raise DomainError(ErrorCode.WRONG_STATE, message)


def _check_in_time(clock: Clock, on: date, calendar: WorkingCalendar) -> None:
    """The move must fall between the start and the last day of the limit now in force, that day included."""
    if on < clock.starts_on:
        raise _too_early()
    deadline = compute(clock, calendar)
    if deadline.is_stopped:
        raise DomainError(ErrorCode.WRONG_STATE, _("The clock stands still until the fee is paid."))
    if deadline.legal is not None and on > deadline.legal:
        raise DomainError(ErrorCode.OUT_OF_TIME, _("The time limit is already over."), "on")


def _too_early() -> DomainError:
    return DomainError(ErrorCode.INVALID, _("The date is earlier than the start of the time limit."), "on")
