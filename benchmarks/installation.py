"""An installation for measuring: its own server and data in `var/benchmarks`, kept from run to run."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
START_SECONDS = 60


class Installation:
    """One folder of data with so many complaints."""

    def __init__(self, complaints: int, workers: int) -> None:
        self.complaints = complaints
        self.port = _free_port()
        self._server = 0
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("DATABASE")},
            "OZELKALEM_VAR": str(ROOT / "var" / "benchmarks" / str(complaints)),
            "OZELKALEM_ENVIRONMENT": "demo",
            "OZELKALEM_LOG_LEVEL": "ERROR",
            "OZELKALEM_PORT": str(self.port),
            "OZELKALEM_WEB_WORKERS": str(workers),
            "OZELKALEM_DB_CONN_MAX_AGE": "600",
        }

    def manage(self, *arguments: str) -> str:
        """The output of a command of `manage.py`; its progress goes to the terminal."""
        command = [sys.executable, str(ROOT / "manage.py"), *arguments]
        done = subprocess.run(command, env=self.environment, stdout=subprocess.PIPE, text=True, check=True)
        return done.stdout.strip()

    @contextlib.contextmanager
    def running(self) -> Iterator[None]:
        """PostgreSQL and gunicorn, with the data loaded; both are stopped after."""
        Path(self.environment["OZELKALEM_VAR"]).mkdir(parents=True, exist_ok=True)
        self.manage("postgres", "start")
        try:
            self.manage("migrate", "--database", "owner", "--verbosity", "0")
            self.manage("load_demo", "--complaints", str(self.complaints))
            self.manage("collectstatic", "--no-input", "--verbosity", "0")
            with self._served():
                yield
        finally:
            self.manage("postgres", "stop")

    @contextlib.contextmanager
    def _served(self) -> Iterator[None]:
        command = [sys.executable, "-m", "gunicorn", "-c", "python:backend.gunicorn", "backend.wsgi"]
        quiet = ["--log-level", "error"]
        server = subprocess.Popen(
            [*command, *quiet], env=self.environment, cwd=ROOT, stdout=subprocess.DEVNULL
        )
        self._server = server.pid
        try:
            self._await(server)
            yield
        finally:
            server.terminate()
            server.wait(30)

    def processor_seconds(self) -> float:
        """Processor time that web server and PostgreSQL have used so far: right even on a busy machine."""
        postmaster = int(
            (Path(self.environment["OZELKALEM_VAR"]) / "postgres" / "postmaster.pid").open().readline()
        )
        return sum(_used(root) for root in (self._server, postmaster))

    def _await(self, server: subprocess.Popen[bytes]) -> None:
        for _try in range(START_SECONDS * 10):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
                return
            if server.poll() is not None:
                break
            time.sleep(0.1)
        raise SystemExit("the server did not start")


def _used(root: int) -> float:
    """Seconds of a process, of its children, and of children that have ended."""
    found = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            fields = stat.read_text().rpartition(")")[2].split()
            is_root, is_child = int(stat.parent.name) == root, int(fields[1]) == root
            if is_root or is_child:
                found += sum(map(int, fields[11 : 15 if is_root else 13]))
    return found / os.sysconf("SC_CLK_TCK")


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
