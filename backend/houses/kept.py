"""What a process keeps in its memory, kept apart by house."""

from __future__ import annotations

from collections.abc import Callable

from backend.houses.current import current, name
from backend.houses.registry import AT_HAND, House, is_on


class PerHouse[T]:
    """One of each house, made when it is first asked for; the only one where there are no houses."""

    def __init__(self, make: Callable[[], T]) -> None:
        self._make = make
        self._kept: dict[House | None, T] = {}

    def here(self) -> T:
        """Return this house's."""
        house = current()
        found = self._kept.get(house)
        # Of two threads that make one at once both get the first.
        return self._kept.setdefault(house, self._make()) if found is None else found


def room(most: int) -> int:
    """Return how many entries all houses together may have in a memory that has room for `most` of one."""
    return most * AT_HAND if is_on() else most


def cache_key(key: object, prefix: str, version: int) -> str:
    """Return the key of an entry in Django's caches (KEY_FUNCTION)."""
    return f"{name()}:{prefix}:{version}:{key}"
