"""How a case ends, and how it begins again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Annotated, Any

from django.utils.translation import gettext_lazy as _

from backend.complaints import moves, recalling
from backend.complaints.actions.answering import check_elements
from backend.complaints.actions.notices import (
    closure_channel,
    discard_pending_reply,
    notify_closure,
)
from backend.complaints.actions.parameters import ChosenMeans, Note, Proof, ToldOn, UntoldReason
from backend.complaints.actions.step import hand_over_links, move, taken_up
from backend.complaints.choices import (
    AFTER_REPLY,
    BEFORE_REPLY,
    ENDS,
    OPEN,
    REFUSALS,
    NotExaminable,
    NoticeKind,
    NoticeStatus,
    Outcome,
    RefusalGround,
    Status,
)
from backend.complaints.law import clock
from backend.complaints.law.information import decision, is_to_be_given
from backend.complaints.law.refusals import is_refused
from backend.complaints.models import UNPAID, Complaint
from backend.complaints.moves import Verb, complaint_action
from backend.complaints.story import EventType
from backend.configuration.office import configured
from backend.contacts.actions import family
from backend.core.errors import DomainError, ErrorCode
from backend.core.localtime import local_date, today
from backend.core.validation import choice, finished, required
from backend.core.words.text import clean
from backend.journal.action_table import Field, Trait
from backend.journal.state_machine import changed_meanwhile
from backend.organization.models import User


def check_close(
    complaint: Complaint,
    *,
    outcome: str | None = None,
    is_partial: bool = False,
    grounds: Iterable[str] | None = None,
) -> Outcome:
    """The outcome the case would be closed with; raises what `close` would raise. Reads only."""
    moves.require(Verb.CLOSE, complaint.status)
    if complaint.status == Status.FORWARDED:
        if outcome and outcome != Outcome.FORWARDED:
            message = _("A forwarded case closes as forwarded: it was not solved here.")
            raise DomainError(ErrorCode.INVALID, message, "outcome")
        _check_forwarded(complaint)
        return Outcome.FORWARDED
    check_elements(complaint)
    recalling.check_left(complaint)
    if complaint.result_owed:
        message = _("Only progress has been notified so far; notify the result separately before closing.")
        raise DomainError(ErrorCode.WRONG_STATE, message)
    chosen = choice(Outcome, required(outcome, "outcome", _("Say how it ended.")), "outcome")
    if chosen not in AFTER_REPLY:
        message = _("After a reply a case ends as solved, informed or not possible.")
        raise DomainError(ErrorCode.INVALID, message, "outcome")
    if is_partial and chosen is Outcome.NOT_POSSIBLE:
        message = _("Partial access ends as solved or informed.")
        raise DomainError(ErrorCode.INVALID, message, "is_partial")
    refused_in_part = bool(decision(complaint, is_partial=is_partial, grounds=grounds))
    if (chosen in REFUSALS or refused_in_part) and not is_refused(complaint):
        message = _(
            "The reply that was sent names no remedy, so this application cannot end as refused, wholly or in part"
            " (Constitution, m.40/2). Reopen it and draft the reply again as one that refuses."
        )
        raise DomainError(ErrorCode.WRONG_STATE, message, "outcome")
    return chosen


def _check_forwarded(complaint: Complaint) -> None:
    forwardings = list(complaint.forwardings.all())
    if not forwardings:
        raise DomainError(
            ErrorCode.WRONG_STATE, _("It was not yet recorded to which body the case was forwarded.")
        )
    result = all(row.notice and row.notice.status == NoticeStatus.SENT for row in forwardings)
    if complaint.applicant_id and not result:
        message = (
            _("Tell the applicant of the forwarding first, in writing (Law 4982, m.7/3).")
            if complaint.asks_information
            else _("Tell the citizen of the forwarding first (Law 3071, m.5).")
        )
        raise DomainError(ErrorCode.WRONG_STATE, message)


@complaint_action(
    Verb.CLOSE,
    event=EventType.CLOSED,
    preview=check_close,
    source=(Status.REPLIED, Status.FORWARDED),
    target=Status.CLOSED,
    traits=Trait.PRIMARY,
)
def close(
    complaint: Complaint,
    *,
    by: User | None,
    outcome: Annotated[
        Outcome | None,
        Field(
            _("Outcome"),
            api="How it ended; needless after a forwarding.",
            why=_("What the reports count. The applicant reads the reply, not this."),
        ),
    ] = None,
    note: Note = "",
    is_partial: Annotated[
        bool,
        Field(
            _("Given after parts were taken out or separated (4982 m.9)"),
            api="Under Law 4982: access granted after parts were taken out or separated (m.9).",
        ),
    ] = False,
    grounds: Annotated[
        Iterable[RefusalGround] | None,
        Field(
            _("Grounds of refusal (4982)"),
            api="Under Law 4982: why it was refused, wholly or in part.",
            law="4982 m. 30",
            help=_("Of what was refused, wholly or in part: the yearly report counts them."),
        ),
    ] = None,
) -> Complaint:
    """Close the case.

    Close a replied case with its outcome, or a forwarded one after the citizen was notified. For Law 4982: whether
    parts were taken out first, and the grounds of a refusal. What refuses ends so only after a reply that named the
    remedy (`draft`). REQUIRED, INVALID, WRONG_STATE.
    """
    asked = list(grounds or ())
    chosen = check_close(complaint, outcome=outcome, is_partial=is_partial, grounds=asked)
    move(
        complaint,
        Verb.CLOSE,
        by=by,
        note=clean(note),
        outcome=chosen,
        details={"outcome": chosen.value},
        undo=True,
        **decision(complaint, is_partial=is_partial, grounds=asked),
    )
    return complaint


@complaint_action(
    Verb.WITHDRAW,
    event=EventType.WITHDRAWN,
    source=OPEN,
    target=Status.WITHDRAWN,
    traits=Trait.DESTRUCTIVE,
    hint=_("The citizen no longer wants it. This is an end but not a solution."),
)
def withdraw(
    complaint: Complaint,
    *,
    by: User | None,
    note: Annotated[str, Field(_("Note"), api="A remark for the story; no citizen reads it.", rows=3)] = "",
) -> Complaint:
    """The citizen takes it back.

    The citizen no longer wants it ("talebinden vazgeçti"): an end, but not a solution.
    """
    move(complaint, Verb.WITHDRAW, by=by, note=clean(note), outcome=Outcome.WITHDRAWN)
    discard_pending_reply(complaint)
    return complaint


@complaint_action(
    Verb.MARK_DUPLICATE,
    event=EventType.MARKED_DUPLICATE,
    source=BEFORE_REPLY,
    target=Status.DUPLICATE,
    traits=Trait.DESTRUCTIVE,
    hint=_("The citizen is notified of this end and its reason."),
    notifies=True,
)
def mark_duplicate(
    complaint: Complaint,
    *,
    by: User | None,
    of: Annotated[
        Complaint,
        Field(
            _("Number of the earlier application"),
            api="The case that carries on.",
            help=_("For example 2027/15"),
            max_length=16,
        ),
    ],
    note: Note = "",
    means: ChosenMeans = None,
    proof: Proof = "",
    notified_on: ToldOn = None,
    not_notified_reason: UntoldReason = "",
) -> Complaint:
    """It repeats an earlier case.

    Close as a duplicate of an earlier case, which goes on alone: a request for service, or the same person's. The law
    owes every other applicant an answer of their own (3071 m.7): INVALID, `link` instead. The citizen is notified; the
    number of the other case is included only if it is their own. Notification as in `reject`.
    """
    moves.require(Verb.MARK_DUPLICATE, complaint.status)
    if of.pk == complaint.pk:
        raise DomainError(ErrorCode.INVALID, _("A case cannot be a duplicate of itself."), "of")
    locked = Complaint.objects.select_for_update(of=("self",), no_key=True).filter(pk=of.pk).first()
    if locked is None or locked.status == Status.DUPLICATE:
        message = _("The other case is itself a duplicate. Choose the original.")
        raise DomainError(ErrorCode.INVALID, message, "of")
    is_own = same_citizen(complaint, of)
    if clock.is_statutory(complaint) and not is_own:
        message = _(
            "This is another person's application, and the law owes them an answer of their own (3071 m.7). Link it to"
            " the other one instead: both stay open, and one reply can be sent to both."
        )
        raise DomainError(ErrorCode.INVALID, message, "of")
    way = closure_channel(complaint, means=means, not_notified_reason=not_notified_reason)
    move(
        complaint,
        Verb.MARK_DUPLICATE,
        by=by,
        note=clean(note),
        outcome=Outcome.DUPLICATE,
        duplicate_of=of,
        details={"of": of.pk, "means": str(way)},
    )
    discard_pending_reply(complaint)
    notify_closure(
        complaint,
        NoticeKind.CLOSING,
        by=by,
        means=way,
        proof=proof,
        notified_on=notified_on,
        not_notified_reason=not_notified_reason,
        only_for_them={"own_original": of.reference} if is_own else {},
    )
    hand_over_links(complaint, locked)
    return complaint


def same_citizen(one: Complaint, other: Complaint) -> bool:
    """Whether both were brought by one person, merged records counted as one."""
    return one.applicant is not None and other.applicant_id in family(one.applicant)


@complaint_action(
    Verb.MARK_NOT_EXAMINABLE,
    event=EventType.MARKED_NOT_EXAMINABLE,
    source=BEFORE_REPLY,
    target=Status.NOT_EXAMINABLE,
    traits=Trait.DESTRUCTIVE,
    hint=_("The citizen is notified of this end and its reason."),
    notifies=True,
)
def mark_not_examinable(
    complaint: Complaint,
    *,
    by: User | None,
    reason: Annotated[
        NotExaminable, Field(_("Reason"), api="The reason, which the citizen reads.", law="3071 m. 6")
    ],
    note: Note = "",
    body: Annotated[
        str, Field(_("Addition to the standing text"), api="What is added for the citizen.", rows=3)
    ] = "",
    means: ChosenMeans = None,
    proof: Proof = "",
    notified_on: ToldOn = None,
    not_notified_reason: UntoldReason = "",
) -> Complaint:
    """It cannot be examined (3071 m.6).

    For one of the reasons of that article: a decision after registration. The citizen gets the reason and its article,
    and `body`. Notification as in `reject`.
    """
    moves.require(Verb.MARK_NOT_EXAMINABLE, complaint.status)
    chosen = choice(NotExaminable, reason, "reason")
    if chosen is NotExaminable.MISSING_ELEMENTS and not complaint.lacks_elements:
        message = _("This case lacks none of the elements of Law 3071, m.4.")
        raise DomainError(ErrorCode.INVALID, message, "reason")
    way = closure_channel(complaint, means=means, not_notified_reason=not_notified_reason)
    changes: dict[str, Any] = {"result_owed": False} if way else {}
    move(
        complaint,
        Verb.MARK_NOT_EXAMINABLE,
        by=by,
        note=clean(note),
        outcome=Outcome.NOT_EXAMINABLE,
        not_examinable_reason=chosen,
        details={"reason": chosen.value, "means": str(way)},
        **changes,
    )
    discard_pending_reply(complaint)
    notify_closure(
        complaint,
        NoticeKind.CLOSING,
        by=by,
        means=way,
        body=body,
        proof=proof,
        notified_on=notified_on,
        not_notified_reason=not_notified_reason,
        extra={"is_petition": clock.is_petition(complaint)},
    )
    return complaint


@complaint_action(
    Verb.REJECT,
    event=EventType.REJECTED,
    source=BEFORE_REPLY,
    target=Status.REJECTED,
    traits=Trait.DESTRUCTIVE,
    hint=_("The citizen is notified of this end and its reason."),
    notifies=True,
)
def reject(
    complaint: Complaint,
    *,
    by: User | None,
    reason: Annotated[str, Field(_("Reason"), api="The reason, which the citizen reads.", rows=5)],
    means: ChosenMeans = None,
    proof: Proof = "",
    notified_on: ToldOn = None,
    not_notified_reason: UntoldReason = "",
    grounds: Annotated[
        Iterable[RefusalGround] | None,
        Field(
            _("Grounds of refusal (4982)"),
            api="Under Law 4982: why, by its articles.",
            law="4982 m. 30",
            help=_("Of what was refused, wholly or in part: the yearly report counts them."),
        ),
    ] = None,
) -> Complaint:
    """Refuse what is asked.

    Reject the request, with the reason and the remedies of the law for the citizen; for Law 4982 `grounds` are the
    articles that the yearly report counts. Without `means`: e-mail where there is an address. Other means need a
    proof; where the citizen cannot be reached at all, `not_notified_reason` explains why. Raises REQUIRED or INVALID.
    """
    moves.require(Verb.REJECT, complaint.status)
    check_elements(complaint)
    reason = finished(required(reason, "reason", _("A rejection needs its reason.")), "reason")
    way = closure_channel(complaint, means=means, not_notified_reason=not_notified_reason)
    discard_pending_reply(complaint)
    changes: dict[str, Any] = {"outcome": Outcome.REJECTED, **decision(complaint, grounds=grounds)}
    if way:
        changes["result_owed"] = False
    move(complaint, Verb.REJECT, by=by, note=reason, details={"means": str(way)}, **changes)
    notify_closure(
        complaint,
        NoticeKind.RESULT,
        by=by,
        means=way,
        body=reason,
        proof=proof,
        notified_on=notified_on,
        not_notified_reason=not_notified_reason,
        extra={"is_rejection": True},
        is_refusal=True,
    )
    return complaint


@complaint_action(Verb.REOPEN, event=EventType.REOPENED, source=(*ENDS, Status.REPLIED), traits=Trait.PRIMARY)
def reopen(
    complaint: Complaint, *, by: User | None, reason: Annotated[str, Field(_("Reason"), api="Why.", rows=3)]
) -> Complaint:
    """Take it up again.

    Reopen a case under its number, within REOPEN_DAYS of its end; at any time after a decision of the Board or a
    court that access is to be granted (4982 m.13). It returns to its last department, else to the office. After a
    decision (a reply, a refusal, a fee that lapsed) the clock restarts today, and an extension and a fee are possible
    anew; without one the old dates stay. It is warned of its dates again. The rating of the former answer stays in the
    story alone.
    """
    moves.require(Verb.REOPEN, complaint.status)
    reason = required(reason, "reason", _("Say why it is taken up again."))
    ended_at = complaint.closed_at or complaint.replied_at
    if ended_at is None:
        raise changed_meanwhile()
    ended_on = local_date(ended_at)
    is_late = today() > ended_on + dt.timedelta(days=configured.REOPEN_DAYS)
    if is_late and not is_to_be_given(complaint, since=ended_on):
        message = _("The time for reopening is over (%(days)s days). Register a new case.")
        raise DomainError(ErrorCode.OUT_OF_TIME, message % {"days": configured.REOPEN_DAYS})
    if _was_decided(complaint):
        complaint.deadline_inputs = complaint.deadline_inputs | {clock.RESTARTED: today().isoformat()}
    dates, result = clock.changes(complaint)
    move(
        complaint,
        Verb.REOPEN,
        by=by,
        to=taken_up(complaint),
        note=reason,
        details=result,
        reopened=complaint.reopened + 1,
        replied_at=None,
        outcome="",
        not_examinable_reason="",
        duplicate_of=None,
        is_partial=False,
        refusal_grounds=[],
        rating=None,
        rating_remark="",
        rated_at=None,
        **{"escalation": 0, **dates},
    )
    return complaint


def _was_decided(complaint: Complaint) -> bool:
    """Whether the applicant had a decision: a reply, a notified end, or the lapse of an unpaid fee.

    A fee whose last day is over lapses with this, so that a case that is taken up again does not end by it.
    """
    overdue = complaint.fee_notices.filter(UNPAID, due_on__lt=today())
    lapsed = overdue.update(lapsed_on=today()) or complaint.fee_notices.filter(
        lapsed_on__gt=clock.counted_from(complaint)
    )
    decided = complaint.status in (Status.REJECTED, Status.NOT_EXAMINABLE)
    return bool(complaint.replied_at or decided or lapsed)
