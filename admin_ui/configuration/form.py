"""The form of the settings, made of their declarations (`backend/configuration/office.py`)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from admin_ui.core.forms import OfficeForm
from backend.configuration import crest
from backend.configuration.kinds import Clock, Colour, Flag, Kind, Mail, Phone, Picture, Several, Text, Whole
from backend.configuration.office import DECLARED, configured
from backend.configuration.sections import SECTIONS
from backend.core.errors import DomainError

REMOVES = "remove_crest"


class SettingsForm(OfficeForm):
    """Every setting; `texts` is what was typed, as the action takes it."""

    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, kind in DECLARED.items():
            self.fields[name] = _field(name, kind)
            if kind.help:
                self.fields[name].widget.attrs.setdefault("aria-describedby", f"id_{name}_help")
        self.fields[REMOVES] = forms.BooleanField(label=_("Take the crest away"), required=False)

    def texts(self) -> dict[str, str]:
        """Name -> what was typed. A crest only where one was chosen, or is taken away."""
        result = {}
        for name, kind in DECLARED.items():
            if isinstance(kind, Picture):
                if (drawing := self._drawing(name)) is not None:
                    result[name] = drawing
            else:
                result[name] = _text(kind, self.cleaned_data.get(name))
        return result

    def _drawing(self, name: str) -> str | None:
        if self.cleaned_data.get(REMOVES):
            return ""
        file = self.cleaned_data.get(name)
        return crest.as_svg(file.read()) if file else None

    def clean(self) -> dict[str, object]:
        """Each kind says itself what is none of its values, in the words of the action."""
        for name, kind in DECLARED.items():
            if name in self.errors:
                continue
            try:
                self._check(name, kind)
            except DomainError as error:
                self.add_error(name, str(error))
        return self.cleaned_data

    def _check(self, name: str, kind: Kind) -> None:
        if not isinstance(kind, Picture):
            kind.parse(_text(kind, self.cleaned_data.get(name)), name)
        elif file := self.cleaned_data.get(name):
            crest.checked(file.read(), name)
            file.seek(0)

    def sections(self) -> Iterator[dict[str, object]]:
        """The parts of the page with their fields."""
        for code, (title, about) in SECTIONS.items():
            names = [name for name, kind in DECLARED.items() if kind.section == code]
            if code == "look" and configured.MUNICIPALITY_CREST:
                names.insert(names.index("MUNICIPALITY_CREST") + 1, REMOVES)
            fields = [self[name] for name in names]
            yield {
                "code": code,
                "title": title,
                "about": about,
                "fields": fields,
                "faults": sum(bool(field.errors) for field in fields),
            }


def in_force() -> dict[str, object]:
    """What the form begins with."""
    return {name: _shown(kind, getattr(configured, name)) for name, kind in DECLARED.items()}


def _field(name: str, kind: Kind) -> forms.Field:
    common: dict[str, Any] = {"label": kind.label, "help_text": kind.help, "required": kind.is_required}
    match kind:
        case Picture():
            accepts = forms.FileInput(attrs={"accept": "image/svg+xml,image/png"})
            return forms.FileField(**common, widget=accepts)
        case Flag():
            return forms.BooleanField(**common)
        case Several():
            return forms.MultipleChoiceField(
                **common, choices=kind.options, widget=forms.CheckboxSelectMultiple
            )
        case Whole():
            field = forms.CharField(**common, max_length=5)
            field.widget.attrs |= {"inputmode": "numeric", "class": "ok-short"}
            return field
        case Colour():
            return forms.CharField(**common, widget=forms.TextInput(attrs={"type": "color"}))
        case Clock():
            field = forms.CharField(**common, max_length=5)
            field.widget.attrs |= {"class": "ok-clock", "inputmode": "numeric"}
            return field
        case Mail():
            return forms.CharField(**common, max_length=kind.most, widget=forms.EmailInput)
        case Phone():
            return forms.CharField(**common, max_length=24, widget=forms.TextInput(attrs={"type": "tel"}))
        case Text():
            return forms.CharField(**common, max_length=kind.most)
    raise TypeError(f"no field for {name}")


def _shown(kind: Kind, value: object) -> object:
    if isinstance(kind, Flag | Several):
        return value
    return None if isinstance(kind, Picture) else kind.shown(value) if isinstance(kind, Clock) else value


def _text(kind: Kind, value: Any) -> str:
    """What the action parses."""
    if isinstance(kind, Flag | Several):
        return kind.text(value or [])
    return str(value or "")
