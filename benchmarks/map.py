"""The map at 1.5 million cases: what cells cost the office and a department, kept and counted; the own ground; what is
open near a case, what is alike, and what the router proposes of it.

`python -m benchmarks.map [CASES]` makes an installation of its own in `var/benchmarks/map…`, once (ten minutes at a
load of 7), whose cases are copies of the demo's with spread points; then it prints the best and the median of each in
milliseconds.
"""

from __future__ import annotations

import gzip
import math
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

import django
from django.db.models import Count, Max, Min, QuerySet

from benchmarks.installation import DATA, ROOT, Installation
from benchmarks.multiplying import TABLES, multiply

CASES, INVENTED, ROUNDS, ASKED = 1_500_000, 6_000, 5, 40
DISTRICT, SCREEN = ("29.05,40.90,29.40,41.10", 12), ("29.225,40.995,29.245,41.010", 16)


class Cases(Installation):
    """An installation with cases and who brought them, and nothing else of them."""

    def __init__(self, complaints: int) -> None:
        super().__init__(complaints)
        self.folder = DATA / ("map" if complaints == CASES else f"map-{complaints}")
        self.postgres = self.folder / "postgres"
        self.environment |= {"OZELKALEM_VAR": str(self.folder)}

    def load(self) -> None:
        self.manage("load_demo", "--complaints", str(INVENTED))
        if self._last("complaints_complaint", "id") < self.complaints:
            multiply(self.address("admin"), self.complaints // INVENTED, TABLES[:2])


def measure() -> None:
    """Print the figures; runs inside the installation's environment."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backend.settings")
    django.setup()
    from backend.complaints.models import Complaint
    from backend.core.session import system, without_timeout
    from backend.map import counting, grid, keeping
    from backend.map.models import KeptCell
    from backend.organization.models import User
    from permissions.core import scope
    from permissions.map import cells

    ground()
    with system():
        without_timeout()
        category = (
            Complaint.objects.exclude(longitude=None)
            .values_list("category")
            .annotate(n=Count("pk"))
            .order_by("-n")[0][0]
        )
        said, lines = timed(keeping.count_anew)
        say(f"counting {Complaint.objects.count()} cases anew: {said[0]:.0f} ms, {lines} lines")
        people = {name: User.objects.get(username=name) for name in ("sekreter", "fen")}
        say(
            f"with a point: {Complaint.objects.exclude(longitude=None).count()}; kept: {KeptCell.objects.count()}"
        )
    for name, user in people.items():
        with scope.session(user):
            without_timeout()
            for bbox, zoom in (DISTRICT, SCREEN):
                for what, rows in {
                    "all": Complaint.objects.all(),
                    "open": Complaint.objects.open(),
                    "the most frequent category": Complaint.objects.filter(category=category),
                }.items():
                    times, found = timed(partial(read, cells.cells(rows, bbox, zoom)), ROUNDS)
                    total = sum(cell["total"] for cell in found)
                    say(
                        f"{name}, {what} at zoom {zoom} ({total}): {min(times):.0f}, {statistics.median(times):.0f} ms"
                    )
            part = grid.area(*DISTRICT)
            every = counting.fullest(counting.cells(scope.visible(Complaint), part, DISTRICT[1]))
            times, counted = timed(partial(read, every))
            is_same = counted == list(cells.cells(Complaint.objects.all(), *DISTRICT))
            say(f"{name}, all counted one by one: {times[0]:.0f} ms; the same rows: {is_same}")
        around(name, user)


def around(name: str, user: Any) -> None:
    """Print what one case costs: its neighbours on the map, those alike, and the proposal of whose it is."""
    from django.db import connection

    from backend.complaints.models import Complaint
    from permissions.core import scope
    from permissions.map import cells
    from permissions.similarity import finding
    from permissions.triage import suggestions

    random = Random(7)  # noqa: S311 - repeatable, not secret
    with scope.session(user), connection.cursor() as cursor:
        placed = scope.visible(Complaint.objects.open().exclude(longitude=None).select_related("category"))
        last = placed.order_by("-pk").values_list("pk", flat=True)[0]
        numbers = [random.randrange(last) for _each in range(ASKED)]
        cases = [placed.filter(pk__lte=number).order_by("-pk").first() for number in numbers]
        cursor.execute("SELECT pg_backend_pid()")
        server = Path(f"/proc/{cursor.fetchone()[0]}/schedstat")
        asked: dict[str, Callable[[Any], Any]] = {
            "open near it": cells.near,
            "alike": finding.similar_to,
            "proposed": suggestions.on_case,
        }
        for what, ask in asked.items():
            waited, worked = [], []
            for number, case in enumerate(case for case in [*cases[:5], *cases] if case):
                began, own = time.perf_counter(), int(server.read_text().split()[0])
                ask(case)
                if number >= 5:  # the first ones plan and warm up
                    waited.append((time.perf_counter() - began) * 1000)
                    worked.append((int(server.read_text().split()[0]) - own) / 1e6)
            slow = statistics.quantiles(worked, n=20)[-1]
            say(
                f"{name}, {what}: waited {statistics.median(waited):.1f} ms; the database worked"
                f" {statistics.median(worked):.1f} ms, nineteen of twenty within {slow:.1f} ms"
            )


def ground() -> None:
    """Print what the register's own ground weighs and takes, square by square over the whole district."""
    from django.test import Client
    from django.urls import reverse

    from backend.core.session import system
    from backend.map.squares import ZOOM
    from backend.places.models import Boundary, Door, Street

    with system():
        say(f"{Street.objects.count()} streets, {Door.objects.count()} doors")
        box = Boundary.objects.aggregate(w=Min("west"), s=Min("south"), e=Max("east"), n=Max("north"))
    west, north = _square(box["w"], box["n"], ZOOM)
    east, south = _square(box["e"], box["s"], ZOOM)
    squares = [
        reverse("map_square", args=[x, y]) for x in range(west, east + 1) for y in range(north, south + 1)
    ]
    client = Client(SERVER_NAME="localhost")
    for what, addresses in (("outlines", [reverse("map_outlines")]), ("squares", squares)):
        answers, taken, again = [], list[float](), list[float]()
        for address in addresses:
            times, answer = timed(partial(client.get, address))
            answers.append(answer.content)
            taken += times
            times, same = timed(partial(client.get, address, headers={"If-None-Match": answer["ETag"]}))
            again += times
            if same.status_code != 304:
                raise RuntimeError(address)
        packed = [len(gzip.compress(content)) for content in answers]
        say(
            f"{len(answers)} {what}: {sum(map(len, answers))} bytes, packed {sum(packed)}, the largest {max(packed)};"
            f" {statistics.median(taken):.1f} ms, with the ETag {statistics.median(again):.1f} ms"
        )


def _square(longitude: float, latitude: float, zoom: int) -> tuple[int, int]:
    turn = math.asinh(math.tan(math.radians(latitude))) / math.pi
    return int((longitude + 180) / 360 * 2**zoom), int((1 - turn) / 2 * 2**zoom)


def read(rows: QuerySet[Any]) -> list[Any]:
    """Read the rows anew: a queryset keeps what it has read."""
    return list(rows.all())


def timed(call: Callable[[], Any], rounds: int = 1) -> tuple[list[float], Any]:
    times, found = [], None
    for _round in range(rounds):
        began = time.perf_counter()
        found = call()
        times.append(1000 * (time.perf_counter() - began))
    return times, found


def say(text: str) -> None:
    sys.stdout.write(f"load {os.getloadavg()[0]:.1f} | {text}\n")
    sys.stdout.flush()


def main() -> None:
    if "--inside" in sys.argv:
        measure()
        return
    installation = Cases(int(sys.argv[1]) if sys.argv[1:] else CASES)
    with installation.running():
        command = [sys.executable, "-m", "benchmarks.map", "--inside"]
        subprocess.run(command, env=installation.environment, cwd=ROOT, check=True)


if __name__ == "__main__":
    main()
