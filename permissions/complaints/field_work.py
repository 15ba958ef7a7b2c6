"""A crew in the field: which jobs are theirs, and what they did there, sent as one report.

What is sent is made of the verbs of a case, each asked of the table of rules: photos are attached, the work is begun,
the reply drafted and submitted. All of it happens, or nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import IO, Any
from uuid import UUID

from django.db import transaction
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from backend.complaints import actions
from backend.complaints.actions.notices import pending_reply
from backend.complaints.choices import AwaitingParty, NoticeStatus, Status
from backend.complaints.models import PENDING_REPLY, Attachment, Complaint, Notice
from backend.complaints.moves import Verb
from backend.contacts.models import Citizen
from backend.core.errors import DomainError, ErrorCode
from backend.core.localtime import clock_text
from backend.core.words.text import clean
from backend.documents.intake import PICTURES
from permissions.complaints import persons
from permissions.core import scope

MOST_JOBS = 100
"""Of one's own, and as many of those that are not taken over."""
MOST_PHOTOS = 12
PURPOSE = "admin: work in the field"
DONE = (Status.ANSWERED, Status.APPROVED, Status.REPLIED, Status.CLOSED)


@dataclass(frozen=True)
class Job:
    """A case as its crew sees it."""

    case: Complaint
    is_mine: bool
    applicant: Citizen | None
    verbs: frozenset[str]
    photos: Sequence[Attachment]
    draft: Notice | None


@dataclass
class FieldReport:
    """What was done for a job. `text`: what the citizen is to be notified of; `seen`: the draft that was known then."""

    text: str = ""
    hands_in: bool = False
    as_note: bool = False
    seen: str = ""
    photos: list[tuple[IO[bytes], str, str]] = field(default_factory=list)
    """(file, name, stage)"""

    def digest(self) -> list[Any]:
        """Return what tells this report from another one under the same key."""
        files = []
        for file, _name, stage in self.photos:
            files.append([hashlib.sha256(file.read()).hexdigest(), stage])
            file.seek(0)
        return [self.text, self.hands_in, self.as_note, self.seen, files]


def works_in_the_field() -> bool:
    """Whether the viewer works in a unit that cases are routed to."""
    viewer = scope.current_viewer()
    return bool(viewer.staffs) and not viewer.sees_all


def jobs() -> list[Job]:
    """Return the viewer's own jobs, then those of their units that nobody has taken over, in a fixed number of
    statements; applicants whose number is shown are written to the read log."""
    viewer = scope.current_viewer()
    if not works_in_the_field():
        return []
    rows = scope.with_relations(scope.visible(Complaint.objects.awaiting(AwaitingParty.DEPARTMENT)))
    rows = rows.filter(responsible_department__in=viewer.staffs).select_related("neighbourhood", "category")
    order = ("rises_on", "pk")
    mine = list(rows.filter(assignee=viewer.user_id).order_by(*order)[:MOST_JOBS])
    free = list(rows.filter(assignee=None).order_by(*order)[:MOST_JOBS])
    people = persons.known_on([*mine, *free], PURPOSE)
    photos, drafts = _photos([*mine, *free]), _drafts([*mine, *free])
    return [
        Job(
            case,
            case.assignee_id == viewer.user_id,
            people.get(case.pk),
            frozenset(scope.allowed_actions(case)),
            photos.get(case.pk, ()),
            drafts.get(case.pk),
        )
        for case in [*mine, *free]
    ]


def _photos(cases: list[Complaint]) -> dict[int, list[Attachment]]:
    found: dict[int, list[Attachment]] = {}
    rows = scope.visible(Attachment).filter(complaint__in=cases, content_type__in=PICTURES)
    for row in rows.order_by("uploaded_at", "pk"):
        found.setdefault(row.complaint_id, []).append(row)
    return found


def _drafts(cases: list[Complaint]) -> dict[int, Notice]:
    rows = scope.visible(Notice).filter(PENDING_REPLY, complaint__in=cases)
    return {row.complaint_id: row for row in rows}


def stamp(draft: Notice | None) -> str:
    """Return what tells a version of the draft from the next one; empty: there is none."""
    return draft.drafted_at.isoformat() if draft else ""


def record(key: UUID | str, report: FieldReport) -> Complaint:
    """Record what was done in the field, as one; `report.as_note`: keep it as an internal note alone.

    CONFLICT and WRONG_STATE say in words what happened meanwhile; NOT_FOUND for a case that is not the viewer's any
    more, REQUIRED for a report without a word and a photo, INVALID for too many photos.
    """
    if not clean(report.text) and not report.photos:
        raise DomainError(ErrorCode.REQUIRED, _("Write what was done, or take a photo."), "text")
    if len(report.photos) > MOST_PHOTOS:
        message = _("At most %(most)s photos at once.") % {"most": MOST_PHOTOS}
        raise DomainError(ErrorCode.INVALID, message, "photos")
    by = scope.require_user()
    with transaction.atomic():
        case = scope.get(Complaint, key)
        finishes = bool(clean(report.text)) and not report.as_note
        if finishes:
            _require_open(case)
            _require_known_draft(case, report.seen)
            _begin(case)
        for file, name, stage in report.photos:
            try:
                with scope.authorized(Verb.ATTACH, Complaint, key) as row:
                    actions.attach(row, by=by, file=file, name=name, stage=stage)
            except DomainError as error:
                raise DomainError(error.code, f"{name}: {error}", "photos") from error
        if finishes:
            with scope.authorized(Verb.DRAFT, Complaint, key) as row:
                actions.draft(row, by=by, body=report.text)
            if report.hands_in:
                with scope.authorized(Verb.SUBMIT, Complaint, key) as row:
                    actions.submit(row, by=by)
        elif clean(report.text):
            with scope.authorized(Verb.COMMENT, Complaint, key) as row:
                actions.comment(row, by=by, body=report.text)
    return case


def _begin(case: Complaint) -> None:
    """Accept a case that was only routed, and begin the work: who reports from the place has done both."""
    by = scope.require_user()
    steps = {Status.ASSIGNED: (Verb.ACCEPT, actions.accept), Status.ACCEPTED: (Verb.START, actions.start)}
    for state, (verb, action) in steps.items():
        if case.status == state:
            with scope.authorized(verb, Complaint, case.key) as row:
                action(row, by=by)
            case.status = row.status


def _require_open(case: Complaint) -> None:
    """WRONG_STATE, with what happened meanwhile, for a case on which its unit does not work any more."""
    words = {"who": _who_moved(case), "status": case.get_status_display()}
    if case.status == Status.WITHDRAWN:
        raise DomainError(ErrorCode.WRONG_STATE, _("The applicant has withdrawn this application."))
    if case.status in DONE:
        message = _("%(who)s has finished this job already (%(status)s).") % words
        raise DomainError(ErrorCode.WRONG_STATE, message)
    if not case.is_open:
        message = _("This application has ended meanwhile (%(status)s).") % words
        raise DomainError(ErrorCode.WRONG_STATE, message)


def _who_moved(case: Complaint) -> str:
    reply = (
        Notice.objects.filter(complaint=case)
        .order_by("-drafted_at", "-pk")
        .select_related("drafted_by")
        .first()
    )
    return str(reply.drafted_by) if reply and reply.drafted_by else str(_("Another person"))


def _require_known_draft(case: Complaint, seen: str) -> None:
    """CONFLICT where another reply was begun since the list was read: it would be written over."""
    reply = pending_reply(case)
    if reply is None or stamp(reply) == seen or reply.status != NoticeStatus.DRAFT:
        return
    message = _(
        "%(who)s wrote a reply to this application on %(day)s at %(time)s. Yours is not put in its place."
    )
    at = localtime(reply.drafted_at)
    raise DomainError(
        ErrorCode.CONFLICT,
        message % {"who": reply.drafted_by or "–", "day": f"{at:%d.%m.%Y}", "time": clock_text(at)},
        "text",
    )
