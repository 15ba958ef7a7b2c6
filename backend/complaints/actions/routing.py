"""Whose business a case is: routing, collaborating, accepting and returning (havale, iade)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.complaints import moves
from backend.complaints.actions.notices import discard_pending_reply
from backend.complaints.actions.staff import notify_office, to_collaborator, to_office, to_unit
from backend.complaints.actions.step import hold, journal_line, move, must_be_open
from backend.complaints.choices import OPEN, UNDECIDED, WORKED_ON, RoutingEnd, RoutingRole, Status
from backend.complaints.law.applicable import HAS_COLLABORATORS
from backend.complaints.models import Complaint, Routing
from backend.complaints.moves import Verb, complaint_action
from backend.complaints.story import EventType
from backend.configuration.office import configured
from backend.core.errors import DomainError, ErrorCode
from backend.core.validation import required
from backend.core.words.text import clean
from backend.journal.action_table import Field, Trait
from backend.journal.state_machine import changed_meanwhile
from backend.organization.models import Department, User


def check_route(complaint: Complaint, *, to: Department) -> None:
    """Raises what `route` would raise; reads only."""
    moves.require(Verb.ROUTE, complaint.status)
    must_be_open(to, "to")
    if complaint.responsible_department_id == to.pk:
        raise DomainError(ErrorCode.CONFLICT, _("The case already lies with this department."), "to")


@complaint_action(
    Verb.ROUTE,
    event=EventType.ROUTED,
    preview=check_route,
    source=(*UNDECIDED, Status.ASSIGNED, *WORKED_ON, Status.FORWARDED),
    target=Status.ASSIGNED,
    traits=Trait.PRIMARY,
    hands_over=to_unit,
)
def route(
    complaint: Complaint,
    *,
    by: User | None,
    to: Annotated[Department, Field(_("Department"), api="The department that becomes responsible.")],
    collaborators: Annotated[
        Sequence[Department], Field(_("Works along"), api="Departments that work along: read and comment.")
    ] = (),
    note: Annotated[
        str, Field(_("Note for the department"), api="A remark for the story; no citizen reads it.", rows=3)
    ] = "",
    rule: str = "",
) -> Complaint:
    """Make a department responsible (havale).

    The former one loses sight of the case at once. A department that collaborated becomes the responsible one. What
    the former department had drafted is set aside. Its people are told, of an urgent case at any hour.
    """
    # `rule`: the key of the routing rule that did it by itself; the line of the story keeps it.
    check_route(complaint, to=to)
    former = complaint.responsible_department_id
    details = {"from_department": former} if former else {}
    move(
        complaint,
        Verb.ROUTE,
        by=by,
        note=clean(note),
        department=to,
        responsible_department=to,
        assignee=None,
        escalation=0,
        details={**details, "rule": rule} if rule else details or None,
        undo=not former and to.pk not in complaint.collaborators and not collaborators,
    )
    live = complaint.routings.live()
    ended = live.filter(role=RoutingRole.RESPONSIBLE)
    if ended.update(ended_at=timezone.now(), end=RoutingEnd.REROUTED):
        discard_pending_reply(complaint)
    live.filter(department=to).update(ended_at=timezone.now(), end=RoutingEnd.REROUTED)
    Routing.objects.create(
        complaint=complaint, department=to, role=RoutingRole.RESPONSIBLE, routed_by=by, note=clean(note)
    )
    working = {to.pk, *complaint.collaborators}
    for department in collaborators:
        if department.pk not in working:
            add_collaborator(complaint, by=by, department=department)
    return complaint


@complaint_action(
    Verb.ADD_COLLABORATOR,
    event=EventType.COLLABORATOR_ADDED,
    source=OPEN,
    traits=Trait.CONCURRENT,
    hands_over=to_collaborator,
)
def add_collaborator(
    complaint: Complaint,
    *,
    by: User | None,
    department: Annotated[Department, Field(_("Department"), api="The department.")],
    note: Annotated[
        str, Field(_("Note for the department"), api="A remark for the story; no citizen reads it.", rows=2)
    ] = "",
) -> Complaint:
    """Let another department read and comment."""
    hold(complaint, Verb.ADD_COLLABORATOR)
    must_be_open(department, "department")
    if complaint.routings.live().filter(department=department).exists():
        raise DomainError(ErrorCode.DUPLICATE, _("This department already works on the case."), "department")
    Routing.objects.create(
        complaint=complaint,
        department=department,
        role=RoutingRole.COLLABORATING,
        routed_by=by,
        note=clean(note),
    )
    journal_line(complaint, EventType.COLLABORATOR_ADDED, by=by, note=clean(note), department=department)
    return complaint


@complaint_action(
    Verb.RELEASE_COLLABORATOR,
    event=EventType.COLLABORATOR_RELEASED,
    applies=HAS_COLLABORATORS,
    source=OPEN,
    traits=Trait.CONCURRENT,
)
def release_collaborator(
    complaint: Complaint,
    *,
    by: User | None,
    department: Annotated[Department, Field(_("Department"), api="The department.")],
    reason: Annotated[str, Field(_("Reason"), api="Why.", rows=2)] = "",
) -> Complaint:
    """End a collaboration.

    The department sees the case no longer.
    """
    hold(complaint, Verb.RELEASE_COLLABORATOR)
    live = complaint.routings.live().filter(department=department, role=RoutingRole.COLLABORATING)
    if not live.update(ended_at=timezone.now(), end=RoutingEnd.RELEASED, reason=clean(reason)):
        raise DomainError(
            ErrorCode.NOT_FOUND, _("This department does not collaborate on the case."), "department"
        )
    journal_line(complaint, EventType.COLLABORATOR_RELEASED, by=by, note=clean(reason), department=department)
    return complaint


def _responsible(complaint: Complaint) -> Routing:
    of_unit = (one for one in complaint.routings.all() if one.role == RoutingRole.RESPONSIBLE)
    routing = next((one for one in of_unit if one.ended_at is None), None)
    if routing is None:
        raise changed_meanwhile()
    return routing


def check_accept(complaint: Complaint) -> None:
    """Raises what `accept` would raise; reads only."""
    moves.require(Verb.ACCEPT, complaint.status)
    _responsible(complaint)


@complaint_action(
    Verb.ACCEPT,
    event=EventType.ACCEPTED,
    preview=check_accept,
    source=Status.ASSIGNED,
    target=Status.ACCEPTED,
    traits=Trait.PRIMARY,
)
def accept(complaint: Complaint, *, by: User | None) -> Complaint:
    """The department takes it on."""
    moves.require(Verb.ACCEPT, complaint.status)
    routing = _responsible(complaint)
    move(complaint, Verb.ACCEPT, by=by, department=complaint.responsible_department, undo=True)
    Routing.objects.filter(pk=routing.pk).update(accepted_at=timezone.now(), accepted_by=by)
    return complaint


@complaint_action(
    Verb.RETURN,
    event=EventType.RETURNED,
    source=(Status.ASSIGNED, *WORKED_ON),
    target=Status.RETURNED,
    traits=Trait.PRIMARY | Trait.DESTRUCTIVE,
    hint=_("The application leaves your department at once. Say why, and whose it is if you know."),
    hands_over=to_office,
)
def return_(
    complaint: Complaint,
    *,
    by: User | None,
    reason: Annotated[str, Field(_("Reason"), api="Why it is not the department's.", rows=3)],
) -> Complaint:
    """Give it back to the office (iade).

    Return the case to the office with a reason; the department loses sight of it. From the RETURNS_BEFORE_OFFICE-th
    return on, the head of the office is notified.
    """
    moves.require(Verb.RETURN, complaint.status)
    reason = required(reason, "reason", _("A return needs its reason."))
    routing = (
        complaint.routings.live().filter(role=RoutingRole.RESPONSIBLE).select_related("department").first()
    )
    return_count = complaint.return_count + 1
    move(
        complaint,
        Verb.RETURN,
        by=by,
        note=reason,
        department=routing.department if routing else None,
        responsible_department=None,
        assignee=None,
        return_count=return_count,
        details={"return_count": return_count},
    )
    if routing:
        Routing.objects.filter(pk=routing.pk).update(
            ended_at=timezone.now(), end=RoutingEnd.RETURNED, reason=reason
        )
    discard_pending_reply(complaint)
    if return_count >= configured.RETURNS_BEFORE_OFFICE:
        notify_office("returned_often", complaint, return_count=return_count)
    return complaint
