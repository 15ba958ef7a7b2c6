"""The connection `default` as one to a standby, for the length of a block, and back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections

from backend.database import READING


def is_configured() -> bool:
    """Whether there is an address of standbys."""
    return READING in connections.settings


@contextmanager
def on_standby(position: int) -> Iterator[None]:
    """Let `default` lead to a standby, which has to be at `position` when a session is entered."""
    standby: Any = connections[READING]
    standby.position, standby.primary = position, connections[DEFAULT_DB_ALIAS]
    with _as_default(standby):
        yield


@contextmanager
def on_primary() -> Iterator[None]:
    """Let `default` lead to the primary, in a transaction of its own if the block stands in one on a standby."""
    here: Any = connections[DEFAULT_DB_ALIAS]
    if here.alias != READING:
        yield
        return
    with _as_default(here.primary):
        yield


def is_on_standby() -> bool:
    return connections[DEFAULT_DB_ALIAS].alias == READING


def required_position() -> int | None:
    """Where the standby must be that is asked here; None on the primary."""
    here: Any = connections[DEFAULT_DB_ALIAS]
    return here.position if here.alias == READING else None


@contextmanager
def _as_default(connection: Any) -> Iterator[None]:
    """Each thread has its own: others go on with theirs."""
    before = connections[DEFAULT_DB_ALIAS]
    connections[DEFAULT_DB_ALIAS] = connection
    try:
        yield
    finally:
        connections[DEFAULT_DB_ALIAS] = before
