"""Who is behind a case. A citizen may be known from one case and hidden in another (acceptance case 13), so that the
row of the citizen being visible does not yet say that this case is theirs."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet

from backend.complaints.models import Complaint
from backend.contacts.models import Citizen
from permissions import scope
from permissions.rules import EVERYTHING, NOTHING, known_persons


def brought_by(cases: QuerySet[Complaint], citizens: Iterable[Citizen | int]) -> QuerySet[Complaint]:
    """The visible cases of these citizens, as far as the viewer may know whose they are."""
    rule = known_persons(scope.current_viewer())
    if rule == NOTHING:
        return cases.none()
    theirs = scope.visible(cases).filter(applicant__in=list(citizens))
    return theirs if rule == EVERYTHING else theirs.filter(rule)


def applicant_of(complaint: Complaint) -> Citizen | None:
    """The applicant of a case, if the viewer may know them from this case."""
    if complaint.applicant_id is None:
        return None
    citizen = scope.visible(Citizen).select_related("neighbourhood").filter(pk=complaint.applicant_id).first()
    if citizen is None or not brought_by(Complaint.objects.filter(pk=complaint.pk), [citizen]).exists():
        return None
    return citizen
