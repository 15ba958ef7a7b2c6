"""Departments' notes for meetings: what one is asked for, and what one has asked for."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django.contrib import admin
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from admin_ui.briefing.wording import standing
from admin_ui.core import page_access
from admin_ui.core.actions import ActionAdmin, steps_of
from admin_ui.core.display import badge
from admin_ui.core.forms import ActionForm
from admin_ui.core.listing import Choice, Column, Tab
from admin_ui.core.panels import panel
from backend.organization.models import Department
from backend.programme.choices import NoteStatus
from backend.programme.models import DepartmentNote, Entry
from backend.programme.note_moves import NoteVerb, note_action
from permissions.core import scope

TONES = {NoteStatus.WRITTEN: "green", NoteStatus.RETURNED: "orange", NoteStatus.WITHDRAWN: "grey"}
ROWS = 5


def status_badge(row: DepartmentNote) -> str:
    return badge(standing(row), "red" if row.is_late else TONES.get(NoteStatus(row.status), "blue"))


def listed[Rows: QuerySet[DepartmentNote]](rows: Rows) -> Rows:
    """With what a row shows. The entry is hidden from the department that is asked."""
    seen = Prefetch("entry", queryset=scope.visible(Entry), to_attr="seen_entry")
    return rows.select_related("department", "principal", "asked_by", "written_by").prefetch_related(seen)


def awaited(rows: Any = None) -> Any:
    """What the viewer's own departments are still to write, the most pressing first."""
    rows = scope.visible(DepartmentNote) if rows is None else rows
    return rows.awaited().filter(department__in=scope.current_viewer().staffs).order_by("due_at", "pk")


class WriteForm(ActionForm):
    def starting(self, row: DepartmentNote) -> dict[str, object]:
        return {"text": row.text}


class DueForm(ActionForm):
    def starting(self, row: DepartmentNote) -> dict[str, object]:
        later = timezone.localtime() + dt.timedelta(days=1)
        return {"due_at": max(row.due_at, later.replace(minute=0, second=0, microsecond=0))}


class AskAgainForm(DueForm):
    def prepare(self, row: DepartmentNote) -> None:
        self.fields["question"].required = True

    def starting(self, row: DepartmentNote) -> dict[str, object]:
        return super().starting(row) | {"question": row.question}


@admin.register(DepartmentNote)
class DepartmentNoteAdmin(ActionAdmin[DepartmentNote]):
    searches = True
    finds_in = ("question", "department__short_name", "status")
    gate = page_access.members
    detail_template = "admin_ui/department_note.html"
    columns = (
        Column(_("To be written by"), lambda r: r.due_at, ("due_at",), "ok-nowrap"),
        Column(
            _("What the note is to say"),
            lambda r: format_html('<span class="ok-subject">{}</span>', r.question),
            css="ok-wide",
        ),
        Column(_("Department"), lambda r: r.department.short_name),
        Column(_("For whom"), lambda r: r.principal.name),
        Column(_("Status"), status_badge, css="ok-nowrap"),
    )
    tabs = (
        Tab("awaited", _("Awaited"), lambda rows: rows.awaited()),
        Tab("late", _("Late"), lambda rows: rows.late()),
        Tab("written", _("Written"), lambda rows: rows.filter(status=NoteStatus.WRITTEN)),
        Tab("all", _("All"), lambda rows: rows, is_everything=True),
    )
    filters = (
        Choice(
            "department",
            _("Department"),
            lambda: Department.objects.open().in_order().values_list("code", "short_name"),
            lambda rows, code: rows.filter(department__code=code),
        ),
    )
    order = ("due_at", "pk")
    empty = _(
        "No department was asked for a note yet. What a department writes for the mayor's briefing"
        " stands here: ask for it at the entry."
    )
    intro = _("A note is asked for at an entry of the programme; the department sees the question alone.")
    steps = steps_of(
        note_action,
        {NoteVerb.WRITE: WriteForm, NoteVerb.RETURN: DueForm, NoteVerb.ASK_AGAIN: AskAgainForm},
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[DepartmentNote]:
        return listed(scope.visible(DepartmentNote))

    def load(self, key: UUID) -> DepartmentNote:
        match = listed(scope.with_relations(scope.visible(DepartmentNote))).filter(key=key).first()
        if match is None:
            raise scope.not_found()
        return match

    def details(self, request: HttpRequest, row: DepartmentNote) -> dict[str, object]:
        entry: Entry | None = getattr(row, "seen_entry")  # noqa: B009 - put there by `load`
        return {
            "status": status_badge(row),
            "entry": entry,
            "entry_url": reverse("admin:programme_entry_change", args=[entry.key]) if entry else "",
        }


@panel("admin_ui/includes/notes_of.html", "main", Entry)
def notes_of(entry: Entry) -> dict[str, object]:
    """The notes asked for about an entry: asked for, there, late."""
    rows = (
        scope.visible(DepartmentNote)
        .filter(entry=entry)
        .select_related("department")
        .order_by("due_at", "id")
    )
    notes = [
        {
            "row": row,
            "badge": status_badge(row),
            "url": reverse("admin:programme_departmentnote_change", args=[row.key]),
        }
        for row in rows
    ]
    return {"notes": notes}
