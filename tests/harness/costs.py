"""What a run of the tests costs, in seconds of processor time: of this process, of its children, of its back ends.

Chromium's renderers count when their browser ends (`chromium.waited_for`).

After each run: the seconds by folder, the fifteen slowest tests, the fixtures above five seconds, and the files that
grew by more than a fifth since `costs.json` beside this file was written. It fails nothing. `make budget` keeps the
figures of the last whole run there, which is also what hands the heaviest files out first, and of which the quick tier
takes a part a day (`turns`).
"""

from __future__ import annotations

import json
import os
import re
import resource
import statistics
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from django.db import connections

ROOT = Path(__file__).resolve().parents[2]
RECORD = Path(__file__).with_suffix(".json")
TIER = "full" if os.environ.get("OZELKALEM_TESTS") == "full" else "quick"
LAST = ROOT / "var" / "tests" / f"costs-{TIER}.json"
WAITS = "waits:"  # before the name of a group that mostly waits (tiers.py); xdist sees names alone
A_TEST = 0.4  # seconds, of one that is not in the record
MANY_TESTS = 1500  # a run of fewer is no whole tier: no record is made of it
SLOW_FIXTURE, GROWTH, LEAST_GROWTH = 5.0, 1.2, 1.0
DEAR = {1.0: 2, 3.0: 4}
"""Seconds of a file in the quick tier, and in how many parts its tests are dealt then, one a day."""
WHOLE = (
    "tests/journeys/",
    "tests/permissions/walls/",
    "tests/schema/core/test_both_paths.py",
    "tests/architecture/",
)
"""What both tiers prove every day, whatever it takes."""
HALVED = ("tests/browser/", "tests/backend/server/")  # with browsers and servers of their own
_SAMPLES = re.compile(r"harness(\.tiers)? import .*\b(sample|rounds|shards|tiers)\b")
_TICKS = os.sysconf("SC_CLK_TCK")


Seconds = defaultdict[str, float]


@dataclass
class Costs:
    """Seconds by test, by group of tests that one process runs, and by fixture; of all workers in the controller."""

    tests: Seconds = field(default_factory=lambda: defaultdict(float))
    groups: Seconds = field(default_factory=lambda: defaultdict(float))
    fixtures: Seconds = field(default_factory=lambda: defaultdict(float))

    def add(self, other: dict[str, dict[str, float]]) -> None:
        """Add what a worker sent."""
        for name, spent in other.items():
            for key, seconds in spent.items():
                getattr(self, name)[key] += seconds


_costs = Costs()
_began = time.monotonic()
_nested: list[float] = [0.0]
_seen: dict[int, float] = {}


@cache
def _kept() -> dict[str, dict[str, Any]]:
    """The committed record, whole."""
    kept: dict[str, dict[str, Any]] = json.loads(RECORD.read_text()) if RECORD.exists() else {}
    return kept


def record() -> dict[str, float]:
    """Return the committed seconds of each group of this tier, or else of the quick one."""
    kept = _kept()
    return kept.get(TIER) or kept.get("quick", {})


def estimates() -> dict[str, float]:
    """Return what is known of each group, of a new one in the full tier what the quick one took at least."""
    kept = _kept()
    return kept.get("quick", {}) | kept.get(TIER, {})


def turns() -> dict[str, int]:
    """Return in how many parts the tests of a dear file are dealt; of the others nothing."""
    return _kept().get("turns", {})


def turns_now(before: Mapping[str, int], ran: Mapping[str, float]) -> dict[str, int]:
    """Return the same after a run of the quick tier, in which the files of `before` ran in parts."""
    found: dict[str, int] = {}
    for file in filter(is_dealt, ran):
        seconds = ran[file] * before.get(file, 1)
        if parts := [parts for least, parts in DEAR.items() if seconds >= least]:
            found[file] = max(parts)
    return found


def is_dealt(file: str) -> bool:
    """Whether the tests of a file may wait for their day: not what both tiers prove, nor what samples by itself."""
    path = ROOT / file
    return (
        not file.startswith((*WHOLE, *HALVED))
        and path.exists()
        and not _SAMPLES.search(path.read_text("utf-8"))
    )


def expected(known: dict[str, float], group: str, tests: int) -> float:
    """Return the seconds that so many tests are expected to take; a part of a sweep, what another part took."""
    file = group.rpartition(".py-")[0]
    another = (seconds for name, seconds in known.items() if file and name.startswith(f"{file}.py-"))
    return known.get(group) or next(another, tests * A_TEST)


def _seconds() -> float:
    own, below = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + below.ru_utime + below.ru_stime + _back_ends()


def _back_ends() -> float:
    """Return the seconds of the server's processes for the connections of this thread, ended ones included."""
    for alias in connections:
        connection = getattr(connections[alias], "connection", None)
        if connection is None or connection.closed:
            continue
        pid = connection.info.backend_pid
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue  # the server is on another machine, or this is no Linux
        _seen[pid] = (int(fields[11]) + int(fields[12])) / _TICKS
    return sum(_seen.values())


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Measure a test with its fixtures."""
    before = _seconds()
    try:
        return (yield)
    finally:
        spent = _seconds() - before
        _costs.tests[item.nodeid.rpartition("@")[0] or item.nodeid] += spent
        group = next(item.iter_markers("xdist_group"), None)
        name = group.args[0] if group else item.nodeid.partition("::")[0]
        _costs.groups[name.removeprefix(WAITS)] += spent


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_fixture_setup(fixturedef: Any) -> Iterator[object]:
    """Measure a fixture without those that it asks for; of this process alone, for there are many."""
    before = time.process_time()
    _nested.append(0.0)
    try:
        return (yield)
    finally:
        spent = time.process_time() - before
        own = spent - _nested.pop()
        _nested[-1] += spent
        if own > 0.01:
            _costs.fixtures[f"{fixturedef.baseid}::{fixturedef.argname}"] += own


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Send a worker's figures to the controller, which keeps those of a whole tier."""
    output = getattr(session.config, "workeroutput", None)
    if output is not None:
        output["costs"] = {name: dict(getattr(_costs, name)) for name in ("tests", "groups", "fixtures")}
    elif len(_costs.tests) >= MANY_TESTS:
        LAST.parent.mkdir(parents=True, exist_ok=True)
        LAST.write_text(json.dumps({name: round(value, 1) for name, value in sorted(_costs.groups.items())}))


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Take what a worker sent when it ended."""
    _costs.add(getattr(node, "workeroutput", {}).get("costs", {}))


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Say what it cost, unless the run was of a few tests."""
    if hasattr(config, "workerinput") or len(_costs.tests) < 50:
        return
    say = terminalreporter.write_line
    total = sum(_costs.tests.values())
    minutes = (time.monotonic() - _began) / 60
    terminalreporter.section(f"{total:.0f} seconds of processor time in {minutes:.1f} minutes")
    folders: Seconds = defaultdict(float)
    counts: Counter[str] = Counter()
    for name, seconds in _costs.tests.items():
        folder = name.partition("::")[0].rpartition("/")[0]
        folders[folder] += seconds
        counts[folder] += 1
    for folder, seconds in _largest(folders):
        say(f"{seconds:8.1f}  {folder} ({counts[folder]} tests)")
    say("slowest tests:")
    for name, seconds in _largest(_costs.tests)[:15]:
        say(f"{seconds:8.1f}  {name}")
    say(f"fixtures above {SLOW_FIXTURE:.0f} seconds in all:")
    for name, seconds in _largest(_costs.fixtures):
        if seconds > SLOW_FIXTURE:
            say(f"{seconds:8.1f}  {name}")
    for line in grown(record(), _costs.groups):
        say(line)


def _largest(spent: Seconds) -> list[tuple[str, float]]:
    return sorted(spent.items(), key=lambda item: -item[1])


def grown(known: dict[str, float], now: Mapping[str, float]) -> list[str]:
    """Say what grew against the record, on a machine that may be quicker or slower than the one that made it."""
    ratios = [now[name] / known[name] for name in known if known[name] >= 1 and now.get(name)]
    if len(ratios) < 5:
        return []
    speed = statistics.median(ratios)
    lines = [
        f"{now[name]:8.1f}  {name}, {known[name] * speed:.1f} expected"
        for name in sorted(now)
        if known.get(name)
        and now[name] > GROWTH * known[name] * speed
        and now[name] - known[name] * speed > LEAST_GROWTH
    ]
    title = f"grown by more than a fifth (this machine takes {speed:.2f} of the time of the record):"
    return [title, *(lines or ["          nothing"])]


def main() -> None:
    """Keep the figures of the last whole runs as the record."""
    kept = _kept()
    for tier in ("quick", "full"):
        last = LAST.with_name(f"costs-{tier}.json")
        if last.exists():
            kept[tier] = json.loads(last.read_text())
            if tier == "quick":
                kept["turns"] = turns_now(kept.get("turns", {}), kept[tier])
            print(f"{tier}: {sum(kept[tier].values()):.0f} seconds in {len(kept[tier])} groups")
    RECORD.write_text(json.dumps(kept, indent=1, sort_keys=True) + "\n")


if __name__ == "__main__":
    main()
