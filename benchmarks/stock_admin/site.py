"""Django's admin as its documentation writes it; who may see which complaint is asked of guardian once a request."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.contrib.auth.forms import AuthenticationForm
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from guardian.shortcuts import get_objects_for_user

from backend.complaints.models import Complaint
from backend.contacts.models import Citizen
from backend.events.models import Event
from backend.letters.models import Letter
from backend.organization.models import Department
from backend.partners.models import Organisation
from permissions.core.viewer import HEAD, OVERSEE, WORK

if TYPE_CHECKING:
    ModelAdmin = admin.ModelAdmin[Any]
else:
    ModelAdmin = admin.ModelAdmin


class Site(admin.AdminSite):
    login_form = AuthenticationForm

    def has_permission(self, request: HttpRequest) -> bool:
        return request.user.is_active


class Rows(ModelAdmin):
    """Lists and forms for everybody who is signed in."""

    show_full_result_count = False
    list_per_page = 50

    def has_module_permission(self, request: HttpRequest) -> bool:
        return True

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    has_change_permission = has_view_permission


class ComplaintAdmin(Rows):
    list_display = (
        "reference",
        "subject",
        "status",
        "priority",
        "target_on",
        "category",
        "responsible_department",
    )
    list_filter = ("status", "priority", "channel")
    list_select_related = ("category", "responsible_department")
    search_fields = ("reference", "subject", "place")
    raw_id_fields = ("applicant", "on_behalf_of", "category", "neighbourhood")
    ordering = ("-registered_at", "-id")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Complaint]:
        held = [f"organization.{name}" for name in (WORK, HEAD, OVERSEE)]
        departments = list(
            get_objects_for_user(request.user, held, Department, any_perm=True, with_superuser=False)
        )
        rows: QuerySet[Complaint] = super().get_queryset(request)
        if any(department.is_private_office for department in departments):
            return rows
        keys = [department.pk for department in departments]
        return rows.filter(Q(responsible_department__in=keys) | Q(collaborators__overlap=keys))


class CitizenAdmin(Rows):
    list_display = ("first_name", "last_name", "phone", "email")
    search_fields = ("first_name", "last_name")
    raw_id_fields = ("merged_into",)


class LetterAdmin(Rows):
    list_display = ("subject", "kind", "status")
    search_fields = ("subject",)


class EventAdmin(Rows):
    list_display = ("title", "status")
    search_fields = ("title",)


class OrganisationAdmin(Rows):
    list_display = ("name",)
    search_fields = ("name",)


site = Site()
site.register(Complaint, ComplaintAdmin)
site.register(Citizen, CitizenAdmin)
site.register(Letter, LetterAdmin)
site.register(Event, EventAdmin)
site.register(Organisation, OrganisationAdmin)
