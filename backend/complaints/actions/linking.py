"""Cases that belong together: a matter that is separated from an application (tefrik), and applications of several
people about one matter, which stay open and are answered with one reply (3071 m.7)."""

from __future__ import annotations

from typing import Annotated

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.complaints import moves
from backend.complaints.actions.answering import check_elements, send
from backend.complaints.actions.notices import CARRIED, default_means, discard_pending_reply
from backend.complaints.actions.parameters import Note
from backend.complaints.actions.registering import register
from backend.complaints.actions.routing import route
from backend.complaints.actions.step import hand_over_links, move, must_be_open
from backend.complaints.choices import (
    ADOPTING,
    ANSWERED,
    BEFORE_REPLY,
    OPEN,
    NoticeKind,
    NoticeStatus,
    Status,
)
from backend.complaints.law.applicable import (
    HAS_REPLY_TO_ADOPT,
    HAS_UNANSWERED_LINKS,
    IS_LINKED,
    IS_SET_APART,
)
from backend.complaints.law.conditions import THROUGH_CIMER
from backend.complaints.law.refusals import answer_alone, sent_reply
from backend.complaints.models import Complaint, Notice
from backend.complaints.moves import Verb, complaint_action
from backend.complaints.replies.enclosures import share
from backend.complaints.story import EventType
from backend.core.errors import DomainError, ErrorCode
from backend.core.words.text import clean
from backend.journal.action_table import Field, Trait
from backend.organization.models import Category, Department, User
from backend.outbox.holding import HELD
from backend.places.choices import PointSource


@complaint_action(
    Verb.SPLIT,
    event=EventType.SPLIT,
    applies=~THROUGH_CIMER.q,
    source=BEFORE_REPLY,
    hint=_(
        "The matter becomes a case of its own with the same applicant and day of receipt; its number is sent to"
        " the applicant. The rest goes on here."
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
        point_source=PointSource(complaint.point_source or PointSource.ENTERED),
        sticker=complaint.sticker,
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


@complaint_action(
    Verb.LINK,
    event=EventType.LINKED,
    source=BEFORE_REPLY,
    hint=_(
        "Both stay open, and both show the link. The reply of the one can be sent to the others, each by itself."
    ),
)
def link(
    complaint: Complaint,
    *,
    by: User | None,
    of: Annotated[
        Complaint,
        Field(
            _("Number of the other application"),
            api="The case that it is linked to, or one that is linked to the same.",
            help=_("For example 2027/15"),
            max_length=16,
        ),
    ],
    note: Note = "",
) -> Complaint:
    """Link it to another person's application about the same matter.

    Nothing ends: each applicant is owed an answer of their own (3071 m.7). All of a link lead to one case, whose reply
    `answer_linked` sends to the others too; what was linked to this case goes along. INVALID for itself, for what it is
    linked to already, and for a duplicate.
    """
    moves.require(Verb.LINK, complaint.status)
    leader = _leader(of)
    if leader.pk == complaint.pk or complaint.linked_to_id == leader.pk:
        raise DomainError(ErrorCode.INVALID, _("These applications are linked already, or are one."), "of")
    if leader.status == Status.DUPLICATE:
        message = _("The other case is itself a duplicate. Choose the original.")
        raise DomainError(ErrorCode.INVALID, message, "of")
    move(complaint, Verb.LINK, by=by, note=clean(note), details={"of": leader.pk}, linked_to=leader)
    hand_over_links(complaint, leader)
    return complaint


def _leader(of: Complaint) -> Complaint:
    """The case that all of a link lead to, locked: who links the two crosswise at once comes second and sees it."""
    rows = Complaint.objects.select_for_update(of=("self",), no_key=True)
    locked = rows.get(pk=of.pk)
    return locked if locked.linked_to_id is None else rows.get(pk=locked.linked_to_id)


@complaint_action(Verb.UNLINK, event=EventType.UNLINKED, applies=IS_LINKED, source=BEFORE_REPLY)
def unlink(complaint: Complaint, *, by: User | None, note: Note = "") -> Complaint:
    """It is another matter after all: take the link off."""
    moves.require(Verb.UNLINK, complaint.status)
    if complaint.linked_to_id is None:
        raise DomainError(ErrorCode.WRONG_STATE, _("This application is linked to no other."))
    details = {"of": complaint.linked_to_id}
    move(complaint, Verb.UNLINK, by=by, note=clean(note), details=details, linked_to=None)
    return complaint


OTHER = Field(
    _("Number of the other application"),
    api="The case that is meant.",
    help=_("For example 2027/15"),
    max_length=16,
)


@complaint_action(
    Verb.SET_APART,
    event=EventType.SET_APART,
    source=OPEN,
    hint=_("The two are not proposed to each other again. It can be taken back."),
)
def set_apart(complaint: Complaint, *, by: User | None, of: Annotated[Complaint, OTHER]) -> Complaint:
    """Note that another case is not about the same matter: the two are not proposed to each other again.

    INVALID for itself, and for a case of the same matter.
    """
    moves.require(Verb.SET_APART, complaint.status)
    if {of.pk, of.linked_to_id, of.duplicate_of_id} & {complaint.pk, complaint.linked_to_id or complaint.pk}:
        raise DomainError(ErrorCode.INVALID, _("These applications are linked already, or are one."), "of")
    apart = sorted({*complaint.apart_from, of.pk})
    move(complaint, Verb.SET_APART, by=by, details={"of": of.pk}, apart_from=apart)
    return complaint


@complaint_action(Verb.UNSET_APART, event=EventType.UNSET_APART, applies=IS_SET_APART, source=OPEN)
def unset_apart(complaint: Complaint, *, by: User | None, of: Annotated[Complaint, OTHER]) -> Complaint:
    """Take back that another case is not about the same matter. INVALID for one of which that was not noted here."""
    moves.require(Verb.UNSET_APART, complaint.status)
    if of.pk not in complaint.apart_from:
        message = _("It was not noted here that this application is another matter.")
        raise DomainError(ErrorCode.INVALID, message, "of")
    apart = [key for key in complaint.apart_from if key != of.pk]
    move(complaint, Verb.UNSET_APART, by=by, details={"of": of.pk}, apart_from=apart)
    return complaint


@complaint_action(
    Verb.ADOPT_REPLY,
    event=EventType.REPLY_ADOPTED,
    applies=HAS_REPLY_TO_ADOPT,
    source=ADOPTING,
    target=Status.APPROVED,
    hint=_(
        "The reply of the application that it is linked to becomes this one's own, approved and ready to send."
    ),
)
def adopt_reply(complaint: Complaint, *, by: User | None) -> Complaint:
    """Take over the reply of the application it is linked to.

    The reply becomes this case's own notice, with the remedy of its own law and the files of the office, approved and
    still to be sent; a reply in the making is set aside. WRONG_STATE before the other one is answered and the answer
    has left, and for a petition that lacks its elements.
    """
    moves.require(Verb.ADOPT_REPLY, complaint.status)
    check_elements(complaint)
    leader = complaint.linked_to
    reply = _left_reply(leader) if leader and leader.status in ANSWERED else None
    if leader is None or reply is None:
        message = _("There is no linked application that has been answered.")
        raise DomainError(ErrorCode.WRONG_STATE, message)
    discard_pending_reply(complaint)
    move(complaint, Verb.ADOPT_REPLY, by=by, details={"of": leader.pk})
    own = Notice.objects.create(
        complaint=complaint,
        kind=NoticeKind.RESULT,
        status=NoticeStatus.APPROVED,
        body=answer_alone(leader, reply),
        is_refusal=reply.is_refusal,
        drafted_by=reply.drafted_by,
        approved_at=timezone.now(),
        approved_by=by,
    )
    share(reply, own, by=by)
    return complaint


def _left_reply(complaint: Complaint) -> Notice | None:
    """The reply that was sent. WRONG_STATE while it waits: taken back, it would stay with the others."""
    reply = sent_reply(complaint)
    if (
        reply is not None
        and reply.held_until is not None
        and complaint.notices.filter(HELD, pk=reply.pk).exists()
    ):
        message = _(
            "The reply has not left yet and can still be taken back. Answer the linked ones after that."
        )
        raise DomainError(ErrorCode.WRONG_STATE, message)
    return reply


@complaint_action(
    Verb.ANSWER_LINKED,
    event=EventType.LINKED_ANSWERED,
    applies=HAS_UNANSWERED_LINKS,
    source=ANSWERED,
    traits=Trait.PRIMARY,
    hint=_(
        "Each open application that is linked to this one gets the same reply as its own. It leaves at once where there"
        " is an e-mail address; the others wait, approved, to be sent with their proof. Each is then closed by itself."
    ),
)
def answer_linked(complaint: Complaint, *, by: User | None) -> Complaint:
    """Answer the linked applications with this reply.

    Each open one takes the reply over (`adopt_reply`) and sends it by e-mail where its applicant has an address; what
    came through CİMER or has none waits as approved. A petition that lacks its elements, and one whose own reply awaits
    approval, is left as it is. WRONG_STATE if nothing can be answered.
    """
    moves.require(Verb.ANSWER_LINKED, complaint.status)
    linked = Complaint.objects.filter(linked_to=complaint, status__in=ADOPTING).select_related("applicant")
    rows = [row for row in linked.select_for_update(of=("self",)).order_by("pk") if not row.awaits_elements]
    if not rows or _left_reply(complaint) is None:
        message = _(
            "No linked application can be answered with this reply: each was answered, lacks name, signature or"
            " address, or awaits the approval of its own reply."
        )
        raise DomainError(ErrorCode.WRONG_STATE, message)
    move(complaint, Verb.ANSWER_LINKED, by=by, details={"answered": [row.pk for row in rows]})
    for row in rows:
        adopt_reply(row, by=by)
        if default_means(row) in CARRIED:
            send(row, by=by)
    return complaint
