"""The morning desk: what waits for whom, as a number, the first rows, and the way to the whole list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext_lazy as _

from admin_ui.appointments import desk as appointment_desk
from admin_ui.briefing import department_notes
from admin_ui.complaints.admin import TABS, listed, our_move, works_anywhere
from admin_ui.core import page_access
from admin_ui.core.listing import COUNTED
from admin_ui.core.screen import page
from admin_ui.greetings import desk as greeting_desk
from admin_ui.instructions import desk as instruction_desk
from admin_ui.letters import desk as letter_desk
from admin_ui.programme.day import desk_panel
from backend.complaints.models import Complaint
from backend.core.localtime import today
from permissions.complaints import access as complaint_access
from permissions.core import scope

if TYPE_CHECKING:
    from django.contrib.admin import AdminSite

ROWS = 5
INBOX = 25


@dataclass
class Panel:
    """One heap of work: what the tab of the same name lists. `done` is what an empty heap says; `order` is by
    target date, the most pressing first.
    """

    tab: str
    title: str | Promise
    done: str | Promise
    tone: str
    order: tuple[str, ...] = ("rises_on", "pk")

    @property
    def rows(self) -> Any:
        tab = next(tab for tab in TABS if tab.name == self.tab)
        return tab.apply(Complaint.objects.all())

    @cached_property
    def count(self) -> int:
        return scope.visible(self.rows)[: COUNTED + 1].count()

    @property
    def number(self) -> str:
        text = f"{min(self.count, COUNTED):,}".replace(",", ".")
        return f"{text}+" if self.count > COUNTED else text

    @cached_property
    def first(self) -> list[Complaint]:
        return list(complaint_access.first_page(listed(self.rows), self.order, ROWS)) if self.count else []

    @property
    def url(self) -> str:
        return f"{reverse('admin:complaints_complaint_changelist')}?tab={self.tab}"


LATE = ("late", _("Late"), _("Nothing is late. Well done."), "red")
TODAY = ("today", _("Due today"), _("Nothing is due today."), "orange")


def office_panels() -> list[Panel]:
    return [
        Panel("new", _("New"), _("No new application."), "blue", ("-registered_at", "-pk")),
        Panel("unrouted", _("To be routed"), _("Everything is routed."), "orange"),
        Panel(*LATE),
        Panel(*TODAY),
        Panel("approval", _("Answers awaiting approval"), _("No answer waits for approval."), "blue"),
        Panel("approved", _("Approved, to be sent"), _("Every approved answer has been sent."), "green"),
        Panel("to_enter", _("To be entered in CİMER"), _("Nothing waits to be entered in CİMER."), "orange"),
        Panel("returned_often", _("Bouncing between departments"), _("No case bounces."), "red"),
        Panel("mine", _("Recorded by me, still open"), _("You have recorded no open case."), "grey"),
    ]


def department_panels() -> list[Panel]:
    """What is the department's own move, and what is not."""
    return [
        Panel("assigned", _("To be accepted"), _("Nothing waits to be accepted."), "blue"),
        Panel("ours", _("Our move"), _("Nothing waits for us."), "blue"),
        Panel(*LATE),
        Panel(*TODAY),
        Panel("office", _("With the private office"), _("Nothing lies with the private office."), "grey"),
        Panel("waiting", _("On hold"), _("Nothing is on hold."), "grey"),
    ]


def overseer_panels() -> list[Panel]:
    return [
        Panel(*LATE),
        Panel(*TODAY),
        Panel("departments", _("With the departments"), _("Nothing lies with a department."), "blue"),
        Panel("office", _("With the private office"), _("Nothing lies with the private office."), "grey"),
        Panel("open", _("Open"), _("No open case."), "grey"),
    ]


def desk(site: AdminSite, request: HttpRequest) -> HttpResponse:
    """The desk of the office, the inbox of a department, or what Bilgi işlem needs."""
    viewer = scope.current_viewer()
    context: dict[str, object] = {"title": site.index_title, "today": today(), "viewer": viewer}
    context |= {
        "appointment_panels": [
            *appointment_desk.panels(),
            *letter_desk.panels(),
            *instruction_desk.panels(),
        ],
        "public_day": appointment_desk.public_day_today(),
        "programme_today": desk_panel(),
        "notes_to_write": department_notes.desk_panel(),
    }
    if page_access.office():
        context |= {"panels": office_panels(), "suggestions": greeting_desk.panel()}
        return page(site, request, "admin_ui/desk_office.html", context)
    if works_anywhere(viewer):
        mine = bool(viewer.staffs)
        rows = our_move(Complaint.objects.all()) if mine else Complaint.objects.open()
        context |= {
            "panels": department_panels() if mine else overseer_panels(),
            "inbox": list(complaint_access.first_page(listed(rows), ("rises_on", "pk"), INBOX)),
            "heading": _("Our move, the nearest target date first")
            if mine
            else _("Inbox, the nearest target date first"),
        }
        return page(site, request, "admin_ui/desk_department.html", context)
    return page(site, request, "admin_ui/desk_other.html", context | {"is_manager": page_access.managers()})
