"""Where files are kept, and what was made of them: on disk (here), in a bucket (`bucket`), or in both while they are
moved from one to the other (`moving`). `backend/file_storage.py` chooses."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO, Any, NamedTuple

from django.core.files.storage import FileSystemStorage, Storage
from django.utils.translation import gettext_lazy as _

from backend.core.errors import DomainError, ErrorCode

DERIVED = "derived"
"""Folder of what was made of a file, under the file's own name: it goes with the file."""
CHUNK = 1 << 16


class Kept(NamedTuple):
    """A file of a storage."""

    name: str
    size: int
    modified_at: dt.datetime


def digest(content: IO[bytes]) -> str:
    """Return the SHA-256 of a file, and leave it at its beginning."""
    result = hashlib.sha256()
    content.seek(0)
    while chunk := content.read(CHUNK):
        result.update(chunk)
    content.seek(0)
    return result.hexdigest()


def damaged() -> DomainError:
    """Return the refusal to hand out a file that is not what was brought."""
    message = _("This file is damaged where it is kept. Tell Bilgi İşlem: a backup may have it whole.")
    return DomainError(ErrorCode.WRONG_STATE, message, "file")


class OfficeStorage(Storage):
    """What the product asks of a storage in addition to Django's interface. There is no address of a file: what is
    handed out passes our gate. OSError (`FilesAwayError`) where the storage does not answer."""

    def kept(self, folder: str = "") -> Iterator[Kept]:
        """Yield all files below a folder; none where there is no such folder."""
        raise NotImplementedError

    def put(self, name: str, content: IO[bytes]) -> None:
        """Keep a file under exactly this name, whole or not at all, in place of one that is there."""
        raise NotImplementedError

    def is_public(self) -> bool:
        """Tell whether a stranger can list it."""
        return False

    def url(self, name: str | None) -> str:
        """Refuse: an address would pass by the gate."""
        raise NotImplementedError("files are handed out by their gate alone")

    def derived(self, name: str, make: Callable[[], bytes]) -> bytes:
        """Return what `make` makes of a file; it is made once, and deleted with the file."""
        from django.core.files.base import ContentFile

        target = f"{DERIVED}/{name}"
        with suppress(FileNotFoundError), self.open(target) as there:
            return bytes(there.read())
        content = make()
        self.put(target, ContentFile(content))
        if not self.exists(name):  # deleted meanwhile
            self.delete(target)
        return content


class WholeFileStorage(OfficeStorage, FileSystemStorage):
    """Keeps files on disk, and no part of one that could not be written to its end."""

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

    def kept(self, folder: str = "") -> Iterator[Kept]:
        """Yield all files below a folder, in the order of their names."""
        top = Path(self.path(folder))
        for path, folders, names in os.walk(top):
            folders.sort()
            for name in sorted(names):
                file = Path(path) / name
                with suppress(FileNotFoundError):  # deleted meanwhile
                    stat = file.stat()
                    changed = dt.datetime.fromtimestamp(stat.st_mtime, dt.UTC)
                    yield Kept(file.relative_to(self.location).as_posix(), stat.st_size, changed)

    def put(self, name: str, content: IO[bytes]) -> None:
        """Write it elsewhere, for its owner alone, and rename it."""
        target = Path(self.path(name))
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, partial = tempfile.mkstemp(dir=target.parent, prefix=".")
        try:
            with os.fdopen(handle, "wb") as out:
                while chunk := content.read(CHUNK):
                    out.write(chunk)
            os.replace(partial, target)
        except BaseException:
            with suppress(OSError):
                os.unlink(partial)
            raise
