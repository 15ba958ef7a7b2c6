"""What is a migration and what is only a word, and that the migrations hold all of it (`tests/architecture`)."""

from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.contrib.postgres.operations import AddIndexConcurrently
from django.core.management.base import CommandError
from django.db import models
from django.db.migrations import AddIndex, CreateModel
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.db.migrations.state import ProjectState
from django.utils import translation

from backend.core.management.commands.makemigrations import Command
from backend.core.operation.migrating import Tables
from permissions.management.commands import demo


def _changes(change: Callable[[ProjectState], Any]) -> set[str]:
    """The apps for which a migration would be made if the models were changed so."""
    before, after = MigrationLoader(None).project_state(), ProjectState.from_apps(apps)
    change(after)
    with translation.override(None):  # as the command does
        return set(Command.autodetector(before, after)._detect_changes())


def _subject(state: ProjectState) -> Any:
    return state.models["complaints", "complaint"].fields["subject"]


@pytest.mark.parametrize("name", ["_verbose_name", "help_text", "choices"])
def test_a_word_is_no_migration(name):
    value = [("A", "a")] if name == "choices" else "other"
    assert _changes(lambda state: setattr(_subject(state), name, value)) == set()


def test_what_the_database_knows_is_one():
    assert _changes(lambda state: setattr(_subject(state), "max_length", 7)) == {"complaints"}
    longer = models.Index(fields=["closed_at"], name="one_more")
    assert _changes(
        lambda state: state.models["complaints", "complaint"].options["indexes"].append(longer)
    ) == {"complaints"}


def _table(name: str, **fields: models.Field) -> CreateModel:
    return CreateModel(name, [("id", models.BigAutoField(primary_key=True)), *fields.items()])


def test_after_first_tables_every_model_is_there_for_whoever_asks():
    """`Tables` renders an excerpt alone; what a later operation asks for is rendered then, also of a clone."""
    state = ProjectState()
    Tables([_table("House", town=models.TextField())]).state_forwards("there", state)
    door = _table("Door", house=models.ForeignKey("there.House", models.CASCADE), number=models.TextField())
    Tables([door]).state_forwards("here", state)
    assert "apps" not in state.apps._state.__dict__, "nothing was rendered"  # type: ignore[attr-defined]
    copied = state.clone()
    door_of = copied.apps.get_model("here", "Door")
    assert door_of._meta.get_field("house").related_model is copied.apps.get_model("there", "House")
    copied.remove_field("here", "door", "number")
    assert not hasattr(copied.apps.get_model("here", "Door"), "number")
    assert hasattr(state.apps.get_model("here", "Door"), "number")


def test_an_index_of_the_applications_is_built_while_they_are_read():
    shut = []
    for (app, name), migration in MigrationLoader(None).disk_migrations.items():
        if app != "complaints":
            continue
        for operation in migration.operations:
            if isinstance(operation, AddIndex) and operation.model_name_lower == "complaint":
                alone = isinstance(operation, AddIndexConcurrently) and not migration.atomic
                shut += [] if alone else [name]
    assert not shut


def test_the_demo_refuses_the_tables_of_another_version(monkeypatch):
    applied = {("core", "0001_turkish_text"): None, ("auth", "0001_initial"): None, ("noted", "0001"): None}
    monkeypatch.setattr(MigrationRecorder, "applied_migrations", lambda _recorder: applied)
    demo._need_known_history()
    applied["complaints", "0017_split_from"] = None
    with pytest.raises(CommandError, match="make clean"):
        demo._need_known_history()
