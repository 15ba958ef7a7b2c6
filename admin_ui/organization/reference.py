"""Reloading the reference data from its files: first what would change, then the change itself."""

from __future__ import annotations

from django.contrib import admin, messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from admin_ui.core import page_access
from admin_ui.core.page_access import StaffRequest
from admin_ui.core.screen import page
from backend.organization import reference
from permissions.core import scope


def reload(request: StaffRequest) -> HttpResponse:
    """GET shows a dry run; POST loads, if nothing is wrong with the files."""
    if not page_access.maintainers():
        raise scope.not_found()
    if request.method == "POST":
        report = reference.load(by=request.user)
        if not report.problems:
            messages.success(request, _("The reference data was loaded."))
            return HttpResponseRedirect(reverse("admin:reference"))
    else:
        report = reference.load(dry_run=True, by=request.user)
    context = {
        "title": _("Reference data"),
        "report": report,
        "lines": list(report.lines()),
        "folder": reference.DEFAULT_DIRECTORY.name,
        "unverified": reference.unverified(),
    }
    return page(admin.site, request, "admin_ui/reference.html", context)
