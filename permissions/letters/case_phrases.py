"""Approved phrases in the texts of a case, with the applicant's name only for who may know it from this case."""

from __future__ import annotations

from backend.complaints.models import Complaint
from backend.letters import templating
from backend.letters.case_phrases import Filled, filled, fitting
from backend.letters.choices import PhrasePart
from permissions.complaints import persons
from permissions.core import scope


def offered(complaint: Complaint, part: PhrasePart, purpose: str) -> list[Filled]:
    """The phrases for a place in the texts of a visible case, filled in. A name that is shown is noted in the read
    log with `purpose`."""
    rows = list(fitting(complaint, part))
    applicant = None
    if not complaint.identity_hidden and any("hitap" in templating.names(row.text) for row in rows):
        applicant = persons.applicant_of(complaint)
    if applicant is not None:
        scope.log_access([applicant.pk], purpose)
    return [filled(row, complaint, applicant) for row in rows]
