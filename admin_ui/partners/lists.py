"""Lists of partners: who is on one today, members and rule, and the same as a table for the printer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from admin_ui.contacts.picker import PartyField
from admin_ui.core import page_access
from admin_ui.core.actions import ActionAdmin, steps_of
from admin_ui.core.display import badge, or_dash
from admin_ui.core.fields import model_choice
from admin_ui.core.forms import ActionForm, OfficeForm
from admin_ui.core.listing import Column, Tab
from admin_ui.core.screen import page
from admin_ui.partners.forms import TagsField
from backend.contacts.models import Citizen
from backend.core.localtime import local_date
from backend.organization.models import Department, User
from backend.partners import lists as actions
from backend.partners.choices import Kind, ListStatus, RoleKind
from backend.partners.lists import Recipient
from backend.partners.models import ContactList, ListMember, Organisation, Role
from backend.partners.moves import ListVerb, contact_list_action
from permissions.core import scope
from permissions.core.filters import Action
from permissions.partners import access as partners

SHOWN = 500


class ListFields(forms.Form):
    title = forms.CharField(label=gettext_lazy("Heading"), max_length=120)
    note = forms.CharField(label=gettext_lazy("What is it for?"), max_length=300, required=False)
    department = forms.ModelChoiceField(
        label=gettext_lazy("Department that uses it"),
        queryset=Department.objects.all(),
        to_field_name="code",
        required=False,
        empty_label=gettext_lazy("the private office only"),
    )
    kinds = forms.MultipleChoiceField(
        label=gettext_lazy("By rule: kinds of organisations"),
        choices=Kind.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    tags = TagsField(label=gettext_lazy("By rule: with one of these tags"))
    role_kinds = forms.MultipleChoiceField(
        label=gettext_lazy("By rule: the people who are this there"),
        choices=RoleKind.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Without one the organisations themselves are on the list."),
    )

    def offer_departments(self) -> None:
        field = model_choice(self, "department")
        field.queryset = Department.objects.open().in_order()


class NewListForm(ListFields, OfficeForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer_departments()


class CorrectListForm(ListFields, ActionForm):
    def starting(self, row: ContactList) -> dict[str, object]:
        values = {name: getattr(row, name) for name in ListFields.base_fields}
        return values | {"department": row.department.code if row.department else ""}

    def prepare(self, contacts: ContactList) -> None:
        self.offer_departments()


class EntryForm(ActionForm):
    """An organisation, or a person: in their role where they have one, and in which of several is asked."""

    name = PartyField(label=gettext_lazy("Organisation or person"), required=True)
    role = forms.CharField(label=gettext_lazy("In which role?"), required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, object]:
        result = super().clean() or self.cleaned_data
        if isinstance(person := result.get("name"), Citizen):
            result["role"] = self._role_of(person)
        return result

    def _role_of(self, person: Citizen) -> Role | None:
        rows = scope.visible(Role.objects.current()).filter(person=person)
        roles = list(rows.select_related("organisation").order_by("organisation__name_sort", "pk"))
        if len(roles) < 2:
            return roles[0] if roles else None
        sent = str(self.data.get("role", ""))
        chosen = next((one for one in roles if str(one.key) == sent), None)
        if chosen is None:
            words = [(str(one.key), f"{one.title} · {one.organisation.title}") for one in roles]
            self.fields["role"].widget = forms.RadioSelect(choices=words)
            self.add_error("role", _("They have several roles. Choose one."))
        return chosen

    def values(self) -> dict[str, object]:
        row, role = self.cleaned_data["name"], self.cleaned_data.get("role")
        if isinstance(row, Organisation):
            return {"organisation": row}
        return {"role": role} if role else {"person": row}


class RemoveForm(ActionForm):
    member = forms.ModelChoiceField(
        label=gettext_lazy("Which one?"), queryset=ListMember.objects.none(), to_field_name="key"
    )

    def prepare(self, row: ContactList) -> None:
        field = model_choice(self, "member")
        rows = scope.visible(ListMember).filter(contact_list=row)
        field.queryset = rows.select_related("organisation", "role", "person")


def may_see() -> bool:
    return page_access.sees_some(ContactList)


@admin.register(ContactList)
class ContactListAdmin(ActionAdmin[ContactList]):
    searches = True
    finds_in = ("title", "note", "department__short_name")
    gate = staticmethod(may_see)
    detail_template = "admin_ui/contact_list.html"
    columns = (
        Column(gettext_lazy("Heading"), lambda r: r.title, ("title_sort",), "ok-wide"),
        Column(gettext_lazy("What it is for"), lambda r: or_dash(r.note)),
        Column(
            gettext_lazy("Department that uses it"),
            lambda r: r.department.short_name if r.department else _("Private office"),
        ),
        Column(gettext_lazy("Made"), lambda r: local_date(r.created_at), ("created_at",), "ok-nowrap"),
    )
    tabs = (
        Tab("use", gettext_lazy("In use"), lambda rows: rows.filter(status=ListStatus.IN_USE)),
        Tab("all", gettext_lazy("All"), lambda rows: rows, is_everything=True),
    )
    order = ("title_sort", "pk")
    empty = gettext_lazy(
        "No list was made yet. Lists name whom invitations and letters go to, by hand or by rule: all chairs of"
        " associations, all school heads. Make the first one."
    )
    page_relations = ("department", "created_by")
    steps = steps_of(
        contact_list_action,
        {
            ListVerb.ADD: EntryForm,
            ListVerb.CORRECT: CorrectListForm,
            ListVerb.LEAVE_OUT: EntryForm,
            ListVerb.REMOVE: RemoveForm,
        },
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[ContactList]:
        return scope.visible(ContactList).select_related("department")

    def buttons(self, request: HttpRequest) -> Sequence[Mapping[str, object]]:
        if not page_access.holds(ContactList, Action.REGISTER):
            return []
        return [{"title": _("Make a list"), "url": self.url("new"), "icon": "playlist_add"}]

    def more_urls(self) -> list[URLPattern]:
        return [
            self.route("new/", new, "new"),
        ]

    def details(self, request: HttpRequest, row: ContactList) -> dict[str, object]:
        left_out = scope.visible(ListMember).filter(contact_list=row, is_left_out=True)
        recipients = partners.on_list(row, SHOWN + 1)
        return {
            "title": row.title,
            "status": badge(row.get_status_display(), "green" if row.status == "IN_USE" else "grey"),
            "recipients": recipients[:SHOWN],
            "shown": SHOWN if len(recipients) > SHOWN else 0,
            "left_out": [str(one) for one in left_out.select_related("organisation", "role", "person")],
            "kinds": [Kind(kind).label for kind in row.kinds],
            "role_kinds": [RoleKind(kind).label for kind in row.role_kinds],
        }


def address_of(one: Recipient) -> str:
    """Where a letter reaches them: at the organisation, else at home."""
    where = one.organisation
    return where.address if where else one.person.address if one.person else ""


def new(request: HttpRequest) -> HttpResponse:
    """Make a list."""
    page_access.require(ContactList, Action.REGISTER)
    form = NewListForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            with scope.elevated_for(ContactList, Action.REGISTER):
                row = actions.make(by=cast(User, request.user), **form.cleaned_data)
            messages.success(request, _("“%(title)s” is made.") % {"title": row.title})
            return HttpResponseRedirect(reverse("admin:partners_contactlist_change", args=[row.key]))
    context = {
        "title": _("Make a list"),
        "parents": [(_("Lists"), reverse("admin:partners_contactlist_changelist"))],
        "form": form,
        "submit": _("Make the list"),
    }
    return page(admin.site, request, "admin_ui/form.html", context)
