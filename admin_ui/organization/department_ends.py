"""A department gets a new name, its DETSİS number, or closes into another, what moves along being shown first."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from admin_ui.core import page_access
from admin_ui.core.fields import DayField, DepartmentField
from admin_ui.core.forms import OfficeForm
from admin_ui.core.screen import page
from backend.core.localtime import today
from backend.organization import actions
from backend.organization.models import Department
from permissions.core import scope
from permissions.core.filters import Action
from permissions.organization import departments

End = Callable[..., Department]


class RenameForm(OfficeForm):
    name = forms.CharField(label=gettext_lazy("New name"), max_length=160)
    short_name = forms.CharField(
        label=gettext_lazy("New short name"),
        max_length=80,
        required=False,
        help_text=gettext_lazy("Empty: the whole name."),
    )
    on = DayField(
        label=gettext_lazy("From"),
        help_text=gettext_lazy("The first day of the new name, at the latest today."),
    )


class CloseForm(OfficeForm):
    successor = DepartmentField(label=gettext_lazy("Successor"))
    last_day = DayField(
        label=gettext_lazy("Last day"), help_text=gettext_lazy("At the latest yesterday: it ends with it.")
    )


class DetsisForm(OfficeForm):
    detsis = forms.CharField(
        label=gettext_lazy("DETSİS number"),
        max_length=8,
        required=False,
        help_text=gettext_lazy("Eight digits, as DETSİS names the unit."),
    )


def buttons(row: Department) -> list[dict[str, object]]:
    """Renaming and closing, for who may, as long as the department exists."""
    if row.valid_to is not None or not page_access.holds(Department, Action.CHANGE):
        return []
    return [
        {"title": _("DETSİS number"), "url": _url("detsis", row.key), "icon": "tag"},
        {"title": _("Rename"), "url": _url("rename", row.key), "icon": "edit"},
        {"title": _("Close"), "url": _url("close", row.key), "icon": "merge"},
    ]


def _url(name: str, key: uuid.UUID) -> str:
    return reverse(f"admin:organization_department_{name}", args=[key])


def rename(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """The new row's page afterwards; the old one keeps its name for what was written under it."""
    intro = _(
        "The old name stays on letters and applications that were written under it. From the first day of the new"
        " name on, people, open applications and categories belong to it."
    )
    form = RenameForm(request.POST or None, initial={"on": today()})
    text = _("The department bears its new name.")
    return _end(request, key, form, actions.rename, _("Rename"), intro, text, moves=True)


def close(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    intro = _(
        "From the day after the last one, the successor has its open applications, and its people work there."
        " Nothing is deleted."
    )
    form = CloseForm(request.POST or None)
    text = _("The department is closed.")
    return _end(request, key, form, actions.close_into, _("Close"), intro, text, moves=True)


def detsis(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    intro = _("It stands in the number (sayı) of the letters that this unit signs by hand.")
    form = DetsisForm(request.POST or None, initial={"detsis": scope.get(Department, key).detsis})
    text = _("The DETSİS number is recorded.")
    return _end(request, key, form, actions.record_detsis, _("DETSİS number"), intro, text)


def _end(
    request: HttpRequest,
    key: uuid.UUID,
    form: OfficeForm,
    act: End,
    title: str,
    intro: str,
    text: str,
    moves: bool = False,
) -> HttpResponse:
    if not page_access.holds(Department, Action.CHANGE):
        raise scope.not_found()
    row = scope.get(Department, key)
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            with scope.authorized(Action.CHANGE, Department, key) as locked:
                after = act(locked, by=request.user, **form.cleaned_data)
            messages.success(request, text)
            return HttpResponseRedirect(_url("change", after.key))
    context = {
        "title": title,
        "parents": [
            (_("Departments"), reverse("admin:organization_department_changelist")),
            (row.name, _url("change", row.key)),
        ],
        "row": row,
        "intro": intro,
        "form": form,
        "submit": title,
        "moves": departments.hanging_on(row) if moves else None,
    }
    return page(admin.site, request, "admin_ui/department_end.html", context)
