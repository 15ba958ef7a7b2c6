"""What was just done is taken back: what has not left yet, and a step that no one has followed up."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from procrastinate.contrib.django import app

from backend.complaints.actions.notices import CARRIED
from backend.complaints.actions.staff import to_approvers, to_office
from backend.complaints.actions.step import hold, journal_line, move
from backend.complaints.choices import OPEN, NoticeKind, NoticeStatus, RoutingEnd, RoutingRole, Status
from backend.complaints.law.applicable import (
    ASKING,
    HAS_HELD_MESSAGE,
    HAS_HELD_REPLY,
    HAS_STEP_TO_UNDO,
    STEP_UNDO,
    STEPS_JUST_DONE,
)
from backend.complaints.models import (
    PENDING_REPLY,
    SENT_MESSAGE,
    SENT_REPLY,
    Complaint,
    ComplaintLine,
    Notice,
    NoticeFile,
)
from backend.complaints.moves import Verb, complaint_action
from backend.complaints.story import EventType
from backend.core.errors import DomainError, ErrorCode
from backend.core.localtime import local_date, moment_text, today
from backend.core.session import system
from backend.journal import change_feed
from backend.journal.action_table import Trait
from backend.notifications import staff
from backend.organization.models import User
from backend.outbox import holding

LEFT, MESSAGE_LEFT = "left", "message_left"
"""What the change feed says when a reply or a message that waited has left. It is no line of the story, since no person
did it."""

ANNOUNCED = {EventType.APPROVED: "complaints/approved", EventType.ASSIGNED: "complaints/assigned"}
"""What a step tells those whom it asks for nothing: undoing it withdraws that."""


def held_until(complaint: Complaint, means: str, send_at: dt.datetime | None) -> dt.datetime | None:
    """Until when a reply by this means waits and can be taken back; None for one that a person delivers.

    INVALID for a moment at which a person delivers it, that has passed, or after the legal date: it would be late.
    """
    if means not in CARRIED:
        if send_at is None:
            return None
        message = _(
            "Only what goes by e-mail or SMS can be sent later. Choose such a means, or leave the moment empty."
        )
        raise DomainError(ErrorCode.INVALID, message, "send_at")
    last = complaint.legal_due_on
    if send_at is not None and last is not None and today() <= last < local_date(send_at):
        refusal = _("The legal date is %(day)s: choose a moment until then.") % {"day": f"{last:%d.%m.%Y}"}
        raise DomainError(ErrorCode.INVALID, refusal, "send_at")
    return holding.until(send_at)


def before_sending(complaint: Complaint, reply: Notice) -> dict[str, Any]:
    """What the line of a sending keeps, so that it can be taken back."""
    replied_at = complaint.replied_at.isoformat() if complaint.replied_at else None
    return {
        "before": {
            "body": reply.body,
            "means": reply.means,
            "owed": complaint.result_owed,
            "replied_at": replied_at,
        }
    }


@complaint_action(
    Verb.RECALL,
    event=EventType.RECALLED,
    source=Status.REPLIED,
    target=Status.APPROVED,
    applies=HAS_HELD_REPLY,
    traits=Trait.PRIMARY,
    takes_back=(Verb.SEND, Verb.APPROVE_AND_SEND),
)
def recall(complaint: Complaint, *, by: User | None) -> Complaint:
    """Take back the reply that was sent, as long as its message waits.

    It is as if it was never sent: the reply is approved and can be changed, or sent anew. WRONG_STATE once it has left.
    """
    complaint_action.require(Verb.RECALL, complaint.status)
    notices = complaint.notices.filter(SENT_REPLY, holding.HELD).select_for_update(of=("self",))
    notice = notices.select_related("message").first()
    if notice is None:
        raise holding.has_left()
    holding.recall([notice.message])
    sent = (EventType.SENT, EventType.APPROVED_AND_SENT)
    line = complaint.lines.filter(verb__in=sent).order_by("-at", "-pk").first()
    before = line.details.get("before", {}) if line else {}
    replied_at = before.get("replied_at")
    notice.status, notice.message, notice.held_until = NoticeStatus.APPROVED, None, None
    notice.notified_at, notice.notified_by, notice.proof = None, None, ""
    notice.body, notice.means = before.get("body", notice.body), before.get("means", notice.means)
    notice.save()
    move(
        complaint,
        Verb.RECALL,
        by=by,
        replied_at=dt.datetime.fromisoformat(replied_at) if replied_at else None,
        result_owed=before.get("owed", False),
    )
    return complaint


@complaint_action(
    Verb.UNSEND,
    event=EventType.MESSAGE_TAKEN_BACK,
    source=tuple(Status),
    applies=HAS_HELD_MESSAGE,
    traits=Trait.PRIMARY | Trait.CONCURRENT,
    takes_back=(Verb.MESSAGE,),
)
def take_back(complaint: Complaint, *, by: User | None) -> Notice:
    """Take back one's messages to the citizen that have not left yet; without any of one's own, the newest.

    It is as if they were never written; files that went along stay with the case. WRONG_STATE once they have left.
    """
    hold(complaint, Verb.UNSEND)
    rows = complaint.notices.filter(SENT_MESSAGE, holding.HELD).select_for_update(of=("self",))
    found = rows.select_related("message").order_by("notified_at", "pk")
    waiting = holding.of_one(list(found), by, "notified_by_id")
    holding.recall(row.message for row in waiting)
    keys = [row.pk for row in waiting]
    NoticeFile.objects.current().filter(notice__in=keys).update(removed_at=timezone.now())
    nothing = {"body": "", "message": None, "held_until": None, "notified_at": None, "proof": ""}
    Notice.objects.filter(pk__in=keys).update(
        status=NoticeStatus.SET_ASIDE, **nothing
    )  # no row of a case is deleted
    journal_line(complaint, EventType.MESSAGE_TAKEN_BACK, by=by)
    return waiting[-1]


def check_undo(complaint: Complaint, *, by: User | None = None) -> ComplaintLine:
    """The line of the step that can be taken back; raises what `undo` would raise to `by`, or else to who asks. Reads
    only."""
    complaint_action.require(Verb.UNDO, complaint.status)
    actor = ASKING if by is None else by
    own = STEPS_JUST_DONE.filter(complaint=complaint, actor=actor)
    line = own.filter(undo_version=complaint.version).select_related("department").first()
    if line is None:
        lately = complaint.lines.filter(actor=actor, at__gt=Now() - STEP_UNDO)
        if lately.exists() and not own.exists():
            raise DomainError(
                ErrorCode.WRONG_STATE, _("What you just did here is no step that can be taken back.")
            )
        message = _(
            "Your last step here is more than %(seconds)s seconds ago, or the case has changed since: it stands."
        )
        raise DomainError(ErrorCode.WRONG_STATE, message % {"seconds": int(STEP_UNDO.total_seconds())})
    return line


@complaint_action(
    Verb.UNDO,
    event=EventType.UNDONE,
    preview=check_undo,
    source=(*OPEN, Status.CLOSED),
    applies=HAS_STEP_TO_UNDO,
    takes_back=(Verb.ACCEPT, Verb.APPROVE, Verb.ROUTE, Verb.ASSIGN, Verb.CLOSE),
)
def undo(complaint: Complaint, *, by: User | None) -> Complaint:
    """Take back the step that you just did: an acceptance, an approval, a first routing, an assignment, a closing.

    The case is as it was before, and both lines stay in the story. WRONG_STATE after thirty seconds, where anything
    changed the case since, and for a step of another person.
    """
    line = check_undo(complaint, by=by)
    before = line.details["undo"]
    move(
        complaint,
        Verb.UNDO,
        by=by,
        to=Status(line.from_status),
        department=line.department,
        details={"step": line.verb},
        **before,
    )
    routing = complaint.routings.live().filter(role=RoutingRole.RESPONSIBLE)
    if line.verb == EventType.ACCEPTED:
        routing.update(accepted_at=None, accepted_by=None)
    elif line.verb == EventType.ROUTED:
        routing.update(ended_at=timezone.now(), end=RoutingEnd.UNDONE)
    elif line.verb == EventType.APPROVED:
        reply = complaint.notices.filter(PENDING_REPLY)
        reply.update(status=NoticeStatus.SUBMITTED, approved_at=None, approved_by=None)
    _notify_of_undoing(complaint, line, by)
    return complaint


def _notify_of_undoing(complaint: Complaint, line: ComplaintLine, by: User | None) -> None:
    """Withdraw what the step announced, and ask once more for what it had settled."""
    if text := ANNOUNCED.get(EventType(line.verb)):
        staff.withdraw(complaint, text, line.at)
    if line.verb == EventType.APPROVED:
        to_approvers(complaint, by, None)
    elif line.verb == EventType.ACCEPTED:
        staff.hand_over(staff.unit(complaint.responsible_department), "complaints/routed", complaint, by)
    elif line.verb == EventType.ROUTED and line.from_status == Status.RETURNED:
        to_office(complaint, by, None)


def check_left(complaint: Complaint) -> None:
    """WRONG_STATE while a reply waits for the moment that was chosen for it: a case ends after its reply."""
    lately = timezone.now() - dt.timedelta(hours=1)  # only PostgreSQL's clock says whether one still waits
    if not any(
        one.is_sent_reply and one.held_until and one.held_until > lately for one in complaint.notices.all()
    ):
        return
    held = complaint.notices.filter(SENT_REPLY, holding.HELD).values_list("held_until", flat=True).first()
    if held is not None and holding.is_scheduled(held):
        message = _("The reply leaves on %(moment)s. Close the case after that, or take the sending back.")
        raise DomainError(ErrorCode.WRONG_STATE, message % {"moment": moment_text(held)})


# -- the moment at which it leaves ---------------------------------------------------------------------------
def when_it_leaves(notice: Notice) -> None:
    """Have those who follow the case notified once this has left, unless it is taken back until then."""
    reply_left.configure(schedule_at=notice.held_until).defer(notice=notice.pk)


@app.task(name="complaints.reply_left", queue="outbox")
def reply_left(notice: int) -> None:
    """Announce to the followers of the case that its reply, or a message, has left: to the citizen it is there from now
    on."""
    with system():
        rows = Notice.objects.filter(SENT_REPLY | SENT_MESSAGE, holding.LEFT, held_until__isnull=False)
        for case, kind in rows.filter(pk=notice).values_list("complaint_id", "kind"):
            change_feed.announce("complaint", case, LEFT if kind == NoticeKind.RESULT else MESSAGE_LEFT)
