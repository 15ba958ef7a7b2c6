"""Fields that forms of several services have: days and moments, departments, people, principals."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.utils.translation import gettext_lazy as _

from admin_ui.core.dates import day_text, weekday_text
from backend.core.localtime import clock_text
from backend.core.words.dates import clock_meant, day_meant, moment_meant
from backend.organization.models import Department, User
from backend.programme.models import Principal
from permissions.core import scope

PROGRAMS = re.compile(r"\d{4}-\d\d-\d\d")


class DayInput(forms.TextInput):
    """A text field with a small calendar beside it: the browser's own would follow the browser's language, not the
    page's. Without JavaScript it is the text field alone.
    """

    template_name = "admin_ui/includes/day_input.html"
    with_time = False
    hint = _("dd/mm/yyyy")

    def get_context(self, name: str, value: object, attrs: dict[str, object] | None) -> dict[str, object]:
        context = super().get_context(name, value, attrs)
        context["widget"]["attrs"] = {"placeholder": self.hint, "autocomplete": "off"} | context["widget"][
            "attrs"
        ]
        return context | {"with_time": self.with_time}

    def format_value(self, value: object) -> str | None:
        """As people write it, also what the address of a page gives as programs do."""
        if isinstance(value, str) and PROGRAMS.match(value):
            value = (moment_meant(value) if self.with_time else day_meant(value)) or value
        if isinstance(value, dt.datetime):
            return weekday_text(value) if self.with_time else day_text(value)
        return day_text(value) if isinstance(value, dt.date) else super().format_value(value)


class MomentInput(DayInput):
    with_time = True
    hint = _("dd/mm/yyyy hh:mm")


class ClockInput(forms.TextInput):
    """A time of day as text, in 24 hours."""

    def __init__(self, attrs: dict[str, object] | None = None) -> None:
        super().__init__(
            {"placeholder": _("hh:mm"), "autocomplete": "off", "class": "ok-clock", **(attrs or {})}
        )

    def format_value(self, value: object) -> str | None:
        return clock_text(value) if isinstance(value, dt.time) else super().format_value(value)


class DayField(forms.DateField):
    """A day in words or numbers. `past`: a day without a year is the last such one, not the next."""

    widget = DayInput
    default_error_messages = {
        "invalid": _("Write a day, for example: 3/12/2026, 3 December, tomorrow or Thursday.")
    }

    def __init__(self, *, past: bool = False, **kwargs: Any) -> None:
        self.past = past
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> dt.date | None:
        if not isinstance(value, str) or not value.strip():
            return super().to_python(value)
        if (day := day_meant(value, past=self.past)) is None:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return day


class DepartmentField(forms.ModelChoiceField):
    """An open department, named by its code; the proposed ones stand first."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("queryset", Department.objects.open().in_order())
        kwargs.setdefault("to_field_name", "code")
        kwargs.setdefault("empty_label", _("Choose a department"))
        super().__init__(**kwargs)

    def __deepcopy__(self, memo: dict[int, object]) -> Any:
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
    """Assignee, identified by user name; closed accounts and accounts of Bilgi İşlem are excluded."""

    def __init__(self, *, programs: bool = False, **kwargs: Any) -> None:
        people = User.objects.filter(is_active=True, is_superuser=False)
        if not programs:
            people = people.filter(is_staff=True)
        kwargs.setdefault("queryset", people.order_by("first_name", "last_name", "username"))
        kwargs.setdefault("to_field_name", "username")
        kwargs.setdefault("empty_label", _("Choose a person"))
        super().__init__(**kwargs)

    def label_from_instance(self, obj: object) -> str:
        return _with_title(obj)


class MomentField(forms.DateTimeField):
    """A day and a time in words or numbers, in local time. `past`: as of a day."""

    widget = MomentInput
    default_error_messages = {
        "invalid": _(
            "Write a day and a time, for example: Thursday 10:30, tomorrow 14:00 or 26/11/2026 10:30."
        )
    }

    def __init__(self, *, past: bool = False, **kwargs: Any) -> None:
        self.past = past
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> dt.datetime | None:
        meant = moment_meant(value, past=self.past) if isinstance(value, str) else None
        return meant or super().to_python(value)


class ClockField(forms.TimeField):
    """A time of day in 24 hours: “14.30”, “14:30” or “14”."""

    widget = ClockInput
    default_error_messages = {"invalid": _("Write a time of day, for example: 14:30.")}

    def to_python(self, value: Any) -> dt.time | None:
        meant = clock_meant(value) if isinstance(value, str) else None
        return meant if meant is not None else super().to_python(value)


class MinutesField(forms.IntegerField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=0, max_value=1440, required=False, **kwargs)
        self.widget.attrs.setdefault("inputmode", "numeric")


class ManyInput(forms.CheckboxSelectMultiple):
    """Boxes of which there are many: with JavaScript a field above them finds one by its name (`picker.js`)."""

    finds = True


class PeopleField(forms.ModelMultipleChoiceField):
    """Members of staff, named by their user names."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("queryset", PersonField().queryset)
        kwargs.setdefault("widget", ManyInput)
        super().__init__(to_field_name="username", required=False, **kwargs)

    def label_from_instance(self, obj: object) -> str:
        return _with_title(obj)


def _with_title(person: Any) -> str:
    return f"{person} ({person.title})" if person.title else str(person)


class PrincipalField(forms.ModelChoiceField):
    """Whose programme it is, named by its key; the programmes that the viewer keeps stand first."""

    def __init__(self, **kwargs: Any) -> None:
        rows = Principal.objects.filter(is_active=True).in_order()
        super().__init__(queryset=rows, to_field_name="key", empty_label=None, **kwargs)


def whole_number(text: str) -> int | None:
    """The number that a form sent as text, if it fits into a column."""
    return int(text) if text.isdecimal() and len(text) < 19 else None


def principals() -> list[Principal]:
    """Who is in office, the viewer's own first."""
    rows = Principal.objects.filter(is_active=True).in_order()
    kept = scope.current_viewer().kept
    return sorted(rows, key=lambda one: one.pk not in kept)


def model_choice(form: forms.Form, name: str) -> forms.ModelChoiceField[Any]:
    """Return a field of a form that offers rows: which ones is set when the form is made."""
    return cast("forms.ModelChoiceField[Any]", form.fields[name])


class FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Any number of files, as a list."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", FilesInput)
        super().__init__(required=False, **kwargs)

    def clean(self, data: object, initial: object = None) -> object:
        value = data if isinstance(data, list | tuple) else [data] if data else []
        one = super().clean
        return [one(file, initial) for file in value]


def offer[Row: Model](form: forms.Form, name: str, rows: QuerySet[Row], text: Callable[[Row], str]) -> None:
    """Offer these rows in a field of a form, each shown as `text` of it."""
    field = model_choice(form, name)
    field.label_from_instance = text  # type: ignore[method-assign,assignment]
    field.queryset = rows


def choice(form: forms.Form, name: str) -> forms.ChoiceField:
    """Return a field of a form that offers values."""
    return cast(forms.ChoiceField, form.fields[name])
