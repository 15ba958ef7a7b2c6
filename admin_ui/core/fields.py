"""Fields that forms of several services have: days and moments, departments, people, principals."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from backend.organization.models import Department, User
from backend.programme.models import Principal
from permissions.core import scope


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


MOMENT = "%Y-%m-%dT%H:%M"


class MomentField(forms.DateTimeField):
    """A local moment, entered with the browser's own field."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.DateTimeInput(format=MOMENT, attrs={"type": "datetime-local"}))
        super().__init__(**kwargs)


class MinutesField(forms.IntegerField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=0, max_value=1440, required=False, **kwargs)
        self.widget.attrs.setdefault("inputmode", "numeric")


class PeopleField(forms.ModelMultipleChoiceField):
    """Members of staff, named by their user names."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("queryset", PersonField().queryset)
        kwargs.setdefault("widget", forms.CheckboxSelectMultiple)
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


def choice(form: forms.Form, name: str) -> forms.ChoiceField:
    """Return a field of a form that offers values."""
    return cast(forms.ChoiceField, form.fields[name])
