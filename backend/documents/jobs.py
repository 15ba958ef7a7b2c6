"""Looking after the stored files: what no row knows any more does not stay."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.apps import apps
from django.conf import settings
from django.core.files.storage import Storage
from django.db import connection
from django.utils import timezone
from procrastinate.contrib.django import app

from backend.core.session import system
from backend.core.storage import DERIVED
from backend.documents import scanning
from backend.documents.models import OwnedFile

OLD_ENOUGH = dt.timedelta(days=1)
"""A younger file may belong to a row whose transaction has not ended."""


@app.periodic(cron="45 0 * * *")
@app.task(name="documents.remove_orphans", queue="upkeep", queueing_lock="documents.remove_orphans")
def remove_orphans(timestamp: int = 0) -> int:
    """Remove files older than a day that belong to no row: a process died between file and commit. How many.

    What the virus scanner noted of a file goes with the file's row: of an infected one the note is all there is.
    """
    removed = 0
    for model in apps.get_models():
        if issubclass(model, OwnedFile):
            storage = model._meta.get_field("file").storage
            for names in _folders(storage, str(model._meta.model_name)):
                removed += _sweep(model, storage, names)
            for notes in (scanning.WAITING, scanning.INFECTED, DERIVED):
                for names in _folders(storage, f"{notes}/{model._meta.model_name}"):
                    _sweep(model, storage, names, notes=f"{notes}/")
    return removed


@app.periodic(cron="*/5 * * * *")
@app.task(name="documents.scan_waiting", queue="upkeep", queueing_lock="documents.scan_waiting")
def scan_waiting(timestamp: int = 0) -> int:
    """Have the files scanned that came in while the virus scanner did not answer. How many."""
    return scanning.scan_waiting() if settings.CLAMD else 0


def _folders(storage: Storage, top: str) -> Iterator[list[str]]:
    """The names of the files of one folder after the other, as `random_name` lays them out."""
    if not storage.exists(top):
        return
    for folder in storage.listdir(top)[0]:
        yield [f"{top}/{folder}/{name}" for name in storage.listdir(f"{top}/{folder}")[1]]


def _sweep(model: type[OwnedFile], storage: Storage, names: list[str], *, notes: str = "") -> int:
    """Remove those of no row. `notes`: the folder in which they are notes of files or made of them, and no files."""
    old = [
        name.removeprefix(notes)
        for name in names
        if timezone.now() - storage.get_modified_time(name) > OLD_ENOUGH
    ]
    kept = _kept(model, old) if old else set()
    orphans = [name for name in old if name not in kept]
    for name in orphans:
        storage.delete(name)
        scanning.forget(storage, name)
    return len(orphans)


def _kept(model: type[OwnedFile], names: list[str]) -> set[str]:
    """Those that belong to a row. The database is asked, which alone sees the rows of what is confidential."""
    with system(), connection.cursor() as cursor:
        cursor.execute("SELECT * FROM app.files_kept(%s, %s)", [model._meta.db_table, names])
        return {name for (name,) in cursor.fetchall()}
