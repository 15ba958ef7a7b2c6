"""An application that asks for several things: what concerns another matter becomes a case of its own (tefrik)."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from backend.complaints import moves
from backend.complaints.actions.registering import register, through_cimer
from backend.complaints.actions.routing import route
from backend.complaints.actions.step import move, must_be_open
from backend.complaints.models import Complaint
from backend.complaints.moves import Verb
from backend.core.errors import DomainError, ErrorCode
from backend.organization.models import Category, Department, User


@transaction.atomic
def split(
    complaint: Complaint,
    *,
    by: User | None,
    subject: str,
    body: str = "",
    category: Category | None = None,
    department: Department | None = None,
) -> Complaint:
    """Register a part of the application as a case of its own; the rest goes on. Returns the application.

    The part bears the same persons, place, law and moment of receipt, so its limits run from the application's day
    and not from today; who asked is told its number by a receipt. `department`: it is routed there at once. WRONG_STATE
    for what came through CİMER, which is answered under CİMER's one number.
    """
    moves.require(Verb.SPLIT, complaint.status)
    if through_cimer(complaint.channel, complaint.regime):
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
