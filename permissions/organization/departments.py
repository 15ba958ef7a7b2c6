"""Dependents of a department that pass to its successor: shown before it is renamed or closed."""

from __future__ import annotations

from dataclasses import dataclass

from backend.appointments.models import Promise
from backend.complaints.models import Complaint
from backend.instructions.models import Instruction
from backend.letters.models import Letter
from backend.organization.models import CategoryCandidate, Department, OutsideBody
from backend.programme.models import DepartmentNote
from permissions.core import scope
from permissions.models import DepartmentGrant

WORK = (
    "open_cases",
    "collaborations",
    "awaited_notes",
    "open_promises",
    "open_instructions",
    "incoming_letters",
)


@dataclass(frozen=True)
class Hanging:
    """How many of each. What is still to be done there only for who sees all of them, else None: Bilgi İşlem
    learns nothing of them."""

    open_cases: int | None
    collaborations: int | None
    awaited_notes: int | None
    open_promises: int | None
    open_instructions: int | None
    incoming_letters: int | None
    people: int
    sections: int
    categories: int
    bodies: int


def hanging_on(department: Department) -> Hanging:
    """Count what moves along when the department is renamed or closed."""
    live = DepartmentGrant.dated.live().filter(content_object=department)
    return Hanging(
        **_work(department),
        people=live.values("user").distinct().count(),
        sections=department.sections.count(),
        categories=CategoryCandidate.objects.filter(department=department).count(),
        bodies=OutsideBody.objects.filter(liaison=department).count(),
    )


def _work(department: Department) -> dict[str, int | None]:
    """What is still to be done there."""
    if not scope.current_viewer().sees_all:
        return dict.fromkeys(WORK)
    cases = scope.visible(Complaint.objects.open())
    letters = scope.visible(Letter.objects.awaiting_answer())
    notes, promises = scope.visible(DepartmentNote.objects.all()), scope.visible(Promise.objects.all())
    return {
        "open_cases": cases.filter(responsible_department=department).count(),
        "collaborations": cases.filter(collaborators__contains=[department.pk]).count(),
        "awaited_notes": notes.awaited().filter(department=department).count(),
        "open_promises": promises.open().filter(department=department).count(),
        "open_instructions": scope.visible(Instruction.objects.open()).filter(department=department).count(),
        "incoming_letters": letters.filter(departments__contains=[department.pk]).count(),
    }
