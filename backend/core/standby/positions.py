"""Positions in the primary's write-ahead log: where it was a moment ago, and the token that says what was written.

A position is a number of bytes (PostgreSQL's LSN). What a process wrote itself, or saw of the primary in the last
READ_BEHIND_SECONDS, is what a standby must have replayed.
"""

from __future__ import annotations

import datetime as dt
import time
from collections import deque
from threading import Lock

from django.conf import settings
from django.core.signing import BadSignature, TimestampSigner

from backend.core.session import fetch_one
from backend.core.standby.connections import on_primary
from backend.houses import PerHouse

FLUSHED = (
    "SELECT CASE WHEN pg_is_in_recovery() THEN NULL ELSE (pg_current_wal_flush_lsn() - '0/0')::bigint END"
)
SALT = "ozelkalem.position"
MARGIN = 10
"""Seconds for which a token is kept longer than it is needed: clocks and slow answers."""


class Positions:
    """What this process knows of a primary's log."""

    def __init__(self) -> None:
        self._lock = Lock()
        self.forget()

    def forget(self) -> None:
        """Know nothing any more."""
        self._seen: deque[tuple[float, int]] = deque()
        self._ask_at = 0.0
        self._written = (0.0, 0)

    def required(self) -> int | None:
        """Where a standby must be to show nothing older than READ_BEHIND_SECONDS, nor than what this process wrote.

        None where the address of the primary leads to a server that is none. Asks the primary four times in that time.
        """
        kept, now = settings.READ_BEHIND_SECONDS, time.monotonic()
        with self._lock:
            while self._seen and self._seen[0][0] < now - kept:
                self._seen.popleft()
            if self._seen and now < self._ask_at:
                return self._known(now, kept)
            self._ask_at = now + kept / 4  # the other threads go on with what is known
        if (position := current_position()) is None:
            return None
        with self._lock:
            self._seen.append((now, position))
            return self._known(now, kept)

    def _known(self, now: float, kept: float) -> int:
        written_at, written = self._written
        return max(self._seen[0][1], written if now - written_at <= kept else 0)

    def wrote(self, position: int) -> None:
        """Ask no standby any more that is before this: what this process keeps in memory may be newer."""
        with self._lock:
            self._written = time.monotonic(), max(position, self._written[1])


positions = PerHouse(Positions)


def current_position() -> int | None:
    """Where the primary's log is: all that was committed until now lies before it. None if that is no primary."""
    with on_primary():
        [position] = fetch_one(FLUSHED, [])
    return None if position is None else int(position)


def token_of(position: int) -> str:
    """Sign a position for the requester that wrote."""
    return TimestampSigner(salt=SALT).sign(str(position))


def position_of(token: str) -> int:
    """The position of a token; 0 for one that is forged, or so old that every standby that is asked is further."""
    try:
        kept = dt.timedelta(seconds=settings.READ_BEHIND_SECONDS + MARGIN)
        return int(TimestampSigner(salt=SALT).unsign(token, max_age=kept))
    except BadSignature:
        return 0
