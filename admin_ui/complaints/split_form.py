"""The form by which a matter of an application becomes a case of its own."""

from __future__ import annotations

from admin_ui.core.forms import ActionForm
from backend.complaints.models import Complaint


class SplitForm(ActionForm):
    def starting(self, complaint: Complaint) -> dict[str, object]:
        return {"body": complaint.body}
