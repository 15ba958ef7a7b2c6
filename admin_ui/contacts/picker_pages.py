"""What the picker asks of the server: what a text may mean, and a new record. Both answer with a piece of a page to the
script, and with a page to everybody else."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from admin_ui.contacts.picker import ORGANISATION, PERSON, PURPOSE, may_record, name_of
from admin_ui.core.forms import OfficeForm, optional
from admin_ui.core.page_access import StaffRequest
from admin_ui.core.screen import page
from backend.contacts import actions as contacts
from backend.partners.actions import AlikeError
from backend.partners.choices import Kind
from permissions.complaints import access as complaint_access
from permissions.contacts import picking
from permissions.contacts.picking import Party
from permissions.core import scope
from permissions.partners import access as partners

PIECE = "piece"


@require_POST
def search(request: HttpRequest) -> HttpResponse:
    """What a text may mean, for the list below a field. By POST: names and numbers do not belong into an address."""
    return found_for(request)


def found_for(request: HttpRequest, names: Sequence[str] = ()) -> HttpResponse:
    """What the text that was sent may mean, after `names` of what has no record and is written as it stands."""
    kinds = request.POST.get("kinds", "").split()
    found = picking.find(
        request.POST.get("q", ""),
        persons=PERSON in kinds,
        organisations=ORGANISATION in kinds,
        purpose=PURPOSE,
    )
    context = {
        "found": found,
        "names": names,
        "count": len(found) + len(names),
        "text": request.POST.get("q", "").strip()[:200],
        "new": [kind for kind in (PERSON, ORGANISATION) if kind in kinds and may_record(kind)],
        "twice": picking.twice(found),
    }
    return render(request, "admin_ui/includes/picker_list.html", context)


class NewPersonForm(OfficeForm):
    """A person with their number. Whom the record would repeat is shown first; sent with the tick it is made."""

    first_name = forms.CharField(label=gettext_lazy("Name"), max_length=80)
    last_name = forms.CharField(label=gettext_lazy("Surname"), max_length=80, required=False)
    title = forms.CharField(
        label=gettext_lazy("Academic or professional title"),
        max_length=40,
        required=False,
        help_text=gettext_lazy("Such as Prof. Dr. or Av."),
    )
    phone = forms.CharField(label=gettext_lazy("Phone"), max_length=40, required=False)
    accept_alike = forms.BooleanField(
        label=gettext_lazy("It is another person than those"), required=False, widget=forms.HiddenInput
    )

    def begin(self, text: str) -> None:
        if picking.is_number(text):
            self.initial = {"phone": text}
        else:
            first, _space, last = text.rpartition(" ")
            self.initial = {"first_name": first or last, "last_name": last if first else ""}

    def record(self) -> Party:
        facts = {name: value for name, value in self.cleaned_data.items() if name != "accept_alike"}
        known = {name: facts[name] for name in ("first_name", "last_name", "phone")}
        if not self.cleaned_data["accept_alike"] and (rows := list(partners.alike(**known))):
            raise Repeats(rows)
        with complaint_access.authorized_to_register() as viewer:
            return contacts.record(by=viewer.user, **facts)


class NewOrganisationForm(OfficeForm):
    """An organisation by its name and kind; what else is known of it is recorded on its page."""

    name = forms.CharField(label=gettext_lazy("Full name"), max_length=200)
    kind = forms.ChoiceField(
        label=gettext_lazy("Which kind?"), choices=lambda: optional(Kind.choices, gettext_lazy("Choose"))
    )
    phone = forms.CharField(label=gettext_lazy("Phone"), max_length=40, required=False)
    accept_alike = forms.BooleanField(
        label=gettext_lazy("It is another organisation than those"),
        required=False,
        widget=forms.HiddenInput,
    )

    def begin(self, text: str) -> None:
        self.initial = {"phone": text} if picking.is_number(text) else {"name": text}

    def record(self) -> Party:
        try:
            return partners.record(**self.cleaned_data)
        except AlikeError as error:
            raise Repeats(list(error.rows)) from None


class Repeats(Exception):  # noqa: N818 - a question, not an error
    """Such a record is there already."""

    def __init__(self, rows: Sequence[Party]) -> None:
        self.rows = rows


FORMS: dict[str, type[NewPersonForm | NewOrganisationForm]] = {
    PERSON: NewPersonForm,
    ORGANISATION: NewOrganisationForm,
}


def new(request: StaffRequest) -> HttpResponse:
    """Record a person or an organisation on the spot; which of those that are there it may be is asked first."""
    data = request.POST if request.method == "POST" else request.GET
    kind = data.get("what", "")
    if kind not in FORMS or not may_record(kind):
        raise scope.not_found()
    context: dict[str, Any] = {"what": kind, "repeats": []}
    if request.method != "POST" or "begin" in request.POST:
        form = FORMS[kind]()
        form.begin(data.get("text", "").strip()[:200])
    else:
        form = FORMS[kind](request.POST)
        if form.is_valid():
            context |= _recorded(form)
    return _answer(request, context | {"form": form})


def _recorded(form: Any) -> dict[str, Any]:
    """The record that was made, or those that it would repeat."""
    made: dict[str, Any] = {}
    try:
        with form.refusals():
            row = form.record()
            made = {"made": row, "made_name": name_of(row)}
    except Repeats as asked:
        form.fields["accept_alike"].widget = forms.CheckboxInput()
        ids = [row.pk for row in asked.rows if form.fields.get("first_name")]
        scope.log_access(ids, PURPOSE)
        return {"repeats": [picking.found(row) for row in asked.rows]}
    return made


def _answer(request: HttpRequest, context: dict[str, object]) -> HttpResponse:
    title = _("Record a person") if context["what"] == PERSON else _("Record an organisation")
    context["title"] = title
    if request.POST.get(PIECE):
        return render(request, "admin_ui/includes/picker_new.html", context)
    return page(admin.site, request, "admin_ui/picker_new.html", context)
