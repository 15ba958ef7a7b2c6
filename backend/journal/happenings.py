"""What has happened since: read by snapshots of PostgreSQL, so that nothing is missed or told twice.

Numbers of rows become visible out of order: a transaction that took an earlier number may commit later, and whoever
asks for “higher than the last” never sees it. A snapshot says exactly which transactions were over; what is news is
what was written by a transaction that the last one did not see and this one does. Nothing waits for anybody.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from itertools import pairwise

from django.db import connection
from django.utils import timezone

from backend.journal.models import Happening

KEPT = dt.timedelta(days=7)
"""So long somebody may be away, a worker that stood still over a holiday too, and miss nothing."""
MOST = 1_000
"""So many happenings are read at once. Who is further behind reads anew what they follow."""

_SHAPE = re.compile(r"(\d{1,12})~(\d+:\d+:[\d,]*)(?:~(\d+:\d+:[\d,]*)~(\d{1,18}))?", re.ASCII)
_LONGEST = 8_000
_READ = """
    SELECT pg_current_snapshot()::text, h.*
      FROM (SELECT) AS always LEFT JOIN LATERAL (
           SELECT id, kind, subject_id, verb, lost_by, at FROM journal_happening
            WHERE transaction >= pg_snapshot_xmin(%(seen)s::pg_snapshot)
              AND NOT pg_visible_in_snapshot(transaction, %(seen)s::pg_snapshot)
              AND id > %(upto)s
              AND pg_visible_in_snapshot(transaction, coalesce(%(then)s::pg_snapshot, pg_current_snapshot()))
              {narrowed}
            ORDER BY id LIMIT %(most)s
      ) AS h ON true
"""
_NARROWED = "AND kind = %(kind)s AND (%(subject)s::bigint IS NULL OR subject_id = %(subject)s)"


@dataclass(frozen=True)
class News:
    """One happening. `lost_by`: departments that had the row until then, `at`."""

    id: int
    kind: str
    subject_id: int
    verb: str
    lost_by: frozenset[int]
    at: dt.datetime


@dataclass(frozen=True)
class Place:
    """How far somebody has followed: all that the snapshot `seen` saw. In the middle of a reading, which went on to the
    snapshot `then`, also the happenings of it numbered up to `upto`. `at`: Unix seconds of the later snapshot. A place
    grants nothing; who follows is given it sealed, since it tells how many transactions there were."""

    at: int
    seen: str
    then: str = ""
    upto: int = 0

    def __str__(self) -> str:
        within = f"~{self.then}~{self.upto}" if self.then else ""
        return f"{self.at}~{self.seen}{within}"

    def amid(self, now: Place, news: News) -> Place:
        """The place after this one of the news that were read between here and `now`."""
        return Place(now.at, self.seen, now.seen, news.id)

    @property
    def is_old(self) -> bool:
        """Whether what has happened since may have been forgotten."""
        return self.at < (timezone.now() - KEPT).timestamp()


def place_of(text: str) -> Place | None:
    """The place that `str` of one gave; None for anything else."""
    found = _SHAPE.fullmatch(text) if len(text) <= _LONGEST else None
    if found is None or not _is_snapshot(found[2]) or (found[3] and not _is_snapshot(found[3])):
        return None
    return Place(int(found[1]), found[2], found[3] or "", int(found[4] or 0))


def _is_snapshot(text: str) -> bool:
    """Whether PostgreSQL takes it: the transactions between its ends, in order."""
    first, last, among = text.split(":")
    numbers = [int(first), *(int(one) for one in among.split(",") if one)]
    in_order = all(one < other for one, other in pairwise(numbers[1:]))
    ends = 0 < numbers[0] <= int(last) < 2**63
    return ends and in_order and all(numbers[0] <= one < int(last) for one in numbers[1:])


def here() -> Place:
    """Where one stands who follows from now on."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_snapshot()::text")
        return Place(int(timezone.now().timestamp()), cursor.fetchone()[0])


def since(
    place: Place, kind: str = "", subject: int | None = None, *, partly: bool = False
) -> tuple[list[News], Place] | None:
    """What has happened since, in order, and the place after it; only of this kind, or of this one row. From a place in
    the middle of a reading: the rest of that reading; what came after it is asked for next.

    None where it cannot be said: too long ago, the place is of another database, or too much at once; with `partly` the
    first of that. Needs `core.session.system`: nobody else reads the journal of happenings.
    """
    if place.is_old:
        return None
    words = {
        "seen": place.seen, "then": place.then or None, "upto": place.upto,
        "kind": kind, "subject": subject, "most": MOST + 1,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_READ.format(narrowed=_NARROWED if kind else ""), words)
        rows = cursor.fetchall()
    current = rows[0][0]
    if _last(place.then or place.seen) > _last(current) or (len(rows) > MOST and not partly):
        return None
    now = Place(place.at, place.then) if place.then else Place(int(timezone.now().timestamp()), current)
    news = [
        News(row[1], row[2], row[3], row[4], frozenset(row[5]), row[6])
        for row in rows[:MOST]
        if row[1] is not None
    ]
    return news, place.amid(now, news[-1]) if len(rows) > MOST else now


def _last(snapshot: str) -> int:
    return int(snapshot.split(":")[1])


def forget() -> int:
    """Remove what happened longer ago than `KEPT`. How many."""
    count, _tables = Happening.objects.filter(at__lt=timezone.now() - KEPT).delete()
    return count
