"""What is to be done on a case: the list on its page, and the lists of the categories."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy

from admin_ui.core import page_access
from admin_ui.core.display import yes_no
from admin_ui.core.forms import OfficeForm
from admin_ui.core.listing import Choice, Column, Tab
from admin_ui.core.page_access import StaffRequest
from admin_ui.core.panels import PAGES, panel
from admin_ui.core.screen import RegisterAdmin
from backend.complaints.models import ChecklistItem, ChecklistTemplateItem, Complaint
from backend.complaints.teamwork import checklist
from backend.complaints.teamwork.checklist import ChecklistVerb, checklist_action
from backend.complaints.teamwork.models import ItemStatus
from backend.core.errors import DomainError
from backend.organization.models import Category
from permissions.core import scope
from permissions.plans import querysets as plans

PLACE = "checklist"


# -- on the page of a case ----------------------------------------------------------------------------------------
def _shown_of(case: int) -> QuerySet[ChecklistItem]:
    seen = scope.visible(ChecklistItem.objects.shown()).filter(complaint=case)
    return scope.with_relations(seen.select_related("done_by")).order_by("position", "pk")


@panel("admin_ui/includes/checklist.html", "side", Complaint)
def checklist_of(complaint: Complaint) -> dict[str, object]:
    """The list of the case; nothing where its category asks for nothing."""
    rows = plans.rows("checklist", _shown_of, complaint.pk)
    if not rows:
        return {}
    return {
        "checklist": [(row, next(iter(scope.allowed_actions(row)), None)) for row in rows],
        "checklist_open": sum(row.status == ItemStatus.OPEN for row in rows),
        "checklist_missing": sum(row.status == ItemStatus.OPEN and row.is_required for row in rows),
        "checklist_url": reverse("admin:complaints_complaint_checklist", args=[complaint.key]),
    }


def tick(request: StaffRequest, key: UUID) -> HttpResponse:
    """Tick one item off, or take its tick off."""
    home = f"{reverse('admin:complaints_complaint_change', args=[key])}#{PLACE}"
    if request.method != "POST":
        return HttpResponseRedirect(home)
    verb = ChecklistVerb.UNTICK if request.POST.get("verb") == ChecklistVerb.UNTICK else ChecklistVerb.TICK
    version = request.POST.get("version", "")
    try:
        with scope.authorized(
            verb,
            ChecklistItem,
            request.POST.get("item", ""),
            version=int(version) if version.isdecimal() and len(version) < 9 else None,
        ) as row:
            checklist_action[verb].function(row, by=request.user)
    except DomainError as error:
        if error.field == "id":
            raise
        messages.error(request, str(error))
    return HttpResponseRedirect(home)


PAGES[Complaint].append(("<uuid:key>/checklist/", tick, "checklist"))


# -- the lists of the categories ----------------------------------------------------------------------------------
class ItemForm(OfficeForm):
    category = forms.ModelChoiceField(
        label=gettext_lazy("Category, or group of categories"),
        queryset=Category.objects.filter(is_active=True).order_by("name_sort", "id"),
        to_field_name="code",
        empty_label=gettext_lazy("Choose a category"),
    )
    text = forms.CharField(label=gettext_lazy("What is to be done"), max_length=200)
    is_required = forms.BooleanField(
        label=gettext_lazy("Has to be done before the reply is submitted"), required=False
    )
    position = forms.IntegerField(
        label=gettext_lazy("Its place among the others"), min_value=0, max_value=9999, initial=100
    )
    is_active = forms.BooleanField(label=gettext_lazy("In use"), required=False, initial=True)


@admin.register(ChecklistTemplateItem)
class ChecklistTemplateItemAdmin(RegisterAdmin):
    gate = page_access.members
    form_of, keep = ItemForm, staticmethod(checklist.save_template_item)
    kept = gettext_lazy("It is kept.")
    new_title, new_icon = gettext_lazy("Add an item"), "playlist_add"
    columns = (
        Column(gettext_lazy("Category"), lambda row: row.category.name, ("category__name_sort",)),
        Column(gettext_lazy("What is to be done"), lambda row: row.text, css="ok-wide"),
        Column(gettext_lazy("Before the reply"), lambda row: yes_no(row.is_required), css="ok-nowrap"),
        Column(gettext_lazy("In use"), lambda row: yes_no(row.is_active), css="ok-nowrap"),
    )
    tabs = (
        Tab("used", gettext_lazy("In use"), lambda rows: rows.filter(is_active=True)),
        Tab("all", gettext_lazy("All"), lambda rows: rows, is_everything=True),
    )
    filters = (
        Choice(
            "category",
            gettext_lazy("Category"),
            lambda: [(row.code, row.name) for row in Category.objects.order_by("name_sort", "id")],
            lambda rows, code: rows.filter(category__code=code),
        ),
    )
    order = ("category__name_sort", "position", "pk")
    related = ("category",)
    searches = True
    finds_in = ("text", "category__name")
    intro = gettext_lazy(
        "A new application gets the list of its category and of the group above it. Whoever works on it ticks the"
        " items off; what has to be done first is asked for when the reply is submitted."
    )
    empty = gettext_lazy(
        "No category has a list yet. Add what is to be done on each application of a subject, such as “Yerinde"
        " görüldü”."
    )
