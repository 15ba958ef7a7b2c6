"""One number for all processes: whichever answers a scrape, it knows what the others and the ended ones counted."""

from __future__ import annotations

import http.client
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from backend.programme.jobs import release_holds
from tests.backend.server.running import Web, running_web
from tests.cast import make_cast
from tests.databases import ROOT, CommittedDatabase
from tests.schema.stream.serving import Server

TOKEN = "sayaclar"
REQUESTS = "django_http_requests_before_middlewares_total"


def values(text: str) -> dict[str, float]:
    """Each sample of an exposition."""
    return {
        name: float(value)
        for name, value in (line.rsplit(" ", 1) for line in text.splitlines() if line and line[0] != "#")
    }


def scrape(web: Web) -> dict[str, float]:
    status, text = web.ask("/metrics", Authorization=f"Bearer {TOKEN}")
    assert status == 200
    return values(text)


def workers(folder: Path) -> set[int]:
    """The web's processes that have counted, by their files."""
    numbers = (int(path.stem.removeprefix("counter_")) for path in folder.glob("counter_*.db"))
    return {number for number in numbers if number}


def test_processes_count_together_and_what_a_killed_one_counted_stays(
    committed_db: CommittedDatabase, tmp_path: Path
) -> None:
    make_cast()
    folder = tmp_path / "metrics"
    shared = {"OZELKALEM_METRICS_TOKEN": TOKEN, "PROMETHEUS_MULTIPROC_DIR": str(folder)}
    with running_web(committed_db, tmp_path, shared) as web:
        before = scrape(web)[REQUESTS]
        for _each in range(10):
            assert web.ask("/health/live/")[0] == 200
        counted = [scrape(web)[REQUESTS] for _each in range(6)]
        assert counted == [before + 10 + n for n in range(1, 7)]

        run_one_job(committed_db, shared)
        samples = scrape(web)
        assert samples['ozelkalem_jobs_total{outcome="done",task="programme.release_holds"}'] >= 1
        assert samples['ozelkalem_job_seconds_count{task="programme.release_holds"}'] >= 1

        killed = next(
            number for number in workers(folder) if number != web.process.pid and is_child(number, web)
        )
        os.kill(killed, signal.SIGKILL)
        while Path(f"/proc/{killed}").exists():
            time.sleep(0.05)
        assert scrape(web)[REQUESTS] == counted[-1] + 2
        assert not list(folder.glob(f"*_{killed}.db"))


@pytest.mark.full
def test_who_follows_the_stream_is_told_by_the_web(committed_db: CommittedDatabase, tmp_path: Path) -> None:
    secret = make_cast().portal_secret
    shared = {"OZELKALEM_METRICS_TOKEN": TOKEN, "PROMETHEUS_MULTIPROC_DIR": str(tmp_path / "metrics")}
    with running_web(committed_db, tmp_path, shared) as web:
        before = scrape(web)
        assert (before["ozelkalem_stream_up"], before.get("ozelkalem_stream_connections", 0)) == (0, 0)
        server = Server(committed_db, **shared)
        follower = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
        try:
            body = json.dumps({"query": "subscription { inboxChanged { id } }"})
            headers = {"Content-Type": "application/json", "Authorization": f"Bearer {secret}"}
            follower.request("POST", "/graphql/stream/", body, headers | {"Accept": "text/event-stream"})
            assert follower.getresponse().read(1)
            during = scrape(web)
            assert (during["ozelkalem_stream_up"], during["ozelkalem_stream_connections"]) == (1, 1)
        finally:
            follower.close()
            server.end(signal.SIGKILL)
        assert scrape(web).get("ozelkalem_stream_connections", 0) == 0


def is_child(number: int, web: Web) -> bool:
    status = Path(f"/proc/{number}/status")
    return status.exists() and f"PPid:\t{web.process.pid}\n" in status.read_text()


def run_one_job(database: CommittedDatabase, shared: dict[str, str]) -> None:
    """A worker that ends when nothing is left to do."""
    release_holds.configure().defer(timestamp=0)
    subprocess.run(
        [sys.executable, "manage.py", "procrastinate", "worker", "--one-shot"],
        cwd=ROOT,
        env={**os.environ, **database.environment, **shared},
        check=True,
        capture_output=True,
    )
