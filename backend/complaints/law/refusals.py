"""Whether a case was decided against the citizen, and the remedy that must then be named to them."""

from __future__ import annotations

import datetime as dt

from backend.complaints.choices import REFUSALS, NoticeKind, Outcome, Status
from backend.complaints.law import remedies
from backend.complaints.law.remedies import Remedy
from backend.complaints.models import Complaint, Notice
from backend.core.localtime import local_date, today


def sent_reply(complaint: Complaint) -> Notice | None:
    """The last reply that was sent."""
    sent = [one for one in complaint.notices.all() if one.is_sent_reply and one.notified_at]
    return max(sent, key=lambda one: (one.notified_at, one.pk), default=None)


def answer_alone(complaint: Complaint, reply: Notice) -> str:
    """The text of a sent reply without the remedy that was added to it."""
    # Of any law and day: the case may have been corrected since the reply left.
    added = (remedy.text for texts in remedies.AGAINST_REFUSAL.values() for remedy in texts)
    ends = next((text for text in added if reply.is_refusal and reply.body.endswith(text)), "")
    return reply.body.removesuffix(ends).strip()


def remedy_in(complaint: Complaint, kind: str, *, is_refusal: bool = False) -> Remedy | None:
    """The remedy that a notice of today of this kind must name: of a refusal, or of an end that the house decided.

    A fee that was not paid ends the request without refusing it: of the remedies only the court is left.
    """
    if kind == NoticeKind.CLOSING and complaint.outcome == Outcome.WITHDRAWN:
        return remedies.in_force(remedies.COURT, today())
    if is_refusal or (kind == NoticeKind.CLOSING and complaint.outcome in REFUSALS):
        return remedies.against_refusal(complaint.regime, complaint.matter, today())
    return None


def remedy_now(complaint: Complaint) -> Remedy | None:
    """The remedy open to the citizen as the case stands: against its refusal, or against silence; None if there is
    nothing to turn against."""
    decided_at = complaint.closed_at or complaint.replied_at
    if decided_at is None:
        return _against_silence(complaint)
    on = local_date(decided_at)
    if complaint.status == Status.WITHDRAWN:
        lapsed = complaint.fee_notices.filter(lapsed_on__isnull=False).exists()
        return remedies.in_force(remedies.COURT, on) if lapsed else None
    if complaint.outcome in REFUSALS or (complaint.replied_at and is_refused(complaint)):
        return remedies.against_refusal(complaint.regime, complaint.matter, on)
    return None


def is_refused(complaint: Complaint) -> bool:
    """Whether the last reply that was sent refuses, wholly or in part, and so named the remedy."""
    reply = sent_reply(complaint)
    return reply is not None and reply.is_refusal


def _against_silence(complaint: Complaint) -> Remedy | None:
    """After the limit, and thirty days at least, without any answer; after a notice of progress one may wait for the
    final one (2577 m.10)."""
    if complaint.raw_due_on is None or complaint.result_owed or complaint.status == Status.FORWARDED:
        return None
    counted_from = complaint.deadline_inputs.get("counted_from")
    first = dt.date.fromisoformat(counted_from) if counted_from else complaint.registered_on
    if today() <= max(complaint.raw_due_on, first + dt.timedelta(days=remedies.SILENCE_DAYS)):
        return None
    return remedies.against_silence(complaint.regime, complaint.matter, today())
