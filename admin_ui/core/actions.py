"""A small table whose rows have verbs: its page shows the row, the next steps, and the form of one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db.models import Model, TextChoices
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, reverse
from django.utils.translation import gettext as _

from admin_ui.core.fields import DayField, DepartmentField, MomentField, PeopleField, PersonField
from admin_ui.core.forms import ActionForm, optional, text_area
from admin_ui.core.screen import ScopedAdmin, page
from backend.core.errors import DomainError, ErrorCode
from backend.core.words.text import first_capital
from backend.journal.action_table import Action, ActionTable, Parameter, Trait
from backend.organization.models import Department, User
from permissions.core import scope

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


def form_for(action: Action[Any, Any], form: type[ActionForm] = ActionForm) -> type[ActionForm]:
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


@dataclass(frozen=True)
class RowAction:
    """`form` has the fields of the action's parameters, by the same names."""

    verb: Any
    action: Callable[..., Any]
    form: type[ActionForm]
    is_main: bool = False
    danger: bool = False
    hint: Any = ""
    checks_version: bool = True
    """Refuse it if the row was changed since the page was loaded."""
    has_preview: bool = False

    @classmethod
    def of(
        cls,
        action: Action[Any, Any],
        form: type[ActionForm] = ActionForm,
        through: Callable[..., Any] | None = None,
    ) -> RowAction:
        """Make the step of a declared action; `form` adds to its form what is odd. `through`: what is called in its
        place, because it asks for more permission or does more."""
        return cls(
            action.verb,
            through or action.function,
            form_for(action, form),
            Trait.PRIMARY in action.traits,
            Trait.DESTRUCTIVE in action.traits,
            action.hint,
            Trait.CONCURRENT not in action.traits,
            action.notifies,
        )

    @property
    def needs_form(self) -> bool:
        """Whether it asks for anything, or cannot be undone; else its button does it at once."""
        return self.danger or any(name != "version" for name in self.form.base_fields)

    @property
    def slug(self) -> str:
        return str(self.verb.value).lower()


def steps_of(
    actions: ActionTable[Any, Any],
    forms: Mapping[Any, type[ActionForm]],
    *,
    base: type[ActionForm] = ActionForm,
    through: Mapping[Any, Callable[..., Any]] | None = None,
) -> tuple[RowAction, ...]:
    """Make the steps of all declared actions. `forms`: those of verbs whose form has something of its own; `base`: that
    of the others. `through`: what is called in place of an action, see `RowAction.of`."""
    return tuple(
        RowAction.of(action, forms.get(action.verb, base), (through or {}).get(action.verb))
        for action in actions.in_order()
    )


class ActionAdmin(ScopedAdmin):
    """List, and a detail page with the row's actions. A refusal is shown at its field, and the input is kept."""

    steps: tuple[RowAction, ...] = ()
    page_relations: tuple[str, ...] = ()
    """What the page shows of other rows, read with the row."""

    def get_urls(self) -> list[URLPattern]:
        return [*super().get_urls(), self.route("<uuid:key>/<slug:verb>/", self.act, "act")]

    def load(self, key: UUID) -> Any:
        """The visible row with what may be done to it. NOT_FOUND if it is hidden or missing."""
        rows = scope.with_relations(scope.visible(self.model))
        if self.page_relations:
            rows = rows.select_related(*self.page_relations)
        found = rows.filter(key=key).first()
        if found is None:
            raise scope.not_found()
        return found

    def offers(self, row: Any, verb: Any) -> bool:
        """Whether a permitted verb has anything to act upon; the action decides all the same."""
        return True

    def step(self, slug: str) -> RowAction | None:
        return next((step for step in self.steps if step.slug == slug), None)

    def change_view(self, request: HttpRequest, key: UUID, *args: object, **kwargs: object) -> HttpResponse:
        row = self.load(key)
        step = self.step(request.GET.get("do", ""))
        form = step.form(row) if step and step.verb in scope.allowed_actions(row) else None
        if form:
            self.begin(form, request)
        return self.render(request, row, step if form else None, form)

    def begin(self, form: ActionForm, request: HttpRequest) -> None:
        """Begin a form with what the link to it says."""

    def act(self, request: HttpRequest, key: UUID, verb: str) -> HttpResponse:
        """Do one thing to the row."""
        step = self.step(verb)
        if step is None:
            raise scope.not_found()
        row = self.load(key)
        if request.method != "POST":
            return HttpResponseRedirect(f"{self.url_of(row)}?do={step.slug}#do")
        form = step.form(row, request.POST, request.FILES)
        if not form.is_valid():
            return self.render(request, row, step, form)
        try:
            version = form.cleaned_data.get("version") if step.checks_version else None
            values = form.values()
            with scope.authorized(
                step.verb, self.model, key, version=version, named=values.values()
            ) as locked:
                made = step.action(locked, by=request.user, **values)
        except DomainError as error:
            if error.code == ErrorCode.FORBIDDEN or (
                error.code == ErrorCode.NOT_FOUND and error.field == "id"
            ):
                raise
            form.refuse(error)
            row = self.load(key)
            form.show(row)
            return self.render(request, row, step, form)
        messages.success(request, _("“%(verb)s” is done.") % {"verb": step.verb.label})
        return self.leave(row, step, made)

    def leave(self, row: Any, step: RowAction, made: Any) -> HttpResponse:
        """Where it goes on when a step is done, of which the action made something."""
        is_there = scope.visible(self.model).filter(pk=row.pk).exists()
        return HttpResponseRedirect(self.url_of(row) if is_there else reverse("admin:index"))

    def render(
        self, request: HttpRequest, row: Any, step: RowAction | None, form: ActionForm | None
    ) -> HttpResponse:
        able = scope.allowed_actions(row)
        offered = [one for one in self.steps if one.verb in able and self.offers(row, one.verb)]
        context = {
            "title": first_capital(self.opts.verbose_name),
            "parents": [self.crumb()],
            "row": row,
            "url": self.url_of(row),
            "main": [one for one in offered if one.is_main],
            "more": [one for one in offered if not one.is_main],
            "step": step,
            "act_url": self.url("act", row.key, step.slug) if step else "",
            "form": form,
            **self.details(request, row),
        }
        return page(self.admin_site, request, self.detail_template, context)
