"""Who is responsible for a case within the unit that has it: given to a person, taken over, released."""

from __future__ import annotations

from typing import Annotated

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from backend.complaints import moves
from backend.complaints.actions.step import journal_line, move
from backend.complaints.choices import OPEN
from backend.complaints.law.applicable import ASKING
from backend.complaints.models import Complaint
from backend.complaints.moves import Verb, complaint_action
from backend.complaints.story import EventType
from backend.core.errors import DomainError, ErrorCode
from backend.core.words.text import clean
from backend.journal.action_table import Field, Trait
from backend.notifications import staff
from backend.organization.models import Department, User


def members(*complaints: Complaint) -> list[User]:
    """The people of the units that have the cases; of one that was not routed, those of the private office."""
    one_of_each = {case.responsible_department_id: case for case in complaints}.values()
    units = {unit_of(case) for case in one_of_each} - {0}
    return staff.members(*units) if units else []


def unit_of(complaint: Complaint) -> int:
    """The unit that has the case; 0 where there is none."""
    office = Department.objects.open().filter(is_private_office=True).values_list("pk", flat=True)
    return complaint.responsible_department_id or office.first() or 0


def to_assignee(complaint: Complaint, by: User | None, _outcome: object) -> None:
    """Tell the person who is responsible now."""
    if complaint.assignee is not None:
        staff.hand_over([complaint.assignee], "complaints/assigned", complaint, by)


def check_assign(complaint: Complaint, *, person: User) -> None:
    """Raises what `assign` would raise; reads only."""
    moves.require(Verb.ASSIGN, complaint.status)
    _require_member(complaint, person, "person")
    if complaint.assignee_id == person.pk:
        raise DomainError(ErrorCode.CONFLICT, _("This person is responsible already."), "person")


@complaint_action(
    Verb.ASSIGN, event=EventType.ASSIGNED, source=OPEN, preview=check_assign, hands_over=to_assignee
)
def assign(
    complaint: Complaint,
    *,
    by: User | None,
    person: Annotated[User, Field(_("Responsible person"), api="A person of the unit that has the case.")],
    note: Annotated[str, Field(_("Note"), api="A remark for the story; no citizen reads it.", rows=2)] = "",
) -> Complaint:
    """Make a person of the unit responsible.

    Whoever has it passes it on, or it had nobody yet. INVALID for a person who does not work in the unit that has the
    case; CONFLICT where it is theirs already.
    """
    check_assign(complaint, person=person)
    move(
        complaint,
        Verb.ASSIGN,
        by=by,
        note=clean(note),
        details={"person": person.pk},
        assignee=person,
        undo=True,
    )
    return complaint


@complaint_action(
    Verb.TAKE_OVER,
    event=EventType.TAKEN_OVER,
    source=OPEN,
    applies=Q(assignee__isnull=True) | ~Q(assignee=ASKING),
    traits=Trait.PRIMARY,
)
def take_over(complaint: Complaint, *, by: User) -> Complaint:
    """Become responsible for it.

    As a person of the unit that has the case, whoever had it before; they are told. The same again changes nothing.
    """
    moves.require(Verb.TAKE_OVER, complaint.status)
    _require_member(complaint, by, None)
    former = complaint.assignee
    if former == by:
        return complaint
    details = {"former": former.pk} if former is not None else None
    move(complaint, Verb.TAKE_OVER, by=by, details=details, assignee=by)
    if former is not None:
        staff.hand_over([former], "complaints/taken_over", complaint, by)
    return complaint


@complaint_action(Verb.RELEASE, event=EventType.RELEASED, source=OPEN, applies=Q(assignee__isnull=False))
def release(
    complaint: Complaint,
    *,
    by: User | None,
    note: Annotated[str, Field(_("Note"), api="A remark for the story; no citizen reads it.", rows=2)] = "",
) -> Complaint:
    """Let nobody of the unit be responsible.

    It is the whole unit's again.
    """
    moves.require(Verb.RELEASE, complaint.status)
    if complaint.assignee_id is None:
        raise DomainError(ErrorCode.WRONG_STATE, _("Nobody is responsible for it within the unit."))
    move(
        complaint,
        Verb.RELEASE,
        by=by,
        note=clean(note),
        details={"person": complaint.assignee_id},
        assignee=None,
    )
    return complaint


def release_who_left(person: User | None = None) -> int:
    """Release the open cases of those who do not work any more in the unit that has them; how many.

    `person`: of this account alone.
    """
    rows = Complaint.objects.open().filter(assignee__isnull=False)
    rows = rows.filter(assignee=person) if person is not None else rows
    office = unit_of(Complaint())
    units = rows.order_by().values_list("responsible_department", flat=True).distinct()
    released = 0
    for unit in list(units):
        here = [member.pk for member in staff.members(unit or office)]
        for case in rows.filter(responsible_department=unit).exclude(assignee__in=here):
            details = {"person": case.assignee_id}
            if Complaint.objects.filter(pk=case.pk, assignee=case.assignee_id).update(assignee=None):
                journal_line(case, EventType.RELEASED, by=None, details=details)
                released += 1
    return released


def _require_member(complaint: Complaint, person: User, field: str | None) -> None:
    if person not in members(complaint):
        message = _("Only somebody who works in the unit that has the case can be responsible for it.")
        raise DomainError(ErrorCode.INVALID, message, field)
