"""Which migrations a product that serves cannot bear (docs/development/migrations.md).

Asked of each migration of ours that no version has released yet. Before the first release there is no version that
could be serving meanwhile, and none is asked. The library that makes the changes (`backend.core.operation.
live_migration`) says which it cannot make beside others; here stands what the version that still runs cannot bear.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connections
from django.db.migrations import Migration
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations import (
    AddConstraint,
    AddField,
    AlterField,
    AlterModelTable,
    AlterUniqueTogether,
    CreateModel,
    DeleteModel,
    RemoveField,
    RenameField,
    RenameModel,
    RunPython,
    RunSQL,
)
from django.db.migrations.operations.base import Operation
from django.db.migrations.operations.fields import FieldOperation
from django.db.migrations.operations.models import ModelOperation
from django.db.migrations.state import ProjectState
from django_zero_downtime_migrations.backends.postgres.schema import UnsafeOperationException

from backend.core.operation.live_migration import editor_of
from backend.core.operation.migrating import DropForgotten, ForgetField, flat, reshaped
from permissions.policies import read_by_views

RELEASED = Path(__file__).with_name("released.json")
WAIVED = "safe_because"
"""A migration that must be may say why it may: `safe_because = "the table has forty rows and nobody writes it"`."""
BY_HAND = {
    r"\bCREATE\s+(UNIQUE\s+)?INDEX\s+(?!CONCURRENTLY)": "an index without CONCURRENTLY keeps writers out",
    r"\bDROP\s+INDEX\s+(?!CONCURRENTLY)": "DROP INDEX without CONCURRENTLY keeps everybody out",
    r"\bADD\s+CONSTRAINT\b(?!.*\bNOT\s+VALID\b)(?!.*\bUSING\s+INDEX\b)": "without NOT VALID it reads the whole table",
    r"\bSET\s+NOT\s+NULL\b": "SET NOT NULL reads the whole table: alter the field instead",
    r"\bALTER\s+COLUMN\b.*\bTYPE\b": "another type writes the whole table anew",
    r"\bRENAME\b": "the version that runs asks for the old name",
    r"\bDROP\s+(COLUMN|TABLE)\b": "the version that runs still reads it: DropForgotten, one version later",
    r"\b(VACUUM\s+FULL|CLUSTER|LOCK\s+TABLE|TRUNCATE)\b": "it keeps everybody out",
}

STILL_READ = (
    "the version that runs still reads it: ForgetField, or the state alone; DropForgotten one version later"
)
NOT_KEPT = "the version that runs does not keep to it: one version that does comes before"


def released() -> dict[str, Any]:
    """What the last released version had: its migrations, and the columns that its models know."""
    result: dict[str, Any] = json.loads(RELEASED.read_text(encoding="utf-8"))
    return result


def ours() -> set[str]:
    """The labels of the apps whose migrations are written here."""
    roots = {"backend", "permissions", "schema", "website"}
    return {app.label for app in apps.get_app_configs() if app.name.partition(".")[0] in roots}


def refusals(loader: MigrationLoader, before: dict[str, Any], labels: Iterable[str]) -> dict[str, list[str]]:
    """Migration -> why it is refused, of those after the release `before`."""
    if before["version"] is None:
        return {}
    old = {(app, name) for app, names in before["migrations"].items() for name in names}
    graph = loader.graph
    order = list(dict.fromkeys(node for leaf in graph.leaf_nodes() for node in graph.forwards_plan(leaf)))
    state = ProjectState(real_apps=loader.unmigrated_apps)
    for node in order:
        if node in old or node[0] not in labels:
            state = graph.nodes[node].mutate_state(state, preserve=False)
    found, new = {}, set[tuple[str, str]]()
    for node in order:
        is_new = node not in old and node[0] in labels
        if is_new and (reasons := judge(graph.nodes[node], state, before["columns"], new)):
            found[".".join(node)] = reasons
    return found


def judge(
    migration: Migration, state: ProjectState, columns: dict[str, list[str]], new: set[tuple[str, str]]
) -> list[str]:
    """Why this migration cannot be made beside the version that runs; `state` is brought forward.

    `columns`: what the models of that version know, by table; `new`: the models that it does not know at all.
    """
    reasons = []
    for operation in migration.operations:
        before = state.clone()
        inner = list(flat([operation]))
        new |= {(migration.app_label, one.name_lower) for one in inner if isinstance(one, CreateModel)}
        known = [one for one in inner if _model(migration, one) not in new]
        for one in known:
            reasons += [
                f"{one.describe()}: {reason}" for reason in _unbearable(migration, one, before, columns)
            ]
        operation.state_forwards(migration.app_label, state)
        if known and all(one.reduces_to_sql and not isinstance(one, RunSQL) for one in inner):
            reasons += [
                f"{operation.describe()}: {reason}" for reason in _unsafe(migration, operation, before, state)
            ]
    return [] if getattr(migration, WAIVED, "") else list(dict.fromkeys(reasons))


def _model(migration: Migration, operation: Operation) -> tuple[str, str] | None:
    name = getattr(operation, "model_name_lower", None) or getattr(operation, "name_lower", None)
    if isinstance(operation, FieldOperation | ModelOperation):
        return (migration.app_label, str(name))
    if name := getattr(operation, "model_name", None):  # of an index, a constraint, a trigger
        return (migration.app_label, str(name).lower())
    return None


def _unsafe(
    migration: Migration, operation: Operation, before: ProjectState, after: ProjectState
) -> list[str]:
    """What the library says that it cannot make beside others. It only asks the database; nothing is changed."""
    editor = editor_of(connections["owner"])(connections["owner"], collect_sql=True, atomic=False)
    editor.RAISE_FOR_UNSAFE = True
    try:
        with editor:
            operation.database_forwards(migration.app_label, editor, before, after)
    except UnsafeOperationException as refusal:
        return [str(refusal).splitlines()[0]]
    return []


def _unbearable(
    migration: Migration, operation: Operation, before: ProjectState, columns: dict[str, list[str]]
) -> Iterator[str]:
    match operation:
        case ForgetField():
            pass
        case RemoveField() | DeleteModel():
            yield STILL_READ
        case RenameField() | RenameModel() | AlterModelTable():
            yield "the version that runs asks for the old name: add the new one, fill it, and forget the old"
        case AlterField() | AddField():
            yield from _unbearable_field(migration, operation, before)
        case AddConstraint() | AlterUniqueTogether():
            yield NOT_KEPT
        case RunPython() if migration.atomic:
            yield "rows stay locked until all are written: atomic = False, and pieces with a transaction each"
        case RunSQL():
            yield from _unbearable_sql(operation)
        case DropForgotten() if operation.column in columns.get(operation.table, []):
            yield "the released version still knows the column"


def _unbearable_field(
    migration: Migration, operation: AddField | AlterField, before: ProjectState
) -> Iterator[str]:
    field = operation.field
    if isinstance(operation, AddField):
        if field.unique and not field.null:
            yield "one default for all rows is not unique"
        return
    old = before.models[migration.app_label, operation.model_name_lower].fields[operation.name]
    if old.null and not field.null:
        yield "the version that runs may write NULL: one version that writes it always comes before"
    if field.unique and not old.unique:
        yield NOT_KEPT
    with connections["owner"].cursor() as cursor:
        types = [one.clone().db_parameters(connections["owner"])["type"] for one in (old, field)]
        if types[0] != types[1] and read_by_views(cursor) & set(reshaped(migration)):
            yield "a view reads the column, which would be gone meanwhile: add another column"


def _unbearable_sql(operation: RunSQL) -> Iterator[str]:
    text = operation.sql if isinstance(operation.sql, str) else "; ".join(map(str, operation.sql))
    for statement in text.split(";"):
        for words, why in BY_HAND.items():
            if re.search(words, statement, re.IGNORECASE | re.DOTALL):
                yield why


def record(version: str) -> None:
    """Write what this version has, which the next one must not break."""
    notes = (Path(settings.BASE_DIR) / "docs/operations/update.md").read_text(encoding="utf-8")
    if not re.search(rf"^### {re.escape(version)}\b", notes, re.MULTILINE):
        raise SystemExit(f"docs/operations/update.md has no notes under “### {version}”.")
    loader = MigrationLoader(None)
    migrations: dict[str, list[str]] = {}
    for app, name in sorted(loader.disk_migrations):
        migrations.setdefault(app, []).append(name)
    columns = {
        model._meta.db_table: sorted(str(field.column) for field in model._meta.concrete_fields)
        for model in apps.get_models(include_auto_created=True)
    }
    content = {"version": version, "migrations": migrations, "columns": dict(sorted(columns.items()))}
    RELEASED.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
