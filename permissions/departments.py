"""What hangs on a department and goes to whoever succeeds it: shown before it is renamed or closed."""

from __future__ import annotations

from dataclasses import dataclass

from backend.complaints.models import Complaint
from backend.organization.models import CategoryCandidate, Department, OutsideBody
from permissions import scope
from permissions.models import DepartmentGrant


@dataclass(frozen=True)
class Hanging:
    """How many of each. The cases only for who sees all cases, else None: Bilgi İşlem learns nothing of them."""

    open_cases: int | None
    collaborations: int | None
    people: int
    sections: int
    categories: int
    bodies: int


def hanging_on(department: Department) -> Hanging:
    """Count what moves along when the department is renamed or closed."""
    cases = scope.visible(Complaint.objects.open()) if scope.current_viewer().sees_all else None
    live = DepartmentGrant.dated.live().filter(content_object=department)
    return Hanging(
        open_cases=None if cases is None else cases.filter(responsible_department=department).count(),
        collaborations=None
        if cases is None
        else cases.filter(collaborators__contains=[department.pk]).count(),
        people=live.values("user").distinct().count(),
        sections=department.sections.count(),
        categories=CategoryCandidate.objects.filter(department=department).count(),
        bodies=OutsideBody.objects.filter(liaison=department).count(),
    )
