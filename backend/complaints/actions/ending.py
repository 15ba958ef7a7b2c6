"""How a case ends, and how it begins again."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from backend.complaints import clock, moves
from backend.complaints.actions.answering import check_elements
from backend.complaints.actions.step import changed_meanwhile, choice, move, required
from backend.complaints.actions.telling import default_means, set_reply_aside, tell
from backend.complaints.choices import NotExaminable, NoticeKind, NoticeStatus, Outcome, RoutingRole, Status
from backend.complaints.models import Complaint
from backend.complaints.moves import Verb
from backend.core.errors import DomainError, ErrorCode
from backend.core.localtime import local_date, today
from backend.core.text import clean
from backend.organization.models import User

AFTER_REPLY = (Outcome.SOLVED, Outcome.INFORMED, Outcome.NOT_POSSIBLE)


def check_close(complaint: Complaint, *, outcome: str = "") -> Outcome:
    """The outcome the case would be closed with; raises what `close` would raise. Reads only."""
    moves.require(Verb.CLOSE, complaint.status)
    if complaint.status == Status.FORWARDED:
        if outcome not in ("", Outcome.FORWARDED):
            message = _("A forwarded case closes as forwarded: it was not solved here.")
            raise DomainError(ErrorCode.INVALID, message, "outcome")
        _check_forwarded(complaint)
        return Outcome.FORWARDED
    check_elements(complaint)
    if complaint.result_owed:
        message = _("Only progress has been told so far; the result must be told separately before closing.")
        raise DomainError(ErrorCode.WRONG_STATE, message)
    chosen = choice(Outcome, required(outcome, "outcome", _("Say how it ended.")), "outcome")
    if chosen not in AFTER_REPLY:
        message = _("After a reply a case ends as solved, informed or not possible.")
        raise DomainError(ErrorCode.INVALID, message, "outcome")
    return chosen


def _check_forwarded(complaint: Complaint) -> None:
    forwardings = list(complaint.forwardings.select_related("notice"))
    if not forwardings:
        raise DomainError(
            ErrorCode.WRONG_STATE, _("It was not yet recorded to which body the case was forwarded.")
        )
    told = all(row.notice and row.notice.status == NoticeStatus.SENT for row in forwardings)
    if complaint.applicant_id and not told:
        message = _("Tell the citizen of the forwarding first (Law 3071, m.5).")
        raise DomainError(ErrorCode.WRONG_STATE, message)


@transaction.atomic
def close(complaint: Complaint, *, by: User | None, outcome: str = "", note: str = "") -> Complaint:
    """Close a replied case with its outcome, or a forwarded one of which the citizen has been told."""
    chosen = check_close(complaint, outcome=outcome)
    move(complaint, Verb.CLOSE, by=by, note=clean(note), outcome=chosen, details={"outcome": chosen.value})
    return complaint


@transaction.atomic
def withdraw(complaint: Complaint, *, by: User | None, note: str = "") -> Complaint:
    """The citizen no longer wants it ("talebinden vazgeçti"): an end, but not a solution."""
    move(complaint, Verb.WITHDRAW, by=by, note=clean(note), outcome=Outcome.WITHDRAWN)
    set_reply_aside(complaint)
    return complaint


@transaction.atomic
def mark_duplicate(complaint: Complaint, *, by: User | None, of: Complaint, note: str = "") -> Complaint:
    """The same matter as an earlier case, which carries on alone."""
    moves.require(Verb.MARK_DUPLICATE, complaint.status)
    if of.pk == complaint.pk:
        raise DomainError(ErrorCode.INVALID, _("A case cannot be a duplicate of itself."), "of")
    locked = Complaint.objects.select_for_update(of=("self",), no_key=True).filter(pk=of.pk).first()
    if locked is None or locked.status == Status.DUPLICATE:
        message = _("The other case is itself a duplicate. Choose the original.")
        raise DomainError(ErrorCode.INVALID, message, "of")
    move(
        complaint,
        Verb.MARK_DUPLICATE,
        by=by,
        note=clean(note),
        outcome=Outcome.DUPLICATE,
        duplicate_of=of,
        details={"of": of.pk},
    )
    set_reply_aside(complaint)
    return complaint


@transaction.atomic
def mark_not_examinable(complaint: Complaint, *, by: User | None, reason: str, note: str = "") -> Complaint:
    """Not examined, for one of the reasons of 3071 m.6: a decision after registration."""
    moves.require(Verb.MARK_NOT_EXAMINABLE, complaint.status)
    chosen = choice(NotExaminable, reason, "reason")
    if chosen is NotExaminable.MISSING_ELEMENTS and not complaint.lacks_elements:
        message = _("This case lacks none of the elements of Law 3071, m.4.")
        raise DomainError(ErrorCode.INVALID, message, "reason")
    move(
        complaint,
        Verb.MARK_NOT_EXAMINABLE,
        by=by,
        note=clean(note),
        outcome=Outcome.NOT_EXAMINABLE,
        not_examinable_reason=chosen,
        details={"reason": chosen.value},
    )
    set_reply_aside(complaint)
    return complaint


@transaction.atomic
def reject(
    complaint: Complaint, *, by: User | None, reason: str, means: str = "", proof: str = ""
) -> Complaint:
    """Refuse what is asked, with the reason.

    Where a law sets the date the citizen is told it, with the remedies; a service request may be refused
    without telling. Without `means`: e-mail where there is an address.
    """
    moves.require(Verb.REJECT, complaint.status)
    check_elements(complaint)
    reason = required(reason, "reason", _("A rejection needs its reason."))
    way = means or default_means(complaint)
    set_reply_aside(complaint)
    changes: dict[str, Any] = {"outcome": Outcome.REJECTED}
    if tells := bool(way) or clock.is_statutory(complaint):
        changes["result_owed"] = False
    move(complaint, Verb.REJECT, by=by, note=reason, details={"means": str(way)}, **changes)
    if tells:
        extra = {"is_rejection": True}
        tell(complaint, NoticeKind.RESULT, by=by, means=way, body=reason, proof=proof, extra=extra)
    return complaint


@transaction.atomic
def reopen(complaint: Complaint, *, by: User | None, reason: str) -> Complaint:
    """Take a case up again under its number, within REOPEN_DAYS of its end.

    It goes back to the department that had it, else to the office. Where it had been replied, the clock
    starts anew today; where it had ended without a reply the old dates stand.
    """
    moves.require(Verb.REOPEN, complaint.status)
    reason = required(reason, "reason", _("Say why it is taken up again."))
    ended_at = complaint.closed_at or complaint.replied_at
    if ended_at is None:
        raise changed_meanwhile()
    if today() > local_date(ended_at) + dt.timedelta(days=settings.REOPEN_DAYS):
        message = _("The time for reopening is over (%(days)s days). Register a new case.")
        raise DomainError(ErrorCode.OUT_OF_TIME, message % {"days": settings.REOPEN_DAYS})
    held = complaint.routings.live().filter(role=RoutingRole.RESPONSIBLE).exists()
    if complaint.replied_at:
        complaint.deadline_inputs = complaint.deadline_inputs | {clock.RESTARTED: today().isoformat()}
    dates, told = clock.changes(complaint)
    move(
        complaint,
        Verb.REOPEN,
        by=by,
        to=Status.ASSIGNED if held else Status.TRIAGED,
        note=reason,
        details=told,
        reopened=complaint.reopened + 1,
        replied_at=None,
        outcome="",
        not_examinable_reason="",
        duplicate_of=None,
        **dates,
    )
    return complaint
