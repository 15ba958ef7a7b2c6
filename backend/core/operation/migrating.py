"""How the tables come to be: quickly, and without the words that people read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from django.db.models import Field


class Tables(Operation):
    """Carry out many operations over one state: for first migrations, which can hold all they make in one step.

    Django renders all models that are related to one another anew after each operation that touches one; with some 180
    tables this took a minute. Here the state holds what all operations say before any is carried out, so none of them
    may depend on what another one leaves behind. It is rendered once.
    """

    reversible = False
    serialization_expand_args = ["operations"]

    def __init__(self, operations: Sequence[Operation]) -> None:
        self.operations = operations

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Put into the state what all operations say; what was rendered of it is forgotten."""
        if "apps" in state.__dict__:
            del state.apps
        for operation in self.operations:
            operation.state_forwards(app_label, state)

    def database_forwards(
        self, app_label: str, schema_editor: Any, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        """Carry them out in order."""
        for operation in self.operations:
            operation.database_forwards(app_label, schema_editor, from_state, to_state)

    def describe(self) -> str:
        return "; ".join(operation.describe() for operation in self.operations)


def without_labels(detector: type) -> type:
    """Make of Django's autodetector one for which names, help and choices of fields are no part of a table.

    A word that is put better, or one choice more, asks nothing of the database and so is no migration. The name of a
    model stays: Django's permissions are called by it.
    """

    class Detector(detector):
        def __init__(self, from_state: ProjectState, to_state: ProjectState, *args: Any) -> None:
            for state in (from_state, to_state):
                _take_labels_off(state)
            super().__init__(from_state, to_state, *args)

    return Detector


def _take_labels_off(state: ProjectState) -> None:
    for model in state.models.values():
        model.options.pop("verbose_name_plural", None)
        for field in model.fields.values():
            _take_off(field)


def _take_off(field: Any) -> None:
    """Of a field of a state, which is a copy of the model's own."""
    field.verbose_name = field._verbose_name = None
    field.help_text = ""
    if isinstance(field, Field):
        field.choices = None
    if isinstance(field, ArrayField):
        _take_off(field.base_field)
