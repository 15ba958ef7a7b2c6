"""Work of the worker that takes minutes: an import, a large export, a batch of greetings, a destruction."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable
from typing import Protocol

from django.utils import timezone

LONG_WORK = "long_work"
"""The lock that all of it shares: one after the other in the house, so that of the worker's two places one is always
free for mail and holds."""
MOST_RUNS = 3
"""So often one job is taken by a worker that dies: what it works on may be what kills workers."""
STUCK = dt.timedelta(days=1)
"""After so long what waits or runs has failed."""
TELL_SECONDS = 1.0
"""How often a worker says how far it is."""


class StopError(Exception):
    """This run was stopped, or replaced by another one."""


class EverySecond[**Progress]:
    """Report progress at most once a second: what comes sooner is dropped."""

    def __init__(self, tell: Callable[Progress, None]) -> None:
        self._tell, self._next = tell, 0.0

    def __call__(self, *progress: Progress.args, **named: Progress.kwargs) -> None:
        if time.monotonic() >= self._next:
            self._next = time.monotonic() + TELL_SECONDS
            self._tell(*progress, **named)


class _Run(Protocol):
    @property
    def status(self) -> str: ...
    @property
    def seen_at(self) -> dt.datetime | None: ...
    @property
    def silent_after(self) -> dt.timedelta: ...


class LongRun:
    """What a row of long work says of its run. `seen_at` is the worker's last word."""

    silent_after = dt.timedelta(seconds=30)
    """A worker tells every second how far it is; after so long without a word it has died."""

    @property
    def is_open(self: _Run) -> bool:
        """Whether a worker has it before it, or in hand."""
        return self.status in ("WAITING", "RUNNING")

    @property
    def is_silent(self: _Run) -> bool:
        """Whether the worker that had it in hand has died."""
        return self.status == "RUNNING" and (
            self.seen_at is None or timezone.now() - self.seen_at > self.silent_after
        )
