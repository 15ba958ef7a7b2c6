"""What is stored of the settings, as this process knows it: asked anew after OFFICE_SETTINGS_SECONDS."""

from __future__ import annotations

import time
from collections.abc import Mapping
from threading import Lock
from typing import Any

from django.conf import settings
from django.core.exceptions import SynchronousOnlyOperation
from django.db import DatabaseError, connection

from backend.configuration.models import SettingChange
from backend.core.session import on_rollback
from backend.core.standby import on_primary
from backend.houses import PerHouse


class _Memory:
    def __init__(self) -> None:
        self.lock = Lock()
        self.values: Mapping[str, Any] = {}
        self.revision = 0
        self.good_until = 0.0


_memories = PerHouse(_Memory)


def stored() -> Mapping[str, Any]:
    """Name -> value of what was changed; None: changed back to what the installation begins with."""
    memory = _memories.here()
    if time.monotonic() >= memory.good_until:
        _look(memory)
    return memory.values


def revision() -> int:
    """Which state of the settings `stored` has: what depends on them (a plan of a query, a picture) is kept by it."""
    stored()
    return _memories.here().revision


def forget() -> None:
    """Ask again the next time: something was changed here."""
    _memories.here().good_until = 0.0


def forget_with_the_transaction() -> None:
    """`forget` now, and once it is committed or taken back: others must not go on with what one of them read."""
    forget()
    on_rollback(forget)
    connection.on_commit(forget)


def begin_with(values: Mapping[str, Any]) -> None:
    """Know these values without asking: for tests, which begin with an empty table."""
    memory = _memories.here()
    memory.values, memory.revision = values, 0
    memory.good_until = time.monotonic() + settings.OFFICE_SETTINGS_SECONDS


def _look(memory: _Memory) -> None:
    """Read what is stored, if it is another state; where the database is away the office goes on with what is known."""
    with memory.lock:
        if time.monotonic() < memory.good_until:
            return
        memory.good_until = time.monotonic() + settings.OFFICE_SETTINGS_SECONDS
        if connection.in_atomic_block and connection.needs_rollback:
            return
        try:
            with on_primary():  # what all requests of this process go by is never older than what it wrote
                newest = SettingChange.objects.order_by("-id").values_list("revision", flat=True).first() or 0
                if newest != memory.revision:
                    memory.values, memory.revision = _read(), newest
        except (DatabaseError, SynchronousOnlyOperation):  # before the first migration, or without a database
            return


def _read() -> Mapping[str, Any]:
    rows = SettingChange.objects.order_by("name", "-id").distinct("name")
    return dict(rows.values_list("name", "value"))
