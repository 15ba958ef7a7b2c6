"""How the tables come to be: quickly, and without the words that people read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.migrations import Migration
from django.db.migrations.operations import (
    AddField,
    DeleteModel,
    RemoveField,
    RenameModel,
    SeparateDatabaseAndState,
)
from django.db.migrations.operations.base import Operation
from django.db.migrations.operations.fields import FieldOperation
from django.db.migrations.state import ModelState, ProjectState
from django.db.migrations.utils import resolve_relation
from django.db.models import Field


class Tables(Operation):
    """Make many tables over one state: for first migrations, which can hold all they make in one step.

    Django renders all models that are related to one another anew after each operation that touches one; with some 230
    tables this took a minute. Here the state holds what all operations say before any is carried out, so none of them
    may depend on what another one leaves behind. Rendered are the models of the app, and of others no more than what
    a foreign key refers to; the whole state waits for an operation that asks for it.
    """

    reversible = False
    serialization_expand_args = ["operations"]

    def __init__(self, operations: Sequence[Operation]) -> None:
        self.operations = operations

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Put into the state what all operations say; what was rendered of it is forgotten."""
        state.__dict__.pop("apps", None)
        for operation in self.operations:
            operation.state_forwards(app_label, state)
        state.__dict__["apps"] = _LaterApps(state.clone())

    def database_forwards(
        self, app_label: str, schema_editor: Any, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        """Carry them out in order."""
        before, after = (excerpt(app_label, state) for state in (from_state, to_state))
        for operation in self.operations:
            operation.database_forwards(app_label, schema_editor, before, after)

    def describe(self) -> str:
        return "; ".join(operation.describe() for operation in self.operations)


class _LaterApps:
    """The models of a state, rendered as soon as anything but a clone is asked of them."""

    def __init__(self, state: ProjectState) -> None:
        self._state = state

    def clone(self) -> _LaterApps:
        return _LaterApps(self._state.clone())

    def __getattr__(self, name: str) -> Any:
        return getattr(self._state.apps, name)


def excerpt(app_label: str, state: ProjectState) -> ProjectState:
    """The models of one app whole, and those that they refer to with their keys alone."""
    found = {key: model for key, model in state.models.items() if key[0] == app_label}
    waiting = list(found.values())
    while waiting:
        model = waiting.pop()
        for field in model.fields.values():
            if not field.is_relation:
                continue
            key = resolve_relation(field.remote_field.model, model.app_label, model.name_lower)
            if key not in found:
                other = state.models[key]
                keys = [(name, of) for name, of in other.fields.items() if of.primary_key]
                table = {"db_table": other.options["db_table"]} if "db_table" in other.options else None
                found[key] = ModelState(other.app_label, other.name, keys, table)
                waiting.append(found[key])
    return ProjectState(found)


class ForgetField(RemoveField):
    """Take a field from the models, and leave its column for the version that still runs; rows need no value there.

    `DropForgotten` drops the column one version later.
    """

    def database_forwards(
        self, app_label: str, schema_editor: Any, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        """Let a row be written without it."""
        model = from_state.apps.get_model(app_label, self.model_name)
        field = model._meta.get_field(self.name)
        if field.column and not field.null and not field.has_db_default():
            table, column = map(schema_editor.quote_name, (model._meta.db_table, field.column))
            schema_editor.execute(f"ALTER TABLE {table} ALTER COLUMN {column} DROP NOT NULL")

    def database_backwards(
        self, app_label: str, schema_editor: Any, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        """Leave the column as it is: the models of before accept it."""

    def describe(self) -> str:
        return f"Forget field {self.name} of {self.model_name}"


class DropForgotten(Operation):
    """Drop a column that no released version knows any more."""

    reversible = False

    def __init__(self, table: str, column: str) -> None:
        self.table, self.column = table, column

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """The models have not known it for a version."""

    def database_forwards(
        self, app_label: str, schema_editor: Any, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        """Drop it; what was made of it alone goes with it."""
        table, column = map(schema_editor.quote_name, (self.table, self.column))
        schema_editor.execute(f"ALTER TABLE {table} DROP COLUMN IF EXISTS {column}")

    def describe(self) -> str:
        return f"Drop the forgotten column {self.column} of {self.table}"


def flat(operations: Iterable[Operation]) -> Iterator[Operation]:
    """Yield the operations that work on the database, those inside of others too."""
    for operation in operations:
        if isinstance(operation, SeparateDatabaseAndState):
            yield from flat(operation.database_operations)
        elif isinstance(operation, Tables):
            yield from flat(operation.operations)
        else:
            yield operation


def reshaped(migration: Migration) -> Iterator[tuple[str, str]]:
    """Yield table and column of each that a migration changes or takes away; "" stands for all columns of a table."""
    for operation in flat(migration.operations):
        if isinstance(operation, FieldOperation) and not isinstance(operation, AddField | ForgetField):
            for name in {operation.name, getattr(operation, "old_name", operation.name)}:
                table = f"{migration.app_label}_{operation.model_name_lower}"
                yield from ((table, name), (table, f"{name}_id"))
        elif isinstance(operation, RenameModel | DeleteModel):
            name = operation.old_name if isinstance(operation, RenameModel) else operation.name
            yield f"{migration.app_label}_{name.lower()}", ""
        elif isinstance(operation, DropForgotten):
            yield operation.table, operation.column


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
