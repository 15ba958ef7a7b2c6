"""The library of words: approved phrases and forms of address, each a list and one form."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, reverse
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from admin_ui.core import page_access
from admin_ui.core.dates import day_text
from admin_ui.core.display import or_dash
from admin_ui.core.fields import DayField, DepartmentField
from admin_ui.core.forms import OfficeForm, optional, text_area
from admin_ui.core.listing import Choice, Column, Listing, Tab
from admin_ui.core.screen import ScopedAdmin, page
from backend.core.localtime import today
from backend.letters import actions
from backend.letters.case_phrases import PLACES
from backend.letters.choices import ClosingWord, Kind, PhrasePart
from backend.letters.models import FormOfAddress, Letter, Phrase
from backend.letters.wording import OF_CASES, Worded
from backend.organization.models import Category
from permissions.core import scope
from permissions.core.filters import Action


class _WordedForm(OfficeForm):
    """What every row of the library says of itself."""

    kinds = forms.MultipleChoiceField(
        label=gettext_lazy("In letters of which kinds"),
        choices=Kind.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("None chosen: in every kind."),
    )
    valid_from = DayField(label=gettext_lazy("Valid from"), initial=today)
    valid_to = DayField(label=gettext_lazy("Last day"), required=False)
    source = forms.CharField(
        label=gettext_lazy("Source"),
        max_length=300,
        help_text=gettext_lazy("Who approved it, or the article."),
    )


class PhraseForm(_WordedForm):
    part = forms.ChoiceField(label=gettext_lazy("Where it stands"), choices=PhrasePart.choices)
    closing = forms.ChoiceField(
        label=gettext_lazy("What it says, if it is a closing"),
        choices=lambda: optional(ClosingWord.choices, _("no closing")),
        required=False,
    )
    text = forms.CharField(
        label=gettext_lazy("Sentence"),
        max_length=2000,
        widget=text_area(3),
        help_text=format_lazy(
            gettext_lazy("In texts of applications the application fills in: {places}"),
            places=" ".join(f"{{{{{name}}}}}" for name in PLACES),
        ),
    )
    category = forms.ModelChoiceField(
        label=gettext_lazy("Only in applications of this subject"),
        queryset=Category.objects.filter(is_active=True).order_by("name_sort", "id"),
        to_field_name="code",
        required=False,
        empty_label=gettext_lazy("every subject"),
    )
    department = DepartmentField(
        label=gettext_lazy("Only in applications of this department"),
        required=False,
        empty_label=gettext_lazy("every department"),
    )
    position = forms.IntegerField(
        label=gettext_lazy("Its place among the others"), min_value=0, max_value=9999, initial=100
    )
    field_order = (
        *("part", "closing", "text", "kinds", "category", "department"),
        *("position", "valid_from", "valid_to", "source"),
    )


class FormOfAddressForm(_WordedForm):
    office = forms.CharField(
        label=gettext_lazy("Office"),
        max_length=120,
        help_text=gettext_lazy("As it ends a title: Kaymakam, Belediye Başkanı."),
    )
    salutation = forms.CharField(
        label=gettext_lazy("Salutation"), max_length=120, help_text=gettext_lazy("Sayın Kaymakamım,")
    )
    field_order = ("office", "salutation", "kinds", "valid_from", "valid_to", "source")


def _kinds(row: Worded) -> str:
    if getattr(row, "part", "") in OF_CASES:
        return "–"
    return ", ".join(str(Kind(kind).label) for kind in row.kinds) or str(_("every kind"))


def _start(row: Worded, name: str) -> object:
    """What stands in a field; a row of another table by its code."""
    value = getattr(row, name)
    return getattr(value, "code", value)


def _of_cases(row: Phrase) -> str:
    parts = [one.name for one in (row.category, row.department) if one is not None]
    return " · ".join(parts)


def _days(row: Worded) -> str:
    end = day_text(row.valid_to) if row.valid_to else ""
    return f"{day_text(row.valid_from)} – {end}"


_TABS = (
    Tab("used", gettext_lazy("In use"), lambda rows: rows.valid()),
    Tab("all", gettext_lazy("All"), lambda rows: rows, is_everything=True),
)
_OF_KIND = Choice(
    "kind",
    gettext_lazy("Kind of letter"),
    lambda: Kind.choices,
    lambda rows, kind: rows.filter(kinds__contains=[kind]) | rows.filter(kinds=[]),
)


class _WordedAdmin(ScopedAdmin):
    """List whose rows open in their edit form; read-only without the right to change them."""

    gate = staticmethod(lambda: page_access.holds(Letter, Action.BEGIN))
    tabs = _TABS
    fields_of: type[_WordedForm]
    related: tuple[str, ...] = ()
    keep: Callable[..., object]
    new_title: str | Promise

    def get_queryset(self, request: HttpRequest) -> Any:
        rows = scope.visible(self.model)
        return rows.select_related(*self.related) if self.related else rows

    def listing(self, request: HttpRequest) -> Listing:
        listing = super().listing(request)
        listing.url_of = self.url_of if page_access.holds(self.model, Action.CHANGE) else None
        return listing

    def buttons(self, request: HttpRequest) -> Sequence[Mapping[str, object]]:
        if not page_access.holds(self.model, Action.REGISTER):
            return []
        return [{"title": self.new_title, "url": self.url("new"), "icon": "note_add"}]

    def more_urls(self) -> list[URLPattern]:
        return [self.route("new/", self.edit, "new"), self.route("<uuid:key>/change/", self.edit, "change")]

    def get_urls(self) -> list[URLPattern]:
        return [self.route("", self.changelist_view, "changelist"), *self.more_urls()]

    def edit(self, request: HttpRequest, key: UUID | None = None) -> HttpResponse:
        """A new one, or changing one: what was written with it stays as it is."""
        page_access.require(self.model, Action.CHANGE)
        row = scope.get(self.model, key) if key else None
        initial = {name: _start(row, name) for name in self.fields_of.base_fields} if row else None
        form = self.fields_of(request.POST or None, initial=initial)
        here = reverse(f"admin:letters_{self.model._meta.model_name}_changelist")
        if request.method == "POST" and form.is_valid():
            with form.refusals():
                with scope.elevated_for(self.model, Action.CHANGE) as viewer:
                    type(self).keep(row, by=viewer.user, **form.cleaned_data)
                messages.success(request, _("It is kept."))
                return HttpResponseRedirect(here)
        title = str(row) if row else self.new_title
        parents = [(_("Letters"), reverse("admin:letters_letter_changelist"))]
        parents.append((self.model._meta.verbose_name_plural, here))
        context = {"title": title, "parents": parents, "form": form}
        return page(admin.site, request, "admin_ui/letter_receive.html", context)


@admin.register(Phrase)
class PhraseAdmin(_WordedAdmin):
    searches = True
    finds_in = ("code", "part", "text")
    columns = (
        Column(gettext_lazy("Sentence"), lambda r: r.text, css="ok-wide"),
        Column(gettext_lazy("Where it stands"), lambda r: r.get_part_display()),
        Column(gettext_lazy("Says"), lambda r: or_dash(r.get_closing_display())),
        Column(gettext_lazy("In letters"), _kinds),
        Column(gettext_lazy("In applications"), lambda r: or_dash(_of_cases(r))),
        Column(gettext_lazy("Valid"), _days, css="ok-nowrap"),
    )
    filters = (
        Choice(
            "part",
            gettext_lazy("Where it stands"),
            lambda: PhrasePart.choices,
            lambda rows, part: rows.filter(part=part),
        ),
        _OF_KIND,
    )
    order = ("part", "position", "code", "pk")
    related = ("category", "department")
    empty = gettext_lazy(
        "No phrase is approved yet. They come with the reference data, or are written here: the composer offers them"
        " where they fit."
    )
    fields_of, keep, new_title = PhraseForm, staticmethod(actions.save_phrase), gettext_lazy("New phrase")


@admin.register(FormOfAddress)
class FormOfAddressAdmin(_WordedAdmin):
    searches = True
    finds_in = ("office", "salutation", "source")
    columns = (
        Column(gettext_lazy("Office"), lambda r: r.office),
        Column(gettext_lazy("Salutation"), lambda r: r.salutation, css="ok-wide"),
        Column(gettext_lazy("In letters"), _kinds),
        Column(gettext_lazy("Valid"), _days, css="ok-nowrap"),
        Column(gettext_lazy("Source"), lambda r: r.source),
    )
    filters = (_OF_KIND,)
    order = ("office", "code", "pk")
    empty = gettext_lazy(
        "No form of address is kept yet. They come with the reference data, or are written here: the holder of the"
        " office is greeted so."
    )
    fields_of, keep = FormOfAddressForm, staticmethod(actions.save_form_of_address)
    new_title = gettext_lazy("New form of address")
