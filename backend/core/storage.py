"""Where files are kept."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import Any

from django.core.files.storage import FileSystemStorage


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
