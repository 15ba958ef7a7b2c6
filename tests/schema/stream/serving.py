"""The second process: the program as an installation starts it, or forked from this process, which has loaded it.

Loading the product takes two seconds of a processor for each start. What is forked is a process of its own all the
same, with its own signals, threads and connections.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import socket
import subprocess
import sys
import time
import warnings

from django.conf import settings
from django.core.management import call_command
from django.db import connections

from tests.databases import ROOT, CommittedDatabase

WAIT = 120.0
"""For an event on a busy machine; no test that passes waits so long."""


class Server:
    """`manage.py stream` on a free port."""

    def __init__(self, database: CommittedDatabase, **environment: str) -> None:
        self.port = _free_port()
        self._environment = {
            **os.environ,
            **database.environment,
            "OZELKALEM_STREAM_PORT": str(self.port),
            **environment,
        }
        self.start()

    def start(self) -> None:
        """Start it, also again, and wait until it answers."""
        command = [sys.executable, "manage.py", "stream"]
        self._process = subprocess.Popen(command, cwd=ROOT, env=self._environment)
        self._answers()

    @property
    def pid(self) -> int:
        return self._process.pid

    def runs(self) -> bool:
        return self._process.poll() is None

    def end(self, number: int = signal.SIGTERM) -> None:
        """Send it a signal, and wait until it has ended."""
        self._process.send_signal(number)
        self._process.wait(WAIT)

    def _answers(self) -> None:
        deadline = time.monotonic() + 300
        while time.monotonic() < deadline:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            assert self.runs()
            time.sleep(0.02)
        raise AssertionError("it does not answer")


class Forked(Server):
    """The same command in a fork of this process, on the database that is current here; `limits` of STREAM_LIMITS."""

    def __init__(self, **limits: float) -> None:
        self.port, self._limits = _free_port(), limits
        self.start()

    def start(self) -> None:
        """Fork it and wait until it answers; not where this process has threads at work."""
        self._forked = multiprocessing.get_context("fork").Process(target=self._serve)
        with (
            warnings.catch_warnings()
        ):  # the thread of xdist reads orders; it holds nothing that is asked for here
            warnings.simplefilter("ignore", DeprecationWarning)
            self._forked.start()
        self._answers()

    @property
    def pid(self) -> int:
        assert self._forked.pid is not None
        return self._forked.pid

    def runs(self) -> bool:
        return self._forked.is_alive()

    def end(self, number: int = signal.SIGTERM) -> None:
        """Send it a signal, and wait until it has ended."""
        os.kill(self.pid, number)
        self._forked.join(WAIT)
        assert not self.runs()

    def _serve(self) -> None:
        for one in connections.all(initialized_only=True):
            del connections[one.alias]  # psycopg ends none that another process has opened
        settings.STREAM_LIMITS.update(self._limits)
        call_command("stream", port=self.port)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
