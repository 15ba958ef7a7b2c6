"""The user's own exports: progress, stop, download."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.defaultfilters import filesizeformat
from django.urls import URLPattern
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from admin_ui.core import exporting
from admin_ui.core.dates import day_text, moment_text
from admin_ui.core.display import badge
from admin_ui.core.listing import Column
from admin_ui.core.page_access import StaffRequest
from admin_ui.core.screen import ScopedAdmin
from backend.core.errors import DomainError, ErrorCode
from backend.core.operation.worker import worker_lives
from backend.documents.table_writer import number
from backend.exports import actions
from backend.exports.jobs import KEPT
from backend.exports.models import Export
from permissions.core import scope
from permissions.core.filters import Action
from permissions.exports import access

FOLLOWED_SECONDS = 2
TONES = {
    Export.Status.WAITING: "orange",
    Export.Status.RUNNING: "blue",
    Export.Status.DONE: "green",
    Export.Status.FAILED: "red",
    Export.Status.STOPPED: "grey",
}


def _status(row: Export) -> str:
    text = _("No answer") if row.is_silent else row.get_status_display()
    return badge(text, "red" if row.is_silent else TONES[Export.Status(row.status)])


def _file(row: Export) -> str:
    if row.status != Export.Status.DONE:
        return "–"
    url = ExportAdmin.file_url(row)
    return format_html(
        '<a class="ok-link" href="{}" download>{}</a> ({})', url, _("Download"), filesizeformat(row.size)
    )


@admin.register(Export)
class ExportAdmin(ScopedAdmin):
    searches = True
    finds_in = ("title", "format", "name")
    can_be_exported = False
    columns = (
        Column(
            gettext_lazy("Asked for"),
            lambda r: r.asked_at,
            ("asked_at",),
            "ok-nowrap",
        ),
        Column(gettext_lazy("List"), lambda r: r.title, css="ok-wide"),
        Column(gettext_lazy("Format"), lambda r: r.get_format_display()),
        Column(
            gettext_lazy("Number of rows"),
            lambda r: number(r.rows_total) if r.status == Export.Status.DONE else "–",
            css="ok-number",
        ),
        Column(gettext_lazy("Status"), _status, css="ok-nowrap"),
        Column(gettext_lazy("File"), _file, css="ok-nowrap"),
    )
    order = ("-asked_at", "-pk")
    detail_template = "admin_ui/export.html"
    intro = gettext_lazy(
        "The lists that you took along as files. Only you see them; a week after it was made an export is deleted."
    )
    empty = gettext_lazy(
        "You have exported nothing yet. Above every list there is “Export”: it makes a file of all rows that the"
        " list shows you."
    )

    @staticmethod
    def file_url(row: Export) -> str:
        screen: Any = admin.site._registry[Export]
        return str(screen.url("file", row.key))

    def get_queryset(self, request: HttpRequest) -> QuerySet[Export]:
        return scope.visible(Export).defer("asked", "row_keys")

    def more_urls(self) -> list[URLPattern]:
        return [
            self.route("<uuid:key>/file/", self.file_view, "file"),
            self.route("<uuid:key>/stop/", require_POST(self.stop_view), "stop"),
        ]

    def details(self, request: HttpRequest, row: Export) -> dict[str, object]:
        return {
            "status": _status(row),
            "follow": FOLLOWED_SECONDS if row.is_open else 0,
            "written": number(row.rows_written),
            "total": None if row.rows_total is None else number(row.rows_total),
            "file_url": self.url("file", row.key) if row.status == Export.Status.DONE else "",
            "asked_at": moment_text(row.asked_at),
            "until": day_text(row.ended_at + KEPT) if row.ended_at else "",
            "is_without_worker": row.status == Export.Status.WAITING and not worker_lives(),
        }

    def file_view(self, request: HttpRequest, key: UUID) -> HttpResponse:
        """The file, to be saved, for its owner alone, while they have the rights with which it was made and see its
        rows."""
        row = self.get_object(request, str(key))
        if row.status != Export.Status.DONE or not row.file:
            raise scope.not_found()
        try:
            access.require_theirs(row)
        except DomainError as refused:
            messages.error(request, str(refused))
            response = self.change_view(request, key)
            response.status_code = 403
            return response
        return exporting.answer(row)

    def stop_view(self, request: StaffRequest, key: UUID) -> HttpResponse:
        """Stop the export; one that has ended meanwhile is reported."""
        try:
            with scope.authorized(Action.CHANGE, Export, key) as row:
                actions.stop(row, by=request.user)
        except DomainError as error:
            if error.code == ErrorCode.NOT_FOUND:
                raise
            messages.warning(request, str(error))
        return HttpResponseRedirect(self.url("change", key))
