"""What the pages of the admin take: processor time of an answer, application and PostgreSQL apart.

`python -m benchmarks.pages --sizes 4000 400000`: each page as its person asks for it, after it was asked before, from
two workers with row security on; beside it the lists of stock Django admin with guardian over the same rows, and the
growth from the first size to the last. The data are those of `benchmarks`, kept in `var/benchmarks`.
"""

from __future__ import annotations

import argparse
import http.client
import os
import re
import statistics
import sys
import time
import urllib.parse
from collections.abc import Iterator
from dataclasses import dataclass

from benchmarks import processes
from benchmarks.asking import VIEWERS
from benchmarks.contenders.base import OnGunicorn, Server
from benchmarks.installation import DATA, Installation

WORKERS = 2
WARM, SECONDS, FEWEST = 20, 3.0, 6
"""Answers before any counts (each worker compiles its templates, each of its threads keeps statements in a connection
of its own from their second time on); how long and at least how often one is asked."""
GOAL = 100.0
PASSWORD = "Ozelkalem-2027"  # noqa: S105 - everybody's in the demo
PAGES = {
    "home": "/admin/",
    "complaints": "/admin/complaints/complaint/",
    "complaints, all": "/admin/complaints/complaint/?tab=all",
    "complaints found by a word": "/admin/complaints/complaint/?tab=all&q=çukur",
    "a complaint": "/admin/complaints/complaint/ > /admin/complaints/complaint/[0-9a-f-]+/change/",
    "search over everything": "/admin/search/?s=asfalt",
    "intake": "/admin/intake/",
    "calendar": "/admin/programme/calendar/",
    "the day": "/admin/programme/day/",
    "appointment board": "/admin/appointments/board/",
    "appointment requests": "/admin/appointments/appointmentrequest/",
    "letters": "/admin/letters/letter/",
    "a letter": "/admin/letters/letter/?tab=all > /admin/letters/letter/[0-9a-f-]+/change/",
    "instructions": "/admin/instructions/instruction/",
    "events": "/admin/events/event/",
    "an event": "/admin/events/event/?tab=all > /admin/events/event/[0-9a-f-]+/change/",
    "citizens": "/admin/contacts/citizen/",
    "organisations": "/admin/partners/organisation/",
    "an organisation": "/admin/partners/organisation/ > /admin/partners/organisation/[0-9a-f-]+/change/",
    "promises": "/admin/appointments/promise/",
    "notifications": "/admin/notifications/",
    "reports": "/admin/reports/",
}
"""`list > pattern`: the first address of that form that stands on the list."""
Figures = dict[tuple[int, str, str, str], tuple[float, float, float]]
"""Complaints, who serves, viewer, page -> milliseconds of the application, of PostgreSQL, and waited."""


class Product(OnGunicorn):
    key, title = "product", "this product"


class StockAdmin(OnGunicorn):
    """Django's own admin with guardian, as its documentation writes it: the same rows, no second wall, no read log."""

    key, title = "stock", "stock Django admin with guardian"
    wsgi = "benchmarks.stock_admin.wsgi"
    extra = {"DJANGO_SETTINGS_MODULE": "benchmarks.stock_admin.settings"}


class RefusedError(Exception):
    """This person has no such page; the number is the answer's status."""


@dataclass
class Browser:
    """One person at one server: a kept connection and the cookies of a session."""

    port: int
    cookies: dict[str, str]
    connection: http.client.HTTPConnection

    @classmethod
    def signed_in(cls, port: int, username: str) -> Browser:
        browser = cls(port, {}, http.client.HTTPConnection("127.0.0.1", port, timeout=120))
        page = browser.get("/admin/login/?next=/admin/", follow=5)
        action = browser.address
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        if not token:
            raise RuntimeError("the page of the sign-in has no form")
        field = "login" if 'name="login"' in page else "username"
        form = {"csrfmiddlewaretoken": token[1], field: username, "password": PASSWORD, "next": "/admin/"}
        browser.ask("POST", action, urllib.parse.urlencode(form))
        if "sessionid" not in " ".join(browser.cookies):
            raise RuntimeError(f"{username} could not sign in")
        return browser

    def get(self, path: str, follow: int = 0) -> str:
        """The page. Raises RefusedError for any answer but 200; `follow` so many redirections."""
        status, text, location = self.ask("GET", path)
        while status in (301, 302) and follow:
            follow -= 1
            status, text, location = self.ask("GET", location)
        if status != 200:
            raise RefusedError(status)
        return text

    def ask(self, method: str, path: str, body: str = "") -> tuple[int, str, str]:
        """Status, text and the address of a redirection."""
        self.address = urllib.parse.quote(path, safe="/?=&%#,:+")
        headers = {
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "Referer": f"http://127.0.0.1:{self.port}/admin/",
            "Accept-Language": "tr",
            "Accept": "text/html",
        }
        if body:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self.connection.request(method, self.address, body or None, headers)
        answer = self.connection.getresponse()
        self.headers, text = answer.headers, answer.read().decode()
        for line in answer.headers.get_all("Set-Cookie", []):
            name, _is, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value
        location = urllib.parse.urlsplit(answer.headers.get("Location", ""))
        return answer.status, text, urllib.parse.urlunsplit(("", "", location.path, location.query, ""))


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--sizes", type=int, nargs="+", default=[4_000, 390_000])
    options.add_argument("--only", default="", help="a part of a page's name")
    chosen = options.parse_args()
    figures: Figures = {}
    for size in chosen.sizes:
        DATA.mkdir(parents=True, exist_ok=True)
        installation = Installation(size)
        with installation.running():
            installation.keep_cells()
            for kind in (Product(), StockAdmin()):
                for username in VIEWERS:
                    figures |= _measured(installation, kind, username, chosen.only)
    sys.stdout.write("\n".join(table(figures, chosen.sizes)) + "\n")


def _measured(installation: Installation, kind: OnGunicorn, username: str, only: str) -> Figures:
    figures: Figures = {}
    with kind.serving(installation, WORKERS) as server:
        browser = Browser.signed_in(server.port, username)
        for name, page in PAGES.items():
            if only not in name:
                continue
            said = f"{installation.complaints:,} {kind.key} {username} {name}:"
            try:
                found = taken(browser, server, installation, path_of(browser, page))
            except (
                RefusedError,
                LookupError,
            ) as fault:  # named, so that a page that broke does not just vanish
                sys.stderr.write(f"{said} no page ({fault})\n")
                continue
            figures[installation.complaints, kind.key, username, name] = found
            sys.stderr.write(f"{said} {found[0]:.0f} + {found[1]:.0f}\n")
    return figures


def path_of(browser: Browser, page: str) -> str:
    """The address itself; of a row, the one that stands first on its list. Raises LookupError where there is none."""
    start, _of, pattern = page.partition(" > ")
    if not pattern:
        return start
    found = re.search(pattern, browser.get(start))
    if not found:
        raise LookupError(page)
    return found[0]


def taken(
    browser: Browser, server: Server, installation: Installation, path: str
) -> tuple[float, float, float]:
    for _each in range(WARM):
        browser.get(path)
    roots = (server.pid, installation.postmaster)
    before = [processes.processor_seconds(root) for root in roots]
    waited: list[float] = []
    ends = time.monotonic() + SECONDS
    while time.monotonic() < ends or len(waited) < FEWEST:
        began = time.perf_counter()
        browser.get(path)
        waited.append(time.perf_counter() - began)
    used = [
        (processes.processor_seconds(root) - start) / len(waited) * 1000
        for root, start in zip(roots, before, strict=True)
    ]
    return used[0], used[1], statistics.median(waited) * 1000


def table(figures: Figures, sizes: list[int]) -> Iterator[str]:
    """Markdown: a row a page, a column a viewer and size; milliseconds of application + PostgreSQL, and how it grew."""
    last = sizes[-1]
    yield f"Processor milliseconds of one answer: application + PostgreSQL = both. Load {os.getloadavg()[0]:.1f}.\n"
    columns = [(size, username) for username in VIEWERS for size in sizes]
    head = [f"{username}, {size:,}" for size, username in columns] + [
        f"stock, {name}, {last:,}" for name in VIEWERS
    ]
    yield f"| page | {' | '.join(head)} | growth |"
    yield "|---" * (len(head) + 2) + "|"
    for page in PAGES:
        cells = [_cell(figures.get((size, "product", username, page))) for size, username in columns]
        cells += [_cell(figures.get((last, "stock", username, page))) for username in VIEWERS]
        if any(cells):
            yield f"| {page} | {' | '.join(cells)} | {_growth(figures, sizes, page)} |"
    above = [
        f"{page} ({username})"
        for (size, key, username, page), (web, database, _waited) in figures.items()
        if key == "product" and size == last and web + database > GOAL
    ]
    yield f"\nAbove {GOAL:.0f} ms at {last:,}: {', '.join(above) or 'none'}."


def _cell(found: tuple[float, float, float] | None) -> str:
    return f"{found[0]:.0f} + {found[1]:.0f} = {found[0] + found[1]:.0f}" if found else ""


def _growth(figures: Figures, sizes: list[int], page: str) -> str:
    """How many times as much the last size takes as the first, for each viewer."""
    found = []
    for username in VIEWERS:
        ends = [figures.get((size, "product", username, page)) for size in (sizes[0], sizes[-1])]
        if all(ends):
            first, last = (sum(end[:2]) for end in ends if end)
            found.append(f"{last / first:.1f}")
    return " / ".join(found)


if __name__ == "__main__":
    main()
