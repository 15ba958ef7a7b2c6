"""Partners from a file: what would happen, row by row, then the same file for good."""

from __future__ import annotations

import io
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from admin_ui.core import page_access
from admin_ui.core.forms import OfficeForm
from admin_ui.core.page_access import StaffRequest
from admin_ui.core.screen import page
from admin_ui.core.signed_upload import content_of, held, hold
from backend.core.errors import DomainError, ErrorCode
from backend.partners.models import Organisation
from permissions.core.filters import Action
from permissions.partners import access as partners

SALT = "admin_ui.partners.importing"
SHOWN = 300


class FileForm(OfficeForm):
    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy(
            "CSV or Excel. “Kurum adı” is needed; known are Kısa ad, Tür, Telefon, E-posta, Web, Adres, İl, Ülke, Dil,"
            " Etiketler, Not, and of a person Ad, Soyad, Akademik unvan, Görev, Görev türü, Hitap, Cep telefonu, Kişi"
            " e-postası, Başlangıç."
        ),
    )


def show(request: StaffRequest) -> HttpResponse:
    """The form; with a file what would happen; with the ticket of that page, for good."""
    page_access.require(Organisation, Action.REGISTER)
    form = FileForm(request.POST or None, request.FILES or None)
    if request.method != "POST":
        return _page(request, FileForm())
    if ticket := request.POST.get("ticket"):
        return _for_good(request, ticket)
    if not form.is_valid():
        return _page(request, form)
    file = form.cleaned_data["file"]
    try:
        data = content_of(file)
        report = partners.bring(io.BytesIO(data), by=request.user, dry_run=True)
        ticket = "" if report.problems else hold(SALT, request.user, data)
    except DomainError as error:
        if error.code == ErrorCode.FORBIDDEN:
            raise
        form.refuse(error)
        return _page(request, form)
    return _page(request, FileForm(), report=report, ticket=ticket, name=file.name)


def _for_good(request: StaffRequest, ticket: str) -> HttpResponse:
    kept = held(SALT, request.user, ticket)
    if kept is None:
        messages.error(request, _("That preview is too old. Choose the file again."))
        return HttpResponseRedirect(reverse("admin:partners_organisation_import"))
    report = partners.bring(io.BytesIO(kept[0]), by=request.user, dry_run=False)
    if report.problems:
        return _page(request, FileForm(), report=report)
    values = {
        "organisations": report.new_organisations,
        "people": report.new_people,
        "roles": report.new_roles,
    }
    text = _("Recorded: %(organisations)s organisations, %(people)s people, %(roles)s roles.")
    messages.success(request, text % values)
    return HttpResponseRedirect(reverse("admin:partners_organisation_changelist"))


def _page(request: HttpRequest, form: FileForm, **more: Any) -> HttpResponse:
    report = more.get("report")
    context = {
        "title": _("Bring partners from a file"),
        "parents": [(_("Organisations"), reverse("admin:partners_organisation_changelist"))],
        "form": form,
        "shown": report.rows[:SHOWN] if report else [],
        "more": max(0, len(report.rows) - SHOWN) if report else 0,
        **more,
    }
    return page(admin.site, request, "admin_ui/partner_import.html", context)
