"""Agreements with partners: the list, the page of one with its obligations, and a new one."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from admin_ui.contacts.picker import OrganisationField
from admin_ui.core import page_access
from admin_ui.core.actions import ActionAdmin, steps_of
from admin_ui.core.dates import day_text
from admin_ui.core.display import badge
from admin_ui.core.fields import DepartmentField, model_choice
from admin_ui.core.forms import ActionForm, AttachForm, OfficeForm, text_area
from admin_ui.core.listing import Choice, Column, Tab
from admin_ui.core.once import once
from admin_ui.core.screen import page
from admin_ui.core.stories import StoryItem, in_order, of_files, of_lines
from backend.agreements import actions
from backend.agreements.choices import Kind, Side, Status
from backend.agreements.models import (
    Agreement,
    AgreementAttachment,
    AgreementLine,
    AgreementParty,
    Obligation,
)
from backend.agreements.moves import Verb, agreement_action
from backend.agreements.story import EventType
from backend.core.errors import DomainError
from backend.core.localtime import today
from backend.core.models import SearchableQuerySet
from backend.organization.models import User
from backend.partners.models import Organisation
from permissions.core import scope
from permissions.core.filters import Action

TONES = {Status.DRAFT: "blue", Status.IN_FORCE: "green", Status.ENDED: "grey"}


class FactsFields(forms.Form):
    title = forms.CharField(label=gettext_lazy("Heading"), max_length=200)
    department = DepartmentField(label=gettext_lazy("Responsible department"))
    subject = forms.CharField(label=gettext_lazy("What is agreed"), widget=text_area(4), required=False)
    decision = forms.CharField(
        label=gettext_lazy("Decision of the council"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("Date and number (5393 m.74, m.75); needed before it is signed."),
    )
    notice_days = forms.IntegerField(
        label=gettext_lazy("Days before the end to warn"), min_value=0, max_value=730, initial=60
    )


class NewAgreementForm(FactsFields, OfficeForm):
    once = forms.UUIDField(widget=forms.HiddenInput)
    kind = forms.ChoiceField(
        label=gettext_lazy("Which kind?"), choices=Kind.choices, widget=forms.RadioSelect
    )
    party = OrganisationField(label=gettext_lazy("With which organisation?"))
    field_order = ("kind", "title", "party", "department", "subject", "decision", "notice_days")

    def facts(self) -> dict[str, Any]:
        values = {name: self.cleaned_data[name] for name in ("kind", *FactsFields.base_fields)}
        party = self.cleaned_data["party"]
        return values | {"parties": [party] if party else []}

    def refuse(self, error: DomainError) -> None:
        if error.field == "parties":
            self.add_error("party", str(error))
        else:
            super().refuse(error)


class CorrectForm(FactsFields, ActionForm):
    def starting(self, row: Agreement) -> dict[str, object]:
        values = {name: getattr(row, name) for name in FactsFields.base_fields}
        return values | {"department": row.department.code}


class PartyForm(ActionForm):
    organisation = OrganisationField(
        label=gettext_lazy("Organisation"),
        required=True,
        error_messages={"required": gettext_lazy("Name the organisation it is made with.")},
    )


class ObligeForm(ActionForm):
    side = forms.ChoiceField(
        label=gettext_lazy("Whose?"), choices=Side.choices, widget=forms.RadioSelect, initial=Side.OURS
    )


class OfObligationForm(ActionForm):
    obligation = forms.ModelChoiceField(
        label=gettext_lazy("Obligation"),
        queryset=Obligation.objects.none(),
        to_field_name="key",
        empty_label=None,
    )

    def prepare(self, row: Agreement) -> None:
        field = model_choice(self, "obligation")
        field.queryset = scope.visible(Obligation).filter(agreement=row, done_on__isnull=True)


class SignForm(ActionForm):
    def starting(self, row: Agreement) -> dict[str, object]:
        return {"signed_on": today(), "decision": row.decision}


def may_see() -> bool:
    return page_access.sees_some(Agreement)


def last_day(row: Agreement) -> dt.date | str | None:
    if row.valid_until is None and row.status == Status.IN_FORCE:
        return _("without an end")
    return row.valid_until


def until(row: Agreement) -> str:
    """Its last day, and how near that is."""
    if row.valid_until is None:
        return _("without an end") if row.status == Status.IN_FORCE else "–"
    day = day_text(row.valid_until)
    if row.status != Status.IN_FORCE:
        return day
    if row.warn_on is not None and row.warn_on <= today():
        return badge(_("%(day)s · to be renewed") % {"day": day}, "orange")
    return day


def _title(row: Agreement) -> str:
    mark = badge(row.get_status_display(), TONES[Status(row.status)])
    return format_html('<span class="ok-subject">{}</span> {}', row.title, mark)


@admin.register(Agreement)
class AgreementAdmin(ActionAdmin[Agreement]):
    gate = staticmethod(may_see)
    detail_template = "admin_ui/agreement.html"
    columns = (
        Column(gettext_lazy("Number"), lambda r: r.reference, ("drafted_at",), "ok-nowrap"),
        Column(gettext_lazy("Heading"), _title, css="ok-wide"),
        Column(gettext_lazy("Kind"), lambda r: r.get_kind_display()),
        Column(gettext_lazy("Responsible department"), lambda r: r.department.short_name),
        Column(gettext_lazy("In force until"), last_day, css="ok-nowrap", html=until),
    )
    tabs = (
        Tab("force", gettext_lazy("In force"), lambda rows: rows.in_force()),
        Tab("renew", gettext_lazy("To be renewed"), lambda rows: rows.to_renew()),
        Tab("draft", gettext_lazy("Being prepared"), lambda rows: rows.filter(status=Status.DRAFT)),
        Tab("all", gettext_lazy("All"), lambda rows: rows, is_everything=True),
    )
    filters = (
        Choice("kind", gettext_lazy("Kind"), lambda: Kind.choices, lambda rows, x: rows.filter(kind=x)),
    )
    order = ("-drafted_at", "-pk")
    searches = True
    search_hint = gettext_lazy("Number, title, what is agreed")
    empty = gettext_lazy(
        "No agreement is recorded yet. Co-operation protocols, joint projects and sister municipalities stand here"
        " with their dates and obligations, and the office is warned before one ends: record the first."
    )
    page_relations = ("department", "drafted_by")
    steps = steps_of(
        agreement_action,
        {
            Verb.SIGN: SignForm,
            Verb.ADD_OBLIGATION: ObligeForm,
            Verb.FULFIL: OfObligationForm,
            Verb.ATTACH: AttachForm,
            Verb.CORRECT: CorrectForm,
            Verb.ADD_PARTY: PartyForm,
            Verb.REMOVE_PARTY: PartyForm,
            Verb.DROP: OfObligationForm,
        },
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Agreement]:
        return scope.visible(Agreement).select_related("department").defer("subject", "words")

    def search(self, rows: SearchableQuerySet, text: str) -> SearchableQuerySet:
        return rows.search(text)

    def buttons(self, request: HttpRequest) -> Sequence[Mapping[str, object]]:
        if not page_access.holds(Agreement, Action.REGISTER):
            return []
        return [{"title": _("Begin an agreement"), "url": self.url("new"), "icon": "handshake"}]

    def more_urls(self) -> list[URLPattern]:
        return [self.route("new/", new, "new")]

    def details(self, request: HttpRequest, row: Agreement) -> dict[str, object]:
        parties = scope.visible(AgreementParty).filter(agreement=row).values("organisation")
        rows = scope.visible(Obligation).filter(agreement=row).select_related("department")
        return {
            "title": row.reference,
            "status": badge(row.get_status_display(), TONES[Status(row.status)]),
            "until": until(row),
            "parties": list(scope.visible(Organisation).filter(pk__in=parties).order_by("name_sort")),
            "obligations": [
                {"row": one, "is_late": one.done_on is None and one.due_on and one.due_on < today()}
                for one in rows.order_by("side", "pk")
            ],
            "story": story(row),
        }


def story(row: Agreement) -> list[StoryItem]:
    """What happened and what was brought, the oldest first."""
    lines = scope.visible(AgreementLine).filter(agreement=row).select_related("actor")
    files = scope.visible(AgreementAttachment).filter(agreement=row).select_related("uploaded_by")
    return in_order(of_lines(lines, EventType, _facts), of_files(files))


def _facts(line: AgreementLine) -> list[str]:
    return [str(line.details["text"])] if line.details.get("text") else []


def new(request: HttpRequest) -> HttpResponse:
    """Begin an agreement."""
    page_access.require(Agreement, Action.REGISTER)
    form = NewAgreementForm(request.POST or None, initial={"once": uuid.uuid4(), "kind": Kind.PROTOCOL})
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            made = once(request, form, lambda: _draft(request, form))
            messages.success(request, _("%(reference)s is begun.") % {"reference": made["reference"]})
            return HttpResponseRedirect(reverse("admin:agreements_agreement_change", args=[made["key"]]))
    context = {
        "title": _("Begin an agreement"),
        "parents": [(_("Protocols and projects"), reverse("admin:agreements_agreement_changelist"))],
        "form": form,
        "submit": _("Begin"),
    }
    return page(admin.site, request, "admin_ui/form.html", context)


def _draft(request: HttpRequest, form: NewAgreementForm) -> dict[str, str]:
    with scope.elevated_for(Agreement, Action.REGISTER):
        row = actions.draft(by=cast(User, request.user), **form.facts())
    return {"key": str(row.key), "reference": row.reference}
