"""What the router proposes, on the page of a case that waits to be routed."""

from __future__ import annotations

from django.urls import reverse

from admin_ui.core.panels import panel
from admin_ui.triage.showing import proposed
from backend.complaints.choices import UNDECIDED
from backend.complaints.models import Complaint
from backend.complaints.moves import Verb
from permissions.core import scope
from permissions.triage import suggestions


@panel("admin_ui/includes/router_proposal.html", "head", Complaint)
def of_case(complaint: Complaint) -> dict[str, object]:
    """The proposal for whom it is to be routed to, for who routes it."""
    if complaint.status not in UNDECIDED or Verb.ROUTE not in scope.allowed_actions(complaint):
        return {}
    shown = proposed(suggestions.on_case(complaint))
    if not shown:
        return {}
    page = reverse("admin:complaints_complaint_change", args=[complaint.key])
    return {**shown, "router_routes": f"{page}?do=route#do"}
