"""Work of the worker that takes minutes: an import, a large export, a batch of greetings, a destruction."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable

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
