"""The faults of a cluster, one after another, and what they left: `python -m tests.cluster --rounds 1`."""

from __future__ import annotations

import argparse
import os
import re
import signal
import sys
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from itertools import pairwise
from typing import Any

from tests.cluster import engines
from tests.cluster.engines import Node
from tests.cluster.product import ClusterProduct, running
from tests.databases import ROOT, server
from tests.faults.table import Table, killed, measure

BOOK = ROOT / "docs" / "operations" / "cluster.md"
TYPED = "patronictl -c /etc/patroni/config.yml"
CUT_SECONDS = 15.0
LEAVES_AFTER = 60.0
"""Seconds within which another one has to lead."""
MOVED = "Successfully switched over"
"""Where Patroni refuses, patronictl ends with 0 all the same."""
JOBS = "SELECT extract(epoch FROM at)::float8 FROM procrastinate_events WHERE type = 'started'"


def _leader(product: ClusterProduct) -> Node:
    end = time.monotonic() + LEAVES_AFTER
    while (leader := product.engines.leader()) is None:
        if time.monotonic() > end:
            raise TimeoutError("nothing leads")
        time.sleep(0.2)
    return leader


def _followed(product: ClusterProduct, former: Node) -> None:
    """Wait until another one leads: what was acknowledged meanwhile is counted at the end."""
    product.engines.until(
        lambda: (leader := product.engines.leader()) is not None and leader is not former,
        "another one leads",
        LEAVES_AFTER,
    )


def _whole(product: ClusterProduct) -> None:
    """Wait until two standbys follow again, one of them synchronously, so that the next fault finds what it breaks."""
    product.engines.until(lambda: len(product.engines.standbys()) == 2, "two standbys follow")
    product.engines.until(product.engines.is_synchronous, "one follows synchronously")


def leader_killed(product: ClusterProduct) -> None:
    """The machine of the leader is gone: Patroni and all of PostgreSQL, by kill -9, until another one leads."""
    leader = _leader(product)
    assert leader.unit
    leader.unit.is_kept = False
    for pid in leader.processes():
        with suppress(ProcessLookupError):
            killed(pid)
    _followed(product, leader)
    leader.unit.is_kept = True
    _whole(product)


def postmaster_killed(product: ClusterProduct) -> None:
    """PostgreSQL alone, under a Patroni that lives."""
    leader = _leader(product)
    killed(leader.postmaster)
    time.sleep(2)
    _whole(product)


def etcd_killed(product: ClusterProduct) -> None:
    killed(product.engines.etcd.process.pid)


def pooler_killed(product: ClusterProduct) -> None:
    killed(product.engines.pooler.process.pid)


def proxy_killed(product: ClusterProduct) -> None:
    killed(product.engines.proxy.process.pid)


def web_killed(product: ClusterProduct) -> None:
    """One of two, with its worker."""
    web = product.webs[0]
    for pid in (*web.children(), web.process.pid):
        killed(pid)


def standby_killed(product: ClusterProduct) -> None:
    """One that reads are asked of, and that commits may wait for."""
    standby = product.engines.standbys()[0]
    assert standby.unit
    for pid in standby.processes():
        with suppress(ProcessLookupError):
            killed(pid)
    _whole(product)


def leader_cut(product: ClusterProduct) -> None:
    """The leader is cut from everything, as a machine that stands still is, and comes back without knowing of it."""
    leader = _leader(product)
    frozen = leader.processes()
    for pid in frozen:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGSTOP)
    try:
        _followed(product, leader)
        time.sleep(CUT_SECONDS)
    finally:
        for pid in frozen:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)
    _whole(product)


def switchover(product: ClusterProduct) -> None:
    """What an operator does before a machine is updated."""
    leader = _leader(product)
    said = product.engines.patronictl("switchover", "ozelkalem", "--leader", leader.name, "--force")
    assert MOVED in said, said
    _followed(product, leader)
    _whole(product)


def book(product: ClusterProduct) -> None:
    """Every command of patronictl that the operator's book has, in its order, as an operator types it."""
    text = BOOK.read_text(encoding="utf-8")
    assert all(package in text for package in engines.PACKAGES)
    lines = re.findall(rf"^{TYPED} (.*)$", text, re.MULTILINE)
    assert len(lines) > 5
    for line in lines:
        if "reinit" in line and _leader(product).name in line:
            switchover(product)
        said = product.engines.patronictl(*line.split())
        assert MOVED in said or not line.startswith("switchover"), said
        _whole(product)


FAULTS: dict[str, Callable[[ClusterProduct], None]] = {
    "the leader's machine lost (kill -9)": leader_killed,
    "the leader's postmaster killed": postmaster_killed,
    "a standby killed": standby_killed,
    "etcd killed": etcd_killed,
    "PgBouncer killed": pooler_killed,
    "HAProxy killed": proxy_killed,
    "one of two webs killed": web_killed,
    "the leader cut off (SIGSTOP)": leader_cut,
    "a switchover": switchover,
    "the commands of the operator's book": book,
}


def main(arguments: list[str]) -> int:
    """Write the table; 1 if something is not as promised. Ends by itself after MINUTES, and cleans up at Ctrl-C."""
    parser = argparse.ArgumentParser(prog="python -m tests.cluster", description=__doc__)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--minutes", type=int, default=20)
    parser.add_argument("--only", default="", help="faults whose name has this in it")
    asked = parser.parse_args(arguments)
    engines.install()
    if absent := engines.missing():
        _say(f"Missing: {', '.join(absent)}. Install Debian's {' '.join(engines.PACKAGES)}.")
        return 1
    signal.signal(signal.SIGALRM, _out_of_time)
    signal.signal(signal.SIGTERM, _out_of_time)
    signal.alarm(asked.minutes * 60)
    with server(), running() as product:
        begun: list[tuple[str, float]] = []
        faults = {name: _noting(begun, name) for name in FAULTS if asked.only in name}
        table = measure(product, asked.rounds, _say, faults)
        _say(_markdown(product, table, begun))
        for fault in table.faults + product.wrong:
            _say(f"NOT AS PROMISED: {fault}")
        return 1 if table.faults or product.wrong else 0


def _noting(begun: list[tuple[str, float]], name: str) -> Callable[[ClusterProduct], None]:
    def fault(product: ClusterProduct) -> None:
        begun.append((name, time.monotonic()))
        FAULTS[name](product)

    return fault


def _markdown(product: ClusterProduct, table: Table, begun: list[tuple[str, float]]) -> str:
    """Of each fault what was acknowledged until the next one, what of it is lost, and how long nothing was: no case
    acknowledged, no job begun, nothing heard on the stream."""
    moments = {subject: at for writer in product.writers for subject, at in writer.moments.items()}
    stored = {subject for (subject,) in product.query("SELECT subject FROM complaints_complaint")}
    ends = [*(at for _name, at in begun[1:]), max(moments.values(), default=time.monotonic())]
    since_boot = time.time() - time.monotonic()
    jobs = [at - since_boot for (at,) in product.query(JOBS)]
    heard = list(product.follower.moments)
    lines = [
        "| fault | acknowledged | lost | wrong answers | 503 | no answer | longest pause | of jobs | of the stream |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for row in table.rows:
        windows = [(at, end) for (name, at), end in zip(begun, ends, strict=True) if name == row.name]
        here = [subject for subject, at in moments.items() if any(a <= at <= b for a, b in windows)]
        pauses = [
            max((_pause(kind, *window) for window in windows), default=0.0)
            for kind in (moments.values(), jobs, heard)
        ]
        lost = sum(subject not in stored for subject in here)
        wrong = sum(row.wrong.values())
        cells = (row.name, len(here), lost, wrong, row.unavailable, row.unanswered)
        lines.append(f"| {' | '.join([*map(str, cells), *(f'{pause:.1f} s' for pause in pauses)])} |")
    counted = ", ".join(f"{name} {count}" for name, count in table.counts.items())
    older = sum(one.startswith("older") for one in product.wrong)
    load = "{:.0f}, {:.0f} and {:.0f}".format(*os.getloadavg())
    lines += ["", f"Load of the last minute, five and fifteen: {load}."]
    lines += ["", f"{table.cases} acknowledged: {counted}. Older than what was written: {older}."]
    return "\n".join(lines)


def _pause(moments: Iterable[float], begin: float, end: float) -> float:
    """The longest time without one of these moments."""
    inside = sorted(at for at in moments if begin <= at < end)
    return max((later - earlier for earlier, later in pairwise([begin, *inside])), default=0.0)


def _out_of_time(*_signal: Any) -> None:
    raise KeyboardInterrupt("the trial was ended")


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
