"""The other work of the office in the report: below the figures of the applications, and as a sheet."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from admin_ui.complaints import reports
from admin_ui.core.panels import panel
from permissions.queue.figures import LINES, TITLES, Work, work_of

LISTS = {
    "appointments": ("admin:appointments_appointmentrequest_changelist", "all"),
    "public_days": ("admin:appointments_publicdaysession_changelist", "past"),
    "events": ("admin:events_event_changelist", "all"),
    "instructions": ("admin:instructions_instruction_changelist", "all"),
    "promises": ("admin:appointments_promise_changelist", "all"),
}
"""The list of a kind, and the tab of it that holds what was counted."""


def _list(name: str) -> str:
    page, tab = LISTS[name]
    return f"{reverse(page)}?tab={tab}"


def _lines(one: Work) -> list[tuple[str, int]]:
    return [(str(LINES[one.name][line]), count) for line, count in one.counts.items()]


@panel("admin_ui/includes/work_report.html", "report", reports.ReportQuery)
def shown(asked: reports.ReportQuery) -> dict[str, object]:
    """What was done in the period; nothing where the report is narrowed to some applications."""
    if asked.filters:
        return {}
    work = work_of(asked.period.first, asked.period.last)
    days = {"from": f"{asked.period.first:%Y-%m-%d}", "to": f"{asked.period.last:%Y-%m-%d}"}
    return {
        "work": [{"title": TITLES[one.name], "url": _list(one.name), "lines": _lines(one)} for one in work],
        "work_xlsx": f"{reverse('admin:report_work_xlsx')}?{urlencode(days)}",
    }


def as_xlsx(request: HttpRequest) -> HttpResponse:
    """The same figures in one sheet."""
    reports.require()
    asked = reports.asked(request)
    rows = [
        [str(TITLES[one.name]), title, count]
        for one in work_of(asked.period.first, asked.period.last)
        for title, count in _lines(one)
    ]
    period = f"{asked.period.first:%d.%m.%Y} – {asked.period.last:%d.%m.%Y}"
    return reports.sheet(
        _("Report on the other work"), [_("Work"), _("What is counted"), _("Count")], rows, [period]
    )
