"""Person fields of a form: one record per person, so that known records are offered before a new one is created."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from admin_ui.core.fields import model_choice
from admin_ui.core.forms import OfficeForm
from backend.contacts import actions as contacts
from backend.contacts.models import Citizen
from backend.organization.models import User
from permissions.core import scope
from permissions.partners import access as partners

NEW = "new"


def is_key(text: str) -> bool:
    """Return whether it is the form of a key."""
    try:
        return bool(text) and bool(UUID(str(text)))
    except ValueError:
        return False


class PersonFields(forms.Form):
    """Name and surname of a person. Where the viewer sees records of that name or number, they are asked first whether
    it is one of them; `chosen` is that record, or None for a new one. `number`: the field of the person's telephone."""

    first_name = forms.CharField(label=gettext_lazy("Name"), max_length=80)
    last_name = forms.CharField(label=gettext_lazy("Surname"), max_length=80)
    who = forms.ChoiceField(
        label=gettext_lazy("Is it one of these?"), widget=forms.RadioSelect, required=False
    )
    number = "phone"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.alike = self._alike() if self.is_bound else []
        if not self.alike:
            del self.fields["who"]
            return
        scope.log_access([row.pk for row in self.alike], "admin: search")
        field = model_choice(self, "who")
        field.choices = [
            *((str(row.key), f"{row.titled_name} · {row.phone or row.email or '–'}") for row in self.alike),
            (NEW, _("No, another person: a new record")),
        ]

    def _alike(self) -> list[Citizen]:
        names = ("first_name", "last_name", self.number)
        return partners.alike(*(str(self.data.get(self.add_prefix(name), "")) for name in names))

    def clean(self) -> dict[str, object]:
        result = super().clean() or self.cleaned_data
        if self.alike and "who" not in self.errors and not result.get("who"):
            message = _("There are records of this name or number. Say whether it is one of them.")
            self.add_error("who", message)
        return result

    @property
    def chosen(self) -> Citizen | None:
        return next((row for row in self.alike if str(row.key) == self.cleaned_data.get("who")), None)


class PersonForm(PersonFields, OfficeForm):
    """A person with their number; `person(by)` is the record that was chosen, or a new one."""

    phone = forms.CharField(label=gettext_lazy("Phone"), max_length=40, required=False)
    field_order = ("first_name", "last_name", "phone", "who")

    def person(self, by: User) -> Citizen:
        """The chosen record, or a new one. Called where the action runs, with the right to write."""
        facts = {name: self.cleaned_data[name] for name in ("first_name", "last_name", "phone")}
        return self.chosen or contacts.record(by=by, **facts)

    def without_person(self) -> dict[str, Any]:
        """The values of the other fields."""
        own = {"first_name", "last_name", "phone", "who"}
        return {name: value for name, value in self.cleaned_data.items() if name not in own}
