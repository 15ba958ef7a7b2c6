"""The reply: the department drafts, the office (or the head, by setting) approves, then it is sent."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.complaints import moves, recalling
from backend.complaints.actions.notices import (
    check_answered_in_cimer,
    default_means,
    discard_pending_reply,
    notify,
    pending_reply,
    record_letter,
)
from backend.complaints.actions.parameters import (
    AcceptInternal,
    ChosenMeans,
    Enclosures,
    NewFiles,
    Proof,
    SendAt,
)
from backend.complaints.actions.staff import to_approvers, to_writers
from backend.complaints.actions.step import claim, journal_line, move
from backend.complaints.choices import UNDECIDED, WORKED_ON, DeliveryMethod, NoticeKind, NoticeStatus, Status
from backend.complaints.law.applicable import HAS_REPLY
from backend.complaints.law.conditions import THROUGH_CIMER
from backend.complaints.models import Complaint, ComplaintLine, Notice
from backend.complaints.moves import Verb, complaint_action
from backend.complaints.replies.enclosures import carry, enclose, enclosed, ready
from backend.complaints.story import EventType
from backend.complaints.teamwork.checklist import require_done
from backend.core.errors import DomainError, ErrorCode
from backend.core.validation import choice, finished, required
from backend.core.words.text import clean
from backend.journal.action_table import Field, Trait
from backend.journal.state_machine import change
from backend.organization.models import User


def check_elements(complaint: Complaint) -> None:
    """A petition that was handed in without name, signature or address cannot be answered on its merits (3071 m.4,
    m.6)."""
    if complaint.awaits_elements:
        message = _(
            "The petition lacks name, signature or address (Law 3071, m.4). Complete them by correcting, or"
            " end the case as not examinable; if it is no petition, change its legal regime."
        )
        raise DomainError(ErrorCode.WRONG_STATE, message)


@complaint_action(
    Verb.DRAFT, event=EventType.DRAFTED, source=(*UNDECIDED, *WORKED_ON), traits=Trait.PRIMARY, notifies=True
)
def draft(
    complaint: Complaint,
    *,
    by: User | None,
    body: Annotated[
        str,
        Field(
            _("Reply"),
            api="The text, without salutation.",
            help=_("Write only the answer itself: greeting, number and signature are added."),
            rows=10,
        ),
    ],
    is_refusal: Annotated[
        bool,
        Field(
            _("The reply refuses what is asked, wholly or in part"),
            api="It refuses what is asked, wholly or in part: the remedy and its term are added.",
            law="2709 m. 40/2",
            help=_(
                "The court or board that can be turned to, and until when, is then added to the reply. Without it the"
                " application cannot be closed as “not possible”."
            ),
        ),
    ] = False,
    means: ChosenMeans = None,
    enclosures: Enclosures = None,
    new_files: NewFiles = (),
    accept_internal: AcceptInternal = False,
) -> Notice:
    """Write the reply in the making.

    What was sent back is kept as it was, set aside; the new text is another notice. `is_refusal`: see `close`. Files
    go with it as `replies.enclosures` has it: UNUSUAL for one that only the house knew, unless `accept_internal`.
    """
    claim(complaint, Verb.DRAFT)
    text = required(body, "body", _("Write the reply."))
    way = choice(DeliveryMethod, means, "means") if means else ""
    check_answered_in_cimer(complaint, way)
    reply = pending_reply(complaint)
    along = enclosed(reply) if enclosures is None else list(enclosures)
    if sent_back(complaint, reply):
        discard_pending_reply(complaint)
        reply = None
    is_new = reply is None
    reply = reply or Notice(complaint=complaint, kind=NoticeKind.RESULT)
    reply.status, reply.body, reply.means = NoticeStatus.DRAFT, text, way
    reply.is_refusal = is_refusal
    reply.drafted_at, reply.drafted_by = timezone.now(), by
    reply.save()
    enclose(reply, along, by=by, new=new_files, accept_internal=accept_internal)
    journal_line(complaint, EventType.DRAFTED, by=by, details={"first": is_new})
    record_letter(
        complaint, NoticeKind.RESULT, text, means=way or DeliveryMethod.EMAIL, is_refusal=is_refusal
    )
    # A draft that was written at the same time is refused, and stays in its form.
    change(complaint, complaint.status)
    return reply


def sent_back(complaint: Complaint, reply: Notice | None) -> ComplaintLine | None:
    """Who sent this reply back and why, as long as it has not been written anew."""
    if reply is None or reply.status != NoticeStatus.DRAFT:
        return None
    lines = ComplaintLine.objects.filter(complaint=complaint, verb=EventType.SENT_BACK)
    return lines.filter(at__gte=reply.drafted_at).select_related("actor").order_by("-at", "-id").first()


def reply_of(complaint: Complaint) -> Notice:
    """The reply in the making. REQUIRED where none is written."""
    reply = next((one for one in complaint.notices.all() if one.is_pending_reply), None)
    if reply is None or not reply.body.strip():
        raise DomainError(ErrorCode.REQUIRED, _("There is no reply yet. Write a draft first."), "body")
    return reply


@complaint_action(
    Verb.SUBMIT,
    event=EventType.SUBMITTED,
    applies=HAS_REPLY,
    source=(*UNDECIDED, *WORKED_ON),
    target=Status.ANSWERED,
    traits=Trait.PRIMARY,
    hands_over=to_approvers,
)
def submit(complaint: Complaint, *, by: User | None) -> Complaint:
    """Hand the reply in for approval.

    The department is done: the draft goes to approval.
    """
    moves.require(Verb.SUBMIT, complaint.status)
    reply = reply_of(complaint)
    finished(reply.body)
    require_done(complaint)
    move(complaint, Verb.SUBMIT, by=by)
    Notice.objects.filter(pk=reply.pk).update(status=NoticeStatus.SUBMITTED)
    return complaint


@complaint_action(
    Verb.SEND_BACK,
    event=EventType.SENT_BACK,
    source=(Status.ANSWERED, Status.APPROVED),
    target=Status.IN_PROGRESS,
    traits=Trait.PRIMARY,
    hands_over=to_writers("complaints/sent_back"),
)
def send_back(
    complaint: Complaint,
    *,
    by: User | None,
    reason: Annotated[str, Field(_("Reason"), api="What is to be changed.", rows=3)],
) -> Complaint:
    """The reply is to be changed.

    The reply is not good yet: back to the department, with the reason.
    """
    moves.require(Verb.SEND_BACK, complaint.status)
    reason = required(reason, "reason", _("Say what is to be changed."))
    move(complaint, Verb.SEND_BACK, by=by, note=reason)
    reply = pending_reply(complaint)
    if reply:
        Notice.objects.filter(pk=reply.pk).update(
            status=NoticeStatus.DRAFT, approved_at=None, approved_by=None
        )
    return complaint


@complaint_action(
    Verb.APPROVE,
    event=EventType.APPROVED,
    preview=reply_of,
    source=Status.ANSWERED,
    target=Status.APPROVED,
    traits=Trait.PRIMARY,
    hands_over=to_writers("complaints/approved"),
)
def approve(complaint: Complaint, *, by: User | None) -> Complaint:
    """Approve the reply: it may be sent as it stands."""
    moves.require(Verb.APPROVE, complaint.status)
    reply = reply_of(complaint)
    move(complaint, Verb.APPROVE, by=by, undo=True)
    Notice.objects.filter(pk=reply.pk).update(**_approval(by))
    return complaint


def _approval(by: User | None) -> dict[str, Any]:
    return {"status": NoticeStatus.APPROVED, "approved_at": timezone.now(), "approved_by": by}


@complaint_action(
    Verb.CORRECT_REPLY,
    event=EventType.REPLY_CORRECTED,
    source=Status.ANSWERED,
    target=Status.APPROVED,
    traits=Trait.PRIMARY,
    notifies=True,
    hint=_("Both versions are kept; the department sees what was changed."),
    hands_over=to_writers("complaints/approved"),
)
def correct_reply(
    complaint: Complaint,
    *,
    by: User | None,
    body: Annotated[str, Field(_("Reply"), api="The text as it is to be sent, without salutation.", rows=10)],
) -> Complaint:
    """Correct the reply and approve it.

    The department's version is set aside and stays in the story; the line shows what was changed. A text that is the
    same is only approved.
    """
    moves.require(Verb.CORRECT_REPLY, complaint.status)
    text = finished(required(body, "body", _("Write the reply.")))
    former = reply_of(complaint)
    way = former.means or DeliveryMethod.EMAIL
    record_letter(complaint, NoticeKind.RESULT, text, means=way, is_refusal=former.is_refusal)
    if text == clean(former.body):
        move(complaint, Verb.APPROVE, by=by)
    else:
        move(complaint, Verb.CORRECT_REPLY, by=by, details={"was": former.body, "now": text})
    _corrected(former, text, by)
    return complaint


def _corrected(former: Notice, text: str, by: User | None) -> Notice:
    """Set a version of the reply aside and return the approved one in its place; the same if nothing was changed."""
    approved = _approval(by)
    if text == clean(former.body):
        Notice.objects.filter(pk=former.pk).update(**approved)
        return Notice.objects.get(pk=former.pk)
    Notice.objects.filter(pk=former.pk).update(status=NoticeStatus.SET_ASIDE)
    corrected = Notice.objects.create(
        complaint=former.complaint,
        kind=NoticeKind.RESULT,
        body=text,
        means=former.means,
        is_refusal=former.is_refusal,
        drafted_at=approved["approved_at"],
        drafted_by=by,
        **approved,
    )
    carry(former, corrected)
    return corrected


@complaint_action(
    Verb.APPROVE_AND_SEND,
    event=EventType.APPROVED_AND_SENT,
    applies=~THROUGH_CIMER.q,
    source=Status.ANSWERED,
    target=Status.REPLIED,
    traits=Trait.PRIMARY,
    notifies=True,
    hint=_("Look at the reply and correct it where it needs it: both versions are kept."),
    hands_over=to_writers("complaints/approved"),
)
def approve_and_send(
    complaint: Complaint,
    *,
    by: User | None,
    body: Annotated[
        str, Field(_("Reply"), api="The corrected text, without salutation. Left out: as it stands.", rows=10)
    ] = "",
    means: ChosenMeans = None,
    proof: Proof = "",
    send_at: SendAt = None,
) -> Complaint:
    """Approve the reply and send it, corrected or as it stands: all of it happens, or nothing.

    What goes by e-mail or SMS can be taken back for a while, see `send`.
    """
    moves.require(Verb.APPROVE_AND_SEND, complaint.status)
    former = reply_of(complaint)
    text = finished(clean(body) or clean(former.body))
    changed = {"was": former.body, "now": text} if text != clean(former.body) else {}
    reply = _corrected(former, text, by)
    return _deliver(
        complaint, Verb.APPROVE_AND_SEND, reply, by=by, means=means, proof=proof, send_at=send_at, **changed
    )


def _deliver(
    complaint: Complaint,
    verb: Verb,
    reply: Notice,
    *,
    by: User | None,
    means: str | None,
    proof: str,
    send_at: dt.datetime | None,
    **details: str,
) -> Complaint:
    if complaint.came_through_cimer:
        message = _(
            "What came through CİMER is answered there: enter the reply in CİMER, then record the entry."
        )
        raise DomainError(ErrorCode.WRONG_STATE, message)
    check_elements(complaint)
    way = means or reply.means or default_means(complaint)
    held = recalling.held_until(complaint, way, send_at)
    move(
        complaint,
        verb,
        by=by,
        to=Status.REPLIED,
        replied_at=send_at or timezone.now(),
        result_owed=False,
        details={
            "means": str(way),
            **details,
            **(recalling.before_sending(complaint, reply) if held else {}),
        },
    )
    sent = notify(
        complaint,
        NoticeKind.RESULT,
        by=by,
        means=way,
        body=reply.body,
        proof=proof,
        notice=reply,
        is_refusal=reply.is_refusal,
        files=ready(reply),
        held=held,
        send_at=send_at,
    )
    if held:
        recalling.when_it_leaves(sent)
    return complaint


@complaint_action(
    Verb.SEND,
    event=EventType.SENT,
    applies=~THROUGH_CIMER.q,
    source=Status.APPROVED,
    target=Status.REPLIED,
    traits=Trait.PRIMARY,
    notifies=True,
)
def send(
    complaint: Complaint,
    *,
    by: User | None,
    means: ChosenMeans = None,
    proof: Proof = "",
    send_at: SendAt = None,
) -> Complaint:
    """Send the approved reply.

    E-mail and SMS leave through the outbox, other means need their proof.

    Without `means`: what the draft says, else e-mail where the applicant has an address. Settles a result
    that a progress notice left owed. WRONG_STATE for what came through CİMER (`record_cimer_entry`). What goes by
    e-mail or SMS waits for a while, or until `send_at`, and can be taken back until then (`recall`).
    """
    moves.require(Verb.SEND, complaint.status)
    reply = reply_of(complaint)
    return _deliver(complaint, Verb.SEND, reply, by=by, means=means, proof=proof, send_at=send_at)
