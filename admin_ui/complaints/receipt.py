"""The receipt on paper: a petition is acknowledged free of charge, with date, number, subject (genelge 2004/12)."""

from __future__ import annotations

from uuid import UUID

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from admin_ui.core.dates import moment_text
from admin_ui.core.screen import page
from backend.complaints.models import Complaint
from backend.configuration.office import configured
from backend.core.words.text import tr_upper
from permissions.complaints import persons
from permissions.core import scope


def receipt(request: HttpRequest, key: UUID) -> HttpResponse:
    """The receipt of a case, made for an A4 sheet. It bears the tracking code, so it is the office's."""
    if not scope.current_viewer().is_office:
        raise scope.not_found()
    complaint = scope.get(Complaint, key)
    applicant = persons.applicant_of(complaint)
    if applicant:
        scope.log_access([applicant.pk], "admin: receipt")
    case = reverse("admin:complaints_complaint_change", args=[complaint.key])
    context = {
        "title": _("Receipt"),
        "parents": [(complaint.reference, case)],
        "received": moment_text(complaint.registered_at),
        "head": tr_upper(configured.MUNICIPALITY_LEGAL_NAME),
        "case": complaint,
        "applicant": None if complaint.identity_hidden else applicant,
    }
    return page(admin.site, request, "admin_ui/receipt.html", context)
