"""The forms of meetings and visits. Field names are the parameters of the actions, so a refusal finds its field."""

from __future__ import annotations

import uuid
from functools import partial
from typing import Any, cast

from django import forms
from django.db.models import Model, QuerySet
from django.utils.translation import gettext_lazy as _

from admin_ui.contacts.picker import OrganisationField
from admin_ui.core.actions import MODEL_FIELDS, MakeField
from admin_ui.core.fields import (
    DepartmentField,
    MinutesField,
    MomentField,
    PrincipalField,
    model_choice,
    offer,
)
from admin_ui.core.forms import ActionForm, OfficeForm, text_area
from admin_ui.partners import choice as partner_choice
from admin_ui.programme.forms import PlacedForm
from backend.engagements.choices import Kind
from backend.engagements.models import Attendee, Decision, Engagement
from backend.instructions.choices import Priority
from backend.organization.models import Department
from backend.partners.models import Role
from backend.programme.models import Principal
from permissions.core import scope
from permissions.core.filters import Action


class AgendaField(forms.CharField):
    """A point a line."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            widget=text_area(5), required=False, help_text=_("One point a line, in their order."), **kwargs
        )

    def clean(self, value: object) -> object:
        return [line.strip() for line in super().clean(value).splitlines() if line.strip()]


def _hanging_on(model: type[Model]) -> MakeField:
    """The field of a row that hangs on the file, named by its key; the form says which ones there are."""
    return partial(
        forms.ModelChoiceField, model._default_manager.none(), to_field_name="key", empty_label=None
    )


MODEL_FIELDS.update({model: _hanging_on(model) for model in (Attendee, Decision)})


class FactsFields(forms.Form):
    title = forms.CharField(label=_("Heading"), max_length=200)
    organisation = OrganisationField(label=_("With which organisation?"))
    starts_at = MomentField(label=_("Begins"))
    ends_at = MomentField(label=_("Ends"))
    place = forms.CharField(label=_("Place"), max_length=200, required=False)
    department = DepartmentField(
        label=_("Department that prepares it"), required=False, empty_label=_("the private office only")
    )
    purpose = forms.CharField(label=_("What is it for?"), widget=text_area(3), required=False)


class EquipmentFields(forms.Form):
    travel = forms.CharField(label=_("Travel"), widget=text_area(2), required=False)
    vehicle = forms.CharField(label=_("Vehicle"), max_length=120, required=False)
    lodging = forms.CharField(label=_("Lodging"), max_length=200, required=False)
    gift_given = forms.CharField(label=_("Gift that we give"), max_length=200, required=False)
    host_contact = forms.CharField(label=_("The host's contact"), max_length=200, required=False)


class NewEngagementForm(FactsFields, EquipmentFields, OfficeForm):
    once = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    kind = forms.ChoiceField(label=_("Which kind?"), choices=Kind.choices, widget=forms.RadioSelect)
    principal = PrincipalField(label=_("Who represents us?"))
    agenda = AgendaField(label=_("Points of the agenda"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        allowed = scope.visible(Principal, action=Action.INSTRUCT).values("pk")
        field = model_choice(self, "principal")
        field.queryset = cast("QuerySet[Principal]", field.queryset).filter(pk__in=allowed)

    def first_fields(self) -> list[forms.BoundField]:
        names = ("kind", "title", "principal", "organisation", "starts_at", "ends_at", "place", "agenda")
        return [self[name] for name in names]

    def more_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in ("department", "purpose", *EquipmentFields.base_fields)]

    def more_is_wrong(self) -> bool:
        return any(field.name in self.errors for field in self.more_fields())

    def facts(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name not in ("once", "principal")}


class CorrectForm(FactsFields, ActionForm):
    def starting(self, row: Engagement) -> dict[str, object]:
        names = [name for name in FactsFields.base_fields if name != "organisation"]  # one may not see it
        values: dict[str, Any] = {name: getattr(row, name) for name in names}
        return values | {
            "organisation": partner_choice.seen(row.organisation_id),
            "department": row.department.code if row.department else "",
        }

    def values(self) -> dict[str, object]:
        row: Any = self.row
        return partner_choice.keep_hidden(super().values(), "organisation", row.organisation_id)


class EquipForm(ActionForm):
    field_order = (*EquipmentFields.base_fields, "gift_received")

    def starting(self, engagement: Engagement) -> dict[str, object]:
        return {name: getattr(engagement, name) for name in self.base_fields}


class InviteForm(ActionForm):
    role = forms.ModelChoiceField(
        label=_("Person of the organisation"),
        queryset=Role.objects.none(),
        to_field_name="key",
        required=False,
        empty_label=_("no one"),
    )
    field_order = ("user", "role", "name", "note")

    def prepare(self, engagement: Engagement) -> None:
        rows = scope.visible(Role.objects.all()).filter(organisation=engagement.organisation_id)
        roles = rows.current().select_related("person").order_by("kind", "pk")
        offer(self, "role", roles, lambda role: f"{role.person.titled_name} · {role.title}")


class UninviteForm(ActionForm):
    def prepare(self, engagement: Engagement) -> None:
        rows = scope.visible(Attendee).filter(engagement=engagement)
        offer(self, "attendee", rows.select_related("user", "role__person"), attendee_name)


def attendee_name(one: Attendee) -> str:
    if one.role is not None:
        return f"{one.role.person.titled_name} · {one.role.title}"
    return str(one.user or one.name)


class AgendaForm(ActionForm):
    agenda = AgendaField(label=_("Points of the agenda"))

    def starting(self, engagement: Engagement) -> dict[str, object]:
        return {"agenda": "\n".join(engagement.agenda.values_list("title", flat=True))}


class ScheduleForm(PlacedForm):
    travel_minutes = MinutesField(label=_("Minutes for the way"))


class MinuteForm(ActionForm):
    def starting(self, engagement: Engagement) -> dict[str, object]:
        return {"minutes": engagement.minutes}


class InstructForm(ActionForm):
    """One press from the decision: its text is what is to be done, unless another is written."""

    priority = forms.ChoiceField(
        label=_("Priority"), choices=Priority.choices, initial=Priority.NORMAL, widget=forms.RadioSelect
    )
    field_order = ("decision", "department", "due_on", "priority", "text")

    def prepare(self, engagement: Engagement) -> None:
        rows = scope.visible(Decision).filter(engagement=engagement, instruction__isnull=True)
        offer(self, "decision", rows.order_by("position"), lambda row: f"{row.position}. {row.text[:100]}")

    def begin_with(self, key: str) -> None:
        if key:
            self.initial["decision"] = key


def departments() -> QuerySet[Department, tuple[str, str]]:
    return Department.objects.open().in_order().values_list("code", "short_name")
