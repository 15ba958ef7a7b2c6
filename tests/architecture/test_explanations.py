"""What is declared of a parameter stands behind the “?” of its field, in every form that asks for it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django import forms
from django.contrib import admin

from admin_ui.appointments.intake import AppointmentCallForm
from admin_ui.complaints.intake_form import CallForm
from admin_ui.core.actions import ActionAdmin, RowAction
from admin_ui.core.forms import is_explained
from admin_ui.events.forms import NewEventForm
from admin_ui.instructions.intake import NewInstructionForm
from backend.appointments.moves import Verb as AppointmentVerb
from backend.appointments.moves import appointment_action
from backend.events.moves import Verb as EventVerb
from backend.events.moves import event_action
from backend.instructions.moves import Verb as InstructionVerb
from backend.instructions.moves import instruction_action
from backend.journal.action_table import Action
from permissions.core.registry import VERB_TABLES

SERVICES = {"complaints", "appointments", "events", "instructions"}
INTAKES: dict[type[forms.Form], tuple[Action[Any, Any], ...]] = {
    AppointmentCallForm: (
        appointment_action[AppointmentVerb.CORRECT],
        appointment_action[AppointmentVerb.APPROVE],
    ),
    NewEventForm: (event_action[EventVerb.CORRECT], event_action[EventVerb.PUT_PART]),
    NewInstructionForm: (instruction_action[InstructionVerb.CORRECT],),
}
"""Forms that record something new, and the actions that ask for the same facts of what is recorded."""

SOURCED = {
    *("3071 m. 4, 6", "3071 m. 5, 4982 m. 7", "3071 m. 6", "3071 m. 7", "3071 m. 7, 4982 m. 11"),
    *(
        "3071 m. 7, 4982 m. 12",
        "4982 m. 10",
        "4982 m. 11",
        "4982 m. 13",
        "4982 m. 13, 2577 m. 7",
        "4982 m. 30",
    ),
    *("2709 m. 40/2", "2429, 657 m. 99", "6698 m. 4", "6698 m. 4, 6", "6698 m. 6"),
    *("298 m. 64", "298 m. 64, Ek m. 6"),
}
"""Articles that were read beside their sentences; a new one is read before it is added here."""


def _steps() -> Iterator[tuple[str, RowAction, Action[Any, Any]]]:
    for page in admin.site._registry.values():
        if isinstance(page, ActionAdmin):
            actions = VERB_TABLES[page.model].actions
            for step in page.steps:
                yield page.model._meta.app_label, step, actions[step.verb]


def test_every_form_of_a_verb_has_what_is_declared() -> None:
    bare, seen = [], set()
    for service, step, action in _steps():
        for parameter in action.parameters:
            field = step.form.base_fields.get(parameter.name)
            if field is None or not (parameter.field.why or parameter.field.law):
                continue
            seen.add(service)
            if not is_explained(field):
                bare.append(f"{service} {step.verb}: {parameter.name}")
            if parameter.field.law and not getattr(field, "law", ""):
                bare.append(f"{service} {step.verb}: {parameter.name} without its article")
    assert bare == []
    assert seen >= SERVICES


@pytest.mark.parametrize("form", INTAKES, ids=lambda form: form.__name__)
def test_a_form_that_records_something_new_has_it_too(form: type[forms.Form]) -> None:
    declared = {
        parameter.name: parameter.field
        for action in INTAKES[form]
        for parameter in action.parameters
        if (parameter.field.why or parameter.field.law) and parameter.name in form.base_fields
    }
    assert declared, form
    for name, field in declared.items():
        asked = form.base_fields[name]
        assert (getattr(asked, "why", ""), getattr(asked, "law", "")) == (field.why, field.law), name


def test_each_article_is_one_that_was_read() -> None:
    named = {getattr(field, "law", "") for _, step, _ in _steps() for field in step.form.base_fields.values()}
    forms_of_new_rows: list[type[forms.Form]] = [CallForm, *INTAKES]
    for form in forms_of_new_rows:
        named |= {getattr(field, "law", "") for field in form.base_fields.values()}
    assert named - {""} <= SOURCED
