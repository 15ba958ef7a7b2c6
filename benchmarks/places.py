"""The register of places at 1.5 million doors, in one process without HTTP: what an address and a point cost.

`OZELKALEM_ENVIRONMENT=demo python -m benchmarks.places`, after `load_demo`. The doors are written in a transaction that
is rolled back. Prints medians in milliseconds, and the plan of the nearest search.
"""

from __future__ import annotations

import os
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial
from random import Random

import django

DOOR_COUNT, A_STREET, ROUNDS = 1_500_000, 300, 100
TEXTS = (
    "Merve Mah. Aydın sk. no:12",
    "Gül Sokak no 7, Safa mahallesi, çöp alınmıyor",
    "aydnı sokakta lambalar üç gecedir yanmıyor",
    "caminin yanındaki park",
)
FILL = """
    WITH made AS (
        INSERT INTO places_street (key, code, name, name_key, kind, neighbourhood_id, line, source,
                                   west, south, east, north, latitude, longitude)
        SELECT gen_random_uuid(), 'olcum-' || n, 'Ölçüm ' || n || '. Sokak', 'olcum ' || n, 'STREET',
               (SELECT min(id) FROM organization_neighbourhood), '[]', 'Ölçüm', x, y, x + 0.004, y, y, x + 0.002
          FROM generate_series(1, %(streets)s) AS n,
               LATERAL (SELECT 28.5 + random() + n * 0 AS x, 40.8 + 0.5 * random() + n * 0 AS y) AS at
        RETURNING id, west, south)
    INSERT INTO places_door (key, street_id, number, code, latitude, longitude)
    SELECT gen_random_uuid(), id, d::text, '', south + 0.00005 * (d %% 2), west + d * 0.0000133
      FROM made, generate_series(1, %(doors)s) AS d
"""


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backend.settings")
    django.setup()
    from django.db import connection

    from backend.core.session import dry_run, system, without_timeout
    from backend.places import finding
    from backend.places.models import POINT, Door

    random = Random(7)  # noqa: S311 - repeatable, not secret
    with system(), dry_run():
        without_timeout()
        with connection.cursor() as cursor:
            cursor.execute(FILL, {"streets": DOOR_COUNT // A_STREET, "doors": A_STREET})
        say(f"load {os.getloadavg()[0]:.1f}, {Door.objects.count()} doors")
        spots = [(40.8 + 0.5 * random.random(), 28.5 + random.random()) for _round in range(ROUNDS)]
        nearest = [partial(finding.nearest_door, spot[::-1]) for spot in spots]
        say(f"nearest door: {median(nearest):.2f} ms")
        say(f"place_at: {median([partial(finding.place_at, *spot) for spot in spots]):.2f} ms")
        for text in TEXTS:
            say(f"address_of “{text}”: {median([partial(finding.address_of, text)] * 20):.2f} ms")
        rows = Door.objects.order_by(finding.distance(POINT, (29.0, 41.0)))[: finding.NEAREST]
        say(rows.explain(analyze=True))


def median(calls: Sequence[Callable[[], object]]) -> float:
    taken = []
    for call in calls:
        began = time.perf_counter()
        call()
        taken.append(1000 * (time.perf_counter() - began))
    return statistics.median(taken)


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")


if __name__ == "__main__":
    main()
