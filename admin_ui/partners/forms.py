"""The forms of partners. Field names are the parameters of the actions, so that a refusal finds its field."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from admin_ui.contacts.picker import CitizenField, OrganisationField
from admin_ui.core.fields import DayField, model_choice
from admin_ui.core.forms import ActionForm, OfficeForm, optional, text_area
from admin_ui.core.parts.messages import MessageForm
from backend.core.errors import DomainError
from backend.core.words.languages import Language
from backend.organization.models import Department, Neighbourhood, OutsideBody
from backend.partners.actions import AlikeError
from backend.partners.actions.people import FACTS as ROLE_FACTS
from backend.partners.choices import Kind, RoleKind
from backend.partners.models import Organisation, Role
from permissions.core import scope


class TagsField(forms.CharField):
    """Words with commas between them."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=500, required=False, help_text=_("With commas between them."), **kwargs)

    def prepare_value(self, value: object) -> object:
        return ", ".join(value) if isinstance(value, list) else value

    def clean(self, value: object) -> object:
        return [word.strip() for word in super().clean(value).split(",") if word.strip()]


class FactsFields(forms.Form):
    """What is known of an organisation."""

    name = forms.CharField(label=_("Full name"), max_length=200, help_text=_("As a letter names it."))
    short_name = forms.CharField(label=_("Short name"), max_length=80, required=False)
    phone = forms.CharField(label=_("Phone"), max_length=40, required=False)
    email = forms.CharField(label=_("E-mail"), max_length=254, required=False)
    website = forms.CharField(label=_("Web site"), max_length=200, required=False)
    address = forms.CharField(label=_("Address"), max_length=300, required=False)
    neighbourhood = forms.ModelChoiceField(
        label=_("Neighbourhood"),
        queryset=Neighbourhood.objects.order_by("name_sort"),
        to_field_name="code",
        required=False,
        empty_label=_("none"),
    )
    city = forms.CharField(label=_("City"), max_length=80, required=False)
    country = forms.CharField(
        label=_("Country"), max_length=60, required=False, help_text=_("Only where it is not Türkiye.")
    )
    language = forms.ChoiceField(
        label=_("Language of correspondence"), choices=Language.choices, initial=Language.TR
    )
    tags = TagsField(label=_("Tags"))
    body = forms.ModelChoiceField(
        label=_("Outside body"),
        queryset=OutsideBody.objects.order_by("name_sort"),
        to_field_name="code",
        required=False,
        empty_label=_("none"),
        help_text=_("Where it answers for a matter that applications are forwarded to."),
    )
    sister_since = DayField(past=True, label=_("Sister municipality since"), required=False)
    sister_decision = forms.CharField(label=_("Decision of the council"), max_length=60, required=False)
    note = forms.CharField(label=_("Note"), widget=text_area(3), required=False)


FACTS = tuple(FactsFields.base_fields)
FIRST = ("kind", "name", "short_name", "phone", "email")
MORE = tuple(name for name in FACTS if name not in FIRST)


class NewOrganisationForm(FactsFields, OfficeForm):
    """What is there under such a name already is shown first; sent again with the tick it is recorded all the same."""

    once = forms.UUIDField(widget=forms.HiddenInput)
    kind = forms.ChoiceField(label=_("Which kind?"), choices=lambda: optional(Kind.choices, _("Choose")))
    liaisons = forms.ModelMultipleChoiceField(
        label=_("Departments that work with it"),
        queryset=Department.objects.none(),
        to_field_name="code",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("They see it. The office sees every organisation."),
    )
    accept_alike = forms.BooleanField(
        label=_("It is another organisation than those"), required=False, widget=forms.HiddenInput
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.alike: list[Organisation] = []
        field = model_choice(self, "liaisons")
        field.queryset = Department.objects.open().in_order()

    def first_fields(self) -> list[forms.BoundField]:
        names = (*FIRST, *(["accept_alike"] if self.alike else []))
        return [self[name] for name in names]

    def more_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in MORE]

    def wide_fields(self) -> list[forms.BoundField]:
        return [self["liaisons"]]

    def more_is_wrong(self) -> bool:
        return any(name in self.errors for name in (*MORE, "liaisons"))

    def refuse(self, error: DomainError) -> None:
        """Show those that may be meant, with the tick by which one says that it is another."""
        if isinstance(error, AlikeError):
            self.alike = error.rows
            self.fields["accept_alike"].widget = forms.CheckboxInput()
        else:
            super().refuse(error)

    def facts(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "once"}


class CorrectForm(FactsFields, ActionForm):
    def starting(self, row: Organisation) -> dict[str, object]:
        mapping: dict[str, object] = {name: getattr(row, name) for name in FACTS}
        return mapping | {
            "phone": str(row.phone),
            "neighbourhood": row.neighbourhood.code if row.neighbourhood else "",
            "body": row.body.code if row.body else "",
        }


class ReclassifyForm(ActionForm):
    def starting(self, organisation: Organisation) -> dict[str, object]:
        return {"kind": organisation.kind}


class AddRoleForm(ActionForm):
    """A person with what they are there."""

    person = CitizenField(label=_("Who?"), required=True)
    field_order = ("person",)


class RoleField(forms.ModelChoiceField):
    """One of the organisation's roles that the viewer sees, by person and title."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=Role.objects.none(), to_field_name="key", **kwargs)

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.person.full_name} · {obj.title}"


class OfRoleForm(ActionForm):
    """About one of the organisation's roles; a link on the page names which."""

    role = RoleField(label=_("Role"))

    def prepare(self, organisation: Organisation) -> None:
        rows = scope.visible(Role).filter(organisation=organisation).select_related("person")
        field = model_choice(self, "role")
        field.queryset = rows.order_by("kind", "pk")

    def begin_with(self, key: str) -> None:
        """Begin with what this role says."""
        field = model_choice(self, "role")
        row = next((one for one in field.queryset or () if str(one.key) == key), None)
        if row is not None:
            values: dict[str, object] = {
                name: getattr(row, name) for name in ROLE_FACTS if name in self.fields
            }
            if "phone" in values:
                values["phone"] = str(row.phone)
            self.initial = {**self.initial, **values, "role": key}


class WriteForm(MessageForm):
    """To the organisation, or to a person who has a role there today and can be reached."""

    role = RoleField(label=_("To whom there"), required=False, empty_label=_("the organisation"))

    def prepare(self, organisation: Organisation) -> None:
        super().prepare(organisation)
        rows: Any = scope.visible(Role).filter(organisation=organisation)
        model_choice(self, "role").queryset = rows.current().select_related("person").order_by("kind", "pk")


class CorrectRoleForm(OfRoleForm):
    kind = forms.ChoiceField(label=_("What are they there?"), choices=RoleKind.choices)


class ReleaseForm(ActionForm):
    def prepare(self, organisation: Organisation) -> None:
        field = model_choice(self, "department")
        field.queryset = Department.objects.filter(pk__in=organisation.departments).in_order()


class MergeForm(ActionForm):
    into = OrganisationField(label=_("The record that stays"), required=True)

    def prepare(self, organisation: Organisation) -> None:
        self.fields["into"].leave_out(organisation)  # type: ignore[attr-defined]
