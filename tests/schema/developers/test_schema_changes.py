"""A change of the schema that breaks clients is named with a day and a reason, or it does not pass."""

from __future__ import annotations

import datetime as dt
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from graphql import build_schema

from schema.app import schema
from schema.developers import changes
from schema.developers.changes import Accepted, between, faults

OLD = build_schema("""
type Query { a: Int b(x: Int): String c: Colour }
enum Colour { RED }
""")
NEW = build_schema("""
type Query { a: Int b(x: Int!): String d: Thing c: Colour @deprecated(reason: "Use `d`.") }
enum Colour { RED GREEN }
type Thing { name: String }
""")


def test_the_schema_breaks_nothing_that_was_promised_unless_it_is_said() -> None:
    assert faults(changes.since_release(), changes.accepted()) == []


def test_what_has_changed_is_told_by_what_it_does_to_clients() -> None:
    found = between(OLD, NEW)
    assert [change.replace("Argument ", "") for change in found.breaking] == [
        found.breaking[0].replace("Argument ", "")
    ]
    assert "Query.b" in found.breaking[0]
    assert ["GREEN" in change for change in found.dangerous] == [True]
    assert found.added == ("Field Query.d was added.", "Type Thing was added.")
    assert found.deprecated == ("Query.c is deprecated: Use `d`.",)
    assert not between(OLD, OLD)


def test_a_break_passes_only_while_it_is_accepted_and_happens() -> None:
    found = between(OLD, NEW)
    row = Accepted(found.breaking[0], dt.date(2026, 11, 26), "Nobody left it out.")
    assert faults(found, [row]) == []
    assert len(faults(found, [])) == 1
    assert "does not happen" in faults(between(OLD, OLD), [row])[0]
    assert "Since 2026-11-26: Nobody left it out." in changes.markdown(found, [row])


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The three files, in a folder of their own; the promised schema has a field that is gone."""
    for name in ("RELEASED", "ACCEPTED", "WRITTEN"):
        there: Path = getattr(changes, name)
        if there.exists():
            (tmp_path / there.name).write_text(there.read_text("utf-8"), "utf-8")
        monkeypatch.setattr(changes, name, tmp_path / there.name)
    text = schema.as_str().replace("\ntype Query {\n", '\ntype Query {\n  """Gone."""\n  gone: Int\n\n', 1)
    (tmp_path / "released.graphql").write_text(text, "utf-8")
    changes.since_release.cache_clear()
    yield tmp_path
    changes.since_release.cache_clear()


def test_a_release_writes_the_section_and_promises_the_schema_as_it_is(files: Path) -> None:
    with pytest.raises(CommandError, match=r"Query\.gone was removed"):
        call_command("graphql_changes", "--check", stdout=StringIO())
    with pytest.raises(CommandError, match="not accepted"):
        call_command("graphql_changes", "--release", "Refused", stdout=StringIO())
    with (files / "accepted_changes.toml").open("a") as file:
        file.write(
            '[[accepted]]\nchange = "Field Query.gone was removed."\non = 2026-11-20\nreason = "Never filled."\n'
        )
    call_command("graphql_changes", "--check", stdout=StringIO())
    call_command("graphql_changes", "--release", "Winter", "--on", "2026-12-01", stdout=StringIO())
    written = (files / "schema-changes.md").read_text("utf-8")
    assert (
        "## 2026-12-01: Winter\n### Breaks clients\n- Field `Query.gone` was removed. Since 2026-11-20: Never filled."
        in written
    )
    assert not changes.since_release()
    assert changes.accepted() == []
    out = StringIO()
    call_command("graphql_changes", stdout=out)
    assert out.getvalue() == "Nothing has changed.\n"


def test_before_the_first_release_nothing_breaks_and_the_first_one_promises_the_schema(files: Path) -> None:
    (files / "released.graphql").unlink()
    changes.since_release.cache_clear()
    out = StringIO()
    call_command("graphql_changes", "--check", stdout=out)
    assert out.getvalue() == "There is no release yet: nothing to compare with.\n"
    call_command("graphql_changes", "--release", "Spring", "--on", "2027-03-01", stdout=StringIO())
    assert "## 2027-03-01: Spring\nThe first release.\n" in (files / "schema-changes.md").read_text("utf-8")
    assert (files / "released.graphql").read_text("utf-8") == schema.as_str() + "\n"


@pytest.mark.parametrize(
    "row",
    [
        'change = "x"\non = 2026-11-26\nreason = ""',
        'change = "x"\nreason = "y"',
        'change = "x"\non = "soon"\nreason = "y"',
    ],
)
def test_an_acceptance_without_day_or_reason_is_none(files: Path, row: str) -> None:
    (files / "accepted_changes.toml").write_text(f"[[accepted]]\n{row}\n", "utf-8")
    with pytest.raises(ValueError, match="needs `change`"):
        changes.accepted()
