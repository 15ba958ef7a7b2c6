"""On which records a legal hold may stand, and what the page of one offers about it."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from admin_ui.core import page_access
from backend.appointments.models import AppointmentRequest
from backend.complaints.models import Complaint
from backend.contacts.models import Citizen
from backend.events.models import Event
from backend.retention.choices import Kind
from backend.retention.models import LegalHold
from permissions.core import scope
from permissions.core.filters import Action

HELD_ON: dict[str, tuple[type[Any], str, str]] = {
    "case": (Complaint, Kind.CASE, "admin:complaints_complaint_change"),
    "request": (AppointmentRequest, Kind.APPOINTMENT, "admin:appointments_appointmentrequest_change"),
    "event": (Event, Kind.GUEST_LIST, "admin:events_event_change"),
    "citizen": (Citizen, Kind.CITIZEN, "admin:contacts_citizen_change"),
}


def hold_beside(what: str, row: Any) -> dict[str, object]:
    """For the page of a record (`HELD_ON`): where a hold on it is placed, or lifted while one stands. Nothing for who
    may do neither, and for what was anonymised."""
    if not page_access.holds(LegalHold, Action.REGISTER) or getattr(row, "anonymised_at", None):
        return {}
    column = {"case": "complaint"}.get(what, what)
    standing = scope.visible(LegalHold.objects.standing()).filter(**{column: row}).first()
    if standing is not None:
        return {"standing": standing, "url": reverse("admin:retention_legalhold_lift", args=[standing.key])}
    return {"url": reverse("admin:retention_legalhold_on", args=[what, row.key])}
