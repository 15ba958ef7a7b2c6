"""Actions on an import into the register: bring the file, start a run, stop it. The worker runs it (`jobs`)."""

from __future__ import annotations

import tempfile
from typing import IO

from django.core.files.base import File
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from backend.core.errors import DomainError, ErrorCode
from backend.core.validation import choice, required
from backend.core.words.text import line
from backend.documents.importing.runs import copied
from backend.journal.actions import record
from backend.organization.models import User
from backend.places.imports import RegisterImport


@transaction.atomic
def bring(file: IO[bytes], *, name: str, kind: str, source: str, by: User) -> RegisterImport:
    """Keep an uploaded file and let the worker look at it in a dry run. The same file again, while it is kept, is the
    same import. TOO_LARGE, REQUIRED, INVALID."""
    kind = choice(RegisterImport.Kind, kind, "kind")
    source = required(source, "source", _("Write where the data comes from, such as “MAKS, mart 2027”."), 120)
    with tempfile.SpooledTemporaryFile(max_size=1 << 20) as kept:
        digest, size = copied(file, kept)
        with connection.cursor() as cursor:  # two presses at once: the second waits and finds the first
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 3))", [f"places {digest}"])
        same = RegisterImport.objects.exclude(file="").filter(sha256=digest, kind=kind, uploaded_by=by)
        if (row := same.select_for_update(of=("self",)).first()) is not None:
            return row if row.is_open else start(row, by=by)
        kept.seek(0)
        row = RegisterImport.objects.create(
            file=File(kept, name="import"),
            name=line(name)[-200:] or source,
            content_type="application/octet-stream",
            size=size,
            sha256=digest,
            uploaded_by=by,
            kind=kind,
            source=source,
        )
    record(verb="import_brought", about=row, by=by, label=source)
    _queue(row)
    return row


@transaction.atomic
def start(row: RegisterImport, *, for_good: bool = False, by: User) -> RegisterImport:
    """Let the worker take the kept file: as a dry run, or for good. WRONG_STATE while a run is on its way, or once the
    file is gone."""
    if row.is_open:
        message = _("This import is on its way already. Wait, or stop it first.")
        raise DomainError(ErrorCode.WRONG_STATE, message)
    if not row.file:
        message = _("The uploaded file is no longer here. Upload it again; nothing comes twice.")
        raise DomainError(ErrorCode.WRONG_STATE, message)
    row.is_dry_run = not for_good
    row.ended_at, row.fault, row.is_written = None, "", False
    row.counts, row.examples, row.reasons, row.remarks, row.refused = {}, {}, [], [], 0
    if for_good:
        record(verb="places_imported", about=row, by=by, label=row.source)
    _queue(row)
    return row


def _queue(row: RegisterImport) -> None:
    row.run, row.status = row.run + 1, RegisterImport.Status.WAITING
    row.rows_read = row.rows_written = 0
    row.rows_total = row.started_at = None
    row.seen_at = timezone.now()
    row.save()
    app.configure_task("places.import_register").defer(key=str(row.key), run=row.run)


@transaction.atomic
def stop(row: RegisterImport, *, by: User) -> RegisterImport:
    """End a run that waits or works: from this moment on it can write nothing. WRONG_STATE after its end."""
    if not row.is_open:
        message = _("This import has ended already; there is nothing to stop.")
        raise DomainError(ErrorCode.WRONG_STATE, message)
    row.status, row.ended_at = RegisterImport.Status.STOPPED, timezone.now()
    row.save(update_fields=["status", "ended_at"])
    record(verb="import_stopped", about=row, by=by, label=row.source)
    return row
