"""The two tiers (tests/README.md): `make test` takes a sample and small sizes, `make test-full` everything.

OZELKALEM_TESTS=full asks for full sizes. OZELKALEM_SWEEP names the part of the sweeps that is asked: 0 to 31, or "all";
unset it is the day's, so that the runs of a month ask nearly all. What is marked `full` is left out
by `make test` with pytest's own -m.

What is marked `waits`, browsers and clients wait for something else most of the time. With more than two processes the
last one takes these, so that both processors have work meanwhile.
"""

from __future__ import annotations

import datetime as dt
import gc
import os
import zlib
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import pytest
from xdist.scheduler import LoadGroupScheduling
from xdist.workermanage import WorkerController

from tests.harness import costs

FULL = costs.TIER == "full"
SHARDS = 32
PARTS = 8
"""In which the sweeps are asked where all is asked: each part signs everybody in and switches walls off anew."""
HALVED = "OZELKALEM_DEAR_HALVED"
HALVES = 2
ALL = "all"
WORKING = 2  # processes, beside one that waits
GARBAGE = (100_000, 10, 10)
"""When the collector looks: after 2,000 new objects, as by itself, it takes a tenth of a test's time, and a seventh of
collecting them."""
gc.set_threshold(*GARBAGE)
BROWSERS = "tests/browser/"
WAITING = (BROWSERS, "tests/clients/", "tests/schema/stream/")  # for Chromium, node, and events


def size[T](quick: T, full: T) -> T:
    """Choose a number of rows, people or rounds for the tier that runs."""
    return full if FULL else quick


def shards() -> list[int]:
    """Return the parts of the sweeps that are asked in this run."""
    chosen = os.environ["OZELKALEM_SWEEP"]
    return list(range(PARTS)) if chosen == ALL else [int(chosen)]


def part[T](asks: Iterable[T], shard: int, of: int = 0) -> list[T]:
    """Return the part of these requests with this number: each `of`th, so that the parts together are all."""
    return dealt(enumerate(asks), shard, of)


def dealt[T](numbered: Iterable[tuple[int, T]], shard: int, of: int = 0) -> list[T]:
    """Return the part of requests that have numbers of their own: one that is in several lists has the same in each."""
    of = of or (PARTS if os.environ["OZELKALEM_SWEEP"] == ALL else SHARDS)
    return [ask for number, ask in numbered if number % of == shard]


def pytest_configure(config: pytest.Config) -> None:
    """Fix the part here, before the workers start: they inherit it, also across midnight."""
    day = str(dt.date.today().toordinal() % SHARDS)  # noqa: DTZ011 - any day will do
    os.environ.setdefault("OZELKALEM_SWEEP", ALL if FULL else day)
    is_whole = config.args_source is not config.ArgsSource.ARGS  # not a file or folder that somebody works on
    os.environ.setdefault(HALVED, "yes" if is_whole and os.environ["OZELKALEM_SWEEP"] != ALL else "no")


def pytest_report_header() -> str:
    """Say which tier runs and how its sample is asked again."""
    chosen = os.environ["OZELKALEM_SWEEP"]
    asked = "all of the sweeps" if chosen == ALL else f"part {chosen} of {SHARDS} of the sweeps"
    if os.environ[HALVED] == "yes":
        asked += ", and the day's part of the slow files"
    return f"tier: {'full' if FULL else 'quick'}; {asked}, asked again with OZELKALEM_SWEEP={chosen} (or all)"


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> Iterator[None]:
    """Keep the tests of a file, or of a part of a sweep, in one process; hand the heaviest out first.

    Else a file that takes minutes would begin last, and one of two processors would wait for it. Of dear
    files the quick tier takes a part a day (`costs.turns`).
    """
    if os.environ[HALVED] == "yes":
        config.hook.pytest_deselected(items=[item for item in items if not _has_its_day(item)])
        items[:] = [item for item in items if _has_its_day(item)]
    groups: dict[str, list[pytest.Item]] = {}
    for item in items:
        groups.setdefault(_group(item), []).append(item)
    known = costs.estimates()
    weights = {name: costs.expected(known, name, len(group)) for name, group in groups.items()}
    items.clear()
    ranks: dict[int, int] = {}
    for rank, name in enumerate(sorted(groups, key=lambda name: (-weights[name], name))):
        waits = name.startswith(WAITING) or any(item.get_closest_marker("waits") for item in groups[name])
        for item in groups[name]:
            item.add_marker(pytest.mark.xdist_group(f"{costs.WAITS if waits else ''}{name}"))
            if name.startswith(BROWSERS):  # Chromium loses a page under load; the summary names a second try
                item.add_marker(pytest.mark.flaky(reruns=1))
            items.append(item)
            ranks[id(item)] = rank
    yield
    # As Django would have it pytest-django puts last what commits or has a server of its own: the heaviest of all.
    items.sort(key=lambda item: ranks[id(item)])


class TwoAndAWaiter(LoadGroupScheduling):
    """Groups as xdist hands them out, but that the last of three or more processes takes those that wait, first of all.

    The others begin with the rest. Whoever has nothing of its own left helps with the lightest of what there is, so
    that both processors have work until the end: two processes wait for the database, for children and files in turn.
    """

    waiter: WorkerController | None = None

    def schedule(self) -> None:
        """Choose the process that waits; there is none without three, or without anything to wait for."""
        if self.collection is None and len(self.nodes) > WORKING:
            names = next(iter(self.registered_collections.values()))
            if any(self._split_scope(name).startswith(costs.WAITS) for name in names):
                self.waiter = self.nodes[-1]
        super().schedule()

    def _assign_work_unit(self, node: WorkerController) -> None:
        """Let xdist take the group that is this process's turn."""
        if self.waiter in self.assigned_work:
            self.workqueue.move_to_end(turn(self.workqueue, waits=node is self.waiter), last=False)
        super()._assign_work_unit(node)


def turn(groups: Iterable[str], *, waits: bool) -> str:
    """Choose of the groups that are left, in their order, what the process that waits takes next, or one that works."""
    of_others: list[str] = []
    for name in groups:
        if name.startswith(costs.WAITS) is waits:
            return name
        of_others.append(name)
    return of_others[-1]


@pytest.hookimpl(optionalhook=True)  # `benchmarks.streams` runs without xdist
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadGroupScheduling | None:
    """Hand out with `--dist loadgroup` as above."""
    return TwoAndAWaiter(config, log) if config.getvalue("dist") == "loadgroup" else None


def pytest_collection_finish(session: pytest.Session) -> None:
    """Let the garbage collector pass over what was imported: it lives as long as the process."""
    if getattr(session.config.option, "loadgroup", False):  # a worker of xdist; an item names its group
        lost = next((item.nodeid for item in session.items if "@" not in item.nodeid), None)
        assert lost is None, f"xdist does not see the groups, each file would be set up twice: {lost}"
    gc.collect()
    gc.freeze()


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say why a test had its second try: a fault of the page looks like a browser that was late."""
    for report in terminalreporter.getreports("rerun"):
        crash = getattr(report.longrepr, "reprcrash", None)
        why = f"{crash.path}:{crash.lineno}: {crash.message}" if crash else report.longreprtext[-500:]
        terminalreporter.write_line(f"first try of {report.nodeid.partition('@')[0]}: {why}")


def is_everything() -> bool:
    """Whether no part is left to another day."""
    return FULL or os.environ["OZELKALEM_SWEEP"] == ALL


def sample[T](asks: Sequence[T], one_of: int = SHARDS, *, is_dear: bool = False) -> list[T]:
    """Return each `one_of`th in the quick tier, others on the next day; in the full one all.

    Of files in `costs.HALVED` a test runs every second day: its sample changes with these (`is_dear`), or half of it
    never came.
    """
    return list(asks) if is_everything() else part(asks, _round_and_turn(one_of, is_dear)[1], one_of)


def rounds(one_of: int, *, is_dear: bool = False) -> int:
    """Return how often the whole of this sample was asked before: what is asked each time in another way."""
    return _round_and_turn(one_of, is_dear)[0]


def _round_and_turn(one_of: int, is_dear: bool) -> tuple[int, int]:
    return divmod(int(os.environ["OZELKALEM_SWEEP"]) // (HALVES if is_dear else 1), one_of)


def _has_its_day(item: pytest.Item) -> bool:
    """Whether a test runs in this part: each but those of dear files, of which the quick tier takes a part a day."""
    parts = 1 if item.get_closest_marker("full") else parts_of(item.nodeid.partition("::")[0])
    return turn_of(item.nodeid, parts) == int(os.environ["OZELKALEM_SWEEP"]) % parts


def parts_of(file: str) -> int:
    """Return in how many parts the quick tier deals the tests of a file."""
    return HALVES if file.startswith(costs.HALVED) else costs.turns().get(file, 1)


def turn_of(test: str, parts: int) -> int:
    """Return in which of its file's parts a test is."""
    return zlib.crc32(test.encode()) % parts


def _group(item: pytest.Item) -> str:
    file = item.nodeid.partition("::")[0]
    parameters: dict[str, Any] = getattr(getattr(item, "callspec", None), "params", {})
    return f"{file}-{parameters['shard']}" if "shard" in parameters else file
