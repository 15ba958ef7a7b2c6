"""Where files are kept, and what was made of them."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.core.files.storage import FileSystemStorage

DERIVED = "derived"
"""Folder of what was made of a file, under the file's own name: it goes with the file."""


class WholeFileStorage(FileSystemStorage):
    """Keeps no part of a file that could not be written to its end."""

    def _save(self, name: str, content: Any) -> str:
        path = self.path(name)
        was_there = os.path.lexists(path)
        try:
            return str(super()._save(name, content))  # type: ignore[misc]  # a storage's own, which the stubs leave out
        except BaseException:
            if not was_there:
                with suppress(OSError):
                    os.unlink(path)
            raise

    def delete(self, name: str) -> None:
        """Delete a file, and what was made of it."""
        super().delete(name)
        if name:
            super().delete(f"{DERIVED}/{name}")

    def derived(self, name: str, make: Callable[[bytes], bytes]) -> bytes:
        """Return what `make` makes of a file; it is made once, and deleted with the file."""
        target = Path(self.path(f"{DERIVED}/{name}"))
        with suppress(FileNotFoundError):
            return target.read_bytes()
        with self.open(name, "rb") as file:
            content = make(file.read())
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, partial = tempfile.mkstemp(dir=target.parent)  # for its owner alone
        with os.fdopen(handle, "wb") as out:
            out.write(content)
        os.replace(partial, target)
        if not self.exists(name):  # deleted meanwhile
            target.unlink(missing_ok=True)
        return content
