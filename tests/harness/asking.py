"""Which tests depend on the day: those whose own words lead to the suite's day (`tests/days.py`) or to a clock.

Their words are read, not run: names in a test, in its parameters and decorators, in the fixtures that it stands on,
and in the constants and helpers of `tests/` that these use, to the end. Under other dates (`other_days.py`):

- A test that leads to a clock runs on every one.
- One that leads to the suite's day alone meets nothing of the date but that day, which differs from that of another
  date by its month and year: it is a Tuesday between the 8th and the 14th with no holiday around (`test_days.py` holds
  it so until 2040), and dates of one season share it. It runs on every second date, so on a near one and a far one, and
  on the other two when the suite runs on the next day.
- A neighbour in the same file, whose dates are written out or frozen, can differ only by what the product itself asks
  of a clock: it runs on one of the dates, and on another one when the suite runs on the next day.

A list of the tests that read a clock would hardly be shorter than all: of 139 neighbours, drawn from all layers and
traced in November 2026, 44 read none, and 95 do so unfrozen, 75 of them the day. Most ask whether a grant, a department
or a substitute is in force, or which plan of a query is today's; some decide by a deadline. Files that
are named to `other_days` are asked whole.
"""

from __future__ import annotations

import ast
import os
import zlib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PART = "OZELKALEM_OTHER_DAY_PART"
"""Which part of the tests that lead to no clock this date takes: `2/4`."""
THE_DAY = "tests.days"
CLOCKS = frozenset({"now", "today"})
"""Names that tell the time, wherever they come from. One too many costs seconds, one too few a proof."""
WRITTEN_OUT = frozenset({"FROZEN"})
THE_SUITES = frozenset({"DAY", "date", "day", "dotted", "spelt"})
"""Names of the suite's day; what else `tests/days.py` has is told by the clock."""
A_DAY, A_CLOCK = "day", "clock"
NOTHING: frozenset[str] = frozenset()
EVERYBODYS = frozenset({"tests.cast", "tests.conftest", "tests.harness.tiers"})
"""Who works where, and a token for a year from now: no test would be without them; and how many rows a tier takes."""


@dataclass
class Module:
    """What each name at the top of a module of tests is made of, and where the names that it imports come from."""

    used: dict[str, set[str]] = field(default_factory=dict)
    imported: dict[str, tuple[str, str]] = field(default_factory=dict)


@cache
def module(name: str) -> Module:
    """Read a module of `tests`."""
    file = ROOT / (name.replace(".", "/") + ".py")
    if not file.exists():
        file = ROOT / name.replace(".", "/") / "__init__.py"
    found = Module()
    for statement in ast.parse(file.read_text(encoding="utf-8")).body:
        if isinstance(statement, ast.ImportFrom) and (statement.module or "").startswith("tests"):
            for alias in statement.names:
                found.imported[alias.asname or alias.name] = (statement.module or "", alias.name)
            continue
        used = _words(statement)
        for name_ in _made(statement):
            found.used.setdefault(name_, set()).update(used)
    return found


@cache
def leads(name: str, word: str) -> frozenset[str]:
    """Return to which of `A_DAY` and `A_CLOCK` what has this name at the top of this module leads."""
    return frozenset(_leads(name, word, set()))


def depends(item: pytest.Item) -> frozenset[str]:
    """Return to what a test, or one of the fixtures that it stands on, leads."""
    if not isinstance(item, pytest.Function):
        return frozenset({A_CLOCK})
    definitions = item._fixtureinfo.name2fixturedefs.values()
    functions = [item.obj, *(one.func for several in definitions for one in several)]
    ours = (one for one in functions if one.__module__.startswith("tests."))
    return NOTHING.union(*(leads(one.__module__, one.__qualname__.partition(".")[0]) for one in ours))


def is_taken(name: str, part: str, found: frozenset[str] = NOTHING) -> bool:
    """Say whether a test that leads to this belongs to this part; the parts together are all of them."""
    number, of = map(int, part.split("/"))
    if A_CLOCK in found:
        return True
    shares = max(of // 2, 1) if A_DAY in found else of
    return zlib.crc32(name.encode()) % shares == number % shares


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Under another date, leave out what leads to no clock and belongs to others of the dates."""
    if not (part := os.environ.get(PART)):
        return
    left = [item for item in items if not is_taken(_name(item), part, depends(item))]
    if left:
        config.hook.pytest_deselected(items=left)
        gone = set(left)
        items[:] = [item for item in items if item not in gone]


def _name(item: pytest.Item) -> str:
    return item.nodeid.rpartition("@")[0] or item.nodeid


def _leads(name: str, word: str, seen: set[tuple[str, str]]) -> set[str]:
    if (name, word) in seen or name in EVERYBODYS:
        return set()
    seen.add((name, word))
    here = module(name)
    if word in here.imported:
        source, original = here.imported[word]
        if source == THE_DAY:
            return set() if original in WRITTEN_OUT else {A_DAY if original in THE_SUITES else A_CLOCK}
        if _is_module(f"{source}.{original}"):  # a whole module: whatever is in it
            inside = f"{source}.{original}"
            if inside == THE_DAY:
                return {A_CLOCK}
            return set().union(*(_leads(inside, one, seen) for one in module(inside).used))
        return _leads(source, original, seen)
    words = here.used.get(word, set())
    found = {A_CLOCK} if words & CLOCKS else set()
    return found.union(
        *(_leads(name, one, seen) for one in words if one in here.used or one in here.imported)
    )


def _is_module(name: str) -> bool:
    path = ROOT / name.replace(".", "/")
    return path.with_suffix(".py").exists() or (path / "__init__.py").exists()


def _words(statement: ast.stmt) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(statement):
        if isinstance(node, ast.Name):
            found.add(node.id)
        elif isinstance(node, ast.Attribute):
            found.add(node.attr)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            found |= {clock for clock in ("now", "today") if f"{clock}()" in node.value}  # SQL
    return found


def _made(statement: ast.stmt) -> set[str]:
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return {statement.name}
    return {
        node.id
        for node in ast.walk(statement)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }
