"""Recording that a reply was entered in CİMER, which brought the application."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from django.utils.translation import gettext_lazy as _

from backend.complaints import moves
from backend.complaints.actions.answering import reply_of
from backend.complaints.actions.notices import moment_told, notify
from backend.complaints.actions.step import move
from backend.complaints.choices import DeliveryMethod, NoticeKind, Status
from backend.complaints.law.conditions import THROUGH_CIMER
from backend.complaints.models import Complaint, Notice
from backend.complaints.moves import Verb, complaint_action
from backend.complaints.story import EventType
from backend.core.errors import DomainError, ErrorCode
from backend.core.localtime import local_date, today
from backend.core.validation import required
from backend.journal.action_table import Field, Trait
from backend.organization.models import User


@complaint_action(
    Verb.RECORD_CIMER_ENTRY,
    event=EventType.CIMER_ENTERED,
    applies=THROUGH_CIMER.q,
    source=Status.APPROVED,
    target=Status.REPLIED,
    traits=Trait.PRIMARY,
    hint=_(
        "Enter the text in CİMER first. Only what was entered there is replied to; until then the clock runs."
    ),
)
def record_cimer_entry(
    complaint: Complaint,
    *,
    by: User | None,
    proof: Annotated[
        str,
        Field(
            _("CİMER's confirmation"),
            api="What proves it: the number or words of CİMER's confirmation, or where the printed screen is kept.",
            help=_("The number or words that CİMER confirmed it with, or where the printed screen is kept."),
            max_length=200,
        ),
    ],
    entered_on: Annotated[
        dt.date | None,
        Field(
            _("Entered on"),
            api="The local day on which it was entered, if it was not today.",
            help=_("Empty: today."),
        ),
    ] = None,
) -> Complaint:
    """Record that the approved reply was entered in CİMER.

    Only this makes what came through CİMER replied, on the day of the entry, which lies between the approval and
    today. Settles a result that a progress notice left owed. REQUIRED, INVALID; WRONG_STATE for what came by another
    way (`send`).
    """
    moves.require(Verb.RECORD_CIMER_ENTRY, complaint.status)
    if not complaint.came_through_cimer:
        message = _("This application did not come through CİMER. Send its reply to the applicant.")
        raise DomainError(ErrorCode.WRONG_STATE, message)
    proof = required(
        proof, "proof", _("Write CİMER's confirmation, or where the printed screen of the entry is kept.")
    )
    reply = reply_of(complaint)
    replied_at = _moment_entered(reply, entered_on)
    move(
        complaint,
        Verb.RECORD_CIMER_ENTRY,
        by=by,
        replied_at=replied_at,
        result_owed=False,
        details={"means": DeliveryMethod.CIMER.value, "entered_on": local_date(replied_at).isoformat()},
    )
    notify(
        complaint,
        NoticeKind.RESULT,
        by=by,
        means=DeliveryMethod.CIMER,
        body=reply.body,
        proof=proof,
        notice=reply,
        notified_on=entered_on,
        is_refusal=reply.is_refusal,
    )
    return complaint


def _moment_entered(reply: Notice, entered_on: dt.date | None) -> dt.datetime:
    """Now, or noon of the day of the entry, which is neither to come nor before the approval."""
    approved_on = local_date(reply.approved_at) if reply.approved_at else today()
    if entered_on is not None and not approved_on <= entered_on <= today():
        message = _("The reply was approved on %(day)s: write a day from then until today.")
        raise DomainError(ErrorCode.INVALID, message % {"day": f"{approved_on:%d.%m.%Y}"}, "entered_on")
    return moment_told(DeliveryMethod.CIMER, entered_on)
