"""The run of an import: taken by one worker, watched, stopped, failed or ended.

The rows and the final status are one transaction, which checks again whether this run is still wanted.
"""

from __future__ import annotations

import hashlib
import threading
from collections import Counter
from contextlib import suppress
from functools import partial
from typing import IO, Any

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from backend.core.errors import ErrorCode
from backend.core.operation.long_work import MOST_RUNS, TELL_SECONDS, StopError
from backend.core.session import system
from backend.core.table_reader.tables import TableError
from backend.documents import removal
from backend.documents.importing.files import ImportedFile


def fault_of_ours() -> str:
    return _("The import failed by a fault of ours; nothing was written. Run it again, or tell Bilgi İşlem.")


def taken[Row: ImportedFile](model: type[Row], key: str, run: int) -> Row | None:
    """The row, if it is still wanted. The run of a worker that died gets a new number: should that one live after all,
    it finds itself replaced. After `MOST_RUNS` of one job it has failed: the file itself may be what kills workers."""
    with system():
        row = model._default_manager.select_for_update(of=("self",)).filter(key=key).first()
        if row is None or not row.is_open:
            return None
        if row.status == model.Status.RUNNING and row.run - run >= MOST_RUNS - 1:
            row.fault = fault_of_ours()
            end(row, model.Status.FAILED, keep=True)
            return None
        run = row.run + (row.status == model.Status.RUNNING)  # the first of a job has its number already
        row.take(run=run, started_at=timezone.now(), rows_read=0, rows_written=0)
        return row


class Watch:
    """Progress reporter: updates the row every second on a connection of its own, since the work's transaction is
    invisible until its end. If the row no longer wants this run, the work stops at its next step."""

    def __init__(self, row: ImportedFile) -> None:
        self.row, self.total = row, None
        self.done: Counter[str] = Counter()
        self._stopped, self._ending = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._tell, name="import watch", daemon=True)

    total: int | None

    def hear(self, phase: str, count: int) -> None:
        self.done[phase] += count
        if self._stopped.is_set():
            raise StopError

    def end(self) -> None:
        self._ending.set()
        self._thread.join()

    def __enter__(self) -> Watch:
        self._thread.start()
        return self

    def __exit__(self, *fault: Any) -> None:
        self.end()

    def _tell(self) -> None:
        try:
            while not self._ending.wait(TELL_SECONDS):
                try:
                    self.row.write_progress(
                        rows_total=None if self.total is None else max(self.total, self.done["read"]),
                        rows_read=self.done["read"],
                        rows_written=self.done["write"],
                    )
                except StopError:
                    self._stopped.set()
                except DatabaseError:
                    connection.close()  # the next second tries again
        finally:
            connection.close()


def fail(row: ImportedFile, fault: str, *, keep: bool = False) -> None:
    """End a run with the reason why nothing was written; `keep`: the file stays, to be run again."""
    with suppress(StopError), system():
        found = row.wanted()
        found.fault = fault
        end(found, row.Status.FAILED, keep=keep)


def end(row: ImportedFile, status: ImportedFile.Status, *, keep: bool) -> None:
    """End a run; the file goes unless it is kept."""
    row.status, row.ended_at = status, timezone.now()
    if not keep:
        delete_file(row)
    row.save()


def delete_file(row: ImportedFile) -> None:
    """The file goes once the row has let go of it for good; if we die in between, it belongs to no row any more and
    goes in the night (`documents.jobs`)."""
    storage, name = row.file.storage, row.file.name
    row.file = ""
    if name:
        transaction.on_commit(partial(removal.remove, storage, name))


def copied(file: IO[bytes], kept: IO[bytes]) -> tuple[str, int]:
    """Copy an uploaded file and return its SHA-256 and its size. TOO_LARGE over IMPORT_MAX_BYTES."""
    digest, size = hashlib.sha256(), 0
    while chunk := file.read(1 << 16):
        size += len(chunk)
        if size > settings.IMPORT_MAX_BYTES:
            limit = settings.IMPORT_MAX_BYTES // (1024 * 1024)
            message = _("The file is larger than %(limit)s MB. Divide it and import the parts.")
            raise TableError(message % {"limit": limit}, ErrorCode.TOO_LARGE)
        digest.update(chunk)
        kept.write(chunk)
    return digest.hexdigest(), size
