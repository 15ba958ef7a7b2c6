"""Looking after the stored files: what no row knows any more does not stay."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from itertools import batched
from typing import cast

from django.apps import apps
from django.conf import settings
from django.core.files.storage import default_storage
from django.db import connection
from django.db.models import Model
from django.utils import timezone
from procrastinate.contrib.django import app

from backend.core.session import system
from backend.core.storage import DERIVED, Kept, OfficeStorage
from backend.documents import removal, scanning
from backend.documents.models import CheckedFileField

OLD_ENOUGH = dt.timedelta(days=1)
"""A younger file may belong to a row whose transaction has not ended."""
AT_ONCE = 1000
"""So many files the database is asked about in one question."""


@app.periodic(cron="45 0 * * *")
@app.task(name="documents.remove_orphans", queue="upkeep", queueing_lock="documents.remove_orphans")
def remove_orphans(timestamp: int = 0) -> int:
    """Remove files older than a day that belong to no row: a process died between file and commit. How many.

    What the virus scanner noted of a file goes with the file's row: of an infected one the note is all there is.
    """
    removed = 0
    storage = cast(OfficeStorage, default_storage)
    for model in owners():
        removed += _sweep(model, storage)
        for notes in (scanning.WAITING, scanning.INFECTED, DERIVED):
            _sweep(model, storage, notes=f"{notes}/")
    return removed


def owners() -> Iterator[type[Model]]:
    """Yield the models whose rows have a file of their own, in a folder of the model's name."""
    for model in apps.get_models():
        if any(isinstance(field, CheckedFileField) for field in model._meta.fields):
            yield model


@app.periodic(cron="*/5 * * * *")
@app.task(name="documents.scan_waiting", queue="upkeep", queueing_lock="documents.scan_waiting")
def scan_waiting(timestamp: int = 0) -> int:
    """Have the files scanned that came in while the virus scanner did not answer. How many."""
    return scanning.scan_waiting() if settings.CLAMD else 0


@app.task(name="documents.delete_stored", queue="upkeep")
def delete_stored(name: str) -> None:
    """Delete a file that could not be when its row went; again until the storage answers. Its name tells nothing."""
    removal.delete(default_storage, name)


def _sweep(model: type[Model], storage: OfficeStorage, *, notes: str = "") -> int:
    """Remove those of no row. `notes`: the folder in which they are notes of files or made of them, and no files."""
    removed = 0
    for some in batched(storage.kept(f"{notes}{model._meta.model_name}"), AT_ONCE):
        old = [file.name.removeprefix(notes) for file in some if _is_old(file)]
        kept = files_kept(model, old) if old else set()
        orphans = {name for name in old if name not in kept}
        for name in orphans:
            storage.delete(name)
            scanning.forget(storage, name)
        removed += len(orphans)
    return removed


def _is_old(file: Kept) -> bool:
    return timezone.now() - file.modified_at > OLD_ENOUGH


def files_kept(model: type[Model], names: list[str]) -> set[str]:
    """Those that belong to a row. The database is asked, which alone sees the rows of what is confidential."""
    with system(), connection.cursor() as cursor:
        cursor.execute("SELECT * FROM app.files_kept(%s, %s)", [model._meta.db_table, names])
        return {name for (name,) in cursor.fetchall()}
