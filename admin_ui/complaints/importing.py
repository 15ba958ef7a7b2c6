"""Bringing in the file of a call centre or of CİMER: first what would happen, then the same file for good.

The worker does it; a page shows how far it is, and can be left and come back to.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from admin_ui.core import page_access
from admin_ui.core.display import badge, or_dash
from admin_ui.core.forms import OfficeForm, text_area
from admin_ui.core.listing import Choice, Column, Dates, Listing
from admin_ui.core.page_access import StaffRequest
from admin_ui.core.screen import ScopedAdmin, page
from backend.complaints import importing
from backend.complaints.file_import import FileImport
from backend.complaints.importing.columns import DEFAULT_SOURCE, FIELDS, column_text
from backend.core.errors import DomainError, ErrorCode
from backend.core.operation.worker import worker_lives
from backend.core.words.text import tr_fold
from permissions.core import scope
from permissions.core.scope import Action

FOLLOWED_SECONDS = 2
RECENT = 5
TONES = {
    FileImport.Status.WAITING: "orange",
    FileImport.Status.RUNNING: "blue",
    FileImport.Status.DONE: "green",
    FileImport.Status.FAILED: "red",
    FileImport.Status.STOPPED: "grey",
}


class UploadForm(OfficeForm):
    source = forms.CharField(
        label=gettext_lazy("Source"),
        max_length=40,
        initial=DEFAULT_SOURCE,
        help_text=gettext_lazy(
            "Always the same name for the same source: with the number it keeps a case from coming twice."
        ),
    )
    file = forms.FileField(
        label=gettext_lazy("File"), help_text=gettext_lazy("CSV or Excel (.xlsx), with a row of headings.")
    )
    columns = forms.CharField(
        label=gettext_lazy("Columns"),
        required=False,
        widget=text_area(3),
        help_text=gettext_lazy(
            "Only where a heading is not recognised: one a line, such as “Sicil = %(number)s”; with nothing after"
            " the equals sign the column is left out."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["columns"]
        field.help_text = field.help_text % {"number": column_text("source_number")}

    def clean_columns(self) -> dict[str, str]:
        """Heading -> field, as it was written line by line."""
        named = (
            {tr_fold(column_text(name)): name for name in FIELDS} | {name: name for name in FIELDS} | {"": ""}
        )
        values = {}
        for line in filter(str.strip, self.cleaned_data["columns"].splitlines()):
            heading, equals, meaning = line.rpartition("=")
            name = named.get(tr_fold(meaning.strip()))
            if not equals or not heading.strip() or name is None:
                known = ", ".join(column_text(name) for name in FIELDS)
                message = _("“%(line)s” is not understood. Write “heading = one of these”: %(known)s.")
                raise forms.ValidationError(message % {"line": line.strip(), "known": known})
            values[heading.strip()] = name
        return values


def upload(request: StaffRequest) -> HttpResponse:
    """The form, and below it the last imports. A file that is taken leads to its own page."""
    if not page_access.office():
        raise scope.not_found()
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        cleaned = form.cleaned_data
        try:
            with scope.elevated_for(FileImport, Action.REGISTER):
                row = importing.bring(
                    cleaned["file"],
                    name=cleaned["file"].name,
                    source=cleaned["source"],
                    mapping=cleaned["columns"],
                    by=request.user,
                )
        except DomainError as error:
            form.refuse(error)
        else:
            return HttpResponseRedirect(_address(row))
    recent = list(
        scope.visible(FileImport).select_related("uploaded_by").order_by("-uploaded_at", "-pk")[:RECENT]
    )
    context = {
        "title": _("Import"),
        "form": form,
        "recent": [(row, _address(row), _status(row)) for row in recent],
        "all": reverse("admin:complaints_fileimport_changelist"),
    }
    return page(admin.site, request, "admin_ui/import.html", context)


def _address(row: FileImport) -> str:
    return reverse("admin:complaints_fileimport_change", args=[row.key])


def _status(row: FileImport) -> str:
    text = _("No answer") if row.is_silent else row.get_status_display()
    return badge(text, "red" if row.is_silent else TONES[FileImport.Status(row.status)])


def _kind(row: FileImport) -> str:
    return _("dry run") if row.is_dry_run else _("for good")


def _came_of_it(row: FileImport) -> str:
    if row.status != FileImport.Status.DONE:
        return "–"
    return _("%(added)d new, %(there)d already there, %(refused)d refused") % {
        "added": row.added,
        "there": row.already_there,
        "refused": row.refused,
    }


@admin.register(FileImport)
class FileImportAdmin(ScopedAdmin):
    searches = True
    finds_in = ("name", "source", "status")
    gate = staticmethod(page_access.office)
    columns = (
        Column(
            gettext_lazy("Uploaded"),
            lambda r: r.uploaded_at,
            ("uploaded_at",),
            "ok-nowrap",
        ),
        Column(gettext_lazy("File"), lambda r: r.name, css="ok-wide"),
        Column(gettext_lazy("Source"), lambda r: r.source),
        Column(gettext_lazy("By"), lambda r: or_dash(r.uploaded_by)),
        Column(gettext_lazy("Run"), _kind),
        Column(gettext_lazy("Status"), _status, css="ok-nowrap"),
        Column(gettext_lazy("Result"), _came_of_it, css="ok-wide"),
    )
    filters = (
        Choice.of("status", gettext_lazy("Status"), FileImport.Status),
        Dates("uploaded", gettext_lazy("Uploaded"), "uploaded_at__date"),
    )
    order = ("-uploaded_at", "-pk")
    detail_template = "admin_ui/import_run.html"
    empty = gettext_lazy(
        "No file was brought yet. The imports of the office stand here with their result: upload a file."
    )

    def listing(self, request: HttpRequest) -> Listing:
        listing = super().listing(request)
        listing.rows = listing.rows.select_related("uploaded_by").defer("report", "remarks")
        return listing

    def buttons(self, request: HttpRequest) -> Sequence[Mapping[str, object]]:
        return [{"title": _("Upload a file"), "url": reverse("admin:import"), "icon": "upload_file"}]

    def more_urls(self) -> list[URLPattern]:
        return [
            self.route("<uuid:key>/say/", require_POST(self.say_view), "say"),
            self.route("<uuid:key>/report/", self.report_view, "report"),
        ]

    def details(self, request: HttpRequest, row: FileImport) -> dict[str, object]:
        may_start = bool(row.file) and not row.is_open
        has_ended = row.status in (FileImport.Status.FAILED, FileImport.Status.STOPPED)
        return {
            "status": _status(row),
            "kind": _kind(row),
            "follow": FOLLOWED_SECONDS if row.is_open else 0,
            "is_writing": row.rows_written > 0 and not row.is_dry_run,
            "is_without_worker": row.status == FileImport.Status.WAITING and not worker_lives(),
            "can_run_again": may_start and has_ended,
            "can_go_on": may_start
            and row.status == FileImport.Status.DONE
            and not row.is_written
            and row.added > 0,
            "more": max(0, row.refused - len(row.remarks)),
            "unrouted": reverse("admin:complaints_complaint_changelist") + "?tab=unrouted",
        }

    def say_view(self, request: StaffRequest, key: UUID) -> HttpResponse:
        """Stop, repeat or finalise the import. An action that is no longer possible is reported; none is done
        twice."""
        by, verb = request.user, request.POST.get("verb")
        try:
            with scope.authorized(Action.CHANGE, FileImport, key) as row:
                if verb == "stop":
                    importing.stop_import(row, by=by)
                elif verb == "again":
                    importing.start_import(
                        row,
                        for_good=not row.is_dry_run,
                        skip_refused=row.skips_refused,
                        by=by,
                    )
                elif verb == "import":
                    skip = "skip" in request.POST
                    importing.start_import(row, for_good=True, skip_refused=skip, by=by)
        except DomainError as error:
            if error.code == ErrorCode.NOT_FOUND:
                raise
            messages.warning(request, str(error))
        return HttpResponseRedirect(self.url("change", key))

    def report_view(self, request: HttpRequest, key: UUID) -> HttpResponse:
        """Every row with what became of it, as a table for Excel."""
        row = self.get_object(request, str(key))
        if not row.report:
            raise scope.not_found()
        answer = HttpResponse("\ufeff" + row.report, content_type="text/csv; charset=utf-8")
        answer["Content-Disposition"] = 'attachment; filename="rapor.csv"'
        answer["Cache-Control"] = "no-store"
        return answer
