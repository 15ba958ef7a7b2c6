"""An applicant objected to how access to information was decided (4982 m.13)."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from django.utils.translation import gettext_lazy as _

from backend.complaints import moves
from backend.complaints.actions.parameters import Note
from backend.complaints.actions.step import move
from backend.complaints.choices import ContestedAt, ContestResult, Status
from backend.complaints.law.information import information_requests, require_information
from backend.complaints.models import Complaint
from backend.complaints.moves import Verb, complaint_action
from backend.complaints.story import EventType
from backend.core.errors import DomainError, ErrorCode
from backend.core.localtime import local_date, today
from backend.core.validation import choice
from backend.core.words.text import clean
from backend.journal.action_table import Field
from backend.organization.models import User


@complaint_action(
    Verb.RECORD_OBJECTION,
    event=EventType.CONTESTED,
    applies=information_requests(),
    source=(Status.REPLIED, Status.CLOSED, Status.NOT_EXAMINABLE, Status.REJECTED),
    hint=_("To the Board or a court (4982 m.13). Say it again when the result is known."),
)
def record_objection(
    complaint: Complaint,
    *,
    by: User | None,
    contested_on: Annotated[
        dt.date, Field(_("Objection made on"), api="The local day on which it was made.")
    ],
    contested_at: Annotated[ContestedAt, Field(_("Where"), api="Where.", law="4982 m. 13")],
    contest_result: Annotated[
        ContestResult | None, Field(_("Result"), api="What was decided there.", empty=_("not decided yet"))
    ] = None,
    contest_ended_on: Annotated[
        dt.date | None, Field(_("Decided on"), api="The local day of that decision.")
    ] = None,
    note: Note = "",
) -> Complaint:
    """Record an objection to how access to information was decided, or its result (4982 m.13).

    Record an objection to the Board or a court with its local day, and its result once known; repeating it corrects
    both. INVALID for other laws, and for days before the decision or in the future; REQUIRED: the day of a result.
    """
    moves.require(Verb.RECORD_OBJECTION, complaint.status)
    require_information(complaint)
    decided = complaint.replied_at or complaint.closed_at
    first = local_date(decided) if decided else complaint.registered_on
    if complaint.contested_on:  # the case was decided again since: what is recorded may still get its result
        first = min(first, complaint.contested_on)
    if not first <= contested_on <= today():
        message = _("The objection lies between the decision on the application and today.")
        raise DomainError(ErrorCode.INVALID, message, "contested_on")
    result = choice(ContestResult, contest_result, "contest_result") if contest_result else ""
    if result and contest_ended_on is None:
        raise DomainError(ErrorCode.REQUIRED, _("Write the day of the result."), "contest_ended_on")
    ended_on = contest_ended_on if result else None
    if ended_on and not contested_on <= ended_on <= today():
        message = _("The result lies between the objection and today.")
        raise DomainError(ErrorCode.INVALID, message, "contest_ended_on")
    where = choice(ContestedAt, contested_at, "contested_at")
    move(
        complaint,
        Verb.RECORD_OBJECTION,
        by=by,
        note=clean(note),
        details={"at": where.value, "on": contested_on.isoformat(), "result": str(result)},
        contested_on=contested_on,
        contested_at=where,
        contest_result=result,
        contest_ended_on=ended_on,
    )
    return complaint
