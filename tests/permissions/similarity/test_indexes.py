"""What is near, alike or nearest is found along the indexes with row security on, at the size of a city's cases.

The rows are few, and the planner is told that they are many. What it chose is read from the counters of the
transaction, since EXPLAIN shows no plan of the inside of a function; they also count what a policy reads.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from copy import copy
from hashlib import sha256
from uuid import uuid4

import pytest
from django.db import connection, connections

from backend.complaints.actions.registering import tracking_code
from backend.complaints.choices import Outcome, Status
from backend.complaints.models import Complaint
from backend.core.session import system
from backend.places.finding import nearest_door
from permissions.core import scope
from permissions.map import cells
from permissions.similarity import finding
from permissions.similarity.finding import Matter
from tests.backend.places.rows import make_street
from tests.cast import Cast
from tests.factories import make_category, make_complaint, make_neighbourhood

ROWS = 1_500
CASES, REGISTER = "complaints_complaint", "places_door"
HERE = {"latitude": 41.0030, "longitude": 29.2310}


def many(first: Complaint) -> None:
    """Copies of a case all over the district, each with a place and a subject of its own."""
    rows = []
    for k in range(1, ROWS):
        row = copy(first)
        row.pk, row.key, row.tracking_code = None, uuid4(), tracking_code()
        row.number, row.reference = first.number + k, f"{first.year}/{first.number + k}"
        row.latitude, row.longitude = 40.95 + k % 71 * 0.0017, 29.15 + k % 67 * 0.0021
        word = sha256(str(k).encode()).hexdigest()
        row.place, row.subject = f"{word[:9]} Sokak No: {k}", word[9:30]
        if k % 10:
            row.status, row.outcome, row.closed_at = Status.CLOSED, Outcome.SOLVED, row.registered_at
        rows.append(row)
    with system():
        Complaint.objects.bulk_create(rows, batch_size=500)


def counted_as(table: str, rows: int) -> None:
    """Tell the planner what is in a table, and that it is so many rows."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(f"ANALYZE {table}")
        cursor.execute(
            "SELECT pg_restore_relation_stats('schemaname', 'public', 'relname', %s, 'reltuples', %s::real)",
            [table, rows],
        )


def scans(table: str) -> Counter[str]:
    """How often this transaction scanned the table, by its own name, and each of its indexes."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, pg_stat_get_xact_numscans(oid) FROM pg_class WHERE oid = %s::regclass"
            " OR oid IN (SELECT indexrelid FROM pg_index WHERE indrelid = %s::regclass)",
            [table, table],
        )
        return Counter(dict(cursor.fetchall()))


def scanned(ask: Callable[[], object], table: str = CASES) -> set[str]:
    """What of a table is scanned by a question whose plan is made anew, as of a new connection."""
    with connection.cursor() as cursor:
        cursor.execute("DISCARD PLANS")
    before = scans(table)
    ask()
    return set(scans(table) - before)


@pytest.mark.usefixtures("committed_db")
def test_near_alike_and_nearest_are_read_along_their_indexes(committed_cast: Cast) -> None:
    cast, roads = committed_cast, make_category("yol", "Yol")
    first = make_complaint("Çukur", category=roads, place="İğdeli Sokak 4", to=cast.fen, **HERE)
    many(first)
    street = make_street(make_neighbourhood(), "Yayla Sokak", numbers=[str(k) for k in range(1, 400)])
    counted_as(CASES, 1_500_000)
    counted_as(REGISTER, 100_000)
    placed = Matter(category=roads, subject="Çukur", place="4 iğdeli sk.", **HERE)
    nowhere = Matter(subject="Çukur var")
    for user, sees in ((cast.secretary, True), (cast.fen_clerk, True), (cast.park_clerk, False)):
        with scope.session(user):
            assert bool(finding.similar(placed)) == sees
            found = scanned(lambda: finding.similar(placed))
            assert {"complaint_near", "complaint_address", "complaint_open_topic"} <= found, user
            assert CASES not in found, "read whole"
            found = scanned(lambda: finding.similar(nowhere))
            assert "complaint_alike" in found
            assert CASES not in found
            assert scanned(lambda: cells.near(first)) == {"complaint_open_place"}
            assert CASES in scanned(lambda: Complaint.objects.filter(body="?").count()), "the counter counts"
    with system():
        spot = (street.line[0][0], street.line[0][1])
        assert scanned(lambda: nearest_door(spot), REGISTER) == {"door_nearest"}
