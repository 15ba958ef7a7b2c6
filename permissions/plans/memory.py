"""What is made once for all requests that are alike: a bounded memory that is safe between threads."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import Any

from django.core.signals import setting_changed

from backend.configuration import memory as settings_memory
from backend.core.localtime import today
from backend.core.symbolic import EVERY_KIND, Recording, Step, recording, replaced, shape_of
from permissions.core import scope
from permissions.core.viewer import Viewer
from permissions.plans.recent import Recent
from permissions.plans.viewers import placeholder_for


class Memory[T]:
    """Keeps `most` entries, the last used ones.

    The key holds all that an entry depends on: what the caller says, the shape of the viewer and of the variables, the
    day, the settings of the office, and the outcome of each look into a value that making it took
    (`backend/core/symbolic.py`). What it does not hold is open: a value of each request.
    """

    def __init__(self, most: int) -> None:
        self._entries: Recent[Hashable, Step | T] = Recent(most)
        setting_changed.connect(self._forget)  # known weakly: it goes with the memory

    def clear(self) -> None:
        self._entries.clear()

    def __len__(self) -> int:
        return len(self._entries)

    def get_or_make(
        self,
        viewer: Viewer,
        key: tuple[Hashable, ...],
        variables: Any,
        make: Callable[[Any, Recording], T],
        kinds: Sequence[type] = EVERY_KIND,
    ) -> tuple[T, list[Any]]:
        """What is kept for a viewer who sees so and variables of this shape, and the values of this request by number.

        Where nothing is, `make(variables, record)` makes it, of placeholders for the viewer and for what of the
        variables is of these `kinds`.
        """
        sight = viewer.shape
        values: list[Any] = list(sight.values)
        shape = shape_of(variables, values, kinds)
        base = (*key, shape, sight.shape, today(), settings_memory.revision())
        own = list(values)
        made = self._find(base, values)
        if made is not None:
            return made, values
        placeholders = replaced(variables, len(sight.values), kinds)
        with scope.placeholder_viewer(placeholder_for(viewer)), recording(own) as record:
            made = make(placeholders, record)
        self._keep(base, record, made)
        return made, record.values

    def _find(self, base: Hashable, values: list[Any]) -> T | None:
        """The entry for a request with these values, to which those of its own looks into them are appended."""
        outcomes: tuple[Hashable, ...] = ()
        entry = self._entries.get((base, outcomes))
        while isinstance(entry, Step):
            outcomes += (entry.take(values),)
            entry = self._entries.get((base, outcomes))
        return entry

    def _keep(self, base: Hashable, record: Recording, made: T) -> None:
        """Keep what was made, behind the looks into values that were taken meanwhile."""
        outcomes: tuple[Hashable, ...] = ()
        for step, outcome in record.steps:
            self._entries.put((base, outcomes), step)
            outcomes += (outcome,)
        self._entries.put((base, outcomes), made)

    def _forget(self, **_signal: object) -> None:
        """A setting may stand in what is kept: rules and filters read some while a queryset is built."""
        self.clear()
