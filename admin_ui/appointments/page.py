"""What the page of one request shows: applicant and subject, story, what comes next."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from admin_ui.appointments.actions import NEXT
from admin_ui.appointments.promises import made_at
from admin_ui.appointments.story import story
from admin_ui.core.dates import moment_text
from admin_ui.core.stories import has_messages
from admin_ui.partners import choice as partner_choice
from backend.appointments.choices import NoticeKind, Status
from backend.appointments.models import AppointmentRequest
from backend.appointments.moves import Verb
from backend.complaints.models import Complaint
from backend.contacts import actions as contacts
from backend.contacts.models import Citizen
from permissions.appointments import applicants
from permissions.complaints import persons
from permissions.core import scope

EARLIER = 5


def details(row: AppointmentRequest) -> dict[str, object]:
    """What the page shows in addition to the row and its actions."""
    applicant, items = _applicant(row), story(row)
    complaint = scope.visible(Complaint).filter(pk=row.complaint_id).first() if row.complaint_id else None
    return {
        "title": row.reference,
        **partner_choice.shown(row, row.organisation, offers=Verb.LINK_PARTNER in scope.allowed_actions(row)),
        "parents": [(_("Appointment requests"), reverse("admin:appointment_board"))],
        "anchor": "#do",
        "applicant": applicant,
        "hides_applicant": row.applicant_id is not None and applicant is None,
        "story": items,
        "has_messages": has_messages(items),
        "next": NEXT.get(Status(row.status)),
        "promises": made_at(row),
        "visit": getattr(row, "visit", None),
        "complaint": complaint,
        "reminders": applicants.reminders_of(row),
        **_history(row, applicant),
    }


def _applicant(row: AppointmentRequest) -> Citizen | None:
    """Who it is, if the viewer may know; showing it is noted in the read log."""
    found = applicants.applicant_of(row)
    if found:
        scope.log_access([found.pk], "admin: appointment request")
    return found


def _history(row: AppointmentRequest, applicant: Citizen | None) -> dict[str, object]:
    """What else there is of the same person: earlier requests and open cases, as far as the viewer sees them."""
    if applicant is None:
        return {"earlier": [], "cases": []}
    family = contacts.family(applicant)
    earlier = applicants.asked_by(family).exclude(pk=row.pk).order_by("-registered_at")[:EARLIER]
    cases = persons.brought_by(Complaint.objects.open(), family).order_by("-registered_at")[:EARLIER]
    return {"earlier": list(earlier), "cases": list(cases)}


def notified_of_time(row: AppointmentRequest) -> str:
    """When they come, and how they are notified of it: who is reached by nothing is called."""
    visit, notice = getattr(row, "visit", None), row.notices.order_by("pk").last()
    at = visit.at if visit else row.entry.starts_at if row.entry else row.registered_at
    words = {"reference": row.reference, "at": moment_text(at)}
    if notice is None or notice.kind not in (NoticeKind.PUBLIC_DAY, NoticeKind.APPROVED):
        if visit:
            return _("%(reference)s has a place: %(at)s. No message reaches them: call them.") % words
        return _("%(reference)s has an appointment: %(at)s. No message reaches them: call them.") % words
    words["means"] = notice.get_means_display()
    if visit:
        return _("%(reference)s has a place: %(at)s. They are notified: %(means)s.") % words
    return _("%(reference)s has an appointment: %(at)s. They are notified: %(means)s.") % words
