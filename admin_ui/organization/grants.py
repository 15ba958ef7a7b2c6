"""All live permissions by department, granted and revoked through `permissions.core.grants`."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from admin_ui.core import page_access
from admin_ui.core.display import PERMISSIONS
from admin_ui.core.fields import DayField, DepartmentField, PersonField, whole_number
from admin_ui.core.forms import OfficeForm
from admin_ui.core.page_access import StaffRequest
from admin_ui.core.screen import ScopedAdmin, page
from backend.core.localtime import today
from backend.organization.models import Department, User
from permissions.core import grants, scope
from permissions.core.filters import Action
from permissions.core.viewer import HEAD, WORK
from permissions.models import DepartmentGrant

ACTING = "acting_head"


class GiveForm(OfficeForm):
    user = PersonField(label=gettext_lazy("Person"), programs=True)
    department = DepartmentField(label=gettext_lazy("Department"))
    permission = forms.ChoiceField(
        label=gettext_lazy("Permission"),
        widget=forms.RadioSelect,
        choices=[
            *PERMISSIONS.items(),
            (ACTING, gettext_lazy("Acts for the head (vekâlet), with both dates")),
        ],
    )
    valid_from = DayField(label=gettext_lazy("From"), required=False, help_text=gettext_lazy("Empty: today."))
    valid_until = DayField(
        label=gettext_lazy("Until"), required=False, help_text=gettext_lazy("Empty: without end.")
    )
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=200, required=False)

    def clean(self) -> dict[str, object]:
        result = super().clean() or {}
        if result.get("permission") == ACTING and not (
            result.get("valid_from") and result.get("valid_until")
        ):
            self.add_error("valid_until", _("An acting head needs the first and the last day."))
        return result


def give(values: dict[str, Any], by: User) -> None:
    """The one of the ways of giving that the form names."""
    user, department, permission = values["user"], values["department"], values["permission"]
    if permission == HEAD and not values["valid_from"] and not values["valid_until"]:
        grants.appoint_head(department, user, by=by)
    elif permission == ACTING:
        grants.appoint_acting_head(
            department,
            user,
            by=by,
            valid_from=values["valid_from"],
            valid_until=values["valid_until"],
            reason=values["reason"],
        )
    else:
        grants.give(
            user,
            permission,
            department,
            by=by,
            valid_from=values["valid_from"],
            valid_until=values["valid_until"],
            reason=values["reason"],
        )


@admin.register(DepartmentGrant)
class GrantAdmin(ScopedAdmin):
    can_be_exported = False  # a table of its own kind, not a list
    gate = staticmethod(page_access.managers)

    def more_urls(self) -> list[URLPattern]:
        return [self.route("give/", self.give_view, "give"), self.route("take/", self.take_view, "take")]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, object] | None = None
    ) -> HttpResponse:
        """Departments down, permissions across, in each cell the people with their dates."""
        rows = scope.visible(DepartmentGrant.dated.select_related("user", "permission"))
        now = today()
        held: dict[int, dict[str, list[DepartmentGrant]]] = defaultdict(lambda: defaultdict(list))
        for grant in rows.order_by("user__first_name", "user__last_name", "pk"):
            if grant.valid_until is None or grant.valid_until >= now:
                held[grant.content_object_id][grant.permission.codename].append(grant)
        departments = [
            (department, [(title, held[department.pk][codename]) for codename, title in PERMISSIONS.items()])
            for department in Department.objects.open().in_order()
        ]
        context = {
            "title": _("Who may what"),
            "departments": departments,
            "titles": PERMISSIONS.values(),
            "unheld": [
                title
                for codename, title in PERMISSIONS.items()
                if not any(held[department.pk][codename] for department, _cells in departments)
            ],
            "today": now,
            "buttons": [{"title": _("Give a permission"), "url": self.url("give"), "icon": "person_add"}],
            "can_take": page_access.holds(DepartmentGrant, Action.TAKE),
        }
        return page(self.admin_site, request, "admin_ui/grants.html", context)

    def give_view(self, request: StaffRequest) -> HttpResponse:
        initial = {"user": request.GET.get("user", ""), "permission": WORK}
        form = GiveForm(request.POST) if request.method == "POST" else GiveForm(initial=initial)
        if request.method == "POST" and form.is_valid():
            with form.refusals():
                with scope.elevated_for(DepartmentGrant, Action.GIVE):
                    give(form.cleaned_data, request.user)
                messages.success(request, _("The permission was granted. It counts from the next page on."))
                return HttpResponseRedirect(self.url("changelist"))
        context = {
            "title": _("Give a permission"),
            "parents": [(_("Who may what"), self.url("changelist"))],
            "form": form,
            "submit": _("Give"),
        }
        return page(self.admin_site, request, "admin_ui/form.html", context)

    def take_view(self, request: StaffRequest) -> HttpResponse:
        """Yesterday is the last day of a permission that is taken."""
        number = whole_number(request.POST.get("grant", ""))
        if request.method == "POST" and number is not None:
            with scope.elevated_for(DepartmentGrant, Action.TAKE):
                grant = DepartmentGrant.dated.select_related("user", "permission").filter(pk=number).first()
                if grant:
                    grants.take(grant, by=request.user, reason=request.POST.get("reason", "")[:200])
            messages.success(request, _("The permission was taken. It ends at once."))
        return HttpResponseRedirect(self.url("changelist"))
