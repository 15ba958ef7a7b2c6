"""Deleting what is stored of a row that is gone: now, or as soon as the storage answers again."""

from __future__ import annotations

import logging

from django.core.files.storage import Storage
from procrastinate.contrib.django import app

from backend.core.errors import FilesAwayError
from backend.core.session import system
from backend.documents import scanning

log = logging.getLogger("documents")


def remove(storage: Storage, name: str) -> None:
    """Delete a file whose row is gone for good; where the storage does not answer now, a job does it."""
    try:
        delete(storage, name)
    except FilesAwayError:
        log.warning({"event": "file_deleted_later"})
        with system():
            app.configure_task("documents.delete_stored").defer(name=name)


def take_back(storage: Storage, name: str) -> None:
    """Delete a file whose row was never there; else it is swept in the night (`documents.remove_orphans`)."""
    try:
        delete(storage, name)
    except FilesAwayError:
        log.warning({"event": "file_swept_later"})


def delete(storage: Storage, name: str) -> None:
    """Delete a file and what the scanner noted of it. FilesAwayError."""
    storage.delete(name)
    scanning.forget(storage, name)
