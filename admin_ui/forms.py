"""Forms that keep what was typed: a refusal of the domain becomes a message at its field."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from backend.core.errors import DomainError, ErrorCode
from backend.organization.models import Department, User

_HUMP = re.compile(r"(?<=[a-z0-9])([A-Z])")


class OfficeForm(forms.Form):
    """Labels above fields, errors at fields, no colons."""

    required_css_class = "ok-required"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if isinstance(field, forms.CharField) and not isinstance(field.widget, forms.PasswordInput):
                field.widget.attrs.setdefault("autocomplete", "off")
            if field.help_text:
                field.widget.attrs.setdefault("aria-describedby", f"id_{name}_help")

    def refuse(self, error: DomainError) -> None:
        """Show the domain's sentence at the field it is about, or above the form."""
        name = _HUMP.sub(lambda hump: f"_{hump[1].lower()}", error.field or "")
        shown = name in self.fields and not self.fields[name].widget.is_hidden
        self.add_error(name if shown else None, str(error))

    @contextmanager
    def refusals(self) -> Iterator[None]:
        """What the domain refuses in the block is shown in the form, but for what the viewer may not do at all."""
        try:
            yield
        except DomainError as error:
            if error.code == ErrorCode.FORBIDDEN:
                raise
            self.refuse(error)


class ConfirmedForm(OfficeForm):
    """A form that joins a record to another one, named by `other_field`: both are shown side by side and confirmed
    first. Naming another record asks again.
    """

    other_field = ""
    confirmed = forms.CharField(widget=forms.HiddenInput, required=False)

    def unconfirmed(self) -> Any:
        """The other record, if nobody has seen the two side by side; sent again, the form is confirmed."""
        other = self.cleaned_data[self.other_field]
        key = str(other.key)
        if self.cleaned_data["confirmed"] == key:
            return None
        self.data = self.data.copy()  # type: ignore[attr-defined]
        self.data["confirmed"] = key  # type: ignore[index]
        return other


class DayField(forms.DateField):
    """A day, entered with the browser's own date field."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
        super().__init__(**kwargs)


class DepartmentField(forms.ModelChoiceField):
    """An open department, named by its code; the proposed ones stand first."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("queryset", Department.objects.open().in_order())
        kwargs.setdefault("to_field_name", "code")
        kwargs.setdefault("empty_label", _("Choose a department"))
        super().__init__(**kwargs)

    def __deepcopy__(self, memo: Any) -> Any:
        """Which departments exist is asked for every form anew, not once when the program starts."""
        copied = super().__deepcopy__(memo)
        copied.queryset = Department.objects.open().in_order()
        return copied

    def propose(self, codes: list[str]) -> None:
        """Offer these first, under their own heading."""
        rows: QuerySet[Department] = self.queryset  # type: ignore[assignment]
        names = {row.code: row.name for row in rows}
        first = [(code, names[code]) for code in codes if code in names]
        rest = [(code, name) for code, name in names.items() if code not in codes]
        if first:
            self.choices = [("", self.empty_label), (_("Proposed"), first), (_("All departments"), rest)]


class PersonField(forms.ModelChoiceField):
    """Somebody to whom something can be given, named by the user name: no account that is closed or Bilgi İşlem's."""

    def __init__(self, *, programs: bool = False, **kwargs: Any) -> None:
        people = User.objects.filter(is_active=True, is_superuser=False)
        if not programs:
            people = people.filter(is_staff=True)
        kwargs.setdefault("queryset", people.order_by("first_name", "last_name", "username"))
        kwargs.setdefault("to_field_name", "username")
        kwargs.setdefault("empty_label", _("Choose a person"))
        super().__init__(**kwargs)

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj} ({obj.title})" if obj.title else str(obj)


def text_area(rows: int = 6, **attrs: Any) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, **attrs})


def optional(choices: Any, empty: Any) -> list[tuple[str, Any]]:
    """Choices with a first one that chooses nothing."""
    return [("", empty), *choices]
