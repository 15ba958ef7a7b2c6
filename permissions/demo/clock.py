"""A clock that the demo moves, so that what an action does now belongs to the day of its story."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.core.management.base import CommandError
from django.utils import timezone

MoveTo = Callable[[dt.datetime], None]


@contextmanager
def moved_clock() -> Iterator[MoveTo]:
    """Stop this process's clock for the block; call the yielded function to set it. The database's own goes on."""
    try:
        from freezegun import freeze_time
    except ImportError as error:
        raise CommandError("The demo needs freezegun: run `uv sync`, which installs it.") from error
    with freeze_time(timezone.now(), ignore=["tqdm"]) as frozen:  # which shows how far the loading is
        yield frozen.move_to
