"""Instructions: the list, and the page of one with its next steps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from admin_ui.core import page_access
from admin_ui.core.actions import ActionAdmin, RowAction, steps_of
from admin_ui.core.display import badge, or_dash
from admin_ui.core.forms import AttachForm
from admin_ui.core.listing import Choice, Column, Dates, Listing, Tab
from admin_ui.instructions import forms
from admin_ui.instructions.intake import new, until
from admin_ui.instructions.open_list import show_open, weekly_pdf
from admin_ui.instructions.page import WAITS_FOR, people, story
from admin_ui.instructions.wording import countdown, due, priority_badge, status_badge
from admin_ui.letters.source_links import source_links
from backend.core.localtime import local_date
from backend.core.models import SearchableQuerySet
from backend.engagements.models import Decision
from backend.instructions.choices import Priority, Status
from backend.instructions.models import Instruction
from backend.instructions.moves import Verb, instruction_action
from backend.organization.models import Department
from backend.programme.models import Principal
from permissions.core import scope

AT_ONCE = (Verb.ACKNOWLEDGE, Verb.ACCEPT, Verb.GRANT_EXTENSION)
"""The most likely next verb, whose form is shown open."""


def _subject(row: Instruction) -> str:
    lock = badge(_("confidential"), "red") if row.is_confidential else ""
    return format_html('<span class="ok-subject">{}</span> {} {}', row.subject, priority_badge(row), lock)


@admin.register(Instruction)
class InstructionAdmin(ActionAdmin[Instruction]):
    gate = page_access.members
    detail_template = "admin_ui/instruction.html"
    columns = (
        Column(
            _("Number"),
            lambda r: format_html('<span class="ok-reference">{}</span>', r.reference),
            ("given_at",),
            "ok-nowrap",
        ),
        Column(_("What is to be done"), _subject, css="ok-wide"),
        Column(_("Department"), lambda r: r.department.short_name),
        Column(_("Responsible person"), lambda r: or_dash(r.person)),
        Column(_("Given by"), lambda r: r.principal.name),
        Column(_("Said"), lambda r: local_date(r.said_at), css="ok-nowrap"),
        Column(_("Last day"), lambda r: r.due_on, ("due_on",), "ok-nowrap", html=due),
        Column(_("Status"), status_badge, css="ok-nowrap"),
    )
    tabs = (
        Tab("open", _("Open"), lambda rows: rows.open()),
        Tab("late", _("Late"), lambda rows: rows.late()),
        Tab("unacknowledged", _("Waiting for acknowledgement"), lambda rows: rows.unacknowledged()),
        Tab("decide", _("Waiting for a decision of the office"), lambda rows: rows.to_decide()),
        Tab("done", _("Done and accepted"), lambda rows: rows.filter(status=Status.ACCEPTED)),
        Tab("all", _("All"), lambda rows: rows, is_everything=True),
    )
    filters = (
        Choice(
            "department",
            _("Department"),
            lambda: Department.objects.open().in_order().values_list("code", "short_name"),
            lambda rows, code: rows.filter(department__code=code),
        ),
        Choice(
            "principal",
            _("Given by"),
            lambda: [(str(one.key), one.name) for one in Principal.objects.in_order()],
            lambda rows, key: rows.filter(principal__key=key),
        ),
        Choice.of("status", _("Status"), Status),
        Choice.of("priority", _("Priority"), Priority),
        Dates("due", _("Last day"), "due_on"),
    )
    order = ("due_on", "pk")
    searches = True
    is_kept = True
    search_hint = _("Number, subject or text")
    empty = _(
        "No instruction was recorded yet. What the mayor and the deputies tell a department to do stands here"
        " until it is done: record the first one."
    )
    page_relations = (
        "department",
        "principal",
        "person",
        "heard_by",
        "confirmed_by",
        "acknowledged_by",
        "given_by",
    )
    steps = steps_of(
        instruction_action,
        {
            Verb.GRANT_EXTENSION: forms.GrantTimeForm,
            Verb.SEND_BACK: forms.DatedReasonForm,
            Verb.INSIST: forms.DatedReasonForm,
            Verb.REOPEN: forms.DatedReasonForm,
            Verb.REPORT: forms.ReportForm,
            Verb.CONFIRM: forms.ConfirmForm,
            Verb.ATTACH: AttachForm,
            Verb.RELEASE_COLLABORATOR: forms.ReleaseCollaboratorForm,
            Verb.CORRECT: forms.CorrectForm,
            Verb.UNNAME_READER: forms.UnnameReaderForm,
        },
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Instruction]:
        rows = scope.visible(Instruction).select_related("department", "principal", "person")
        return rows.defer("text", "result", "words")

    def listing(self, request: HttpRequest) -> Listing:
        listing = super().listing(request)
        if request.GET.get("tab", "") in ("all", "done"):
            listing.order = ("-given_at", "-pk")
        return listing

    def search(self, rows: SearchableQuerySet, text: str) -> SearchableQuerySet:
        return rows.search(text)

    def buttons(self, request: HttpRequest) -> Sequence[Mapping[str, object]]:
        items = [{"title": _("Open instructions"), "url": self.url("open"), "icon": "list_alt"}]
        if page_access.may_record_instructions():
            items.insert(0, {"title": _("Record an instruction"), "url": self.url("new"), "icon": "add"})
        return items

    def more_urls(self) -> list[URLPattern]:
        return [
            self.route("new/", new, "new"),
            self.route("new/until/", until, "until"),
            self.route("open/", show_open, "open"),
            self.route("open/pdf/", weekly_pdf, "weekly"),
        ]

    def opened(self, row: Instruction) -> RowAction | None:
        return next((step for step in self.offered(row) if step.verb in AT_ONCE), None)

    def details(self, request: HttpRequest, row: Instruction) -> dict[str, object]:
        return {
            "title": row.reference,
            "status": status_badge(row),
            "priority": priority_badge(row),
            "due": due(row),
            "countdown": countdown(row),
            "waits_for": WAITS_FOR.get(Status(row.status), ""),
            "story": story(row),
            "links": [*([meeting] if (meeting := _decided_at(row)) else []), *source_links(row)],
            **people(row),
        }


def address(row: Instruction) -> str:
    return reverse("admin:instructions_instruction_change", args=[row.key])


def _decided_at(row: Instruction) -> dict[str, object] | None:
    """The meeting whose decision an instruction was made of, if the viewer sees that."""
    match = scope.visible(Decision).filter(instruction=row).select_related("engagement").first()
    if match is None:
        return None
    meeting = match.engagement
    url = reverse("admin:engagements_engagement_change", args=[meeting.key])
    return {"title": _("Decision of"), "text": f"{meeting.reference} · {meeting.title}", "url": url}
