"""The last entries of something that is dear to make, shared by the threads of a process."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from threading import Lock
from typing import Any

from backend.houses import current
from backend.houses.kept import room


class Recent[K: Hashable, V]:
    """Keeps `most` entries, the last used ones, and each house's apart. None is no entry.

    `of_all_houses`: what is kept follows from its key and the program alone, so that all houses share it.
    """

    def __init__(self, most: int, *, of_all_houses: bool = False) -> None:
        self.most = most if of_all_houses else room(most)
        self._is_shared = of_all_houses
        self._entries: OrderedDict[Any, V] = OrderedDict()
        self._lock = Lock()

    def _placed(self, key: K) -> Any:
        house = None if self._is_shared else current()
        return key if house is None else (house, key)

    def __len__(self) -> int:
        return len(self._entries)

    def get(self, key: K) -> V | None:
        key = self._placed(key)
        with self._lock:
            entry = self._entries.get(key)
            if entry is not None:
                self._entries.move_to_end(key)
            return entry

    def put(self, key: K, entry: V) -> None:
        key = self._placed(key)
        with self._lock:
            self._entries[key] = entry
            self._entries.move_to_end(key)
            while len(self._entries) > self.most:
                self._entries.popitem(last=False)

    def drop(self, key: K) -> None:
        key = self._placed(key)
        with self._lock:
            self._entries.pop(key, None)

    def clear(self) -> None:
        with self._lock:
            self._entries.clear()

    def items(self) -> list[tuple[Any, V]]:
        with self._lock:
            return list(self._entries.items())
