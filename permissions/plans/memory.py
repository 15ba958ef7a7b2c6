"""What is made once for all requests that are alike: a bounded memory that is safe between threads."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from threading import Lock
from typing import Any

from backend.core.symbolic import Recording, Step


class Memory[T]:
    """Keeps `most` entries, the last used ones.

    The key holds all that an entry depends on: what the caller says, and the outcome of each look into a value that
    making it took (`backend/core/symbolic.py`). What it does not hold is open: a value of each request.
    """

    def __init__(self, most: int) -> None:
        self.most = most
        self._entries: OrderedDict[Hashable, Step | T] = OrderedDict()
        self._lock = Lock()

    def clear(self) -> None:
        with self._lock:
            self._entries.clear()

    def __len__(self) -> int:
        return len(self._entries)

    def find(self, base: Hashable, values: list[Any]) -> T | None:
        """The entry for a request with these values, to which those of its own looks into them are appended."""
        outcomes: tuple[Hashable, ...] = ()
        entry = self._get((base, outcomes))
        while isinstance(entry, Step):
            outcomes += (entry.take(values),)
            entry = self._get((base, outcomes))
        return entry

    def keep(self, base: Hashable, record: Recording, made: T) -> None:
        """Keep what was made, behind the looks into values that were taken meanwhile."""
        outcomes: tuple[Hashable, ...] = ()
        for step, outcome in record.steps:
            self._put((base, outcomes), step)
            outcomes += (outcome,)
        self._put((base, outcomes), made)

    def _get(self, key: Hashable) -> Step | T | None:
        with self._lock:
            entry = self._entries.get(key)
            if entry is not None:
                self._entries.move_to_end(key)
            return entry

    def _put(self, key: Hashable, entry: Step | T) -> None:
        with self._lock:
            self._entries[key] = entry
            self._entries.move_to_end(key)
            while len(self._entries) > self.most:
                self._entries.popitem(last=False)
