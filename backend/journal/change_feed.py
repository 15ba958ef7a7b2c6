"""Change feed, read by PostgreSQL snapshots, so that every event is delivered exactly once.

Row numbers become visible out of order: a transaction with an earlier number may commit later, and a query for
“higher than the last” would miss it. A snapshot defines exactly which transactions were over; new is what a
transaction wrote that the last snapshot did not see and this one does. No reader or writer waits for another.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from itertools import pairwise

from django.db import connection
from django.utils import timezone

from backend.core.operation.live_migration import patiently
from backend.core.session import system

KEPT = dt.timedelta(days=7)
"""Retention of events: an absent subscriber, or a worker stopped over a holiday, misses nothing within it."""
AHEAD = dt.timedelta(weeks=2)
"""So far ahead there are partitions."""
PATIENCE = 60.0
MOST = 1_000
"""So many happenings are read at once. Who is further behind reads anew what they follow."""

_SHAPE = re.compile(r"(\d{1,12})~(\d+:\d+:[\d,]*)(?:~(\d+:\d+:[\d,]*)~(\d{1,18}))?", re.ASCII)
_LONGEST = 8_000
_READ = """
    SELECT pg_current_snapshot()::text, h.*
      FROM (SELECT) AS always LEFT JOIN LATERAL (
           SELECT id, kind, subject_id, verb, lost_by, at, transaction::text FROM journal_changeevent
            WHERE transaction >= pg_snapshot_xmin(%(seen)s::pg_snapshot)
              AND NOT pg_visible_in_snapshot(transaction, %(seen)s::pg_snapshot)
              AND id > %(upto)s
              AND pg_visible_in_snapshot(transaction, coalesce(%(then)s::pg_snapshot, pg_current_snapshot()))
              {narrowed}
            ORDER BY id LIMIT %(most)s
      ) AS h ON true
"""
_NARROWED = "AND kind = ANY(%(kinds)s) AND (%(subject)s::bigint IS NULL OR subject_id = %(subject)s)"


@dataclass(frozen=True)
class News:
    """One happening. `lost_by`: departments that had the row until then, `at`. `transaction`: what was written at
    once has the same."""

    id: int
    kind: str
    subject_id: int
    verb: str
    lost_by: frozenset[int]
    at: dt.datetime
    transaction: str = ""


@dataclass(frozen=True)
class Cursor:
    """Position in the change feed: all that the snapshot `seen` saw. In the middle of a batch, which went on to
    the snapshot `then`, also its events numbered up to `upto`. `at`: Unix seconds of the later snapshot. A cursor
    grants nothing; subscribers get it sealed, since it reveals how many transactions there were."""

    at: int
    seen: str
    then: str = ""
    upto: int = 0

    def __str__(self) -> str:
        within = f"~{self.then}~{self.upto}" if self.then else ""
        return f"{self.at}~{self.seen}{within}"

    def amid(self, now: Cursor, news: News) -> Cursor:
        """The place after this one of the news that were read between here and `now`."""
        return Cursor(now.at, self.seen, now.seen, news.id)

    @property
    def is_old(self) -> bool:
        """Whether what has happened since may have been forgotten."""
        return self.at < (timezone.now() - KEPT).timestamp()


def parse_cursor(text: str) -> Cursor | None:
    """The place that `str` of one gave; None for anything else."""
    result = _SHAPE.fullmatch(text) if len(text) <= _LONGEST else None
    if result is None or not _is_snapshot(result[2]) or (result[3] and not _is_snapshot(result[3])):
        return None
    return Cursor(int(result[1]), result[2], result[3] or "", int(result[4] or 0))


def _is_snapshot(text: str) -> bool:
    """Whether PostgreSQL takes it: the transactions between its ends, in order."""
    first, last, among = text.split(":")
    numbers = [int(first), *(int(one) for one in among.split(",") if one)]
    in_order = all(one < other for one, other in pairwise(numbers[1:]))
    ends = 0 < numbers[0] <= int(last) < 2**63
    return ends and in_order and all(numbers[0] <= number < int(last) for number in numbers[1:])


def current_cursor() -> Cursor:
    """Cursor at the end of the journal."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_snapshot()::text")
        return Cursor(int(timezone.now().timestamp()), cursor.fetchone()[0])


def since(
    place: Cursor,
    kind: str = "",
    subject: int | None = None,
    *,
    also: str = "",
    partly: bool = False,
    upto: Cursor | None = None,
) -> tuple[list[News], Cursor] | None:
    """Events after a cursor, in order, and the cursor behind them; optionally of one kind (`also`: of another too) or
    one row, and no further than a later cursor `upto`.

    A cursor in the middle of a batch yields the rest of that batch. None if the cursor is too old or of another
    database, or there are too many events; with `partly` the first of them. Needs `core.session.system`, the only
    role that reads the feed.
    """
    if place.is_old:
        return None
    end = place.then or (upto.seen if upto else "")
    words = {
        "seen": place.seen, "then": end or None, "upto": place.upto,
        "kinds": [kind, also], "subject": subject, "most": MOST + 1,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_READ.format(narrowed=_NARROWED if kind else ""), words)
        rows = cursor.fetchall()
    current = rows[0][0]
    if _last(end or place.seen) > _last(current) or (len(rows) > MOST and not partly):
        return None
    now = upto or Cursor(int(timezone.now().timestamp()), current)
    if place.then:
        now = Cursor(place.at, place.then)
    news = [
        News(row[1], row[2], row[3], row[4], frozenset(row[5]), row[6], row[7])
        for row in rows[:MOST]
        if row[1] is not None
    ]
    return news, place.amid(now, news[-1]) if len(rows) > MOST else now


def _last(snapshot: str) -> int:
    return int(snapshot.split(":")[1])


def announce(kind: str, subject: int, verb: str) -> None:
    """Add something that happened to a row and wrote none: a moment came that was waited for."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO journal_changeevent (kind, subject_id, verb) VALUES (%s, %s, %s)",
            [kind, subject, verb],
        )


def keep() -> int:
    """Make the partitions of the next weeks, and drop each that ended longer ago than `KEPT`. How many were dropped.

    Comes again where a reader is in the way: whoever follows waits for it no more than an instant.
    """

    def at_once() -> int:
        with system(), connection.cursor() as cursor:
            cursor.execute("SELECT app.keep_happenings(%s, %s)", [KEPT.days, AHEAD.days])
            return int(cursor.fetchone()[0])

    return patiently(at_once, PATIENCE)
