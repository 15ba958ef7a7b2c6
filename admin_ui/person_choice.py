"""Naming a person in a form: one record a person, so whoever is there already is offered before a new one is made."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from admin_ui.forms import OfficeForm
from backend.contacts import actions as contacts
from backend.contacts.models import Citizen
from permissions import partners, scope

NEW = "new"


class PersonForm(OfficeForm):
    """Name, surname and number of a person. Where the viewer sees records of that name or number, they are asked
    first whether it is one of them; `person(by)` is the record that they chose, or a new one."""

    first_name = forms.CharField(label=gettext_lazy("Name"), max_length=80)
    last_name = forms.CharField(label=gettext_lazy("Surname"), max_length=80)
    phone = forms.CharField(label=gettext_lazy("Phone"), max_length=40, required=False)
    who = forms.ChoiceField(
        label=gettext_lazy("Is it one of these?"), widget=forms.RadioSelect, required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.alike = self._alike() if self.is_bound else []
        if not self.alike:
            del self.fields["who"]
            return
        scope.note_reading([row.pk for row in self.alike], "admin: search")
        self.fields["who"].choices = [  # type: ignore[attr-defined]
            *(
                (str(row.key), " · ".join(filter(None, [row.full_name, str(row.phone)])))
                for row in self.alike
            ),
            (NEW, _("No, somebody else: a new record")),
        ]

    def _alike(self) -> list[Citizen]:
        names = (
            str(self.data.get(self.add_prefix(name), "")) for name in ("first_name", "last_name", "phone")
        )
        return partners.alike(*names)

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if self.alike and not found.get("who"):
            message = _("There are records of this name or number. Say whether it is one of them.")
            self.add_error("who", message)
        return found

    def person(self, by: Any) -> Citizen:
        """The chosen record, or a new one. Called where the action runs, with the right to write."""
        values = self.cleaned_data
        if values.get("who") and values["who"] != NEW:
            return next(row for row in self.alike if str(row.key) == values["who"])
        facts = {name: values[name] for name in ("first_name", "last_name", "phone")}
        return contacts.record(by=by, **facts)

    def without_person(self) -> dict[str, Any]:
        """What else was said."""
        own = {"first_name", "last_name", "phone", "who"}
        return {name: value for name, value in self.cleaned_data.items() if name not in own}
