"""The demo survives kill -9 of any one of its processes and a restart of its database, and loses nothing."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest

from backend import postgres
from tests.backend.demo.test_demo import _children, _demo, _free_port, _read_until, place
from tests.portal_writer import Writer, ask

pytestmark = [pytest.mark.full, pytest.mark.waits]
SECONDS = 120
"""So long is waited for at most; nothing is measured here."""
JOB = """INSERT INTO procrastinate_jobs (queue_name, task_name, args)
    VALUES ('clock', 'programme.release_holds', '{"timestamp": 0}') RETURNING id"""
__all__ = ["place"]


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
        said = _read_until(self.process, "Ctrl-C ends everything.")
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


def test_the_demo_starts_again_what_is_killed(place: Path) -> None:
    demo = Running(place)
    try:
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
        demo.process.send_signal(signal.SIGINT)
        demo.process.wait(90)
        assert demo.process.returncode == 0
    finally:
        demo.process.kill()
        demo.process.wait()
