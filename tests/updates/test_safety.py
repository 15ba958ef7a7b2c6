"""Dangerous migrations are refused, each kind of them; what a serving product bears is not."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import connections, migrations, models
from django.db.migrations import Migration
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState

from backend.core.operation.migrating import DropForgotten, ForgetField, excerpt
from tests.databases import TestDatabases, pointed_at
from tests.updates import safety

FOREIGN_KEY = models.ForeignKey("organization.user", models.PROTECT, null=True, related_name="+")
NEW = migrations.CreateModel("Neighbour", [("id", models.BigAutoField(primary_key=True))])


@pytest.fixture(scope="module", autouse=True)
def database(test_databases: TestDatabases, django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """One for all: but for the last test they only ask."""
    with django_db_blocker.unblock():
        name = test_databases.clone()
        with pointed_at(name):
            yield
        test_databases.drop(name)


@pytest.fixture(scope="module")
def loader() -> MigrationLoader:
    return MigrationLoader(None)


@pytest.fixture(scope="module")
def state(loader: MigrationLoader) -> ProjectState:
    """The app's own models and what they refer to: all of them would be rendered anew for each operation."""
    result = excerpt("complaints", loader.project_state())
    result.apps  # noqa: B018 - rendered once, for all
    return result


def made(*operations: Any, **attributes: Any) -> Migration:
    kind = type("Migration", (Migration,), {"operations": list(operations), **attributes})
    return kind("9999_next", "complaints")


def column(**of: Any) -> models.Field:
    return models.CharField(max_length=20, **of)


DANGEROUS = {
    "a column taken away": (migrations.RemoveField("complaint", "danger"), "still reads"),
    "a table taken away": (migrations.DeleteModel("OpenFigure"), "still reads"),
    "a column renamed": (migrations.RenameField("complaint", "danger", "hazard"), "old name"),
    "a table renamed": (migrations.RenameModel("OpenFigure", "Figure"), "old name"),
    "a column NOT NULL without a default of the database": (
        migrations.AddField("complaint", "mood", column(default="")),
        "NOT NULL",
    ),
    "another type": (migrations.AlterField("complaint", "subject", models.JSONField()), "TYPE"),
    "a shorter text": (
        migrations.AlterField("complaint", "reference", models.CharField(max_length=2)),
        "TYPE",
    ),
    "a type that a view reads": (
        migrations.AlterField("complaint", "reference", models.CharField(max_length=4000)),
        "a view reads",
    ),
    "NOT NULL where NULL was allowed": (
        migrations.AlterField("complaint", "closed_at", models.DateTimeField()),
        "may write NULL",
    ),
    "a unique column": (
        migrations.AddField("complaint", "mood", column(unique=True, db_default="")),
        "not unique",
    ),
    "a constraint": (
        migrations.AddConstraint(
            "complaint", models.CheckConstraint(condition=models.Q(id__gt=0), name="above")
        ),
        "does not keep to it",
    ),
    "a stored generated column": (
        migrations.AddField(
            "complaint",
            "loud",
            models.GeneratedField(
                expression=models.F("subject"), output_field=models.TextField(), db_persist=True
            ),
        ),
        "GENERATED",
    ),
    "an index by hand": (migrations.RunSQL("CREATE INDEX a ON complaints_complaint (id)"), "CONCURRENTLY"),
    "an index dropped by hand": (migrations.RunSQL("DROP INDEX a"), "CONCURRENTLY"),
    "a foreign key by hand": (
        migrations.RunSQL("ALTER TABLE a ADD CONSTRAINT b FOREIGN KEY (c)\nREFERENCES d (id)"),
        "NOT VALID",
    ),
    "a type by hand": (migrations.RunSQL("ALTER TABLE a ALTER COLUMN b TYPE text"), "another type"),
    "a column dropped by hand": (migrations.RunSQL("ALTER TABLE a DROP COLUMN b"), "DropForgotten"),
    "a table locked": (migrations.RunSQL([("LOCK TABLE a", None)]), "everybody out"),
    "all rows in one transaction": (migrations.RunPython(migrations.RunPython.noop), "atomic = False"),
    "a column that was not forgotten": (DropForgotten("complaints_complaint", "subject"), "still knows"),
    "hidden in another operation": (
        migrations.SeparateDatabaseAndState([migrations.RunSQL("ALTER TABLE a RENAME TO b")]),
        "old name",
    ),
}
BORNE = {
    "a column that may be NULL": [migrations.AddField("complaint", "mood", column(null=True))],
    "a column with a default of the database": [
        migrations.AddField("complaint", "mood", column(db_default=""))
    ],
    "a foreign key": [migrations.AddField("complaint", "friend", FOREIGN_KEY)],
    "a longer text": [migrations.AlterField("openfigure", "of", models.CharField(max_length=4000))],
    "NULL allowed": [
        migrations.AlterField("complaint", "subject", models.CharField(max_length=200, null=True))
    ],
    "an index": [migrations.AddIndex("complaint", models.Index(fields=["subject"], name="a"))],
    "an index, said so": [AddIndexConcurrently("complaint", models.Index(fields=["subject"], name="a"))],
    "a table, with all that a table may have": [
        NEW,
        migrations.AddField("neighbour", "mood", column(default="", unique=True)),
        migrations.AddConstraint("neighbour", models.UniqueConstraint(fields=["mood"], name="one")),
        migrations.RenameField("neighbour", "mood", "temper"),
    ],
    "a field that is forgotten": [ForgetField("complaint", "danger")],
    "a column that was forgotten": [DropForgotten("complaints_complaint", "gone")],
    "a table of the state alone": [
        migrations.SeparateDatabaseAndState(state_operations=[migrations.DeleteModel("OpenFigure")])
    ],
    "SQL that changes no table": [
        migrations.RunSQL("CREATE INDEX CONCURRENTLY a ON b (c); COMMENT ON TABLE b IS 'x'")
    ],
}


def judged(state: ProjectState, *operations: Any, **attributes: Any) -> list[str]:
    columns = {"complaints_complaint": ["id", "subject"]}
    return safety.judge(made(*operations, **attributes), state.clone(), columns, set())


@pytest.mark.parametrize("kind", DANGEROUS)
def test_a_migration_that_a_serving_version_cannot_bear_is_refused(kind: str, state: ProjectState) -> None:
    operation, why = DANGEROUS[kind]
    assert why in " ".join(judged(state, operation))


@pytest.mark.parametrize("kind", BORNE)
def test_what_it_bears_is_not(kind: str, state: ProjectState) -> None:
    assert judged(state, *BORNE[kind]) == []


def test_a_written_reason_is_heard(state: ProjectState) -> None:
    operation, _why = DANGEROUS["a constraint"]
    assert judged(state, operation, safe_because="the table is empty everywhere") == []


def test_no_migration_since_the_last_release_is_refused(loader: MigrationLoader) -> None:
    assert safety.refusals(loader, safety.released(), safety.ours()) == {}


def test_after_a_release_each_new_file_is_asked() -> None:
    """As if all that there is had been released, and one more came."""
    loader = MigrationLoader(None)
    before: dict[str, Any] = {"version": "1.0.0", "columns": {}, "migrations": {}}
    for app, name in loader.disk_migrations:
        before["migrations"].setdefault(app, []).append(name)
    assert safety.refusals(loader, before, safety.ours()) == {}
    (leaf,) = loader.graph.leaf_nodes("complaints")
    added = made(DANGEROUS["a column renamed"][0])
    loader.graph.add_node(("complaints", added.name), added)
    loader.graph.add_dependency(added, ("complaints", added.name), leaf)
    assert list(safety.refusals(loader, before, safety.ours())) == [f"complaints.{added.name}"]


def test_a_release_is_kept_with_its_notes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    monkeypatch.setattr(safety, "RELEASED", tmp_path / "released.json")
    settings.BASE_DIR = tmp_path
    (tmp_path / "docs/operations").mkdir(parents=True)
    notes = tmp_path / "docs/operations/update.md"
    notes.write_text("### 0.9.0\n")
    with pytest.raises(SystemExit, match="no notes"):
        safety.record("1.0.0")
    notes.write_text("### 1.0.0\nNothing to do.\n")
    safety.record("1.0.0")
    kept = json.loads((tmp_path / "released.json").read_text())
    assert "subject" in kept["columns"]["complaints_complaint"]
    assert "0001_initial" in kept["migrations"]["complaints"]


def test_a_forgotten_column_needs_no_value_and_is_dropped_later(state: Any) -> None:
    question = "SELECT is_nullable FROM information_schema.columns WHERE table_name = 'complaints_complaint'"
    asked = f"{question} AND column_name = 'subject'"
    steps: list[tuple[Any, Callable[[Any], bool]]] = [
        (ForgetField("complaint", "subject"), lambda row: row == ("YES",)),
        (DropForgotten("complaints_complaint", "affected"), lambda row: row == ("YES",)),
    ]
    connection = connections["owner"]
    for operation, holds in steps:
        after = state.clone()
        operation.state_forwards("complaints", after)
        with connection.schema_editor() as editor:
            operation.database_forwards("complaints", editor, state, after)
        with connection.cursor() as cursor:
            cursor.execute(asked)
            assert holds(cursor.fetchone())
    with connection.cursor() as cursor:
        cursor.execute(f"{question} AND column_name = 'affected'")
        assert cursor.fetchone() is None
