"""Files while they are moved: what is new goes to the place of now, what is read may still lie in the former one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO, Any, cast

from django.core.files.base import File
from django.core.files.storage import storages

from backend.core.storage import Kept, OfficeStorage


class MovingStorage(OfficeStorage):
    """Two storages as one, until `manage.py move_files` has emptied the former. `now`, `former`: names in STORAGES."""

    def __init__(self, *, now: str, former: str) -> None:
        self._names = now, former

    @property
    def now(self) -> OfficeStorage:
        return cast(OfficeStorage, storages[self._names[0]])

    @property
    def former(self) -> OfficeStorage:
        return cast(OfficeStorage, storages[self._names[1]])

    def _open(self, name: str, mode: str = "rb") -> File[Any]:
        for place in (self.now, self.former):
            try:
                return place.open(name, mode)
            except FileNotFoundError:
                continue
        return self.now.open(name, mode)  # it was moved between the two questions

    def _save(self, name: str, content: Any) -> str:
        return self.now.save(name, content)

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        """Leave it to the place of now."""
        return name

    def put(self, name: str, content: IO[bytes]) -> None:
        """Keep it in the place of now."""
        self.now.put(name, content)

    def exists(self, name: str) -> bool:
        """Ask both, and the first again: a file may be moved between two questions."""
        return self.now.exists(name) or self.former.exists(name) or self.now.exists(name)

    def delete(self, name: str) -> None:
        """Delete it in both: in the former place first, since the mover takes from there what it still finds."""
        self.former.delete(name)
        self.now.delete(name)

    def kept(self, folder: str = "") -> Iterator[Kept]:
        """Yield what either place holds; a file that is in both twice."""
        yield from self.now.kept(folder)
        yield from self.former.kept(folder)

    def size(self, name: str) -> int:
        """Ask where it is."""
        return self.now.size(name) if self.now.exists(name) else self.former.size(name)
