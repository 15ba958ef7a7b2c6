"""An application that asks for several things: what concerns another matter becomes a case of its own (tefrik)."""

from __future__ import annotations

from typing import Annotated

from django.utils.translation import gettext_lazy as _

from backend.complaints import moves
from backend.complaints.actions.registering import register
from backend.complaints.actions.routing import route
from backend.complaints.actions.step import move, must_be_open
from backend.complaints.choices import BEFORE_REPLY
from backend.complaints.law.conditions import THROUGH_CIMER
from backend.complaints.models import Complaint
from backend.complaints.moves import Verb, complaint_action
from backend.complaints.story import EventType
from backend.core.errors import DomainError, ErrorCode
from backend.journal.action_table import Field
from backend.organization.models import Category, Department, User


@complaint_action(
    Verb.SPLIT,
    event=EventType.SPLIT,
    applies=~THROUGH_CIMER.q,
    source=BEFORE_REPLY,
    hint=_(
        "The matter becomes a case of its own with the same applicant and day of receipt; its number is sent to"
        " whoever asked. The rest goes on here."
    ),
)
def split(
    complaint: Complaint,
    *,
    by: User | None,
    subject: Annotated[
        str, Field(_("Subject"), api="What the new case is about, in a line.", max_length=200)
    ],
    body: Annotated[
        str,
        Field(
            _("Text"),
            api="What of the application concerns it.",
            help=_("Leave what concerns this matter and take out the rest."),
            rows=6,
        ),
    ] = "",
    category: Annotated[
        Category | None, Field(_("Category"), api="What it is about.", empty=_("none"))
    ] = None,
    department: Annotated[
        Department | None, Field(_("Department"), api="To which department it goes at once.")
    ] = None,
) -> Complaint:
    """Register a matter of the application as a case of its own (`parts`); the rest goes on.

    The part bears the same persons, place, law and moment of receipt, so its limits run from the application's day
    and not from today; who asked gets its number by a receipt. `department`: it is routed there at once. WRONG_STATE
    for what came through CİMER, which is answered under CİMER's one number.
    """
    moves.require(Verb.SPLIT, complaint.status)
    if complaint.came_through_cimer:
        message = _(
            "What came through CİMER is answered under its one number. Let another department work along instead."
        )
        raise DomainError(ErrorCode.WRONG_STATE, message)
    if department is not None:
        must_be_open(department, "department")
    part = register(
        kind=complaint.kind,
        channel=complaint.channel,
        regime=complaint.regime,
        matter=complaint.matter,
        priority=complaint.priority,
        subject=subject,
        body=body,
        category=category,
        applicant=complaint.applicant,
        on_behalf_of=complaint.on_behalf_of,
        identity_hidden=complaint.identity_hidden,
        signature_given=complaint.signature_given,
        neighbourhood=complaint.neighbourhood,
        place=complaint.place,
        latitude=complaint.latitude,
        longitude=complaint.longitude,
        registered_at=complaint.registered_at,
        privacy_notice=complaint.privacy_notice,
        by=by,
    )
    part.split_from = complaint
    part.save(update_fields=["split_from"])
    move(complaint, Verb.SPLIT, by=by, details={"part": part.pk})
    if department is not None:
        route(part, by=by, to=department)
    return complaint
