"""The demo says who says which verb when; states and histories come from the actions alone."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from tests.databases import ROOT

DEMO = ROOT / "permissions" / "demo"
WRITING = {
    "bulk_create",
    "bulk_update",
    "create",
    "delete",
    "execute",
    "executemany",
    "get_or_create",
    "insert_rows",
    "save",
    "update",
    "update_or_create",
}
WRITES = {
    "complaints/copies.py": {"insert_rows"},  # of rows that actions wrote
    "complaints/clients.py": {"bulk_create", "get_or_create"},  # hours that were metered; an account
    "complaints/cluster.py": {"update"},  # when a reply left: the database's clock is not moved
    "complaints/crew.py": {"save"},  # a picture, into memory
    "loading.py": {"execute", "update"},  # statistics for the planner; since when people are known
    "organization/directory.py": {"save"},  # what the last reading of a directory found
    "messages/conversations.py": {"update"},  # the hours at which they were written
    "messages/texts.py": {"update"},  # the same
    "people.py": {"create", "get_or_create", "update"},  # accounts and deputy mayors
    "notifications.py": {
        "save",
        "update",
    },  # the days of what was posted, which a job of the house would have mailed
    "office/events.py": {"save", "update"},  # a picture, into memory; written to, without a message
    "office/submissions.py": {"update"},  # the day on which it came in
    "triage/router.py": {"update"},  # the days on which it was proposed and learned
}
"""What is written to the database without an action, by file."""
OF_THE_MACHINE = {"sources", "require", "allows", "after", "from_status", "to_status"}
"""What tells transitions; only the product's own tables do."""
STATUSES = {"status", "from_status", "to_status"}
READING = {"exclude", "filter", "get"}


def _files() -> Iterator[tuple[str, ast.Module]]:
    for path in sorted(DEMO.rglob("*.py")):
        yield str(path.relative_to(DEMO)), ast.parse(path.read_text(encoding="utf-8"))


def _called(call: ast.Call) -> str:
    function = call.func
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def _is_of_an_action(call: ast.Call) -> bool:
    return ast.unparse(call.func) == "listing.save"


def sets_a_status(tree: ast.Module) -> Iterator[str]:
    """Every place where a status is written: assigned, passed to anything but a filter, or put into a dictionary."""
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(attr="status", ctx=ast.Store()):
                yield ast.unparse(node)
            case ast.Call(keywords=keywords) if _called(node) not in READING:
                yield from (ast.unparse(node) for one in keywords if one.arg in STATUSES)
            case ast.Dict(keys=keys):
                yield from (
                    ast.unparse(key)
                    for key in keys
                    if isinstance(key, ast.Constant) and key.value in STATUSES
                )
            case ast.Subscript(slice=ast.Constant(value="status"), ctx=ast.Store()):
                yield ast.unparse(node)
            case ast.Call(func=ast.Name(id="setattr"), args=[_, ast.Constant(value="status"), *_]):
                yield ast.unparse(node)


def knows_the_machine(tree: ast.Module) -> Iterator[str]:
    """Every place that reads of a table of moves anything but what does the verb."""
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(attr=name) if name in OF_THE_MACHINE:
                yield ast.unparse(node)
            case ast.Attribute(value=ast.Subscript(value=ast.Name(id=table)), attr=name):
                if table.endswith("_action") and name != "function":
                    yield ast.unparse(node)


def test_no_file_assigns_a_status_or_computes_a_transition() -> None:
    found = {name: [*sets_a_status(tree), *knows_the_machine(tree)] for name, tree in _files()}
    assert {name: places for name, places in found.items() if places} == {}


def test_rows_are_written_by_actions_but_for_the_named_ones() -> None:
    found: dict[str, set[str]] = {}
    for name, tree in _files():
        calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call) and not _is_of_an_action(node))
        if writes := {_called(call) for call in calls} & WRITING:
            found[name] = writes
    assert found == WRITES


@pytest.mark.parametrize(
    "text",
    [
        "row.status = 'CLOSED'",
        "Complaint(status='CLOSED')",
        "rows.update(status='CLOSED')",
        "row |= {'status': 'CLOSED'}",
        "row['status'] = 'CLOSED'",
        "line(to_status='CLOSED')",
    ],
)
def test_a_planted_status_is_found(text: str) -> None:
    assert list(sets_a_status(ast.parse(text)))
    assert not list(sets_a_status(ast.parse("rows.filter(status='CLOSED')")))
    assert list(knows_the_machine(ast.parse("complaint_action[verb].target")))
    assert not list(knows_the_machine(ast.parse("complaint_action[verb].function(row)")))
