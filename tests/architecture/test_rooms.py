"""A stranger finds the room of any line: the same services at every layer, and no folder too large to look over."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from tests.databases import ROOT

SERVICES = {
    "agreements", "appointments", "briefing", "calendars", "complaints", "configuration", "contacts", "drafts",
    "engagements", "events", "exports", "greetings", "guidance", "instructions", "invitations", "journal", "letters",
    "mailboxes", "map", "monitoring", "news", "notifications", "organization", "partners", "places", "portals",
    "presence", "programme", "protocol", "queue", "reminders", "retention", "routing", "search", "seating",
    "similarity", "stickers", "submissions", "telephone", "timeline", "triage",
}  # fmt: skip
BESIDE = {
    "backend": {"core", "documents", "houses", "outbox", "provisioning", "locale"},
    "permissions": {"core", "demo", "management", "migrations", "plans", "sql"},
    "schema": {
        *("core", "http", "compiler", "stream", "open311", "developers", "management"),
        *("static", "templates", "templatetags"),
    },
    "admin_ui": {"core", "shell", "locale", "static", "templates", "templatetags"},
}
LAYERS = tuple(BESIDE)
MOST = 15


def test_services_have_the_same_names_at_every_layer() -> None:
    for layer in LAYERS:
        folders = {
            path.name for path in (ROOT / layer).iterdir() if path.is_dir() and path.name[0] not in "._"
        }
        assert folders - SERVICES <= BESIDE[layer], layer


def test_tests_are_where_what_they_prove_is() -> None:
    for layer in LAYERS:
        folders = {
            path.name for path in (ROOT / "tests" / layer).iterdir() if path.is_dir() and path.name[0] != "_"
        }
        assert folders - SERVICES <= BESIDE[layer] | {"server", "demo", "walls"}, layer
        assert not list((ROOT / "tests" / layer).glob("test_*.py")), layer


def test_no_folder_holds_more_modules_than_one_looks_over() -> None:
    modules: Counter[Path] = Counter()
    for layer in (*LAYERS, "tests"):
        for path in (ROOT / layer).rglob("*.py"):
            if path.name != "__init__.py" and "migrations" not in path.parts:
                modules[path.parent.relative_to(ROOT)] += 1
    assert {str(folder): count for folder, count in modules.items() if count > MOST} == {}
