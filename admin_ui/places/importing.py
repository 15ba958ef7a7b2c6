"""Bringing addresses and outlines into the register: first what would change, then the same file for good."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from admin_ui.core import page_access
from admin_ui.core.display import badge, or_dash
from admin_ui.core.forms import OfficeForm
from admin_ui.core.listing import Column, Tab
from admin_ui.core.page_access import StaffRequest
from admin_ui.core.screen import ScopedAdmin, page
from backend.core.errors import DomainError, ErrorCode
from backend.core.operation.worker import worker_lives
from backend.places.importing import runs
from backend.places.importing.writing import OF_BOUNDARIES, OF_DOORS, OF_LANDMARKS, OF_STREETS
from backend.places.models import RegisterImport
from permissions.core import scope
from permissions.core.scope import Action

FOLLOWED_SECONDS = 2
TONES = {"WAITING": "orange", "RUNNING": "blue", "DONE": "green", "FAILED": "red", "STOPPED": "grey"}
WHAT = {
    OF_STREETS: gettext_lazy("Streets"),
    OF_DOORS: gettext_lazy("Doors"),
    OF_LANDMARKS: gettext_lazy("Landmarks"),
    OF_BOUNDARIES: gettext_lazy("Boundaries of neighbourhoods"),
}


class UploadForm(OfficeForm):
    kind = forms.ChoiceField(
        label=gettext_lazy("What the file holds"),
        choices=RegisterImport.Kind.choices,
        widget=forms.RadioSelect,
        initial=RegisterImport.Kind.ADDRESSES,
    )
    source = forms.CharField(
        label=gettext_lazy("Source"),
        max_length=120,
        help_text=gettext_lazy("Where the data comes from, such as “MAKS, mart 2027”."),
    )
    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy(
            "A table with headings such as MAHALLE_ADI, CSBM_KODU, CSBM_ADI, DIS_KAPI_NO, ENLEM and"
            " BOYLAM, for landmarks AD, TUR, MAHALLE, ENLEM and BOYLAM; or GeoJSON with the name of the"
            " neighbourhood at each outline, or with points of landmarks. Degrees are WGS 84."
        ),
    )


def upload(request: StaffRequest) -> HttpResponse:
    """The form. A file that is taken leads to its own page."""
    page_access.require(RegisterImport, Action.REGISTER)
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        cleaned = form.cleaned_data
        with form.refusals():
            with scope.elevated_for(RegisterImport, Action.REGISTER):
                row = runs.bring(
                    cleaned["file"],
                    name=cleaned["file"].name,
                    kind=cleaned["kind"],
                    source=cleaned["source"],
                    by=request.user,
                )
            return HttpResponseRedirect(reverse("admin:places_registerimport_change", args=[row.key]))
    context = {
        "title": _("Import streets, doors, landmarks and boundaries"),
        "parents": [(_("Streets"), reverse("admin:places_street_changelist"))],
        "form": form,
        "submit": _("Look at the file"),
        "intro": _(
            "First the file is only looked at: what would be new and what would change. What is not in the file stays"
            " as it is; a second import of the same file changes nothing."
        ),
    }
    return page(admin.site, request, "admin_ui/form.html", context)


def _status(row: RegisterImport) -> str:
    text = _("No answer") if row.is_silent else row.get_status_display()
    return badge(text, "red" if row.is_silent else TONES[row.status])


def _result(row: RegisterImport) -> str:
    if row.status != RegisterImport.Status.DONE:
        return "–"
    return _("%(changed)d new or changed, %(refused)d refused") % {
        "changed": row.changed,
        "refused": row.refused,
    }


def _kind(row: RegisterImport) -> str:
    return _("dry run") if row.is_dry_run else _("for good")


@admin.register(RegisterImport)
class RegisterImportAdmin(ScopedAdmin):
    gate = page_access.members
    searches = True
    finds_in = ("name", "source", "status")
    columns = (
        Column(gettext_lazy("Uploaded"), lambda r: r.uploaded_at, ("uploaded_at",), "ok-nowrap"),
        Column(gettext_lazy("File"), lambda r: r.name, css="ok-wide"),
        Column(gettext_lazy("What the file holds"), lambda r: r.get_kind_display()),
        Column(gettext_lazy("Source"), lambda r: r.source),
        Column(gettext_lazy("By"), lambda r: or_dash(r.uploaded_by)),
        Column(gettext_lazy("Run"), _kind),
        Column(gettext_lazy("Status"), lambda r: r.get_status_display(), css="ok-nowrap", html=_status),
        Column(gettext_lazy("Result"), _result, css="ok-wide"),
    )
    tabs = (Tab("all", gettext_lazy("All"), lambda rows: rows, is_everything=True),)
    order = ("-uploaded_at", "-pk")
    detail_template = "admin_ui/places_import.html"
    empty = gettext_lazy("No file was brought into the register of places yet. Administrators upload one.")

    def get_queryset(self, request: HttpRequest) -> QuerySet[RegisterImport]:
        return scope.visible(RegisterImport).select_related("uploaded_by")

    def buttons(self, request: HttpRequest) -> Sequence[Mapping[str, object]]:
        if not page_access.holds(RegisterImport, Action.REGISTER):
            return []
        return [{"title": _("Upload a file"), "url": reverse("admin:places_import"), "icon": "upload_file"}]

    def more_urls(self) -> list[URLPattern]:
        return [self.route("<uuid:key>/say/", require_POST(self.say_view), "say")]

    def details(self, request: HttpRequest, row: RegisterImport) -> dict[str, object]:
        may = page_access.holds(RegisterImport, Action.CHANGE)
        may_start = may and bool(row.file) and not row.is_open
        return {
            "status": _status(row),
            "kind": _kind(row),
            "follow": FOLLOWED_SECONDS if row.is_open else 0,
            "may_stop": may and row.is_open,
            "is_without_worker": row.status == RegisterImport.Status.WAITING and not worker_lives(),
            "can_run_again": may_start and row.status in ("FAILED", "STOPPED"),
            "can_go_on": may_start and row.status == "DONE" and not row.is_written and row.changed > 0,
            "counts": [
                (WHAT[what], row.counts[what], self._examples(row, what))
                for what in WHAT
                if what in row.counts
            ],
            "more": max(0, row.refused - len(row.remarks)),
            "streets": reverse("admin:places_street_changelist"),
        }

    def _examples(self, row: RegisterImport, what: str) -> list[str]:
        return [*row.examples.get(f"{what} new", []), *row.examples.get(f"{what} changed", [])][:20]

    def say_view(self, request: StaffRequest, key: UUID) -> HttpResponse:
        """Stop, repeat or finalise the import. What is no longer possible is reported; nothing is done twice."""
        verb = request.POST.get("verb")
        try:
            with scope.authorized(Action.CHANGE, RegisterImport, key) as row:
                if verb == "stop":
                    runs.stop(row, by=request.user)
                elif verb in ("again", "import"):
                    for_good = verb == "import" or not row.is_dry_run
                    runs.start(row, for_good=for_good, by=request.user)
        except DomainError as error:
            if error.code == ErrorCode.NOT_FOUND:
                raise
            messages.warning(request, str(error))
        return HttpResponseRedirect(self.url("change", key))
