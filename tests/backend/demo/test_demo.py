"""`manage.py demo` from start to Ctrl-C, as a newcomer runs it: on a folder and a port of its own.

It survives kill -9 of any one of its processes and a restart of its database, and loses nothing.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
import requests

from backend import postgres
from permissions.demo.complaints import cases, showcase
from permissions.demo.users import demo_users
from tests.databases import ROOT
from tests.portal_writer import Writer, ask

pytestmark = [pytest.mark.full, pytest.mark.waits]
SECONDS = 120
"""So long is waited for at most; nothing is measured here."""
JOB = """INSERT INTO procrastinate_jobs (queue_name, task_name, args)
    VALUES ('clock', 'programme.release_holds', '{"timestamp": 0}') RETURNING id"""
LOAD = "hashtextextended('load_demo', 2)"
WAITING = f"""SELECT count(*) FROM pg_locks, {LOAD} AS key
    WHERE locktype = 'advisory' AND (classid::bigint << 32) + objid::bigint = key AND NOT granted"""
"""How many wait until nobody loads the demo's data."""


@pytest.fixture(scope="module")
def place() -> Iterator[Path]:
    """A folder that the first test prepares; the others begin where it ended, as a newcomer does on the next day."""
    folder = Path(tempfile.mkdtemp(prefix="ozelkalem-test-"))
    folder.chmod(0o755)
    yield folder
    postgres.stop(folder / "postgres")
    shutil.rmtree(folder)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _demo(place: Path, port: int, *command: str) -> subprocess.Popen[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("OZELKALEM_")}
    environment |= {"OZELKALEM_VAR": str(place), "OZELKALEM_PORT": str(port), "PYTHONUNBUFFERED": "1"}
    environment |= {"DJANGO_SETTINGS_MODULE": "backend.settings"}
    # Compressing them takes half a minute, and they are the same every time.
    environment |= {"OZELKALEM_STATIC_ROOT": str(ROOT / "var" / "tests" / "static")}
    words = [sys.executable, "manage.py", *(command or ["demo"]), "--complaints", "40"]
    return subprocess.Popen(
        words, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )


def _read_until(demo: subprocess.Popen[str], last: str) -> str:
    assert demo.stdout is not None
    seen = ""
    for line in demo.stdout:
        seen += line
        if last in line:
            return seen
    raise AssertionError(f"the demo ended before it said {last!r}:\n{seen}")


def _status(port: int, path: str) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    finally:
        connection.close()


def _followed(port: int, client: str, secret: str) -> str:
    """Bring a case in and follow it, both at the demo's own port: what the first event says of it."""
    address = f"http://127.0.0.1:{port}"
    form = {"grant_type": "client_credentials", "client_id": client, "client_secret": secret}
    token = requests.post(f"{address}/oauth/token", data=form, timeout=30).json()["access_token"]
    headers = {"Authorization": f"Bearer {token}"}
    submit = "mutation($i: PortalComplaintSubmitInput!) { portalComplaintSubmit(input: $i) { trackingCode } }"
    asked: dict[str, Any] = {"query": submit, "variables": {"i": {"kind": "COMPLAINT", "subject": "Çukur"}}}
    taken = requests.post(f"{address}/graphql/", json=asked, headers=headers, timeout=30).json()
    follow = "subscription($c: String!) { portalComplaintChanged(code: $c) { status } }"
    code = taken["data"]["portalComplaintSubmit"]["trackingCode"]
    asked = {"query": follow, "variables": {"c": code}}
    events = {**headers, "Accept": "text/event-stream"}
    with requests.post(
        f"{address}/graphql/stream/", json=asked, headers=events, timeout=30, stream=True
    ) as told:
        first = next(line for line in told.iter_lines() if line.startswith(b"data: {"))
    return str(json.loads(first[6:])["data"]["portalComplaintChanged"]["status"])


def test_two_at_once_prepare_one_after_the_other(place: Path) -> None:
    """Both begin with an empty folder, on ports of their own, beside one server and one set of rows.

    Who loads the demo's data by its own command meanwhile waits too, and finds them there.
    """
    ports = [_free_port(), _free_port()]
    started = both = [_demo(place, port) for port in ports]
    try:
        with _loading(place) as waiting:
            until(lambda: waiting() == 1)
            loader = _demo(place, ports[0], "load_demo", "--verbosity", "0")
            started = [*both, loader]
            until(lambda: waiting() == 2)
        said = [_read_until(demo, "Ctrl-C ends everything.") for demo in both]
        assert sorted("Loading the demo data" in text for text in said) == [False, True]
        assert [_status(port, "/admin/login/") in {200, 302} for port in ports] == [True, True]
        assert (loader.wait(SECONDS), _cases(place)) == (0, (40, len(showcase.SCENES) + 1, 0))
        _note_something(place)
        both[0].send_signal(signal.SIGINT)
        both[0].communicate(timeout=60)
        assert postgres.status(place / "postgres").pid is not None  # the other one still needs it
        assert _status(ports[1], "/admin/login/") in {200, 302}
        both[1].send_signal(signal.SIGINT)
        both[1].communicate(timeout=60)
        assert [demo.returncode for demo in both] == [0, 0]
        assert postgres.status(place / "postgres").pid is None
    finally:
        for process in started:
            process.kill()
            process.wait()


@contextlib.contextmanager
def _loading(place: Path) -> Iterator[Callable[[], int]]:
    """Keep everybody from loading the demo's data, from the moment the server is there; gives how many wait."""
    found: list[psycopg.Connection[tuple[int]]] = []

    def connected() -> bool:
        with contextlib.suppress(postgres.PostgresError, psycopg.Error):  # there is none yet
            found.append(psycopg.connect(postgres.url(place / "postgres", "admin"), autocommit=True))
        return bool(found)

    until(connected)
    with found[0] as connection:
        connection.execute(f"SELECT pg_advisory_lock({LOAD})")
        yield lambda: connection.execute(WAITING).fetchall()[0][0]


def _cases(place: Path) -> tuple[int, ...]:
    """How many were invented, how many belong to the showcase, and how many have a number that another has too."""
    counted = """SELECT count(*) FILTER (WHERE source = %s), count(*) FILTER (WHERE source = %s),
        count(*) - count(DISTINCT (year, number)) FROM complaints_complaint"""
    with psycopg.connect(postgres.url(place / "postgres", "admin")) as connection:
        found = connection.execute(counted, [cases.SOURCE, showcase.SOURCE]).fetchone()
    return found or ()


def test_a_second_run_is_quick_and_keeps_the_data(place: Path, second: Running) -> None:
    assert "Loading" not in second.said
    assert "Collecting" not in second.said
    first, now = _note_something(place)
    assert first == now >= 40


def test_the_demo_serves_and_refuses_a_second_one(place: Path, second: Running) -> None:
    said, port = second.said, second.port
    assert f"http://127.0.0.1:{port}/admin/" in said
    for name, _, _, role in demo_users():
        assert name in said
        assert role in said
    assert _status(port, "/admin/login/") in {200, 302}
    assert f"http://127.0.0.1:{port}/\n" in said
    assert [_status(port, path) for path in ("/", "/gelistirici/")] == [200, 200]
    assert _followed(port, *said.split("its id and secret:")[1].split()[:2]) == "Alındı"
    refused, _ = (other := _demo(place, port)).communicate(timeout=60)
    assert other.returncode == 1
    assert f"Port {port} is in use, perhaps by another demo" in refused
    assert "Traceback" not in refused
    assert postgres.status(place / "postgres").pid is not None
    assert _status(port, "/admin/login/") in {200, 302}


def _note_something(place: Path) -> list[int]:
    """Write a row of one's own: how many cases there are. Return what such rows say, the oldest first."""
    with psycopg.connect(postgres.url(place / "postgres", "owner")) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS noted (cases int, at timestamptz DEFAULT now())")
        connection.execute("INSERT INTO noted (cases) SELECT count(*) FROM complaints_complaint")
        rows = connection.execute("SELECT cases FROM noted ORDER BY at").fetchall()
    return [cases for (cases,) in rows]


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def until(reached: Callable[[], Any]) -> None:
    deadline = time.monotonic() + SECONDS
    while not reached():
        assert time.monotonic() < deadline, "it did not come"
        time.sleep(0.3)


class Running:
    """A demo, its lines, and a portal that writes."""

    def __init__(self, folder: Path) -> None:
        self.data, self.port = folder / "postgres", _free_port()
        self.process = _demo(folder, self.port)
        self.said = said = _read_until(self.process, "Ctrl-C ends everything.")
        self.lines: list[str] = []
        threading.Thread(target=self._listen, daemon=True).start()
        client = said[said.index("The sandbox client") :].split("\n")
        self.writer = Writer(self.port, client[1].strip(), client[2].strip(), "demo", pause=1.0)

    def _listen(self) -> None:
        assert self.process.stdout is not None
        self.lines += self.process.stdout

    def part(self, words: str) -> int:
        """The child process with these words in its command."""
        for pid in _children(self.process.pid):
            with contextlib.suppress(OSError):  # it ended meanwhile
                if words in Path(f"/proc/{pid}/cmdline").read_bytes().decode().replace("\0", " "):
                    return pid
        return 0

    @property
    def database(self) -> int:
        return postgres.status(self.data).pid or 0

    def back_end(self) -> int:
        return self._query(
            "SELECT pid FROM pg_stat_activity WHERE usename = 'ozelkalem_app' ORDER BY backend_start LIMIT 1"
        )

    def works(self) -> bool:
        """Web, database and stream answer, and a job is done."""
        try:
            job = self._query(JOB)
            until(
                lambda: self._query(
                    "SELECT (status = 'succeeded')::int FROM procrastinate_jobs WHERE id = %s", job
                )
            )
        except psycopg.Error:
            return False
        web, stream = (
            ask(self.port, "GET", "/takip/")[0],
            ask(self.port, "POST", "/graphql/stream/", "{}")[0],
        )
        return web == 200 and 400 <= stream < 500

    def _query(self, statement: str, *values: Any) -> int:
        with psycopg.connect(postgres.url(self.data, "admin"), autocommit=True) as connection:
            row = connection.execute(statement, values).fetchone()
            return int(row[0]) if row else 0


@pytest.fixture(scope="module")
def second(place: Path) -> Iterator[Running]:
    """The run after the first one: it is looked at, loses each of its parts, and ends in the last test."""
    demo = Running(place)
    yield demo
    demo.process.kill()
    demo.process.wait()


def test_the_demo_starts_again_what_is_killed(second: Running) -> None:
    demo = second
    until(demo.works)
    demo.writer.start()
    for words, line in (
        ("manage.py worker", "The job worker ended (killed by signal 9). It is started again in 1 s."),
        ("manage.py stream", "The stream of events ended (killed by signal 9)."),
        ("gunicorn", "The web server ended (killed by signal 9)."),
    ):
        fallen = demo.part(words)
        os.kill(fallen, signal.SIGKILL)
        until(lambda words=words, fallen=fallen: demo.part(words) not in {0, fallen})
        until(demo.works)
        assert any(line in said for said in demo.lines), demo.lines[-20:]
    for pid in (_children(demo.part("gunicorn"))[0], demo.back_end()):
        os.kill(pid, signal.SIGKILL)
        until(demo.works)
    os.kill(demo.database, signal.SIGKILL)
    until(lambda: demo.database)
    until(demo.works)
    assert any("The database ended. It is started again." in said for said in demo.lines)
    postgres.stop(demo.data)
    postgres.start(demo.data, keep=False)
    until(demo.works)
    demo.writer.end()
    assert set(demo.writer.statuses) <= {0, 200, 503}
    with psycopg.connect(postgres.url(demo.data, "admin")) as connection:
        rows = connection.execute(
            "SELECT subject, reference FROM complaints_complaint WHERE subject LIKE 'Deneme başvurusu %%'"
        ).fetchall()
    assert len(demo.writer.acknowledged) > 5
    assert sorted(rows) == sorted(demo.writer.acknowledged.items())


def test_at_its_end_it_ends_all_that_it_started(place: Path, second: Running) -> None:
    children = _children(second.process.pid)
    assert len(children) >= 2
    second.process.send_signal(signal.SIGINT)
    second.process.wait(90)
    assert second.process.returncode == 0
    assert not [pid for pid in children if Path(f"/proc/{pid}").exists()]
    assert postgres.status(place / "postgres").pid is None
    with pytest.raises(ConnectionRefusedError):
        _status(second.port, "/")
