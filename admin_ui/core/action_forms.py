"""The form of an action, made from its declaration: `backend.core.actions`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import Any

from django import forms
from django.db.models import Model, TextChoices

from admin_ui.core.fields import DayField, DepartmentField, MomentField, PeopleField, PersonField
from admin_ui.core.forms import DeedForm, optional, text_area
from backend.core.actions import Action, Parameter
from backend.organization.models import Department, User

MakeField = Callable[..., forms.Field]
MODEL_FIELDS: dict[type[Model], MakeField] = {Department: DepartmentField, User: PersonField}
"""How a row of a model is chosen; services add their own."""
MODEL_LISTS: dict[type[Model], MakeField] = {User: PeopleField}
PLAIN_FIELDS: dict[Any, MakeField] = {
    str: forms.CharField,
    bool: forms.BooleanField,
    int: forms.IntegerField,
    float: forms.FloatField,
    Decimal: partial(forms.DecimalField, decimal_places=2),  # an amount of money
    dt.date: DayField,
    dt.datetime: MomentField,
    dt.time: forms.TimeField,
}


def form_for(action: Action[Any, Any], form: type[DeedForm] = DeedForm) -> type[DeedForm]:
    """Make the form of an action: a field for each parameter with a label, in the order of the signature.

    `form` may declare fields of its own, in place of a parameter's or besides, and what the form starts with.
    """
    own = form.base_fields
    asked = {parameter.name: parameter for parameter in action.parameters if parameter.field.label}
    fields = {name: field_for(parameter) for name, parameter in asked.items() if name not in own}
    left_out = {name for name in asked if name in form.__dict__ and form.__dict__[name] is None}
    order = form.field_order or [*asked, *own]
    made = {name: field for name, field in fields.items() if name not in left_out}
    return type(f"{form.__name__}Of{action.verb}", (form,), {**made, "field_order": order})


def field_for(parameter: Parameter) -> forms.Field:
    """Make the form's field of one parameter."""
    field = parameter.field
    options: dict[str, Any] = {
        "label": field.label,
        "required": parameter.is_required,
        "help_text": field.help,
    }
    kind = parameter.type
    if parameter.is_list:
        return (
            MODEL_LISTS[kind](**_without_required(options))
            if kind in MODEL_LISTS
            else _choices(kind, options)
        )
    if issubclass(kind, TextChoices):
        choices = kind.choices if parameter.is_required else lambda: optional(kind.choices, field.empty)
        return forms.ChoiceField(choices=choices, **options)
    if issubclass(kind, Model):
        if field.empty or not parameter.is_required:
            options["empty_label"] = field.empty
        return MODEL_FIELDS[kind](**options)
    if kind is bool:
        options["required"] = False
    if kind in (int, float, Decimal):
        options["min_value"], options["max_value"] = field.min_value, field.max_value
    if kind is str:
        options["max_length"] = field.max_length
        if field.rows:
            options["widget"] = text_area(field.rows)
    return PLAIN_FIELDS[kind](**options)


def _choices(kind: type[TextChoices], options: dict[str, Any]) -> forms.Field:
    return forms.MultipleChoiceField(choices=kind.choices, widget=forms.CheckboxSelectMultiple, **options)


def _without_required(options: dict[str, Any]) -> dict[str, Any]:
    """A list of rows may always be empty."""
    return {name: value for name, value in options.items() if name != "required"}
