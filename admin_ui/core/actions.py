"""A table whose rows have verbs: its page shows the row, the next steps, and the form of one."""

from __future__ import annotations

import copy
import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any, ClassVar, cast
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db.models import Model, QuerySet, TextChoices
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, reverse
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from admin_ui.core.fields import (
    ClockField,
    DayField,
    DepartmentField,
    MomentField,
    PeopleField,
    PersonField,
)
from admin_ui.core.forms import ActionForm, ConfirmedForm, explained, is_explained, optional, text_area
from admin_ui.core.once import pressed, was_pressed
from admin_ui.core.page_access import StaffRequest
from admin_ui.core.parts.frames import PANE, WORK, target
from admin_ui.core.parts.trail import FROM, Trail
from admin_ui.core.screen import ScopedAdmin, page
from backend.core.errors import DomainError
from backend.core.words.text import first_capital
from backend.journal.action_table import Action, ActionTable, Parameter, Trait
from backend.organization.models import Department, User
from permissions.core import scope
from permissions.notifications import seeing
from permissions.plans import querysets as plans

MakeField = Callable[..., forms.Field]
MODEL_FIELDS: dict[type[Model], MakeField] = {Department: DepartmentField, User: PersonField}
"""How a row of a model is chosen; services add their own."""
MODEL_LISTS: dict[type[Model], MakeField] = {User: PeopleField}
PLAIN_FIELDS: dict[type, MakeField] = {
    str: forms.CharField,
    bool: forms.BooleanField,
    int: forms.IntegerField,
    float: forms.FloatField,
    Decimal: partial(forms.DecimalField, decimal_places=2),  # an amount of money
    dt.date: DayField,
    dt.datetime: MomentField,
    dt.time: ClockField,
}


def form_for[V: TextChoices, S: TextChoices](
    action: Action[V, S], form: type[ActionForm] = ActionForm
) -> type[ActionForm]:
    """Make the form of an action: a field for each parameter with a label, in the order of the signature.

    `form` may declare fields of its own, in place of a parameter's or besides, and what the form starts with.
    """
    own = form.base_fields
    asked = {parameter.name: parameter for parameter in action.parameters if parameter.field.label}
    fields = {name: field_for(parameter) for name, parameter in asked.items() if name not in own}
    left_out = {name for name in asked if name in form.__dict__ and form.__dict__[name] is None}
    order = form.field_order or [*asked, *own]
    made = {name: field for name, field in fields.items() if name not in left_out}
    whole = type(f"{form.__name__}Of{action.verb}", (form,), {**made, "field_order": order})
    return explained_by(action)(whole)


def explained_by[F: type[forms.Form]](*actions: Action[Any, Any]) -> Callable[[F], F]:
    """Put the “?” of the actions' parameters at the form's fields of the same names that have none of their own."""

    def explain(form: F) -> F:
        for parameter in (one for action in actions for one in action.parameters):
            field, why, law = form.base_fields.get(parameter.name), parameter.field.why, parameter.field.law
            if field and (why or law) and not is_explained(field):
                form.base_fields[parameter.name] = explained(copy.deepcopy(field), why, law)
        return form

    return explain


def field_for(parameter: Parameter) -> forms.Field:
    """Make the form's field of one parameter, with what explains it."""
    return explained(_field_for(parameter), parameter.field.why, parameter.field.law, parameter.field.when)


def _field_for(parameter: Parameter) -> forms.Field:
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


def _without_required(options: dict[str, object]) -> dict[str, object]:
    """A list of rows may always be empty."""
    return {name: value for name, value in options.items() if name != "required"}


@dataclass(frozen=True)
class RowAction:
    """`form` has the fields of the action's parameters, by the same names."""

    verb: TextChoices
    action: Callable[..., object]
    form: type[ActionForm]
    is_main: bool = False
    danger: bool = False
    hint: str | Promise = ""
    checks_version: bool = True
    """Refuse it if the row was changed since the page was loaded."""
    has_preview: bool = False
    past: str | Promise = ""
    """What the history says of it, for the message after it."""
    takes_back: tuple[TextChoices, ...] = ()
    """The verbs that it takes back: its button stands in the message after those, and does it at once."""

    @classmethod
    def of[V: TextChoices, S: TextChoices](
        cls,
        action: Action[V, S],
        form: type[ActionForm] = ActionForm,
        through: Callable[..., object] | None = None,
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
            getattr(action.event, "label", ""),
            action.takes_back,
        )

    @property
    def needs_form(self) -> bool:
        """Whether it asks for anything, says anything or cannot be undone; else its button does it at once."""
        says = bool(self.hint or self.form.above or self.form.below)
        return self.danger or says or any(name != "version" for name in self.form.base_fields)

    @property
    def slug(self) -> str:
        return str(self.verb.value).lower()

    @property
    def anchor(self) -> str:
        """The id of the form behind its button."""
        return f"verb-{self.slug}"


def steps_of[V: TextChoices, S: TextChoices](
    actions: ActionTable[V, S],
    forms: Mapping[V, type[ActionForm]],
    *,
    base: type[ActionForm] = ActionForm,
    through: Mapping[V, Callable[..., object]] | None = None,
) -> tuple[RowAction, ...]:
    """Make the steps of all declared actions. `forms`: those of verbs whose form has something of its own; `base`: that
    of the others. `through`: what is called in place of an action, see `RowAction.of`."""
    return tuple(
        RowAction.of(action, forms.get(action.verb, base), (through or {}).get(action.verb))
        for action in actions.in_order()
    )


class ActionAdmin[M: Model](ScopedAdmin):
    """List, and the page of a row with its actions. A refusal is shown at its field, and the input is kept.

    What is odd of a page: `details`, `opened`, `begin`, `offered`, `preview`, `compared` and `leave`.
    """

    steps: tuple[RowAction, ...] = ()
    page_relations: tuple[str, ...] = ()
    """What the page shows of other rows, read with the row."""
    preview: ClassVar[Callable[..., tuple[str, str] | None] | None] = None
    """Does a step in a dry run, called as `preview(verb, key, run, version=, named=)`: (subject, text) of the message
    that it would send, or None. Steps that notify have a button for it."""
    no_message: str | Promise = ""
    """What the preview says where nothing would be sent."""
    done: str | Promise = _("“%(verb)s” is done.")
    left = done
    """The message after a step, and after one that takes the row out of the viewer's sight."""

    def get_urls(self) -> list[URLPattern]:
        return [*super().get_urls(), self.route("<uuid:key>/<slug:verb>/", self.act, "act")]

    def load(self, key: UUID) -> M:
        """The visible row with what may be done to it. NOT_FOUND if it is hidden or missing."""
        for found in plans.rows(f"{type(self).__module__}.{type(self).__name__}", self._of_key, key):
            return cast(M, found)
        raise scope.not_found()

    def _of_key(self, key: UUID) -> QuerySet[M]:
        rows = scope.with_relations(scope.visible(self.model)).filter(key=key)
        return rows.select_related(*self.page_relations or [None])

    def step(self, slug: str) -> RowAction | None:
        return next((step for step in self.steps if step.slug == slug.lower()), None)

    def offered(self, row: M) -> list[RowAction]:
        """The steps that the viewer may do now, in the order of their buttons."""
        able = scope.allowed_actions(row)
        return [step for step in self.steps if step.verb in able]

    def stands_out(self, row: M, step: RowAction) -> bool:
        """Whether the button of a step stands before the fold."""
        return step.is_main

    def following(self, row: M) -> RowAction | None:
        """The step that usually comes next: the message after another one leads to it."""
        return next((step for step in self.offered(row) if step.is_main), None)

    def opened(self, row: M) -> RowAction | None:
        """The step whose form stands open though no link asked for it."""
        return None

    def begin(self, form: ActionForm, request: HttpRequest) -> None:
        """Begin a form with what the link to it says."""

    def compared(self, row: M, other: M) -> dict[str, object]:
        """Put both rows side by side, for a form that asks whether they are the same."""
        raise NotImplementedError

    def change_view(self, request: HttpRequest, key: UUID, *args: object, **kwargs: object) -> HttpResponse:
        """Show the row; `?do=` opens the form of a step."""
        row = self.load(key)
        seeing.opened(row)
        step = self.step(request.GET["do"]) if "do" in request.GET else self.opened(row)
        if step is None or not step.needs_form or step not in self.offered(row):
            return self.render(request, row)
        form = step.form(row)
        self.begin(form, request)
        if "do" in request.GET:
            form.focus()
        return self.render(request, row, step, form)

    def act(self, request: StaffRequest, key: UUID, verb: str) -> HttpResponse:
        """Do one thing to the row, or show the message that it would send."""
        if (step := self.step(verb)) is None:
            raise scope.not_found()
        if request.method != "POST":
            return HttpResponseRedirect(f"{self.url_of(self.load(key))}?do={step.slug}#do")
        if step.needs_form:
            return self._fill_in(request, key, step)
        version = request.POST.get("version", "")
        mark = f"{key}:{step.slug}:{version}" if version else ""
        try:
            return self._press(request, key, step, mark)
        except DomainError:
            if not was_pressed(request, mark):
                raise
            row: Any = scope.visible(self.model).filter(key=key).first() or self.model(key=key)
            return self._onward(request, row, self.leave(request, row, step, None))

    def _press(self, request: StaffRequest, key: UUID, step: RowAction, mark: str) -> HttpResponse:
        """Do a step that asks for nothing; a refusal leads back to the row, where its reason is shown."""
        row = self.load(key)
        form = step.form(row, request.POST)
        made: object = None
        with form.refusals():
            if form.is_valid():
                version = form.cleaned_data.get("version") if step.checks_version else None
                with scope.authorized(step.verb, self.model, key, version=version) as locked:
                    made = step.action(locked, by=request.user)
        if form.is_valid():
            pressed(request, mark)
            return self._onward(request, row, self.leave(request, row, step, made))
        refusal = " ".join(str(sentence) for sentences in form.errors.values() for sentence in sentences)
        if was_pressed(request, mark):
            return self._onward(request, row, self.leave(request, row, step, None))
        messages.error(request, refusal)
        trail = Trail.of(request)
        if trail is not None and (trail.place is None or target(request) == PANE):
            return HttpResponseRedirect(trail.queue() if trail.place is None else trail.open(row))
        return HttpResponseRedirect(self._closed(row, trail))

    def _fill_in(self, request: StaffRequest, key: UUID, step: RowAction) -> HttpResponse:
        """Do a step with what its form says; a refusal is shown in the form."""
        row = self.load(key)
        form = step.form(row, request.POST, request.FILES)
        if continued := form.continued():
            return self.render(request, row, step, continued)
        if not form.is_valid():
            return self.render(request, row, step, form)
        preview = type(self).preview if step.has_preview and form.wants_preview else None
        if preview is None and isinstance(form, ConfirmedForm) and (other := form.unconfirmed()):
            form.compared = self.compared(row, other)
            return self.render(request, row, step, form)
        made: object = None
        with form.refusals():
            version = form.cleaned_data.get("version") if step.checks_version else None
            values = form.values()
            run = partial(step.action, by=request.user, **values)
            if preview is not None:
                message = preview(step.verb, key, run, version=version, named=values.values())
                form.preview = message or ("–", str(self.no_message))
            else:
                with scope.authorized(
                    step.verb, self.model, key, version=version, named=values.values()
                ) as locked:
                    made = run(locked)
        if not form.is_valid():
            row = self.load(key)
            form.show(row)
        elif preview is None:
            return self._onward(request, row, self.leave(request, row, step, made))
        form.focus()
        return self.render(request, row, step, form)

    def leave(self, request: HttpRequest, row: M, step: RowAction, made: object) -> HttpResponse:
        """Say that a step is done, and go on: to the row, or to the desk if it has left the viewer.

        `made`: what the action returned.
        """
        is_there = scope.visible(self.model).filter(pk=row.pk).exists()
        keyed: Any = row
        words = {"verb": step.verb.label, "reference": getattr(row, "reference", "")}
        past = ": ".join(part for part in (words["reference"], str(step.past)) if part)
        if not is_there:
            messages.success(request, str(self.left) % words)
            return HttpResponseRedirect(reverse("admin:index"))
        after = self.load(keyed.key)
        summary = self.summary(row, step, made) or (f"{past}." if step.past else str(self.done) % words)
        parts = [summary, self._undo(request, after, step)]
        following = self.following(after) if step.past else None
        if following is not None and following is not step:
            parts.append(format_html("{}: {}", _("Next"), self._link(request, row, following)))
        messages.success(request, format_html_join(" ", "{}", ((part,) for part in parts if part)))
        return HttpResponseRedirect(self.url_of(row))

    def _link(self, request: HttpRequest, row: M, step: RowAction) -> str:
        """The link of a message to the form of a step, which opens where the row is open; what asks for nothing is done
        by a button, whose form stands on the page of the row."""
        trail, part = Trail.of(request), target(request) or WORK
        if not step.needs_form and trail is None:
            text = step.verb.label
            return format_html('<button class="ok-button" form="{}">{}</button>', step.anchor, text)
        more = "" if trail is None else f"&{urlencode({FROM: trail.value})}"
        url = f"{self.url_of(row)}?do={step.slug}{more}"
        return format_html(
            '<a class="ok-link" href="{}#do" hx-get="{}" hx-target="#{}" hx-swap="innerHTML show:none"'
            ' hx-push-url="{}">{}</a>',
            *(url, url, part, "true" if part == WORK else "false", step.verb.label),
        )

    def summary(self, row: M, step: RowAction, made: object) -> str:
        """What the message after a step says in place of the history's word; "" for that."""
        return ""

    def waits(self, row: M) -> str:
        """Until when what was just sent waits, as a sentence; "" where nothing does."""
        return ""

    def _undo(self, request: HttpRequest, row: M, step: RowAction) -> str:
        """The button that takes back what was just done, as long as that is possible. Its form stands on the page of
        the row; where the message is read elsewhere it is a link there."""
        undo = next((one for one in self.offered(row) if step.verb in one.takes_back), None)
        if undo is None:
            return ""
        waits = self.waits(row)
        if Trail.of(request) is not None:
            link = '{} <a class="ok-link" href="{}#{}">{}</a>'
            return format_html(link, waits, self.url_of(row), undo.anchor, _("Undo"))
        return format_html(
            '{} <button class="ok-button" form="{}">{}</button>', waits, undo.anchor, _("Undo")
        )

    def _onward(self, request: HttpRequest, row: M, answer: HttpResponse) -> HttpResponse:
        """On in the queue, where a step began there, unless it leads to something else: that is a page of its own."""
        location = answer.headers.get("Location")
        goes_back = location in (self.url_of(row), reverse("admin:index"))
        trail, part = Trail.of(request), target(request)
        if goes_back and trail is not None:
            return HttpResponseRedirect(trail.onward(row, after_deed=True, is_pane=part == PANE))
        if part and location and not goes_back:
            return HttpResponse(headers={"HX-Redirect": location})
        return answer

    def _closed(self, row: M, trail: Trail | None) -> str:
        """The address of the page without the form."""
        more = "" if trail is None else f"?{urlencode({FROM: trail.value})}"
        return f"{self.url_of(row)}{more}"

    def render(
        self, request: HttpRequest, row: M, step: RowAction | None = None, form: ActionForm | None = None
    ) -> HttpResponse:
        offered, trail = self.offered(row), Trail.of(request)
        main = [one for one in offered if self.stands_out(row, one)]
        context = {
            "title": first_capital(self.opts.verbose_name),
            "parents": [self.crumb()],
            "row": row,
            "url": self.url_of(row),
            "act": f"{self.admin_site.name}:{self.name_of('act')}",
            "offered": offered,
            "main": main,
            "more": [one for one in offered if one not in main],
            "next": main[0].verb if main else None,
            "trail": trail,
            "following_row": trail and trail.onward(row, after_deed=False, is_pane=target(request) == PANE),
            "closed": self._closed(row, trail),
            "step": step,
            "form": form,
            "has_preview": step is not None and step.has_preview and self.preview is not None,
            **self.details(request, row),
        }
        return page(self.admin_site, request, self.detail_template, context)
