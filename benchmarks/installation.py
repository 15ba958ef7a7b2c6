"""An installation for measuring: its own server and data in `var/benchmarks/<size>`, kept from run to run."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg

from backend import postgres
from benchmarks.multiplying import multiply, vacuum

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "var" / "benchmarks"
START_SECONDS = 120
INVENTED = 30_000
"""So many cases `load_demo` invents; the rest are copies of them."""


class Installation:
    """One folder of data with so many complaints."""

    def __init__(self, complaints: int) -> None:
        self.complaints = complaints
        self.folder = DATA / str(complaints)
        self.postgres = self.folder / "postgres"
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("DATABASE")},
            "OZELKALEM_VAR": str(self.folder),
            "OZELKALEM_ENVIRONMENT": "demo",
            "OZELKALEM_LOG_LEVEL": "ERROR",
            "PYTHONPATH": str(ROOT),
        }

    def manage(self, *arguments: str) -> str:
        """The output of a command of `manage.py`; its progress goes to the terminal."""
        command = [sys.executable, str(ROOT / "manage.py"), *arguments]
        done = subprocess.run(command, env=self.environment, stdout=subprocess.PIPE, text=True, check=True)
        return done.stdout.strip()

    def address(self, role: postgres.Role) -> str:
        return postgres.url(self.postgres, role)

    def database(self) -> tuple[str, str]:
        """Where the server is reached (a folder with its socket), and the name of the database."""
        to = postgres.connection(self.postgres)
        return to.host, to.database

    @property
    def log(self) -> Path:
        """What the server that was started last has said."""
        return self.folder / "server.log"

    @contextlib.contextmanager
    def running(self) -> Iterator[None]:
        """PostgreSQL with the data loaded; stopped after."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self.manage("postgres", "start")
        try:
            self.manage("migrate", "--database", "owner", "--verbosity", "0")
            self.load()
            yield
        finally:
            self.manage("postgres", "stop")

    def load(self) -> None:
        """Bring it to its size, and sum its cases up, unless it is there already."""
        wanted = min(self.complaints, INVENTED)
        self.manage("load_demo", "--complaints", str(wanted))
        self.manage("collectstatic", "--no-input", "--verbosity", "0")
        if self.complaints > INVENTED and self._last("complaints_complaint", "id") < self.complaints:
            multiply(self.address("admin"), self.complaints // INVENTED)
        if self._last("complaints_reportfact", "complaint_id") < self.complaints:
            self.keep_sums()

    def keep_sums(self) -> None:
        """Sum the cases up anew, for totals and reports: copies were made past the triggers."""
        print(f"{self.complaints:,} cases are summed up (3,000,000: some ten minutes)", flush=True)  # noqa: T201
        self.manage("report_figures", "--rebuild")
        vacuum(self.address("admin"))

    def keep_cells(self) -> None:
        """Sum up the cells of the map, once; no question of `make benchmark` reads them."""
        done = self.folder / "summed"
        if not done.exists():
            cells = "from backend.map import jobs; jobs.keep_cells_at_night(0)"
            self.manage("shell", "--no-imports", "--command", cells)
            done.touch()

    def _last(self, table: str, key: str) -> int:
        with psycopg.connect(self.address("admin")) as connection:
            row = connection.execute(f"SELECT max({key}) FROM {table}").fetchone()
            return (row and row[0]) or 0

    @property
    def postmaster(self) -> int:
        """The process id of PostgreSQL."""
        return int((self.postgres / "postmaster.pid").open().readline())


@contextlib.contextmanager
def served(
    command: list[str], port: int, environment: dict[str, str], log: Path, folder: Path = ROOT
) -> Iterator[int]:
    """A server until the end of the block; its process id, once it takes connections."""
    with log.open("wb") as output:
        server = subprocess.Popen(command, env=environment, cwd=folder, stdout=output, stderr=output)
        try:
            _await(server, port, log)
            yield server.pid
        finally:
            server.terminate()
            try:
                server.wait(20)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


def _await(server: subprocess.Popen[bytes], port: int, log: Path) -> None:
    for _try in range(START_SECONDS * 10):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        if server.poll() is not None:
            break
        time.sleep(0.1)
    raise RuntimeError(f"the server did not start: {log.read_text(errors='replace')[-2000:]}")


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
