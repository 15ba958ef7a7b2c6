"""Two hundred citizens file at once for a minute, beside the work of the office: what is lost, and what its pages take.

`python -m benchmarks.citizens`: the product on its own PostgreSQL with worker, the data of `benchmarks` (4,000 cases).
The secretary goes through her pages alone, then while the citizens file. Each of them comes from a network of their
own, as the deployment's proxy reports it, and walks the site's own pages at a person's pace; who is turned away (429,
503) presses again. They are another process, whose processor time is printed: the product lacks it.
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import json
import os
import random
import re
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import psycopg

from backend.gunicorn import WAITED
from benchmarks.contenders.base import OnGunicorn, Server
from benchmarks.installation import DATA, ROOT, Installation
from benchmarks.pages import WORKERS, Browser
from benchmarks.processes import PROCESSOR, processor_seconds

PAUSE = (3.0, 9.0)
"""Seconds that a citizen takes for a page."""
RUN = "Yük denemesi"
DESK_PAUSE = 0.4
WARM = 8
AGAIN_AFTER = 2.0
STEPS: tuple[tuple[str, dict[str, str]], ...] = (
    ("ne", {"kind": "COMPLAINT"}),
    ("anlat", {}),
    ("konu", {"another": ""}),
    ("yer", {"neighbourhood": "", "place": "İğdeli Sokak 4"}),
    ("foto", {}),
    ("kim", {"who": "NAMELESS"}),
    ("kontrol", {}),
)
DESK = {
    "home": "/admin/",
    "complaints": "/admin/complaints/complaint/",
    "a complaint": "/admin/complaints/complaint/ > /admin/complaints/complaint/[0-9a-f-]+/change/",
    "intake": "/admin/intake/",
    "appointment board": "/admin/appointments/board/",
    "calendar": "/admin/programme/calendar/",
}


class Product(OnGunicorn):
    key, title = "product", "this product"
    wsgi = "benchmarks.timed"
    extra = {"OZELKALEM_PROXY_COUNT": "1"}


# -- the citizens ---------------------------------------------------------------------------------------------------
@dataclass
class Citizen:
    """One browser: cookies, hidden fields, redirections."""

    port: int
    address: str
    statuses: Counter[int]
    waits: list[float]
    cookies: dict[str, str] = field(default_factory=dict)
    text: str = ""
    at: str = ""

    def asks(self, method: str, path: str, fields: dict[str, str] | None = None) -> None:
        """The page, where it leads to. Whoever is turned away asks the same again."""
        while True:
            status, location = self._once(method, path, fields)
            if status in (301, 302):
                method, path, fields = "GET", location, None
            elif status in (0, 429, 503):
                time.sleep(AGAIN_AFTER)
            else:
                return

    def sends(self, path: str, fields: dict[str, str]) -> None:
        hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', self.text))
        self.asks("POST", path, hidden | fields)

    def _once(self, method: str, path: str, fields: dict[str, str] | None) -> tuple[int, str]:
        self.at = path
        headers = {
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "X-Forwarded-For": self.address,
            "Accept-Language": "tr",
            "Accept": "text/html",
        }
        if fields is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection, began = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60), time.monotonic()
        try:
            connection.request(method, path, urllib.parse.urlencode(fields or {}) or None, headers)
            answer = connection.getresponse()
            self.text = answer.read().decode()
        except (OSError, http.client.HTTPException):
            self.statuses[0] += 1
            return 0, ""
        finally:
            connection.close()
        self.waits.append(time.monotonic() - began)
        self.statuses[answer.status] += 1
        for line in answer.headers.get_all("Set-Cookie", []):
            name, _is, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer.status, answer.headers.get("Location", "")

    def files(self, text: str) -> str:
        """An application without a name, page by page: its number, "" where it came to none."""
        self.asks("GET", "/basvuru/ne/")
        for step, fields in STEPS:
            time.sleep(random.uniform(*PAUSE))  # noqa: S311
            self.sends(f"/basvuru/{step}/", fields | ({"text": text} if step == "anlat" else {}))
            if self.at.startswith("/basvuru/benzer/"):
                self.sends(self.at, {"case": "another"})
        found = re.search(r"\b20\d\d/\d+", self.text) if self.at == "/basvuru/alindi/" else None
        return found[0] if found else ""


def drive(port: int, citizens: int, seconds: float) -> dict[str, object]:
    """All of them until the minute is over: who has come to an end files again."""
    statuses, waits, unfinished = Counter[int](), list[float](), list[str]()
    acknowledged: dict[str, str] = {}
    until = time.monotonic() + seconds

    def one(number: int) -> None:
        time.sleep(random.uniform(0, PAUSE[1]))  # noqa: S311
        while time.monotonic() < until:
            text = f"{RUN} {uuid.uuid4().hex}: kaldırımda çukur var."
            citizen = Citizen(port, f"10.{number // 250}.{number % 250}.7", statuses, waits)
            if reference := citizen.files(text):
                acknowledged[text] = reference
            else:
                unfinished.append(citizen.at)

    threads = [threading.Thread(target=one, args=(number,), daemon=True) for number in range(citizens)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return {
        "acknowledged": acknowledged,
        "statuses": {str(status): count for status, count in sorted(statuses.items())},
        "unfinished": unfinished,
        "median": statistics.median(waits),
        "p95": statistics.quantiles(waits, n=20)[-1],
        "processor": time.process_time(),
    }


# -- the desk -------------------------------------------------------------------------------------------------------
@dataclass
class Taken:
    """What one page of the desk took, of each time: waited by the browser, processor, waited for a thread; ms."""

    whole: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)
    queued: list[float] = field(default_factory=list)


def desk(browser: Browser, paths: dict[str, str], is_over: Callable[[], bool]) -> dict[str, Taken]:
    """Go through the pages one after the other until then."""
    found = {name: Taken() for name in paths}
    while not is_over():
        for name, path in paths.items():
            began = time.perf_counter()
            browser.get(path)
            taken = found[name]
            taken.whole.append((time.perf_counter() - began) * 1000)
            taken.processor.append(float(browser.headers[PROCESSOR]))
            taken.queued.append(float(browser.headers[WAITED]) * 1000)
            time.sleep(DESK_PAUSE)
    return found


def _paths(browser: Browser) -> dict[str, str]:
    """The addresses of the pages, each asked so often that every thread knows its statements."""
    found = {}
    for name, page in DESK.items():
        start, _of, pattern = page.partition(" > ")
        match = re.search(pattern, browser.get(start)) if pattern else None
        found[name] = match[0] if match else start
        for _each in range(WARM):
            browser.get(found[name])
    return found


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--citizens", type=int, default=200)
    options.add_argument("--seconds", type=float, default=60.0)
    options.add_argument("--size", type=int, default=4_000)
    options.add_argument("--drive", type=int, default=0, help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.drive:
        sys.stdout.write(json.dumps(drive(chosen.drive, chosen.citizens, chosen.seconds)))
        return
    DATA.mkdir(parents=True, exist_ok=True)
    installation = Installation(chosen.size)
    with _running(installation):
        installation.manage("website_client")
        with Product().serving(installation, WORKERS) as server, _worker(installation):
            sys.stdout.write("\n".join(_measured(installation, server, chosen)) + "\n")


@contextlib.contextmanager
def _running(installation: Installation) -> Iterator[None]:
    """PostgreSQL with the data, loaded the first time only: what citizens filed since stays."""
    if not installation.postgres.exists():
        with installation.running():
            pass
    installation.manage("postgres", "start")
    try:
        installation.manage("migrate", "--database", "owner", "--verbosity", "0")
        yield
    finally:
        installation.manage("postgres", "stop")


@contextlib.contextmanager
def _worker(installation: Installation) -> Iterator[None]:
    command = [sys.executable, str(ROOT / "manage.py"), "worker"]
    with (installation.folder / "worker.log").open("wb") as log:
        worker = subprocess.Popen(command, env=installation.environment, stdout=log, stderr=log)
        try:
            yield
        finally:
            worker.terminate()
            worker.wait(60)


def _measured(installation: Installation, server: Server, chosen: argparse.Namespace) -> Iterator[str]:
    browser = Browser.signed_in(server.port, "sekreter")
    paths = _paths(browser)
    ends = time.monotonic() + chosen.seconds
    alone = desk(browser, paths, lambda: time.monotonic() > ends)
    loads = [os.getloadavg()[0]]
    roots = (server.pid, installation.postmaster)
    before = [processor_seconds(root) for root in roots]
    command = [sys.executable, "-m", "benchmarks.citizens", "--drive", str(server.port)]
    command += ["--citizens", str(chosen.citizens), "--seconds", str(chosen.seconds)]
    with tempfile.TemporaryFile("w+") as answer:
        citizens, ends = subprocess.Popen(command, cwd=ROOT, stdout=answer), time.monotonic() + chosen.seconds
        with_citizens = desk(browser, paths, lambda: time.monotonic() > ends)
        loads.append(os.getloadavg()[0])
        citizens.wait(600)
        answer.seek(0)
        found = json.loads(answer.read())
    used = [processor_seconds(root) - start for root, start in zip(roots, before, strict=True)]
    acknowledged = found["acknowledged"]
    with psycopg.connect(installation.address("admin")) as connection:
        rows = connection.execute(
            "SELECT body, reference FROM complaints_complaint WHERE body = ANY(%s)", [list(acknowledged)]
        ).fetchall()
        begun = connection.execute(
            "SELECT count(*) FROM complaints_complaint WHERE body LIKE %s", [f"{RUN}%"]
        )
        of_all = begun.fetchone()
    yield f"Load {loads[0]:.1f} before, {loads[1]:.1f} at the end. Answers to citizens: {found['statuses']}."
    yield (
        f"{len(acknowledged)} applications acknowledged, {len(found['unfinished'])} without an end;"
        f" lost {len(set(acknowledged.items()) - set(rows))},"
        f" doubled {len(rows) - len({body for body, _number in rows})}"
        f" (in the database: {of_all[0] if of_all else 0} of all runs)."
    )
    yield (
        f"A citizen's page: median {found['median'] * 1000:.0f} ms, p95 {found['p95'] * 1000:.0f} ms."
        f" Processor seconds: application {used[0]:.1f}, PostgreSQL {used[1]:.1f},"
        f" the citizens themselves {found['processor']:.1f}.\n"
    )
    yield "| page of the office | processor, alone | with citizens | | waited, alone | with citizens | for a thread |"
    yield "|---|---|---|---|---|---|---|"
    for name in paths:
        one, two = alone[name], with_citizens[name]
        middle = [statistics.median(row) for row in (one.processor, two.processor, one.whole, two.whole)]
        yield (
            f"| {name} | {middle[0]:.0f} ms | {middle[1]:.0f} ms | {middle[1] / middle[0] - 1:+.0%}"
            f" | {middle[2]:.0f} ms | {middle[3]:.0f} ms | {statistics.mean(two.queued):.0f} ms |"
        )


if __name__ == "__main__":
    main()
