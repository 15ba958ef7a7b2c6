"""Where the processor time of an answer goes: what the server's thread and PostgreSQL's process take in each stage.

A stage is a function (or a pair that begins and ends something) of the product. Time is charged to the innermost stage
that is open, so the stages add up. PostgreSQL works on after it has answered: what its process takes until the next
stage that asks it belongs to the one before.
"""

from __future__ import annotations

import functools
import time
from collections import defaultdict
from collections.abc import Callable
from typing import Any

from django.db import connection

Figures = dict[str, tuple[float, float]]
"""Stage -> nanoseconds of the application and of PostgreSQL, since the last time they were asked."""


class Marks:
    """The clock of one thread: the server that is measured has no other that answers."""

    def __init__(self) -> None:
        self.open: list[str] = []
        self.application: defaultdict[str, int] = defaultdict(int)
        self.database: defaultdict[str, int] = defaultdict(int)
        self.asking = "outside"
        self.at, self.database_at, self.clock = 0, 0, 0

    def begin(self, stage: str, *, asks: bool = False) -> None:
        self._charge()
        if asks:
            self.asking = stage
        self.open.append(stage)

    def end(self) -> None:
        self._charge()
        self.open.pop()

    def _charge(self) -> None:
        if self.clock:
            used = time.clock_gettime_ns(self.clock)
            self.database[self.asking] += used - self.database_at
            self.database_at = used
        now = time.thread_time_ns()
        if self.open:
            self.application[self.open[-1]] += now - self.at
        self.at = now

    def know_database(self) -> None:
        """Look for the process of PostgreSQL that serves this thread, once it has a connection."""
        raw = connection.connection
        if raw is None:
            return
        clock = (~raw.info.backend_pid << 3) | 2  # clock_getcpuclockid(3): the clock of another process
        if clock != self.clock:
            self.clock, self.database_at = clock, time.clock_gettime_ns(clock)

    def taken(self) -> Figures:
        """What was charged since the last call."""
        names = self.application.keys() | self.database.keys()
        figures: Figures = {name: (self.application[name], self.database[name]) for name in sorted(names)}
        self.application.clear()
        self.database.clear()
        return figures


marks = Marks()


def staged(function: Callable[..., Any], stage: str, *, asks: bool = False) -> Callable[..., Any]:
    """The function as a stage of its own."""

    @functools.wraps(function)
    def call(*args: Any, **kwargs: Any) -> Any:
        marks.begin(stage, asks=asks)
        try:
            return function(*args, **kwargs)
        finally:
            marks.end()

    return call


def mark(owner: Any, name: str, stage: str, *, asks: bool = False) -> None:
    """Make a function of a module or class a stage."""
    setattr(owner, name, staged(getattr(owner, name), stage, asks=asks))
