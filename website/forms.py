"""The form of one page: fields drawn by the site's own templates, answers that can be read back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import phonenumbers
from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from website.draft import Draft


@dataclass(frozen=True)
class Asking:
    """Who fills in a form: the request, and what was answered before."""

    request: HttpRequest
    draft: Draft


class PhoneField(forms.CharField):
    """A telephone number in any spelling, of Türkiye without a country's code."""

    widget = forms.TextInput({"type": "tel", "autocomplete": "tel", "class": "short"})

    def __init__(self, **options: Any) -> None:
        super().__init__(label=gettext_lazy("Telephone number"), required=False, max_length=40, **options)

    def validate(self, value: str) -> None:
        super().validate(value)
        if not value:
            return
        try:
            is_valid = phonenumbers.is_valid_number(phonenumbers.parse(value, "TR"))
        except phonenumbers.NumberParseException:
            is_valid = False
        if not is_valid:
            raise forms.ValidationError(
                _(
                    "This is no valid telephone number. Write it as 05xx xxx xx xx, from abroad with + and the country"
                    " code."
                )
            )


class ConditionalField(forms.CharField):
    """A text that only some answers need: `when`, after the label, says which."""

    def __init__(self, *, when: Any, **options: Any) -> None:
        self.when = when
        super().__init__(required=False, **options)


class PageForm(forms.Form):
    """A page of a journey. Its fields are validated here for shape alone; what counts is what the API says."""

    use_required_attribute = False

    def __init__(self, data: Any = None, *, asking: Asking, **options: Any) -> None:
        super().__init__(data, **options)
        self.asking = asking
        self.prepare()

    def prepare(self) -> None:
        """Fill in what depends on the API or on earlier answers, such as choices."""

    def summary(self) -> list[tuple[str, str]]:
        """How the answers read on the page to check them: label and text of each that is not empty."""
        return [
            (str(field.label), text)
            for field in self
            if not field.is_hidden and (text := self._text(field.name))
        ]

    def values(self) -> dict[str, Any]:
        """The answers, checked for shape."""
        return dict(self.cleaned_data)

    def _text(self, name: str) -> str:
        value, field = self.cleaned_data.get(name), self.fields[name]
        if isinstance(field, forms.ChoiceField):
            names = {str(key): label for key, label in _flat(field.choices)}
            many = value if isinstance(value, list) else [value]
            return ", ".join(str(names.get(str(one), "")) for one in many if one not in (None, ""))
        return "" if value in (None, False) else str(value)


def _flat(choices: Any) -> list[tuple[Any, Any]]:
    found = []
    for key, label in choices:
        if isinstance(label, list | tuple):
            found += _flat(label)
        else:
            found.append((key, label))
    return found
