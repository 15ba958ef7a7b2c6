"""Work of the worker that takes minutes: an import, a large export, a batch of greetings, a destruction."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable
from typing import Any, Self

from django.db import models
from django.db.models import QuerySet
from django.utils import timezone

from backend.core.session import system

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


class LongRun(models.Model):
    """What a row of long work says of its run. `run` counts: a worker presumed dead finds itself replaced. `seen_at` is
    the worker's last word."""

    status: models.CharField[Any, Any]
    run: models.IntegerField[Any, Any]
    seen_at: models.DateTimeField[Any, Any]
    silent_after = dt.timedelta(seconds=30)
    """A worker tells every second how far it is; after so long without a word it has died."""

    class Meta:
        abstract = True

    @property
    def is_open(self) -> bool:
        """Whether a worker has it before it, or in hand."""
        return self.status in ("WAITING", "RUNNING")

    @property
    def is_silent(self) -> bool:
        """Whether the worker that had it in hand has died."""
        return self.status == "RUNNING" and (
            self.seen_at is None or timezone.now() - self.seen_at > self.silent_after
        )

    def take(self, **start: Any) -> None:
        """Begin the next run of a locked row; `start` are the columns of its progress."""
        values = {"run": self.run + 1, "status": "RUNNING", "seen_at": timezone.now(), **start}
        for name, value in values.items():
            setattr(self, name, value)
        self.save(update_fields=list(values))

    def this_run(self) -> QuerySet[Self]:
        """The row, while this run of it is the one that is wanted."""
        return type(self)._default_manager.filter(pk=self.pk, run=self.run, status="RUNNING")

    def wanted(self) -> Self:
        """The row, locked, if this run is still the one that is wanted; else StopError."""
        found = self.this_run().select_for_update(of=("self",)).first()
        if found is None:
            raise StopError
        return found

    def write_progress(self, **progress: Any) -> None:
        """Write how far this run is. StopError if it is not wanted any more."""
        with system():
            if not self.this_run().update(**progress | {"seen_at": timezone.now()}):
                raise StopError
