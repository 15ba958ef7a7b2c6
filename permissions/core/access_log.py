"""The read log: who saw whose personal data, and whether it was exported."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from backend.core import tickets
from backend.core.postgresql.trips import trip
from backend.core.session import prepared
from backend.core.standby import is_on_standby, on_primary
from permissions.core.viewer import current

EXPORTED = " (exported)"
"""Suffix of the purpose in the read log for exports."""
_along: ContextVar[str] = ContextVar("along", default="")


@contextmanager
def exporting() -> Iterator[None]:
    """Mark the access in this block as an export in the read log."""
    token = _along.set(EXPORTED)
    try:
        yield
    finally:
        _along.reset(token)


NOTE = "SELECT app.log_access($1, $2::text::bigint[], $3)"


def log_access(ids: Iterable[int], purpose: str, kind: str = "contacts.citizen") -> None:
    """Remember in the read log that the viewer is shown these persons; what a standby shows, on the primary before."""
    unique = set(ids)
    if not unique:
        return
    parameters = line(unique, purpose, kind)
    if not is_on_standby():
        with prepared(NOTE, parameters):
            return
    if (reader := current.get().user_id) is None:
        return
    ticket = tickets.sign("reading", str(reader))
    statement = "SELECT app.log_access_of($1, $2, $3::text::bigint[], $4)"
    # Half of what a cursor takes to wait. Not kept, though that would save a fifth of it: it carries a ticket.
    with on_primary(), trip() as way:
        way.send(statement, [ticket, *parameters], keep=False)


def line(ids: set[int], purpose: str, kind: str) -> list[str]:
    """The parameters of `NOTE`. The array is text as PostgreSQL writes it: psycopg builds one of a list in 30 µs."""
    numbers = f"{{{','.join(map(str, sorted(ids)))}}}"
    return [kind, numbers, purpose[: 120 - len(EXPORTED)] + _along.get()]
