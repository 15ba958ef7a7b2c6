"""The one picker of persons and organisations: a text field that finds while one types, offers a new record on the
spot, and asks before a second one is made.

With JavaScript it is an ARIA combobox (`picker.js`). Without it the form comes back with what the text may mean as
radio buttons, and with a link to record somebody new.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from admin_ui.contacts import cards
from admin_ui.core import page_access
from admin_ui.core.actions import MODEL_FIELDS
from backend.contacts.models import Citizen
from backend.core.errors import DomainError
from backend.core.validation import is_key
from backend.core.words.text import search_form
from backend.partners.models import Organisation
from permissions.contacts import picking
from permissions.contacts.picking import Found, Party
from permissions.core import scope
from permissions.core.filters import Action

PERSON, ORGANISATION = "person", "organisation"
PURPOSE = "admin: picker"
MOST_WRITTEN = 160
MORE = _("There may be more: write more of the name, or a number.")


def may_record(kind: str) -> bool:
    """Whether the viewer makes new records of this kind."""
    if kind == PERSON:  # whom one records alone one must see afterwards
        return page_access.registrars() and page_access.sees_all(Citizen)
    return page_access.holds(Organisation, Action.REGISTER)


def name_of(row: Party) -> str:
    return row.full_name if isinstance(row, Citizen) else row.name


@dataclass(frozen=True)
class Picked:
    """What was sent: the text, and the key that was chosen for the text `of`."""

    text: str = ""
    key: str = ""
    of: str = ""

    @property
    def chosen(self) -> str:
        return self.key if is_key(self.key) and self.of == self.text else ""


def picked(data: Mapping[str, object], name: str) -> Picked:
    """What a form sent for the picker of this name."""
    text, key, of = (str(data.get(part) or "").strip() for part in (name, f"{name}_key", f"{name}_of"))
    return Picked(text[:200], key, of[:200])


class PickerInput(forms.TextInput):
    template_name = "admin_ui/includes/picker.html"

    def __init__(
        self,
        kinds: Iterable[str],
        attrs: dict[str, Any] | None = None,
        *,
        has_card: bool = False,
        search: str = "admin:pick",
    ) -> None:
        self.kinds, self.has_card, self.search = tuple(kinds), has_card, search
        self.offered: list[Found] = []
        super().__init__({"maxlength": 200, "autocomplete": "off", "spellcheck": "false", **(attrs or {})})

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Picked:
        return picked(data, name)

    def get_context(self, name: str, value: object, attrs: dict[str, object] | None) -> dict[str, object]:
        value = _as_picked(value)
        context = super().get_context(name, value.text, attrs)
        return context | {
            "picked": value,
            "kinds": " ".join(self.kinds),
            "search": self.search,
            "offered": self.offered,
            "new": [kind for kind in self.kinds if may_record(kind)],
            "has_card": self.has_card,
            "card": cards.of_key(value.chosen, self.kinds) if self.has_card else None,
        }


def _as_picked(value: object) -> Picked:
    if isinstance(value, Picked):
        return value
    if isinstance(value, (Citizen, Organisation)):
        name = name_of(value)
        return Picked(name, str(value.key), name)
    return Picked(str(value or ""))


class PartyField(forms.Field):
    """A person or an organisation that the viewer sees. `action`: what the viewer must be allowed to do to it.
    `by_hand`: a name alone decides nothing, it is chosen among those whom it may mean."""

    kinds: tuple[str, ...] = (PERSON, ORGANISATION)
    hint: object = _("Name, telephone or T.C. kimlik no of a person, or the name of an organisation.")

    def __init__(
        self,
        *,
        action: str = Action.VIEW,
        has_card: bool = False,
        by_hand: bool = False,
        empty_label: Any = None,
        **kwargs: Any,
    ) -> None:
        self.action, self.by_hand = action, by_hand
        self.left_out: Party | None = None
        kwargs.setdefault("required", False)
        kwargs.setdefault("help_text", self.hint)
        kwargs.setdefault("widget", PickerInput(self.kinds, has_card=has_card))
        super().__init__(**kwargs)

    def has_changed(self, initial: object, data: object) -> bool:
        return _as_picked(initial) != _as_picked(data)

    def clean(self, value: object) -> object:
        value = _as_picked(value)
        if not value.text:
            return super().clean(None)
        result = self._chosen(value) or self._named(value.text)
        try:
            scope.get(type(result), result.key, action=self.action)
        except DomainError as error:
            raise ValidationError(str(error)) from None
        return super().clean(result)

    def leave_out(self, row: Party) -> None:
        """Do not offer this one: it is what the form is about."""
        self.left_out = row

    def _chosen(self, value: Picked) -> Party | None:
        return picking.seen(cards.models_of(self.kinds), value.chosen or _key_in(value.text))

    def _named(self, text: str) -> Party:
        """The only row that the text can mean; else what it may mean is offered."""
        found = self._found(text)
        exact = [one for one in found if self._is_exactly(one, text)]
        if len(exact or found) == 1 and not self.by_hand:
            return (exact or found)[0].row
        self.widget.offered = found
        if not found:
            raise ValidationError(_("Nothing that you may see has this name or number."))
        message = (
            _("Choose one of the records.")
            if self.by_hand
            else _("Several are called like that. Choose one.")
        )
        raise ValidationError(f"{message} {MORE}" if len(found) >= picking.MOST else message)

    def _found(self, text: str) -> list[Found]:
        found = picking.find(
            text, persons=PERSON in self.kinds, organisations=ORGANISATION in self.kinds, purpose=PURPOSE
        )
        return [one for one in found if one.row != self.left_out]

    def _is_exactly(self, one: Found, text: str) -> bool:
        names = [one.name, getattr(one.row, "short_name", "")]
        return search_form(text) in {search_form(name) for name in names if name}


class CitizenField(PartyField):
    kinds = (PERSON,)
    hint = _("Name, telephone or T.C. kimlik no, or the organisation at which they are.")


class OrganisationField(PartyField):
    kinds = (ORGANISATION,)
    hint = _("Its full or short name, or its telephone number.")


@dataclass(frozen=True)
class Named:
    """What was written, and the record that it names, if there is one."""

    text: str = ""
    row: Organisation | None = None


@dataclass(frozen=True)
class Addressed:
    """What was written, and the record that was chosen for it, if one was."""

    text: str = ""
    row: Party | None = None


class AddressedField(PartyField):
    """Anybody's name: what is written is kept, and the record that was chosen; none is chosen by a name alone."""

    def clean(self, value: Any) -> Addressed:
        value = _as_picked(value)
        return Addressed(value.text, self._chosen(value) if value.chosen else None)


class NamedOrganisationField(OrganisationField):
    """An organisation, or the name of one that is not on record: what is written is kept, and its record where it is
    the only one of this name."""

    hint = _("Its name; choose its record where there is one.")

    def clean(self, value: object) -> Named:
        value = _as_picked(value)
        if len(value.text) > MOST_WRITTEN:
            raise ValidationError(_("At most %(length)s letters.") % {"length": MOST_WRITTEN})
        if self.required and not value.text:
            raise ValidationError(self.error_messages["required"], code="required")
        row = self._chosen(value) or (self._only_one(value.text) if value.text else None)
        if isinstance(row, Organisation):
            return Named(row.name[:MOST_WRITTEN], row)
        return Named(value.text)

    def _only_one(self, text: str) -> object:
        exact = [one for one in self._found(text) if self._is_exactly(one, text)]
        return exact[0].row if len(exact) == 1 else None


def _key_in(text: str) -> str:
    """The key in the address of a page, which one may paste."""
    key = text.rstrip("/").removesuffix("/change").rpartition("/")[2] if "/" in text else ""
    return key if is_key(key) else ""


MODEL_FIELDS.update({Citizen: CitizenField, Organisation: OrganisationField})

__all__ = [
    "AddressedField",
    "CitizenField",
    "Named",
    "NamedOrganisationField",
    "OrganisationField",
    "PartyField",
    "Picked",
    "PickerInput",
    "may_record",
    "picked",
]
