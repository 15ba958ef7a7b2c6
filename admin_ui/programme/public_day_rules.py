"""When the halk günü of each programme takes place: one rule at a time, from a day on."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from admin_ui.core import page_access
from admin_ui.core.fields import ClockField, DayField, PrincipalField
from admin_ui.core.forms import OfficeForm
from admin_ui.core.page_access import StaffRequest
from admin_ui.core.screen import page
from backend.core.errors import DomainError
from backend.core.localtime import today
from backend.programme import actions
from backend.programme.choices import Weekday
from backend.programme.models import Principal, PublicDayRule
from permissions.core import scope


def may_change() -> bool:
    return page_access.holds(PublicDayRule, scope.Action.CHANGE)


class RuleForm(OfficeForm):
    """The parameters of `set_public_day`, by the same names."""

    principal = PrincipalField(label=gettext_lazy("Whose public day?"))
    weekday = forms.TypedChoiceField(
        label=gettext_lazy("Weekday"), choices=Weekday.choices, coerce=int, initial=Weekday.THURSDAY
    )
    starts = ClockField(label=gettext_lazy("Begins"))
    ends = ClockField(label=gettext_lazy("Ends"))
    slot_minutes = forms.IntegerField(
        label=gettext_lazy("Minutes for each"), min_value=1, max_value=240, initial=10
    )
    capacity = forms.IntegerField(label=gettext_lazy("People at most"), min_value=1, max_value=1000)
    place = forms.CharField(label=gettext_lazy("Place"), max_length=200, required=False)
    valid_from = DayField(
        label=gettext_lazy("From day"),
        initial=today,
        help_text=gettext_lazy("A rule before it ends the day before; sessions that exist stay."),
    )


def rules(request: StaffRequest) -> HttpResponse:
    """What holds now and later, and a form for what shall hold; `end` ends a rule today."""
    if not may_change():
        raise scope.not_found()
    form = RuleForm(request.POST if request.method == "POST" and "end" not in request.POST else None)
    try:
        if request.method == "POST" and "end" in request.POST:
            _end(request)
            return HttpResponseRedirect(request.path)
        if form.is_bound and form.is_valid():
            _set(request, dict(form.cleaned_data))
            return HttpResponseRedirect(request.path)
    except DomainError as error:
        form.refuse(error) if form.is_bound else messages.error(request, str(error))
    rows = scope.visible(PublicDayRule).select_related("principal")
    rows = rows.exclude(valid_until__lt=today()).order_by("principal__position", "valid_from")
    context = {
        "title": _("Rules of the public days"),
        "parents": [(_("Public days"), reverse("admin:appointments_publicdaysession_changelist"))],
        "form": form,
        "rules": rows,
    }
    return page(admin.site, request, "admin_ui/public_day_rules.html", context)


def _set(request: StaffRequest, values: dict[str, Any]) -> None:
    key = values.pop("principal").key
    with scope.authorized(scope.Action.CHANGE, Principal, key, field="principal") as principal:
        actions.set_public_day(principal, by=request.user, **values)
    messages.success(request, _("The rule is set. Now make the sessions."))


def _end(request: StaffRequest) -> None:
    with scope.authorized(scope.Action.CHANGE, PublicDayRule, request.POST["end"]) as rule:
        actions.end_public_day(rule, by=request.user)
    messages.success(request, _("The rule has ended; sessions that exist stay."))
