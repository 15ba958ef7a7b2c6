"""Asking a standby first, and the primary where that cannot answer."""

from __future__ import annotations

import time
from collections.abc import Callable

from django.db import Error, InterfaceError, OperationalError, connection
from prometheus_client import Counter
from psycopg.errors import InFailedSqlTransaction, ReadOnlySqlTransaction, SerializationFailure

from backend.core.errors import DomainError, ErrorCode
from backend.core.session import is_passing
from backend.core.standby.connections import is_configured, on_standby
from backend.core.standby.positions import positions
from backend.core.standby.requests import current
from backend.houses import PerHouse

AWAY_SECONDS = 5.0
"""So long a process asks no standby after one could not be reached."""
BEHIND_SECONDS = 0.25
"""The same after one was behind: it would be in the very next request too."""
READS = Counter(
    "ozelkalem_reads",
    "Requests that may be answered by a standby: by which server they were, and why not by the standby.",
    ["server", "reason"],
)


class _Pause:
    """Until when no standby is asked."""

    until = 0.0


_pauses = PerHouse(_Pause)


def from_standby[T](ask: Callable[[], T], is_refused: Callable[[T], bool] | None = None) -> T:
    """Return what `ask` returns on a standby or, where none may or can answer, on the primary.

    `ask` opens its session itself, and runs a second time if it writes, meets a standby that is behind or gone, or if
    `is_refused` its result. Nothing was written then, and nothing was shown. Within a session it runs there.
    """
    if not is_configured() or connection.in_atomic_block:
        return ask()
    reason, position = _position()
    if position is not None:
        try:
            with on_standby(position):
                result = ask()
            if not (is_refused and is_refused(result)):
                READS.labels(server="standby", reason="").inc()
                return result
            reason = "refused"
        except (Error, DomainError) as error:
            if not may_pass_by(error):
                raise
            reason = _reason(error)
    READS.labels(server="primary", reason=reason).inc()
    return ask()


def may_pass_by(error: BaseException) -> bool:
    """Whether the primary may answer what a standby did not: the fault is passing, or a token is not there yet."""
    if isinstance(error, DomainError):
        return error.code == ErrorCode.UNAUTHENTICATED
    return is_passing(error) or writes(error)


def writes(error: BaseException) -> bool:
    """Whether a statement was refused because it writes, or comes after one whose refusal was passed over."""
    return isinstance(error.__cause__, ReadOnlySqlTransaction | InFailedSqlTransaction)


def _position() -> tuple[str, int | None]:
    """Where a standby must be for this request; None, and why, where the primary answers."""
    request = current()
    if request.is_latest:
        return "latest", None
    if time.monotonic() < _pauses.here().until:
        return "pause", None
    required = positions.here().required()
    return "no primary", None if required is None else max(required, request.position)


def _reason(error: Error | DomainError) -> str:
    if isinstance(error, DomainError):
        return "unauthenticated"
    if writes(error):
        return "writes"
    if isinstance(error.__cause__, SerializationFailure):  # also of a conflict with what is replayed
        _pauses.here().until = time.monotonic() + BEHIND_SECONDS
        return "behind"
    if isinstance(error, OperationalError | InterfaceError):
        _pauses.here().until = time.monotonic() + AWAY_SECONDS
        return "away"
    return "other"
