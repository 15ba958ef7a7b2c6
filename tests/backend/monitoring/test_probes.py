"""The port for monitors: whether a process lives, and its counters, whatever else it has to do."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from http.server import ThreadingHTTPServer
from pathlib import Path
from unittest.mock import patch

import pytest
from django.core.management import CommandError, call_command
from django.test import override_settings

from backend.core.operation import probes
from backend.core.operation.probes import pulse as pulses
from backend.houses import House, inside
from tests.backend.server.running import running_web
from tests.cast import make_cast
from tests.databases import ROOT, CommittedDatabase

TOKEN = "sayaclar"
BEARER = {"Authorization": f"Bearer {TOKEN}"}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def port() -> Iterator[int]:
    """A free port that is the one for monitors."""
    port = free_port()
    with override_settings(MONITOR_PORT=port, METRICS_TOKEN=TOKEN, METRICS_FOLDER="", BIND="127.0.0.1"):
        yield port


def asked(port: int, path: str, **headers: str) -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


def close(server: ThreadingHTTPServer | None) -> None:
    assert server is not None
    server.shutdown()
    server.server_close()


def test_it_says_whether_the_main_loop_comes_round_and_counts_for_who_has_the_token(port: int) -> None:
    pulse = probes.Pulse()
    server = probes.listen(pulse)
    try:
        assert asked(port, "/health/live/") == (200, '{"status": "ok"}')
        with patch.object(pulses, "SILENT_SECONDS", 0):
            assert asked(port, "/health/live/") == (503, '{"status": "failed"}')
        assert asked(port, "/health/live/")[0] == 200
        assert [asked(port, "/metrics")[0], asked(port, "/metrics", Authorization="Bearer x")[0]] == [
            404,
            404,
        ]
        status, text = asked(port, "/metrics", **BEARER)
        assert (status, "ozelkalem_jobs_total" in text) == (200, True)
        with override_settings(METRICS_TOKEN=""):
            assert asked(port, "/metrics", Authorization="Bearer ")[0] == 404
        assert asked(port, "/")[0] == 404
    finally:
        close(server)


def test_a_client_that_says_nothing_keeps_no_other_waiting(port: int) -> None:
    server = probes.listen(probes.Pulse())
    try:
        with socket.create_connection(("127.0.0.1", port)):
            assert asked(port, "/health/live/")[0] == 200
    finally:
        close(server)


def test_the_processes_of_a_web_share_the_port_and_others_say_that_it_is_in_use(
    db: None, port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGAPPNAME", "test")  # the stream sets it
    both = [probes.listen(probes.Pulse(), is_one_of_many=True) for _each in range(2)]
    try:
        for command in ("worker", "stream"):
            with pytest.raises(CommandError, match="OZELKALEM_MONITOR_PORT is in use"):
                call_command(command)
    finally:
        for server in both:
            close(server)


def test_without_a_port_and_in_one_house_of_many_nothing_listens(port: int) -> None:
    with inside(House("a", ("a.test",), dict(os.environ))):
        assert probes.listen(probes.Pulse()) is None
    with override_settings(MONITOR_PORT=0):
        assert probes.listen(probes.Pulse()) is None


@pytest.mark.full
def test_a_busy_web_a_worker_and_a_stream_are_probed_and_scraped(
    committed_db: CommittedDatabase, tmp_path: Path
) -> None:
    make_cast()
    ports = {name: free_port() for name in ("web", "worker", "stream")}
    folders = {name: tmp_path / name for name in ports}
    shared = {
        name: {
            "OZELKALEM_METRICS_TOKEN": TOKEN,
            "OZELKALEM_MONITOR_PORT": str(port),
            "OZELKALEM_STREAM_PORT": str(free_port()),
            "PROMETHEUS_MULTIPROC_DIR": str(folders[name]),
        }
        for name, port in ports.items()
    }
    few = {"OZELKALEM_WEB_WORKERS": "1", "OZELKALEM_WEB_THREADS": "1"}
    with ExitStack() as stack:
        web = stack.enter_context(running_web(committed_db, tmp_path, {**shared["web"], **few}))
        for name in ("worker", "stream"):
            command = [sys.executable, "manage.py", name]
            environment = {**os.environ, **committed_db.environment, **shared[name]}
            process = stack.enter_context(subprocess.Popen(command, cwd=ROOT, env=environment))
            stack.callback(process.terminate)
        busy = stack.enter_context(socket.create_connection(("127.0.0.1", web.port)))
        busy.sendall(b"POST /graphql/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n")
        for name, port in ports.items():
            assert _until_it_listens(port, "/health/live/") == (200, '{"status": "ok"}')
            status, text = asked(port, "/metrics", **BEARER)
            assert status == 200, name
            assert ("ozelkalem_up 1.0" in text) == (name == "web")
        busy.close()


def _until_it_listens(port: int, path: str) -> tuple[int, str]:
    end = time.monotonic() + 120
    while True:
        try:
            return asked(port, path)
        except OSError:
            assert time.monotonic() < end
            time.sleep(0.1)
