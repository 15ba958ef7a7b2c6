"""Import of an .ics file into a programme: a preview first, then exactly that file.

In between the page itself holds the file (`signed_upload`), since it is a personal calendar.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from admin_ui.core.fields import model_choice
from admin_ui.core.forms import OfficeForm
from admin_ui.core.page_access import StaffRequest
from admin_ui.core.screen import page
from admin_ui.core.signed_upload import held, hold
from backend.calendars.importing import Report, Verdict, bring_in
from backend.calendars.reading import MOST_BYTES
from backend.core.errors import DomainError
from backend.programme.choices import Kind
from backend.programme.models import Principal, PrincipalQuerySet
from permissions.core import scope
from permissions.core.filters import Action

SALT = "calendar.import"
SHOWN = 200
KINDS = [(kind.value, kind.label) for kind in Kind if kind is not Kind.PUBLIC_DAY]


class FileForm(OfficeForm):
    principal = forms.ModelChoiceField(
        label=gettext_lazy("Into whose programme"),
        queryset=Principal.objects.none(),
        to_field_name="key",
        empty_label=None,
    )
    kind = forms.ChoiceField(label=gettext_lazy("As what"), choices=KINDS, initial=Kind.MEETING)
    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy(
            "An .ics file from another calendar: what lies between today and a year from now is read."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        model_choice(self, "principal").queryset = kept()


def kept() -> PrincipalQuerySet:
    """The programmes into which the viewer may enter something."""
    rows = Principal.objects.filter(is_active=True, pk__in=scope.current_viewer().kept)
    return rows.in_order()


def may_import() -> bool:
    return bool(scope.current_viewer().kept)


def upload(request: StaffRequest) -> HttpResponse:
    """Upload: what would happen, and nothing of it. Confirm: the same file for good."""
    if not may_import():
        raise scope.not_found()
    form = FileForm(request.POST or None, request.FILES or None)
    context: dict[str, object] = {"title": _("Import a calendar"), "form": form}
    if ticket := request.POST.get("ticket"):
        context |= _confirm(request, ticket)
    elif request.method == "POST" and form.is_valid():
        context |= _look(request, form)
    return page(admin.site, request, "admin_ui/calendar_import.html", context)


def _look(request: StaffRequest, form: FileForm) -> dict[str, object]:
    principal, kind = form.cleaned_data["principal"], form.cleaned_data["kind"]
    try:
        data = form.cleaned_data["file"].read(MOST_BYTES + 1)
        with scope.authorized_to_create(Action.PLAN, Principal, principal.key, field="principal") as row:
            report = bring_in(row, data, by=request.user, kind=kind, dry_run=True)
        ticket = hold(SALT, request.user, data, str(principal.key), kind)
    except DomainError as error:
        form.refuse(error)
        return {}
    return {**_shown(report, principal), "ticket": ticket if report.to_do else ""}


def _confirm(request: StaffRequest, ticket: str) -> dict[str, object]:
    if (result := held(SALT, request.user, ticket)) is None:
        return {"gone": True}
    data, (key, kind) = result
    try:
        with scope.authorized_to_create(Action.PLAN, Principal, key, field="principal") as row:
            report = bring_in(row, data, by=request.user, kind=kind)
    except DomainError as error:
        return {"refusal": str(error)}
    return {**_shown(report, row), "form": None}


def _shown(report: Report, principal: Principal) -> dict[str, object]:
    """The report: what needs a look first, of each at most so many."""
    last = (Verdict.NEW, Verdict.KNOWN)
    rows = sorted(report.rows, key=lambda row: (row.verdict in last, not row.note))
    return {
        "report": report,
        "principal": principal,
        "counts": report.counts(),
        "rows": rows[:SHOWN],
        "more": max(0, len(rows) - SHOWN),
    }
