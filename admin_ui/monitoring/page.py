"""The page on which Bilgi İşlem sees how the installation stands."""

from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from admin_ui.core.screen import page
from backend.monitoring.judging import State
from backend.monitoring.status import whole_state
from permissions.core import scope
from permissions.monitoring.access import may_see_status, system_status

COLOURS = {
    State.FAILED: "ok-red",
    State.ATTENTION: "ok-orange",
    State.GOOD: "ok-green",
    State.NOT_SET_UP: "ok-grey",
}
"""In the order in which the page shows them."""


def status(request: HttpRequest) -> HttpResponse:
    """Look at everything now, and show it."""
    if not may_see_status():
        raise scope.not_found()
    lines = system_status()
    context = {
        "title": _("System status"),
        "checked_at": timezone.now(),
        "is_good": whole_state(lines) is State.GOOD,
        "rows": [
            {"line": line, "colour": colour}
            for state, colour in COLOURS.items()
            for line in lines
            if line.state is state
        ],
    }
    return page(admin.site, request, "admin_ui/system_status.html", context)
