"""What many houses cost in one installation: `python -m benchmarks.houses --houses 100 --workers 10`."""

from __future__ import annotations

import argparse
import http.client
import os
import resource
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from benchmarks.installation import DATA, ROOT, free_port, served
from benchmarks.processes import memory_megabytes

PATHS = ("/", "/accounts/login/", "/health/live/")
MAKE = """
import os, resource, sys, time
import django
django.setup()
from backend.provisioning.creating import create
from django.urls import get_resolver
get_resolver().url_patterns
for name in sys.argv[1:]:
    begun = time.perf_counter()
    create(name, [f"{name}.test"], {"MUNICIPALITY_NAME": name}, administrator="bilgiislem")
    print(f"{time.perf_counter() - begun:.3f}", flush=True)
"""
"""What `manage.py houses create` does, again and again in one process: what a command takes to begin is left out."""

APP = "drafts"
"""Its migrations are taken back everywhere, so that each house has some to come."""


class Houses:
    """An installation of many, in `var/benchmarks/houses`, kept from run to run."""

    def __init__(self) -> None:
        self.folder = DATA / "houses"
        self.file = self.folder / "houses.toml"
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("DATABASE")},
            "OZELKALEM_VAR": str(self.folder),
            "OZELKALEM_ENVIRONMENT": "demo",
            "OZELKALEM_LOG_LEVEL": "ERROR",
            "OZELKALEM_HOUSES": str(self.file),
            "DJANGO_SETTINGS_MODULE": "backend.settings",
            "PYTHONPATH": str(ROOT),
        }

    @contextmanager
    def running(self) -> Iterator[None]:
        """PostgreSQL, and the static files in their place."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self.manage("postgres", "start")
        try:
            self.manage("collectstatic", "--no-input", "--verbosity", "0")
            yield
        finally:
            self.manage("postgres", "stop")

    def manage(self, *arguments: str) -> str:
        command = [sys.executable, str(ROOT / "manage.py"), *arguments]
        return subprocess.run(
            command, env=self.environment, stdout=subprocess.PIPE, text=True, check=True
        ).stdout.strip()

    def names(self) -> list[str]:
        """Those that were made."""
        text = self.file.read_text() if self.file.exists() else ""
        return [line.strip("[]\n") for line in text.splitlines() if line.startswith("[")]

    def make(self, many: int) -> list[float]:
        """Make those that are missing; return the seconds that each took."""
        missing = [name for number in range(many) if (name := f"ilce{number:03}") not in self.names()]
        if not missing:
            return []
        command = [sys.executable, "-c", MAKE, *missing]
        made = subprocess.run(command, env=self.environment, stdout=subprocess.PIPE, text=True, check=True)
        return [float(line) for line in made.stdout.split()]


def main() -> None:
    """Make the houses, migrate them, ask each in one web, let a worker go on in some; say what it took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--houses", type=int, default=100)
    parser.add_argument("--workers", type=int, default=10, help="houses in which a worker goes on")
    options = parser.parse_args()
    houses = Houses()
    with houses.running():
        houses.manage("houses", "migrate")  # the template
        revision = subprocess.check_output(["git", "describe", "--always", "--dirty"], cwd=ROOT, text=True)
        _say(f"{revision.strip()}, {options.houses} houses, load {os.getloadavg()[0]:.1f}")
        _say("| what | seconds | processor seconds |\n|---|---|---|")
        made, _wall, processor = _timed(lambda: houses.make(options.houses))
        if made:
            _say(f"| to create one | {statistics.median(made):.2f} | {processor / len(made):.2f} |")
        _none, wall, processor = _timed(lambda: houses.manage("houses", "migrate"))
        _say(f"| to migrate all, nothing to do | {wall:.0f} | {processor:.0f} |")
        _migrations(houses)
        _none, wall, processor = _timed(lambda: houses.manage("houses", "status"))
        _say(f"| status of all | {wall:.1f} | {processor:.1f} |")
        _web(houses)
        _workers(houses, options.workers)


def _migrations(houses: Houses) -> None:
    """Let each house have migrations to come, interrupt them in the middle, and let them go on."""
    houses.manage("houses", "run", "migrate", "--database", "owner", APP, "zero")
    most, wall, processor = _timed(lambda: _most_memory(houses, "houses", "migrate", "--at-once", "2"))
    _say(f"| to migrate all, a table to make, two at once, {most:.0f} MB | {wall:.0f} | {processor:.0f} |")
    houses.manage("houses", "run", "migrate", "--database", "owner", APP, "zero")
    command = [sys.executable, str(ROOT / "manage.py"), "houses", "migrate"]
    begun = time.perf_counter()
    running = subprocess.Popen(command, env=houses.environment, stderr=subprocess.PIPE, text=True)
    try:
        running.wait(wall / 2)
    except subprocess.TimeoutExpired:
        running.send_signal(signal.SIGTERM)
    _out, fault = running.communicate()
    ended, done = time.perf_counter() - begun, houses.manage("houses", "status").count("whole")
    _say(f"| interrupted: {fault.strip().splitlines()[-1]} {done} were whole | {ended:.0f} | |")
    _none, wall, processor = _timed(lambda: houses.manage("houses", "migrate"))
    whole = houses.manage("houses", "status").count("whole")
    _say(f"| run again: {whole} are whole | {wall:.0f} | {processor:.0f} |")


def _most_memory(houses: Houses, *arguments: str) -> float:
    """Run a command; the most memory that it and its processes had, looked at twice a second."""
    command, most = [sys.executable, str(ROOT / "manage.py"), *arguments], 0.0
    with subprocess.Popen(command, env=houses.environment, stdout=subprocess.DEVNULL) as running:
        while running.poll() is None:
            most = max(most, memory_megabytes(running.pid))
            time.sleep(0.5)
    if running.returncode:
        raise RuntimeError(f"{arguments}: ended with {running.returncode}")
    return most


def _web(houses: Houses) -> None:
    port = free_port()
    environment = {**houses.environment, "OZELKALEM_PORT": str(port), "OZELKALEM_WEB_WORKERS": "1"}
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "-c",
        "python:backend.gunicorn",
        "backend.wsgi",
        "--log-level",
        "error",
    ]
    first, *others = houses.names()
    with served(command, port, environment, houses.folder / "server.log") as pid:
        for _again in range(3):
            _ask_all(port, first)
        one = memory_megabytes(pid)
        began = [_ask_all(port, name) for name in others]
        again = [_ask_all(port, name) for name in others]
        all_of_them = memory_megabytes(pid)
    _say(f"\n| of one web process, asked {len(PATHS)} pages of each house | |\n|---|---|")
    _say(f"| memory with one house | {one:.1f} MB |")
    _say(f"| memory a further house | {(all_of_them - one) / len(others):.2f} MB |")
    for title, seconds in (("first", [each[0] for each in began]), ("second", [each[0] for each in again])):
        middle, worst = statistics.median(seconds) * 1000, max(seconds) * 1000
        _say(f"| {title} request to a house | {middle:.0f} ms, at most {worst:.0f} ms |")


def _workers(houses: Houses, many: int) -> None:
    """Let a worker go on in the first houses: each is a process that shares what the first one has loaded."""
    some = houses.folder / "some.toml"
    names = houses.names()[:many]
    parts = houses.file.read_text().split("\n\n")
    some.write_text("\n\n".join(part for part in parts if part.partition("]")[0].lstrip("[") in names))
    command = [sys.executable, str(ROOT / "manage.py"), "houses", "run", "worker"]
    environment = {**houses.environment, "OZELKALEM_HOUSES": str(some)}
    with (houses.folder / "worker.log").open("wb") as log:
        running = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
        try:
            time.sleep(30)
            _say(
                f"| memory of a worker in one of {many} houses | {memory_megabytes(running.pid) / many:.1f} MB |"
            )
        finally:
            running.send_signal(signal.SIGTERM)
            running.wait(60)


def _ask_all(port: int, name: str) -> list[float]:
    """Ask the pages of a house; return the seconds that each took."""
    taken = []
    connection = http.client.HTTPConnection("127.0.0.1", port)
    for path in PATHS:
        begun = time.perf_counter()
        connection.request("GET", path, headers={"Host": f"{name}.test"})
        answer = connection.getresponse()
        content = answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{name} {path}: {answer.status} {content[:300]!r}")
        taken.append(time.perf_counter() - begun)
    return taken


def _timed[T](do: Callable[[], T]) -> tuple[T, float, float]:
    """Return what it returns, and the seconds, of the clock and of processors, that it took."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    begun = time.perf_counter()
    result = do()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    processor = after.ru_utime + after.ru_stime - used.ru_utime - used.ru_stime
    return result, time.perf_counter() - begun, processor


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
