"""The morning desk: what waits for whom, as a number, the first rows, and the way to the whole list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext_lazy as _

from admin_ui import gates
from admin_ui.base import page
from admin_ui.complaints import COLUMNS, TABS, listed, mine, works_anywhere
from admin_ui.listing import COUNTED
from backend.complaints.choices import Status
from backend.complaints.models import Complaint
from backend.core.localtime import today
from permissions import scope

if TYPE_CHECKING:
    from admin_ui.site import OfficeAdminSite

ROWS = 5
INBOX = 25


@dataclass
class Panel:
    """One heap of work. `done` is what an empty heap says; `order` is by target date, the most pressing
    first.
    """

    tab: str
    title: str | Promise
    done: str | Promise
    tone: str
    rows: Any
    order: tuple[str, ...] = ("target_on", "pk")

    @cached_property
    def count(self) -> int:
        return scope.visible(self.rows)[: COUNTED + 1].count()

    @property
    def number(self) -> str:
        text = f"{min(self.count, COUNTED):,}".replace(",", ".")
        return f"{text}+" if self.count > COUNTED else text

    @cached_property
    def first(self) -> list[Complaint]:
        return list(scope.top(listed(self.rows), self.order, ROWS)) if self.count else []

    @property
    def url(self) -> str:
        return f"{reverse('admin:complaints_complaint_changelist')}?tab={self.tab}"


def office_panels() -> list[Panel]:
    every = Complaint.objects.all()
    return [
        Panel("unrouted", _("To be routed"), _("Everything is routed."), "orange", every.unrouted()),
        Panel("late", _("Late"), _("Nothing is late. Well done."), "red", every.late()),
        Panel("today", _("Due today"), _("Nothing is due today."), "orange", every.due()),
        Panel(
            "approval",
            _("Answers awaiting approval"),
            _("No answer waits for approval."),
            "blue",
            every.filter(status=Status.ANSWERED),
        ),
        Panel(
            "approved",
            _("Approved, to be sent"),
            _("Every approved answer has been sent."),
            "green",
            every.filter(status=Status.APPROVED),
        ),
        Panel("bouncing", _("Bouncing between departments"), _("No case bounces."), "red", every.bouncing()),
        Panel(
            "mine", _("Recorded by me, still open"), _("You have recorded no open case."), "grey", mine(every)
        ),
    ]


def new_today() -> Panel:
    """What came in and nobody has looked at, the newest first."""
    return Panel(
        "unrouted",
        _("New"),
        _("No new application."),
        "blue",
        Complaint.objects.filter(status=Status.NEW),
        ("-registered_at", "-pk"),
    )


def department_panels() -> list[Panel]:
    every = Complaint.objects.all()
    return [
        Panel(
            "assigned",
            _("To be accepted"),
            _("Nothing waits to be accepted."),
            "blue",
            every.filter(status=Status.ASSIGNED),
        ),
        Panel("late", _("Late"), _("Nothing is late. Well done."), "red", every.late()),
        Panel("today", _("Due today"), _("Nothing is due today."), "orange", every.due()),
        Panel("open", _("Open"), _("No open case."), "grey", every.open()),
    ]


def desk(site: OfficeAdminSite, request: HttpRequest) -> HttpResponse:
    """The desk of the office, the inbox of a department, or what Bilgi işlem needs."""
    viewer = scope.current_viewer()
    context: dict[str, Any] = {"title": site.index_title, "today": today(), "viewer": viewer}
    if gates.office():
        context |= {"panels": [new_today(), *office_panels()]}
        return page(site, request, "admin_ui/desk_office.html", context)
    if works_anywhere(viewer):
        inbox = list(scope.top(listed(Complaint.objects.open()), ("target_on", "pk"), INBOX))
        context |= {"panels": department_panels(), "inbox": inbox, "columns": COLUMNS, "tabs": TABS}
        return page(site, request, "admin_ui/desk_department.html", context)
    return page(site, request, "admin_ui/desk_other.html", context | {"is_manager": gates.managers()})
