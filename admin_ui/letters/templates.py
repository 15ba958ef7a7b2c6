"""Standing texts of letters: the list, the page of one, and filling one in, which begins a letter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import URLPattern, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from admin_ui.core import page_access
from admin_ui.core.display import or_dash, yes_no
from admin_ui.core.forms import OfficeForm, text_area
from admin_ui.core.listing import Column
from admin_ui.core.screen import ScopedAdmin, page
from admin_ui.letters.compose import seen, who_signs
from backend.core.errors import DomainError
from backend.core.words.text import tr_title
from backend.letters import actions, checking
from backend.letters.actions.templates import asked, conditions, filled
from backend.letters.actions.writing import Recipient
from backend.letters.choices import PERSONAL, Kind
from backend.letters.models import Letter, LetterTemplate
from backend.organization.models import Department
from permissions.core import scope
from permissions.core.filters import Action
from permissions.letters import access

EXAMPLE = {"ad": "Ayşe", "soyad": "Yılmaz", "makam": ""}
"""Whom a template greets while it is written; every other place shows its name."""


class TemplateForm(OfficeForm):
    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    kind = forms.ChoiceField(label=gettext_lazy("Kind of letter"), choices=Kind.choices)
    subject = forms.CharField(label=gettext_lazy("Subject (konu)"), max_length=200, required=False)
    salutation = forms.CharField(label=gettext_lazy("Salutation"), max_length=200, required=False)
    body = forms.CharField(
        label=gettext_lazy("Text"),
        widget=text_area(10),
        help_text=gettext_lazy(
            "{{ad}} is filled in, {{SOYAD}} in capitals; {{#kadın}}…{{/kadın}} stands only where it is filled in,"
            " {{^kadın}}…{{/kadın}} only where it is not. {{hitap}} greets by the office that is held, else by name;"
            " {{yakınlık}} speaks to the bereaved: baba becomes babanız."
        ),
    )
    closing = forms.CharField(label=gettext_lazy("Closing"), max_length=200, required=False)
    is_active = forms.BooleanField(label=gettext_lazy("In use"), required=False, initial=True)


class FillForm(OfficeForm):
    """A field for every place of a template, and where the letter is sent."""

    def __init__(self, template: LetterTemplate, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places = {f"place_{i}": name for i, name in enumerate(asked(template))}
        only_say_whether = conditions(template)
        for field, name in self.places.items():
            if name in only_say_whether:
                self.fields[field] = forms.BooleanField(label=tr_title(name), required=False)
            else:
                self.fields[field] = forms.CharField(
                    label=tr_title(name), max_length=500, required=name in ("ad", "soyad")
                )
        if template.kind in PERSONAL:
            label = gettext_lazy("Address for the envelope")
            self.fields["address"] = forms.CharField(label=label, max_length=300, required=False)
        if not self.is_bound and self.places:
            self.fields["place_0"].widget.attrs["autofocus"] = True

    def values(self) -> dict[str, str]:
        cleaned = {name: self.cleaned_data.get(field) for field, name in self.places.items()}
        return {name: "evet" if value is True else value or "" for name, value in cleaned.items()}


@admin.register(LetterTemplate)
class LetterTemplateAdmin(ScopedAdmin):
    searches = True
    finds_in = ("name", "kind", "subject")
    gate = staticmethod(lambda: page_access.holds(Letter, Action.BEGIN))
    columns = (
        Column(gettext_lazy("Name"), lambda r: r.name, css="ok-wide"),
        Column(gettext_lazy("Kind of letter"), lambda r: r.get_kind_display()),
        Column(gettext_lazy("Asks for"), lambda r: or_dash(", ".join(asked(r)))),
        Column(gettext_lazy("In use"), lambda r: yes_no(r.is_active)),
    )
    order = ("kind", "name", "pk")
    detail_template = "admin_ui/letter_template.html"
    empty = gettext_lazy(
        "No standing text was kept yet. A condolence or a reply that is written often becomes one: only its places are"
        " filled in then."
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[LetterTemplate]:
        return scope.visible(LetterTemplate)

    def buttons(self, request: HttpRequest) -> Sequence[Mapping[str, object]]:
        if not page_access.holds(LetterTemplate, Action.REGISTER):
            return []
        return [{"title": _("New template"), "url": self.url("new"), "icon": "note_add"}]

    def more_urls(self) -> list[URLPattern]:
        return [
            self.route("new/", edit, "new"),
            self.route("preview/", preview_text, "preview_text"),
            self.route("<uuid:key>/change/", show, "change"),
            self.route("<uuid:key>/edit/", edit, "edit"),
            self.route("<uuid:key>/preview/", preview, "preview"),
        ]

    def get_urls(self) -> list[URLPattern]:
        return [self.route("", self.changelist_view, "changelist"), *self.more_urls()]


def _parents() -> list[tuple[object, str]]:
    return [
        (_("Letters"), reverse("admin:letters_letter_changelist")),
        (_("Templates"), reverse("admin:letters_lettertemplate_changelist")),
    ]


def show(request: HttpRequest, key: UUID) -> HttpResponse:
    """Fill in a template: a draft begins, shown together with its paper."""
    page_access.require(Letter, Action.BEGIN)
    template = scope.get(LetterTemplate, key)
    form = FillForm(template, request.POST or None)
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            return HttpResponseRedirect(_begin(template, form))
    context = {
        "title": template.name,
        "parents": _parents(),
        "template": template,
        "form": form,
        "may_edit": page_access.holds(LetterTemplate, Action.CHANGE),
        "preview": reverse("admin:letters_lettertemplate_preview", args=[template.key]),
        "button": _("Begin the letter"),
        **_filled_in(template, form),
    }
    return page(admin.site, request, "admin_ui/letter_template.html", context)


@require_POST
def preview(request: HttpRequest, key: UUID) -> HttpResponse:
    """Drawn preview of the letter with the entered values."""
    page_access.require(Letter, Action.BEGIN)
    template = scope.get(LetterTemplate, key)
    form = FillForm(template, request.POST)
    form.is_valid()  # what is not filled in yet keeps its mark
    return render(request, "admin_ui/includes/letter_preview.html", _filled_in(template, form))


def _filled_in(template: LetterTemplate, form: FillForm) -> dict[str, object]:
    values = form.values() if form.is_bound else {}
    return _drawn(template, values) | {"is_fixed": True, "is_blank": not any(values.values())}


def _drawn(template: LetterTemplate, values: dict[str, str]) -> dict[str, Any]:
    """The letter that a template makes of these values, as the composer shows one."""
    own = access.own_departments().first()
    facts: dict[str, Any] = {**filled(template, values), "addressees": _whom(values)}
    return seen(checking.sheet(own, **facts | _who_signs(template, own)))


def _who_signs(template: LetterTemplate, own: Department | None) -> dict[str, Any]:
    return access.olur(own) if template.kind == Kind.APPROVAL else who_signs()


def _whom(values: dict[str, str], address: str = "") -> list[Recipient]:
    """Whom the values name."""
    if not (values.get("ad") and values.get("soyad")):
        return []
    person: dict[str, Any] = {
        "name": values["ad"],
        "surname": values["soyad"],
        "title": values.get("makam", ""),
    }
    return [Recipient(kind="PERSON", address=address, **person)]


def _begin(template: LetterTemplate, form: FillForm) -> str:
    values = form.values()
    to = _whom(values, form.cleaned_data.get("address", ""))
    with access.drafting() as (viewer, own):
        facts: dict[str, Any] = {**filled(template, values), "addressees": to, **_who_signs(template, own)}
        letter = actions.draft(own, by=viewer.user, **facts)
    return reverse("admin:letters_letter_write", args=[letter.key])


def edit(request: HttpRequest, key: UUID | None = None) -> HttpResponse:
    """A new one, or changing one: what was written with it stays as it is."""
    page_access.require(LetterTemplate, Action.CHANGE)
    template = scope.get(LetterTemplate, key) if key else None
    fields = ("name", "kind", "subject", "salutation", "body", "closing", "is_active")
    initial = {name: getattr(template, name) for name in fields} if template else None
    form = TemplateForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            with scope.elevated_for(LetterTemplate, Action.CHANGE) as viewer:
                row = actions.save_template(template, by=viewer.user, **form.cleaned_data)
            messages.success(request, _("The template is kept."))
            return HttpResponseRedirect(reverse("admin:letters_lettertemplate_change", args=[row.key]))
    context = {
        "title": template.name if template else _("New template"),
        "parents": _parents(),
        "form": form,
        "preview": reverse("admin:letters_lettertemplate_preview_text"),
        "button": _("Record"),
        **(_example(form.data if form.is_bound else initial or {})),
    }
    return page(admin.site, request, "admin_ui/letter_template.html", context)


@require_POST
def preview_text(request: HttpRequest) -> HttpResponse:
    """Drawn preview of the template, with its placeholders shown."""
    page_access.require(LetterTemplate, Action.CHANGE)
    return render(request, "admin_ui/includes/letter_preview.html", _example(request.POST))


def _example(typed: Any) -> dict[str, object]:
    fields = ("subject", "salutation", "body", "closing")
    kind = typed.get("kind", Kind.OFFICIAL)
    template = LetterTemplate(
        kind=kind if kind in Kind.values else Kind.OFFICIAL, **{name: typed.get(name, "") for name in fields}
    )
    try:
        names = asked(template)
        drawn = _drawn(template, {name: EXAMPLE.get(name, f"«{name}»") for name in names})
        return drawn | {"greeting": "{{hitap}}" if drawn["greeting"] else ""}
    except DomainError as error:
        return {"refused": str(error)}
