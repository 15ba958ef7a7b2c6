"""Who may know the citizen of a case, as this surface says it: by its own reading of the table of rights."""

from __future__ import annotations

from typing import Any

from backend.complaints.models import Complaint
from backend.contacts.models import Citizen


def applicant_of(complaint: Complaint, request: Any) -> Citizen | None:
    """The citizen, if the asker may know them from this case: a permission of its own in a department that has it."""
    has_it = {complaint.responsible_department_id, *complaint.collaborators}
    known = not request.is_office and not complaint.identity_hidden and bool(request.contacts & has_it)
    return complaint.applicant if request.knows_everybody or known else None
