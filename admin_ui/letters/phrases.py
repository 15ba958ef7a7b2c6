"""The library of words: approved phrases and forms of address, each a list and one form."""

from __future__ import annotations

from django import forms
from django.contrib import admin
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from admin_ui.core import page_access
from admin_ui.core.dates import day_text
from admin_ui.core.display import or_dash
from admin_ui.core.fields import DayField, DepartmentField
from admin_ui.core.forms import OfficeForm, optional, text_area
from admin_ui.core.listing import Choice, Column, Tab
from admin_ui.core.screen import RegisterAdmin
from backend.core.localtime import today
from backend.letters import actions
from backend.letters.case_phrases import PLACES
from backend.letters.choices import ClosingWord, Kind, PhrasePart
from backend.letters.models import FormOfAddress, Letter, Phrase
from backend.letters.wording import OF_CASES, Worded
from backend.organization.models import Category
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


class _WordedAdmin(RegisterAdmin):
    gate = staticmethod(lambda: page_access.holds(Letter, Action.BEGIN))
    tabs = _TABS
    kept, new_icon = gettext_lazy("It is kept."), "note_add"

    def parents(self) -> list[tuple[str, str]]:
        return [(_("Letters"), reverse("admin:letters_letter_changelist")), *super().parents()]


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
    form_of, keep, new_title = PhraseForm, staticmethod(actions.save_phrase), gettext_lazy("New phrase")


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
    form_of, keep = FormOfAddressForm, staticmethod(actions.save_form_of_address)
    new_title = gettext_lazy("New form of address")
