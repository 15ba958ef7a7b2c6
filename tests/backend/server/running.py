"""The product behind gunicorn, as a unit starts it, with what it writes."""

from __future__ import annotations

import http.client
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.databases import ROOT, CommittedDatabase

GUNICORN = [sys.executable, "-m", "gunicorn", "-c", "python:backend.gunicorn", "backend.wsgi"]
START_SECONDS = 60


@dataclass
class Web:
    """A running web: ask it, and read what it wrote."""

    port: int
    process: subprocess.Popen[bytes]
    output: Path

    def ask(self, path: str, body: str | None = None, **headers: str) -> tuple[int, str]:
        """Return status and text of an answer. Each has a connection of its own: any worker may get it."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request("GET" if body is None else "POST", path, body, headers)
            response = connection.getresponse()
            return response.status, response.read().decode()
        finally:
            connection.close()

    def lines(self) -> list[dict[str, Any]]:
        """Every line of the two outputs: each is JSON."""
        return [json.loads(each) for each in self.output.read_text("utf-8").splitlines()]


@contextmanager
def running_web(
    database: CommittedDatabase, folder: Path, environment: Mapping[str, str] | None = None
) -> Iterator[Web]:
    """Serve a committed database, with two workers of two threads unless the environment says otherwise."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    whole = {
        **os.environ,
        **database.environment,
        "OZELKALEM_PORT": str(port),
        "OZELKALEM_WEB_THREADS": "2",
        **(environment or {}),
    }
    output = folder / "stdout"
    with (
        output.open("wb") as out,
        (folder / "stderr").open("wb") as err,
        subprocess.Popen(GUNICORN, cwd=ROOT, env=whole, stdout=out, stderr=err) as process,
    ):
        web = Web(port, process, output)
        try:
            _await(web)
            yield web
        finally:
            process.terminate()
            process.wait(30)
    assert (folder / "stderr").read_text("utf-8") == ""


def _await(web: Web) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", web.port)) == 0:
                return
        assert web.process.poll() is None, web.output.read_text("utf-8")
        time.sleep(0.1)
    raise AssertionError("the web did not start")
