"""What is answered to nobody in particular: how far a citizen's own case has come."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from backend.complaints.choices import NoticeKind, NoticeStatus, Status
from backend.complaints.models import Complaint, Notice
from backend.complaints.story import Happened
from backend.core.session import system

# -- the citizen's own view of a case ------------------------------------------------------------------------
CODE = re.compile(r"[0-9A-HJKMNP-TV-Z]{12}")
MISREAD = str.maketrans({"O": "0", "I": "1", "L": "1"})

_RECEIVED = _("Received")
_WORKED_ON = _("Being worked on")
_WAITING = _("On hold")
_PREPARED = _("The reply is being prepared")
_FORWARDED = _("Forwarded to the responsible body")

STANDING: dict[str, str | Promise] = {
    Status.NEW: _RECEIVED,
    Status.TRIAGED: _RECEIVED,
    Status.RETURNED: _RECEIVED,
    Status.ASSIGNED: _WORKED_ON,
    Status.ACCEPTED: _WORKED_ON,
    Status.IN_PROGRESS: _WORKED_ON,
    Status.WAITING: _WAITING,
    Status.ANSWERED: _PREPARED,
    Status.APPROVED: _PREPARED,
    Status.REPLIED: _("Replied"),
    Status.FORWARDED: _FORWARDED,
    Status.CLOSED: _("Closed"),
    Status.WITHDRAWN: _("Closed: withdrawn"),
    Status.DUPLICATE: _("Closed: handled together with an earlier application"),
    Status.NOT_EXAMINABLE: _("Closed: cannot be examined (Law 3071, article 6)"),
    Status.REJECTED: _("Closed: rejected"),
}
"""Where a case stands, in the citizen's words: nothing of who does what inside the house."""

STEPS: dict[str, str | Promise] = {
    Happened.REGISTERED: _RECEIVED,
    Happened.ROUTED: _("Sent to the unit concerned"),
    Happened.STARTED: _("Work has begun"),
    Happened.PROGRESS_NOTIFIED: _("You were told how far it has come"),
    Happened.EXTENDED: _("The time limit was extended"),
    Happened.FORWARDED: _FORWARDED,
    Happened.FORWARDING_TOLD: _("You were told where it was forwarded"),
    Happened.SENT: _("Replied"),
    Happened.CLOSED: _("Closed"),
    Happened.REOPENED: _("Reopened"),
}
"""The lines of the story that a citizen may read; the first of each kind counts."""


@dataclass(frozen=True)
class Step:
    at: dt.datetime
    label: str | Promise


@dataclass(frozen=True)
class Reply:
    told_at: dt.datetime
    kind: str
    body: str


@dataclass(frozen=True)
class Tracked:
    """The least that tells a citizen where their case stands."""

    reference: str
    kind: str
    registered_on: dt.date
    status: str | Promise
    steps: list[Step]
    replies: list[Reply]


def tracked(code: str) -> Tracked | None:
    """The citizen's view of the case with this tracking code. A wrong code and no code are the same: None.

    Case, blanks and dashes do not matter, nor do O for 0 and I or L for 1. No name of anybody, no internal
    note,
    no department; of the notices only replies and progress notices that were sent.
    """
    plain = re.sub(r"[\s\-]", "", code).upper().translate(MISREAD)
    if not CODE.fullmatch(plain):
        return None
    with system():
        complaint = Complaint.objects.filter(
            tracking_code="-".join((plain[:4], plain[4:8], plain[8:]))
        ).first()
        if complaint is None:
            return None
        return Tracked(
            reference=complaint.reference,
            kind=complaint.kind,
            registered_on=complaint.registered_on,
            status=STANDING[complaint.status],
            steps=_steps(complaint),
            replies=_replies(complaint),
        )


def _steps(complaint: Complaint) -> list[Step]:
    lines = complaint.lines.filter(verb__in=STEPS).order_by("at", "id").values_list("verb", "at")  # type: ignore[attr-defined]
    first: dict[str, dt.datetime] = {}
    for verb, at in lines:
        first.setdefault(verb, at)
    return [Step(at, STEPS[verb]) for verb, at in first.items()]


def _replies(complaint: Complaint) -> list[Reply]:
    told = Notice.objects.filter(
        complaint=complaint, status=NoticeStatus.SENT, kind__in=[NoticeKind.RESULT, NoticeKind.PROGRESS]
    ).order_by("told_at", "id")
    return [
        Reply(told_at, kind, body)
        for told_at, kind, body in told.values_list("told_at", "kind", "body")
        if told_at
    ]
