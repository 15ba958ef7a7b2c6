"""What is another body's business: two acts, each with its proof (3071 m.5; 4982 m.7/3)."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from django.utils.translation import gettext_lazy as _

from backend.complaints import moves
from backend.complaints.actions.notices import default_means, discard_pending_reply, notify
from backend.complaints.actions.parameters import ChosenMeans, Proof, ToldOn
from backend.complaints.actions.step import move
from backend.complaints.choices import UNDECIDED, WORKED_ON, DeliveryMethod, NoticeKind, Status
from backend.complaints.law.applicable import HAS_UNTOLD_FORWARDING
from backend.complaints.models import Complaint, Forwarding
from backend.complaints.moves import Verb, complaint_action
from backend.complaints.story import EventType
from backend.core.errors import DomainError, ErrorCode
from backend.core.localtime import today
from backend.core.validation import required
from backend.core.words.text import clean
from backend.journal.action_table import Field, Trait
from backend.organization.models import OutsideBody, User


@complaint_action(
    Verb.FORWARD,
    event=EventType.FORWARDED,
    source=(*UNDECIDED, Status.ASSIGNED, *WORKED_ON),
    target=Status.FORWARDED,
    hint=_(
        "Forwarding and telling the citizen are two steps; both are needed before closing (3071 m.5). A request for"
        " information is forwarded where the information is kept, with notice in writing (4982 m.7/3)."
    ),
)
def forward(
    complaint: Complaint,
    *,
    by: User | None,
    to: Annotated[
        OutsideBody,
        Field(
            _("Body"),
            api="The body.",
            empty=_("Choose a body"),
            why=_(
                "The applicant is notified of it in a second step; only then can the application be closed."
            ),
            law="3071 m. 5, 4982 m. 7",
        ),
    ],
    number: Annotated[
        str,
        Field(
            _("Number of the letter"),
            api="The number of the letter; required for a public body.",
            help=_("Required for a public body."),
            max_length=60,
        ),
    ] = "",
    on: Annotated[dt.date | None, Field(_("Forwarded on"), api="The local day, if it was not today.")] = None,
) -> Complaint:
    """Sent on to another body (3071 m.5, 4982 m.7/3).

    Record that the case was forwarded to `to`, on a local day; a public body's letter has a number. To a private
    company this is no transfer in law: it is recorded all the same, the citizen is notified, and the case can be
    routed to the liaison department afterwards. What is transferred is answered there, within a limit that begins
    where it arrives; here nothing but telling the citizen is left.
    """
    moves.require(Verb.FORWARD, complaint.status)
    if not to.serves_here:
        raise DomainError(ErrorCode.INVALID, _("This body does not serve our district."), "to")
    number = clean(number)[:60]
    if to.is_public:
        number = required(number, "number", _("Write the number of the letter to the body."))
    day = on or today()
    if day > today() or day < complaint.registered_on:
        message = _("The day of forwarding must lie between the registration and today.")
        raise DomainError(ErrorCode.INVALID, message, "on")
    details = {"body": to.code, "on": day.isoformat(), "number": number, "transfer_in_law": to.is_public}
    if to.is_public:
        details["article"] = "4982 m.7/3" if complaint.asks_information else "3071 m.5"
    move(complaint, Verb.FORWARD, by=by, details=details)
    discard_pending_reply(complaint)
    Forwarding.objects.create(complaint=complaint, body=to, forwarded_on=day, number=number, forwarded_by=by)
    return complaint


@complaint_action(
    Verb.NOTIFY_FORWARDING,
    event=EventType.FORWARDING_TOLD,
    applies=HAS_UNTOLD_FORWARDING,
    source=Status.FORWARDED,
    traits=Trait.PRIMARY,
    notifies=True,
)
def notify_forwarding(
    complaint: Complaint,
    *,
    by: User | None,
    means: ChosenMeans = None,
    proof: Proof = "",
    body: Annotated[
        str, Field(_("Addition to the standing text"), api="What is added to the standing text.", rows=3)
    ] = "",
    notified_on: ToldOn = None,
) -> Complaint:
    """Tell the citizen of the forwarding.

    Tell the citizen where the case went; `body` is added to the standing text. Settles a result owed. INVALID by
    telephone for a request for information: 4982 m.7/3 wants it in writing.
    """
    moves.require(Verb.NOTIFY_FORWARDING, complaint.status)
    forwarding = (
        complaint.forwardings.filter(notice__isnull=True).select_related("body").order_by("id").first()
    )
    if forwarding is None:
        raise DomainError(
            ErrorCode.WRONG_STATE, _("The citizen has already been notified of the forwarding.")
        )
    if notified_on is not None and notified_on < forwarding.forwarded_on:
        message = _("The citizen cannot have been notified before the forwarding.")
        raise DomainError(ErrorCode.INVALID, message, "notified_on")
    way = means or default_means(complaint)
    if way == DeliveryMethod.PHONE and complaint.asks_information:
        message = _("The forwarding of a request for information is notified in writing (Law 4982, m.7/3).")
        raise DomainError(ErrorCode.INVALID, message, "means")
    move(
        complaint,
        Verb.NOTIFY_FORWARDING,
        by=by,
        result_owed=False,
        details={"body": forwarding.body.code, "means": str(way)},
    )
    notice = notify(
        complaint,
        NoticeKind.FORWARDING,
        by=by,
        means=way,
        body=body,
        proof=proof,
        notified_on=notified_on,
        extra={"forwarding": forwarding},
    )
    Forwarding.objects.filter(pk=forwarding.pk).update(notice=notice)
    return complaint
