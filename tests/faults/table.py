"""The faults, one after another, and what they left: `python -m tests.faults --rounds 30`."""

from __future__ import annotations

import argparse
import itertools
import os
import signal
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import psycopg

from backend import postgres
from tests.databases import server
from tests.faults.product import Product, running

WITHIN = 30.0
"""Seconds in which work goes on by itself: promised on a machine that is not busy with something else."""
AWAY = 5.0
QUIET = 5.0
"""Seconds without a client turned away before the next fault comes."""
PATIENCE = 300.0
JOB = """INSERT INTO procrastinate_jobs (queue_name, task_name, args)
    VALUES ('clock', 'programme.release_holds', '{"timestamp": 0}') RETURNING id"""


def killed(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)


def web_worker(product: Product) -> None:
    killed(product.web.children()[0])


def web(product: Product) -> None:
    killed(product.web.process.pid)


def worker(product: Product) -> None:
    killed(product.worker.process.pid)


def stream(product: Product) -> None:
    killed(product.stream.process.pid)


def back_end(product: Product) -> None:
    """PostgreSQL then ends all others too, and recovers."""
    killed(product.server.back_ends()[0])


def connection_cut(product: Product) -> None:
    product.server.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'ozelkalem_app'"
    )


def postmaster(product: Product) -> None:
    killed(product.server.pid)


def restart(product: Product) -> None:
    with _kept_away(product):
        product.server.restart()


def stopped(product: Product) -> None:
    with _kept_away(product):
        product.server.stop()
        time.sleep(AWAY)
        product.server.start()


@contextmanager
def _kept_away(product: Product) -> Iterator[None]:
    product.keeps_database.clear()
    try:
        yield
    finally:
        product.keeps_database.set()


def used_up(product: Product) -> None:
    with product.server.used_up():
        time.sleep(AWAY)


def read_only(product: Product) -> None:
    with product.server.read_only():
        time.sleep(AWAY)


def disk_full(product: Product) -> None:
    """Also of its log, which is begun anew while the disk is full."""
    ballast = product.server.data.parent / "ballast"
    try:
        with open(ballast, "wb", buffering=0) as file:
            while file.write(bytes(2**20)) == 2**20:
                pass
    except OSError:
        pass
    try:
        with suppress(psycopg.Error):
            product.server.execute("SELECT pg_switch_wal()")
        time.sleep(2 * AWAY)
    finally:
        ballast.unlink()


def mail_gone(product: Product) -> None:
    product.mail.stop()
    time.sleep(AWAY)
    product.mail.start()


def receiver_hangs(product: Product) -> None:
    product.receiver.open.clear()
    time.sleep(3 * AWAY)
    product.receiver.open.set()


FAULTS: dict[str, Callable[[Product], None]] = {
    "a web worker killed": web_worker,
    "the web server killed": web,
    "the job worker killed": worker,
    "the stream killed": stream,
    "all connections cut": connection_cut,
    "a PostgreSQL back end killed": back_end,
    "the postmaster killed": postmaster,
    "the database restarted": restart,
    "the database away for 5 s": stopped,
    "connections used up for 5 s": used_up,
    "the database read only for 5 s": read_only,
    "the database's disk full for 10 s": disk_full,
    "the mail server gone for 5 s": mail_gone,
    "a webhook receiver hangs for 15 s": receiver_hangs,
}


@dataclass
class Row:
    """One fault, over all rounds."""

    name: str
    times: int = 0
    acknowledged: int = 0
    unanswered: int = 0
    unavailable: int = 0
    wrong: Counter[int] = field(default_factory=Counter)
    within: float = 0.0


@dataclass
class Table:
    """What was counted."""

    rows: list[Row]
    counts: dict[str, int]
    cases: int
    ended_early: str = ""

    @property
    def faults(self) -> list[str]:
        """What is not as promised; the seconds are told and not judged here."""
        found = [f"{count} {name}" for name, count in self.counts.items() if count]
        found += [self.ended_early] if self.ended_early else []
        return found + [f"{row.name}: answers {dict(row.wrong)}" for row in self.rows if row.wrong]

    def markdown(self) -> str:
        lines = [
            "| fault | times | acknowledged meanwhile | no answer | 503 | other answers | goes on within |",
            "|---|---|---|---|---|---|---|",
        ]
        for row in self.rows:
            cells = (
                row.name,
                row.times,
                row.acknowledged,
                row.unanswered,
                row.unavailable,
                sum(row.wrong.values()),
            )
            lines.append(f"| {' | '.join(map(str, cells))} | {row.within:.1f} s |")
        counted = ", ".join(f"{name} **{count}**" for name, count in self.counts.items())
        return "\n".join([*lines, "", f"{self.cases} cases acknowledged: {counted}."])


def measure(
    product: Product,
    rounds: int,
    tell: Callable[[str], None],
    faults: Mapping[str, Callable[[Any], None]] = FAULTS,
) -> Table:
    """Let all faults come `rounds` times, then count; Ctrl-C ends that after the present fault, as does an error."""
    ended_early = ""
    ending = threading.Event()
    usual = signal.signal(signal.SIGINT, lambda *_: ending.set())
    names = [name for name in faults if name != "the database's disk full for 10 s" or product.disk_is_small]
    rows = {name: Row(name) for name in names}
    _recovered(product)
    for writer in product.writers:
        writer.start()
    product.reader.thread.start()
    for number, name in itertools.product(range(1, rounds + 1), names):
        if ending.is_set():
            break
        try:
            _one(product, row := rows[name], faults[name])
        except Exception as error:  # hours of faults are counted all the same, and the table is red
            ended_early = f"{number}/{rounds} {name}: {error!r}"
            break
        tell(f"{number}/{rounds} {name}: goes on after {row.within:.1f} s at most, wrong {dict(row.wrong)}")
    signal.signal(signal.SIGINT, usual)
    for writer in product.writers:
        writer.end()
    product.reader.ending.set()
    product.reader.thread.join()
    cases = sum(len(writer.acknowledged) for writer in product.writers)
    return Table(list(rows.values()), counted(product), cases, ended_early)


def _one(product: Product, row: Row, fault: Callable[[Any], None]) -> None:
    before, acknowledged = _statuses(product), _acknowledged(product)
    fault(product)
    row.within = max(row.within, _recovered(product))
    change = _statuses(product) - before
    row.times += 1
    row.acknowledged += _acknowledged(product) - acknowledged
    row.unanswered += change.pop(0, 0)
    row.unavailable += change.pop(503, 0)
    row.wrong += Counter({status: count for status, count in change.items() if not 200 <= status < 500})


def _statuses(product: Product) -> Counter[int]:
    total: Counter[int] = Counter()
    for statuses in (*(writer.statuses for writer in product.writers), product.reader.statuses):
        total.update(dict(statuses))
    return total


def _acknowledged(product: Product) -> int:
    return sum(len(writer.acknowledged) for writer in product.writers)


def _recovered(product: Product) -> float:
    """Seconds until a case is taken, a job is done, the stream answers, and no client is turned away any more."""
    began = time.monotonic()
    for works in (_writes, _does_jobs, Product.stream_answers):
        while not works(product):
            if time.monotonic() - began > PATIENCE:
                raise AssertionError(f"{works.__name__}: nothing goes on after {PATIENCE:.0f} s")
            time.sleep(0.2)
    goes_on = last = time.monotonic()
    turned_away = _turned_away(product)
    while time.monotonic() - last < QUIET:
        if time.monotonic() - began > PATIENCE:
            raise AssertionError(
                f"clients are still turned away after {PATIENCE:.0f} s: {product.wrong[-3:]}"
            )
        time.sleep(0.2)
        if (now := _turned_away(product)) != turned_away:
            turned_away, goes_on = now, time.monotonic()
            last = goes_on
    return goes_on - began


def _turned_away(product: Product) -> int:
    return sum(count for status, count in _statuses(product).items() if status == 0 or status >= 500)


def _writes(product: Product) -> bool:
    product.writers[0].write()
    return True


def _does_jobs(product: Product) -> bool:
    try:
        ((number,),) = product.query(JOB)
        for _each in range(300):
            if product.query("SELECT status::text FROM procrastinate_jobs WHERE id = %s", number) == [
                ("succeeded",)
            ]:
                return True
            time.sleep(0.2)
    except (psycopg.Error, postgres.PostgresError):
        pass
    return False


def counted(product: Product) -> dict[str, int]:
    """Wait until all that was begun is done, then count what is lost, doubled or left behind."""
    quiet = "SELECT count(*) FROM outbox_message WHERE status = 'WAITING'"
    carried = "SELECT count(*) FROM portals_webhookdelivery WHERE status = 'WAITING'"
    receipts = "SELECT count(*) FROM outbox_message WHERE purpose LIKE 'complaint_%%'"
    open_jobs = "SELECT count(*) FROM procrastinate_jobs WHERE status = 'doing'"
    untold = (
        "SELECT (SELECT count(*) FROM complaints_complaint) - (SELECT count(*) FROM portals_webhookdelivery)"
    )
    waiting = (quiet, carried, untold, open_jobs)
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and any(product.query(each) != [(0,)] for each in waiting):
        time.sleep(1)
    kept = product.query("SELECT subject, reference, year, number FROM complaints_complaint")
    by_subject = Counter(subject for subject, *_rest in kept)
    numbers = [number for _subject, _reference, _year, number in kept]
    stored = {(subject, reference) for subject, reference, *_rest in kept}
    lost = [one for writer in product.writers for one in writer.acknowledged.items() if one not in stored]
    outbox = {str(key) for (key,) in product.query("SELECT id FROM outbox_message")}
    webhooks = {f"msg_{key.hex}" for (key,) in product.query("SELECT key FROM portals_webhookdelivery")}
    got = Counter(product.receiver.ids)
    return {
        "acknowledged and lost": len(lost),
        "cases twice": sum(count - 1 for count in by_subject.values()),
        "gaps in numbers": max(numbers, default=0) - len(set(numbers)),
        "messages lost": len(outbox - set(product.mail.ids)),
        "receipts not written": len(kept) - product.query(receipts)[0][0],
        "webhooks lost": len(webhooks - set(got)),
        "cases without a webhook": len(kept) - len(webhooks),
        "jobs left behind": product.query(open_jobs)[0][0],
        "messages waiting": product.query(quiet)[0][0],
    }


def main(arguments: list[str]) -> int:
    """Write the table; 1 if something is not as promised."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument("--pause", type=float, default=0.2, help="seconds between two cases of a portal")
    asked = parser.parse_args(arguments)
    rounds = asked.rounds
    with server(), running(asked.pause) as product:
        table = measure(product, rounds, _tell)
        _tell(table.markdown())
        mails, webhooks = product.mail.ids, product.receiver.ids
        _tell(
            f"{len(set(mails))} mails, {len(mails) - len(set(mails))} of them twice under the same Message-ID;"
        )
        _tell(
            f"{len(set(webhooks))} webhooks, {len(webhooks) - len(set(webhooks))} twice under the same webhook-id."
        )
        for fault in table.faults + product.wrong:
            _tell(f"NOT AS PROMISED: {fault}")
        return 1 if table.faults else 0


def _tell(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
