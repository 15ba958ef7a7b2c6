"""`python -m benchmarks.trial FILE`: read the real records into the database of the environment, and measure there.

For example with `OZELKALEM_ENVIRONMENT=demo`, after `manage.py load_demo --complaints 60` into a folder of its own
(`OZELKALEM_VAR`). Run again it adds nothing and measures anew. Prints the figures of docs/trial.md.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import django
from django.test import Client

ROUNDS = 9
PAGES = {
    "home": "/admin/",
    "list of applications, all": "/admin/complaints/complaint/?tab=all",
    "list, of one department": "/admin/complaints/complaint/?tab=all&department=zabita",
    "search “noise”": "/admin/complaints/complaint/?tab=all&q=noise",
    "search “heat hot”": "/admin/complaints/complaint/?tab=all&q=heat+hot",
    "reports, 2015 to 2023": "/admin/reports/?from=01.01.2015&to=31.12.2023",
    "reports, 2019": "/admin/reports/?from=01.01.2019&to=31.12.2019",
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--rows", type=int, help="no more than the first ones")
    asked = parser.parse_args()
    if not asked.file.exists():
        sys.stderr.write(
            f"{asked.file.name} is not here: the trial stands on it and measures nothing without.\n"
        )
        return 1
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backend.settings")
    django.setup()
    _load(asked.file, asked.rows)
    _figures()
    return 0


def _load(path: Path, most: int | None) -> None:
    from itertools import islice

    from tqdm import tqdm

    from benchmarks.trial.loading import load, rows_of

    _say(f"load of the machine {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
    with tqdm(unit=" rows") as bar:
        loaded = load(islice(rows_of(path), most), progress=bar.update)
    tally = loaded.tally
    _say(f"rows read {tally.read}, handed to the importer {tally.ready}, {loaded.seconds:.0f} s")
    for title, counts in (
        ("left out", tally.refused),
        ("mended", tally.noted),
        ("importer", loaded.outcomes),
        ("refused by the importer", loaded.reasons),
    ):
        for reason, count in counts.most_common(20):
            _say(f"{title}: {reason}: {count}")


def _figures() -> None:
    from django.db import connection

    from backend.complaints.models import Complaint
    from backend.complaints.reporting import keeping
    from backend.core.session import system
    from backend.organization.models import User
    from tests.cast import signed_in

    began = time.monotonic()
    with system():
        keeping.bring_up_to_date()
    _say(f"figures of reports summed up in {time.monotonic() - began:.0f} s")
    with system():
        rows = Complaint.objects.count()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        (size,) = cursor.fetchone()
    _say(f"cases {rows}, database {size / 1024**2:.0f} MB")
    _try_rules()
    client = signed_in(User.objects.get(username="sekreter"))
    client.defaults["HTTP_HOST"] = "localhost"
    for name, url in PAGES.items():
        _say(f"{name}: {_median(partial(_page, client, url)):.0f} ms (median of {ROUNDS})")


def _try_rules() -> None:
    """Time a dry run of the rules in use over all years, as the worker makes it; nothing of it is kept."""
    import datetime as dt

    from backend.routing.models import RuleTrial
    from backend.routing.trials import tried

    began = time.monotonic()
    tally = tried(
        RuleTrial(from_on=dt.date(2015, 1, 1), until_on=dt.date(2024, 12, 31)), lambda read, total: None
    )
    found = f"{tally.cases} cases, {tally.concerned} concerned, {tally.ways.total()} would change"
    _say(f"dry run of the routing rules: {found}, {time.monotonic() - began:.0f} s")


def _page(client: Client, url: str) -> None:
    """Ask for a page, and make sure that it is one."""
    answer = client.get(url)
    if answer.status_code != 200:
        raise SystemExit(f"{url}: {answer.status_code}")


def _median(ask: Callable[[], object]) -> float:
    times = []
    for number in range(ROUNDS + 2):
        began = time.perf_counter()
        ask()
        if number >= 2:  # the first ones plan and warm up
            times.append(time.perf_counter() - began)
    return statistics.median(times) * 1000


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
