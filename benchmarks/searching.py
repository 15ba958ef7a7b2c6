"""Search across everything, in one process without HTTP, on the database of the environment: what it takes.

`OZELKALEM_ENVIRONMENT=demo python -m benchmarks.searching`, after `load_demo --complaints 300000`.

Prints the table of FIGURES.md: medians in milliseconds of what one waits, and of the processor time of this process
and of its server.
"""

from __future__ import annotations

import os
import statistics
import sys
import time
from pathlib import Path

import django

ROUNDS = 25
VIEWERS = ("sekreter", "fen")
ASKED = (
    "çukur",
    "asfalt",
    "ılgaz sokak 17",
    "a",
    "mehmet",
    "mehmet yılmaz",
    "2026/15",
    "0532 111 22 33",
    "kaldrim",
    "mehmat yilmas",
    "protokol",
)


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backend.settings")
    django.setup()
    sys.stdout.write(
        f"load {os.getloadavg()[0]:.1f}\n| looked for | {' | '.join(VIEWERS)} |\n|---|---|---|\n"
    )
    for text in ASKED:
        sys.stdout.write(f"| “{text}” | {' | '.join(_measured(viewer, text) for viewer in VIEWERS)} |\n")
        sys.stdout.flush()


def _measured(username: str, text: str) -> str:
    from django.db import connection

    from backend.organization.models import User
    from permissions.core import scope
    from permissions.search import search

    user = User.objects.get(username=username)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (server,) = cursor.fetchone()
    waited, here, there = [], [], []
    for number in range(ROUNDS + 3):
        began, own, theirs = time.perf_counter(), time.process_time(), _processor_time(server)
        with scope.session(user):
            search(text, purpose="search", first=20)
        if number >= 3:  # the first ones plan and warm up
            waited.append(time.perf_counter() - began)
            here.append(time.process_time() - own)
            there.append(_processor_time(server) - theirs)
    middle = [statistics.median(times) * 1000 for times in (waited, here, there)]
    return "**{:.0f}**: {:.0f} + {:.0f}".format(*middle)


def _processor_time(process: int) -> float:
    """Seconds, as Linux tells them; the server is on this machine."""
    return int(Path(f"/proc/{process}/schedstat").read_text().split()[0]) / 1e9


if __name__ == "__main__":
    main()
