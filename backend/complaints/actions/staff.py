"""Telling the house about cases, by their numbers and with nothing personal in title and text.

The functions at the end are declared on the actions (`hands_over`): who has the case next.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from backend.complaints.choices import NoticeKind, Priority, RoutingRole
from backend.complaints.models import Comment, Complaint
from backend.complaints.teamwork.mentions import mentioned
from backend.configuration.office import configured
from backend.notifications import staff
from backend.notifications.staff import Recipient, heads, private_office, recipients
from backend.organization.models import Department, User

__all__ = ["heads", "notify_department", "notify_office", "post", "private_office", "recipients"]


def post(
    to: Iterable[Recipient], template: str, context: dict[str, Any], about: Complaint | None = None
) -> bool:
    """Notify each recipient; False without any."""
    return staff.post(to, f"complaints/{template}", context, about)


def notify_department(department: Department, template: str, about: Complaint) -> bool:
    """Notify the head of the department."""
    current = department.current() or department
    return post(heads(current), template, {"reference": about.reference}, about)


def notify_office(template: str, about: Complaint, **more: Any) -> bool:
    """The head of the private office."""
    return post(heads(private_office()), template, {"reference": about.reference, **more}, about)


def to_unit(complaint: Complaint, by: User | None, _outcome: object) -> None:
    """A case was routed: its unit is told, of an urgent one at any hour; so are the units that work along."""
    unit = complaint.responsible_department
    people = [person for person in staff.unit(unit) if person != by]
    if complaint.priority == Priority.URGENT or complaint.danger:
        if unit is not None and not any(isinstance(one, User) and one.email for one in people):
            people = list(dict.fromkeys([*people, *recipients(unit.current() or unit)]))
        post(people, "urgent", {"reference": complaint.reference}, complaint)
    else:
        staff.hand_over(people, "complaints/routed", complaint, by)


def to_collaborator(complaint: Complaint, by: User | None, _outcome: object) -> None:
    """A unit works along from now on."""
    newest = complaint.routings.live().filter(role=RoutingRole.COLLABORATING).order_by("-pk").first()
    if newest is not None:
        staff.hand_over(staff.unit(newest.department), "complaints/collaborate", complaint, by)


def to_office(complaint: Complaint, by: User | None, _outcome: object) -> None:
    """A department returned it: the private office says whose it is."""
    staff.hand_over(staff.unit(private_office()), "complaints/returned", complaint, by)


def to_approvers(complaint: Complaint, by: User | None, _outcome: object) -> None:
    """Its reply waits for the office, by setting for the head of the responsible department too."""
    to = staff.unit(private_office())
    unit = complaint.responsible_department
    if configured.HEAD_MAY_APPROVE and unit is not None:
        to = [*heads(unit.current()), *to]
    staff.hand_over(dict.fromkeys(to), "complaints/submitted", complaint, by)


def to_writers(text: str) -> Any:
    """Who wrote the reply, or the unit if it is theirs no longer, learns what became of it."""

    def tell(complaint: Complaint, by: User | None, _outcome: object) -> None:
        staff.hand_over(_writers(complaint), text, complaint, by)

    return tell


def _writers(complaint: Complaint) -> list[Recipient]:
    versions = complaint.notices.filter(kind=NoticeKind.RESULT).select_related("drafted_by")
    writers = [reply.drafted_by for reply in versions.order_by("-drafted_at", "-pk")[:2]]
    if complaint.responsible_department is None:
        return recipients(None, writers[0] if writers else None)
    unit = staff.unit(complaint.responsible_department)
    ours: list[Recipient] = [
        writer for writer in writers if writer is not None and writer in unit
    ]  # the newest may be an approver's correction
    return ours[:1] or unit


def to_readers_of_note(complaint: Complaint, by: User | None, note: Comment) -> None:
    """A note of the office is for the unit, a note of a unit for the office, and both for who wrote before."""
    office = staff.unit(private_office())
    to = staff.unit(complaint.responsible_department) if by in office else office
    before = Comment.objects.filter(complaint=complaint).exclude(pk=note.pk)
    mentions = mentioned(note.body, complaint)
    staff.hand_over(mentions, "complaints/mentioned", complaint, by)
    earlier = User.objects.filter(pk__in=before.values("author"), is_active=True).order_by("pk")
    others = dict.fromkeys(one for one in [*to, *earlier] if one not in mentions)
    staff.hand_over(others, "complaints/noted", complaint, by)
