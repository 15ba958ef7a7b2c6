"""Instructions: the list, and the page of one with its next steps."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, reverse
from django.utils.html import format_html
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from admin_ui.core import page_access as gates
from admin_ui.core.actions import Step, StepsAdmin
from admin_ui.core.dates import day_text
from admin_ui.core.display import badge, or_dash
from admin_ui.core.forms import DeedForm
from admin_ui.core.listing import Choice, Column, Dates, Listing, Tab
from admin_ui.engagements.admin import decided_at
from admin_ui.instructions import forms as f
from admin_ui.instructions.intake import new
from admin_ui.instructions.open_list import show_open, weekly_pdf
from admin_ui.instructions.page import WAITS_FOR, people, story
from admin_ui.instructions.wording import countdown, due, may_record, priority_badge, status_badge
from admin_ui.letters.source_links import source_links
from backend.instructions import actions
from backend.instructions.choices import Priority, Status
from backend.instructions.models import Instruction
from backend.instructions.moves import Verb
from backend.organization.models import Department
from backend.programme.models import Principal
from permissions.core import scope

AT_ONCE = (Verb.ACKNOWLEDGE, Verb.ACCEPT, Verb.GRANT_TIME)
"""What is most often said next: its form stands open, so that it is one press."""


def _attach(row: Instruction, *, by: Any, file: Any) -> Any:
    return actions.attach(row, by=by, file=file, name=file.name)


def _subject(row: Instruction) -> Any:
    lock = badge(_("confidential"), "red") if row.is_confidential else ""
    return format_html('<span class="ok-subject">{}</span> {} {}', row.subject, priority_badge(row), lock)


@admin.register(Instruction)
class InstructionAdmin(StepsAdmin):
    gate = gates.members
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
        Column(_("Said"), lambda r: day_text(localtime(r.said_at)), css="ok-nowrap"),
        Column(_("Last day"), due, ("due_on",), "ok-nowrap"),
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
        Choice("status", _("Status"), lambda: Status.choices, lambda rows, value: rows.filter(status=value)),
        Choice(
            "priority",
            _("Priority"),
            lambda: Priority.choices,
            lambda rows, value: rows.filter(priority=value),
        ),
        Dates("due", _("Last day"), "due_on"),
    )
    order = ("due_on", "pk")
    searches = True
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
    steps = (
        Step(Verb.ACKNOWLEDGE, actions.acknowledge, f.RemarkForm, is_main=True),
        Step(Verb.ACCEPT, actions.accept, f.RemarkForm, is_main=True),
        Step(Verb.GRANT_TIME, actions.grant_time, f.GrantTimeForm, is_main=True),
        Step(Verb.DENY_TIME, actions.deny_time, f.ReasonForm, is_main=True),
        Step(Verb.SEND_BACK, actions.send_back, f.DatedReasonForm, is_main=True),
        Step(Verb.INSIST, actions.insist, f.DatedReasonForm, is_main=True),
        Step(Verb.REPORT, actions.report, f.ReportForm, is_main=True),
        Step(
            Verb.CONFIRM,
            actions.confirm,
            f.ConfirmForm,
            is_main=True,
            hint=_("For example on the telephone: so that the text says what was meant."),
        ),
        Step(Verb.NOTE, actions.note, f.NoteForm, is_main=True),
        Step(Verb.ASK_TIME, actions.ask_time, f.AskTimeForm, is_main=True),
        Step(Verb.READDRESS, actions.readdress, f.ReaddressForm, is_main=True),
        Step(Verb.REFUSE, actions.refuse, f.ReasonForm, danger=True),
        Step(Verb.ATTACH, _attach, f.AttachForm),
        Step(Verb.ADD_COLLABORATOR, actions.add_collaborator, f.AddCollaboratorForm),
        Step(Verb.RELEASE_COLLABORATOR, actions.release_collaborator, f.ReleaseCollaboratorForm),
        Step(Verb.CORRECT, actions.correct, f.CorrectForm),
        Step(
            Verb.CONCEAL,
            actions.conceal,
            f.ConcealForm,
            hint=_("Then only you, who gave it, the readers you name and the departments addressed see it."),
        ),
        Step(Verb.NAME_READER, actions.name_reader, f.NameReaderForm),
        Step(Verb.UNNAME_READER, actions.unname_reader, f.UnnameReaderForm),
        Step(Verb.DISCLOSE, actions.disclose, DeedForm),
        Step(Verb.REOPEN, actions.reopen, f.DatedReasonForm),
        Step(Verb.WITHDRAW, actions.withdraw, f.ReasonForm, danger=True),
    )

    def get_queryset(self, request: HttpRequest) -> Any:
        rows = scope.visible(Instruction).select_related("department", "principal", "person")
        return rows.defer("text", "result", "words")

    def listing(self, request: HttpRequest) -> Listing:
        found = super().listing(request)
        if request.GET.get("tab", "") in ("all", "done"):
            found.order = ("-given_at", "-pk")
        return found

    def search(self, rows: Any, text: str) -> Any:
        return rows.search(text)

    def buttons(self, request: HttpRequest) -> list[dict[str, Any]]:
        found = [{"title": _("Open instructions"), "url": self.url("open"), "icon": "list_alt"}]
        if may_record():
            found.insert(0, {"title": _("Record an instruction"), "url": self.url("new"), "icon": "add"})
        return found

    def more_urls(self) -> list[URLPattern]:
        return [
            self.route("new/", new, "new"),
            self.route("open/", show_open, "open"),
            self.route("open/pdf/", weekly_pdf, "weekly"),
        ]

    def change_view(self, request: HttpRequest, key: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        if "do" in request.GET:
            return super().change_view(request, key, *args, **kwargs)
        row = self.load(key)
        able = scope.abilities(row)
        step = next((one for one in self.steps if one.verb in AT_ONCE and one.verb in able), None)
        return self.render(request, row, step, step.form(row) if step else None)

    def offers(self, row: Any, verb: Any) -> bool:
        has = {
            Verb.CONFIRM: row.confirmed_at is None,
            Verb.RELEASE_COLLABORATOR: bool(row.collaborators),
            Verb.CONCEAL: not row.is_confidential,
            Verb.DISCLOSE: row.is_confidential,
            Verb.NAME_READER: row.is_confidential,
            Verb.UNNAME_READER: row.is_confidential,
        }
        return has.get(verb, True)

    def details(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        return {
            "title": row.reference,
            "status": status_badge(row),
            "priority": priority_badge(row),
            "due": due(row),
            "countdown": countdown(row),
            "waits_for": WAITS_FOR.get(Status(row.status), ""),
            "story": story(row),
            "links": [*([meeting] if (meeting := decided_at(row)) else []), *source_links(row)],
            **people(row),
        }


def address(row: Instruction) -> str:
    return reverse("admin:instructions_instruction_change", args=[row.key])
