"""Citizens: who they are, what they brought, and the records that are the same person."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from admin_ui.contacts.picker import CitizenField
from admin_ui.core import page_access
from admin_ui.core.dates import day_text
from admin_ui.core.display import or_dash
from admin_ui.core.fields import DayField
from admin_ui.core.forms import ConfirmedForm, OfficeForm, text_area
from admin_ui.core.listing import Column, Listing
from admin_ui.core.lists.neighbourhoods import in_neighbourhood
from admin_ui.core.screen import ScopedAdmin, page
from backend.complaints.models import Complaint
from backend.contacts import actions
from backend.contacts.models import Citizen
from backend.core.errors import DomainError
from backend.core.localtime import local_date
from backend.core.validation import is_key
from backend.core.words.languages import Language
from backend.core.words.text import search_form
from backend.letters.models import Letter
from backend.organization.models import Neighbourhood, User
from backend.partners.models import Role
from backend.retention.models import SubjectRequest
from permissions.complaints import persons
from permissions.core import scope
from permissions.core.filters import Action
from permissions.letters import access as letters

SHOWN_TO_DEPARTMENTS = 200
"""Which persons a department sees is decided case by case: counting them all would cost a second."""


class CitizenForm(OfficeForm):
    """The facts of a person; only the name is required."""

    first_name = forms.CharField(label=gettext_lazy("Name"), max_length=80)
    last_name = forms.CharField(label=gettext_lazy("Surname"), max_length=80, required=False)
    title = forms.CharField(
        label=gettext_lazy("Academic or professional title"),
        max_length=40,
        required=False,
        help_text=gettext_lazy("Such as Prof. Dr. or Av."),
    )
    salutation = forms.CharField(
        label=gettext_lazy("Salutation"),
        max_length=120,
        required=False,
        help_text=gettext_lazy(
            "How letters and greetings begin to this person, such as “Sayın Hocam,”; before that of an office."
        ),
    )
    languages = forms.MultipleChoiceField(
        label=gettext_lazy("Languages"),
        choices=Language.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    phone = forms.CharField(label=gettext_lazy("Phone"), max_length=40, required=False)
    email = forms.CharField(label=gettext_lazy("E-mail"), max_length=254, required=False)
    neighbourhood = forms.ModelChoiceField(
        label=gettext_lazy("Neighbourhood"),
        queryset=Neighbourhood.objects.order_by("name_sort"),
        to_field_name="code",
        required=False,
        empty_label=gettext_lazy("none"),
    )
    address = forms.CharField(label=gettext_lazy("Address"), max_length=300, required=False)
    note = forms.CharField(label=gettext_lazy("Note"), max_length=300, widget=text_area(2), required=False)
    deceased_on = DayField(past=True, label=gettext_lazy("Deceased on"), required=False)

    @classmethod
    def of(cls, citizen: Citizen) -> CitizenForm:
        initial = {name: getattr(citizen, name) for name in cls.base_fields if name != "neighbourhood"}
        initial["neighbourhood"] = citizen.neighbourhood.code if citizen.neighbourhood else ""
        return cls(initial=initial)


class NationalIdForm(OfficeForm):
    national_id = forms.CharField(
        label=gettext_lazy("T.C. kimlik no"),
        max_length=20,
        required=False,
        help_text=gettext_lazy("Never required. Empty: forget the number that is kept."),
    )


class RevealForm(OfficeForm):
    purpose = forms.CharField(label=gettext_lazy("What is the number needed for?"), max_length=100)


class MergeForm(ConfirmedForm):
    other_field = "into"
    question = gettext_lazy("Are these the same person? The merge can be undone on this page.")
    into = CitizenField(label=gettext_lazy("The record that stays"), required=True)
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=200, required=False)


def search(rows: Any, text: str) -> Any:
    """By any spelling of a telephone number, by a T.C. kimlik no, or by the beginnings of the names."""
    digits = "".join(letter for letter in text if letter.isdigit())
    if len(digits) >= 5:
        for find in (actions.find_by_phone, actions.find_by_national_id):
            try:
                matches = rows.filter(pk__in=find(text).values("pk"))
            except DomainError:
                continue
            if matches.exists():
                return matches
        return rows.none()
    folded = search_form(text)
    return rows.filter(Q(name_fold__startswith=folded) | Q(name_fold__contains=f" {folded}"))


def roles_of(family: set[int]) -> list[Role]:
    """What a person is at organisations, as far as the viewer sees that; noted in the read log."""
    rows = scope.visible(Role).filter(person__in=family).select_related("organisation")
    matches = list(rows.order_by("-valid_from", "pk")[:50])
    scope.log_access([role.pk for role in matches], "admin: citizen", kind="partners.role")
    return matches


def _same_number(row: Citizen, family: set[int]) -> list[Citizen]:
    """Other records with this T.C. kimlik no that the viewer may see: one person, to be merged."""
    if not row.national_id_index:
        return []
    others = Citizen.objects.standing().filter(national_id_index=row.national_id_index).exclude(pk__in=family)
    return list(scope.visible(others)[:10])


@admin.register(Citizen)
class CitizenAdmin(ScopedAdmin):
    gate = staticmethod(page_access.contacts)
    columns = (
        Column(gettext_lazy("Name"), lambda c: c.full_name, ("name_fold",), "ok-wide"),
        Column(gettext_lazy("Phone"), lambda c: or_dash(str(c.phone)), css="ok-nowrap"),
        Column(gettext_lazy("E-mail"), lambda c: or_dash(c.email)),
        Column(gettext_lazy("Neighbourhood"), lambda c: or_dash(c.neighbourhood and c.neighbourhood.name)),
        Column(gettext_lazy("Recorded"), lambda c: local_date(c.created_at), ("created_at",), "ok-nowrap"),
    )
    filters = (in_neighbourhood(),)
    searches = True
    is_kept = True
    search_hint = gettext_lazy("Telephone in any spelling, name, or T.C. kimlik no")
    order = ("-created_at", "-pk")
    detail_template = "admin_ui/citizen.html"
    empty = gettext_lazy(
        "No citizen is recorded yet. A person is recorded together with their first application: take"
        " it with “New call”."
    )
    intro = gettext_lazy("Whoever looks at this list is remembered in the read log.")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Citizen]:
        return scope.visible(Citizen.objects.standing()).select_related("neighbourhood")

    def listing(self, request: HttpRequest) -> Listing:
        listing = super().listing(request)
        listing.search = search
        if not page_access.sees_all(Citizen):
            listing.is_read_by_keys = True
            listing.count_limit = SHOWN_TO_DEPARTMENTS
        listing.on_page = lambda rows: scope.log_access([row.pk for row in rows], "admin: list of citizens")
        return listing

    def more_urls(self) -> list[URLPattern]:
        return [
            self.route("<uuid:key>/<slug:deed>/", self.act, "act"),
        ]

    def get_urls(self) -> list[URLPattern]:
        changelist, *rest = super().get_urls()
        return [changelist, rest[-1], *rest[:-1]]

    def details(self, request: HttpRequest, row: Citizen) -> dict[str, Any]:
        scope.log_access([row.pk], "admin: citizen")
        family = actions.family(row)
        cases = persons.brought_by(Complaint.objects.select_related("responsible_department"), family)
        others = scope.visible(Citizen).filter(pk__in=family).exclude(pk=row.pk)
        into = scope.get(Citizen, key) if is_key(key := request.GET.get("into", "")) else None
        return {
            "title": row.full_name,
            "cases": list(cases.defer("body", "words").order_by("-registered_at")[:50]),
            "letters": list(letters.written_to(family).order_by("-drafted_at")[:50]),
            "may_begin": page_access.holds(Letter, Action.BEGIN),
            "url": reverse("admin:letters_letter_make", args=["citizen", row.key]),
            "begins": _("Write to them"),
            "others": list(others),
            "roles": roles_of(family),
            "languages": [Language(language).label for language in row.languages],
            "same_number": _same_number(row, family),
            "may_apply": page_access.holds(SubjectRequest, Action.REGISTER),
            "can": {
                name for name in ("CORRECT", "MERGE", "REVEAL", "ANONYMISE", "REPORT") if scope.can(name, row)
            },
            "forms": {name: form() for name, (form, *_rest) in CITIZEN_ACTIONS.items()}
            | {"correct": CitizenForm.of(row)}
            | ({"merge": MergeForm(initial={"into": into})} if into else {}),
            "opened": "merge" if into else "",
        }

    def act(self, request: HttpRequest, key: UUID, deed: str) -> HttpResponse:
        """Correct, set or reveal the number, merge, undo a merge."""
        row = self.get_object(request, str(key))
        if request.method != "POST" or deed not in CITIZEN_ACTIONS:
            return HttpResponseRedirect(self.url("change", key))
        form_class, action, run = CITIZEN_ACTIONS[deed]
        form = form_class(request.POST)
        shown: dict[str, object] = {}
        if form.is_valid() and isinstance(form, ConfirmedForm) and (other := form.unconfirmed()):
            form.compared = self.compared(row, other)
        elif form.is_valid():
            with form.refusals():
                with scope.authorized(action, Citizen, key) as citizen:
                    shown = run(citizen, form.cleaned_data, request.user) or {}
                if not shown:
                    messages.success(request, _("Done."))
                    return HttpResponseRedirect(self.url("change", key))
        row.refresh_from_db()
        details = self.details(request, row)
        if not shown:
            details["forms"][deed], details["opened"] = form, deed
        context = {"row": row, "parents": [self.crumb()], **details, **shown}
        return page(self.admin_site, request, self.detail_template, context)

    def compared(self, *people: Citizen) -> dict[str, object]:
        """The records side by side."""
        scope.log_access([person.pk for person in people], "admin: citizens compared")
        facts: list[tuple[str, Any]] = [
            (_("Name"), lambda p: p.full_name),
            (_("Phone"), lambda p: str(p.phone)),
            (_("E-mail"), lambda p: p.email),
            (_("Neighbourhood"), lambda p: p.neighbourhood.name if p.neighbourhood else ""),
            (_("Address"), lambda p: p.address),
            (_("T.C. kimlik no"), lambda p: p.national_id_masked),
            (_("Note"), lambda p: p.note),
            (_("Recorded"), lambda p: day_text(p.created_at)),
            (_("Applications"), self.how_many),
        ]
        rows = [(label, [or_dash(show(person)) for person in people]) for label, show in facts]
        titles = (_("This record"), _("The record that stays"))
        heads = [
            (title, self.url("change", person.key)) for title, person in zip(titles, people, strict=True)
        ]
        return {"heads": heads, "rows": rows}

    def how_many(self, person: Citizen) -> str:
        return str(persons.brought_by(Complaint.objects.all(), actions.family(person)).count())


def _correct(citizen: Citizen, values: dict[str, Any], by: User) -> None:
    actions.correct(citizen, by=by, **values)


def _set_number(citizen: Citizen, values: dict[str, Any], by: User) -> None:
    actions.set_national_id(citizen, by=by, number=values["national_id"])


def _reveal(citizen: Citizen, values: dict[str, Any], by: User) -> dict[str, Any]:
    return {"revealed": actions.reveal_national_id(citizen, by=by, purpose=values["purpose"])}


def _merge(citizen: Citizen, values: dict[str, Any], by: User) -> None:
    actions.merge(citizen, into=values["into"], by=by, reason=values["reason"])


def _undo(citizen: Citizen, values: dict[str, object], by: User) -> None:
    actions.undo_merge(citizen, by=by)


CITIZEN_ACTIONS: dict[str, tuple[type[OfficeForm], str, Any]] = {
    "correct": (CitizenForm, Action.CORRECT, _correct),
    "national-id": (NationalIdForm, Action.CORRECT, _set_number),
    "reveal": (RevealForm, Action.REVEAL, _reveal),
    "merge": (MergeForm, Action.MERGE, _merge),
    "undo-merge": (OfficeForm, Action.MERGE, _undo),
}
"""Form, permission and function of what is done on the page of a citizen; services add theirs."""
