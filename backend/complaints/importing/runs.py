"""Actions on an import: bring the file, start a run, stop it. The worker runs it (`jobs`)."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from itertools import islice
from typing import IO

from django.core.files.base import File
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from backend.complaints.file_import import FileImport
from backend.complaints.importing.columns import HEADER_ROWS, filled, find_layout, known_headers
from backend.complaints.importing.running import checked_source
from backend.core.errors import DomainError, ErrorCode
from backend.core.table_reader.tables import TableError
from backend.core.table_reader.workbooks import table_rows
from backend.core.words.text import clean
from backend.documents.importing.runs import copied
from backend.journal.actions import record
from backend.organization.models import User


@transaction.atomic
def bring(
    file: IO[bytes], *, name: str, source: str, mapping: Mapping[str, str] | None = None, by: User
) -> FileImport:
    """Keep an uploaded file and let the worker look at it in a dry run. The same file again, while it is kept, is
    the same import. TOO_LARGE over IMPORT_MAX_BYTES; INVALID or UNSUPPORTED if it is no table of applications."""
    source = checked_source(source)
    with tempfile.SpooledTemporaryFile(max_size=1 << 20) as kept:
        digest, size = copied(file, kept)
        _check_table(kept, source, mapping)
        same = _same(digest, source, mapping, by)
        if same is not None:
            return (
                same if same.is_open or same.status == FileImport.Status.DONE else start_import(same, by=by)
            )
        kept.seek(0)
        result = FileImport.objects.create(
            file=File(kept, name="import"),
            name=clean(name)[-200:] or source,
            content_type="application/octet-stream",
            size=size,
            sha256=digest,
            uploaded_by=by,
            source=source,
            mapping=dict(mapping or {}),
        )
    record(verb="import_brought", about=result, by=by, label=source)
    _queue(result)
    return result


def _check_table(kept: IO[bytes], source: str, mapping: Mapping[str, str] | None) -> None:
    """Refuse at once what the worker could only refuse later: no table, or no columns that are known."""
    first = list(islice(filled(table_rows(kept)), HEADER_ROWS))  # type: ignore[arg-type]
    if not first:
        raise TableError(_("The file is empty. Export it again and choose that file."))
    find_layout(first, known_headers(source, mapping))


def _same(digest: str, source: str, mapping: Mapping[str, str] | None, by: User) -> FileImport | None:
    with connection.cursor() as cursor:  # two presses at once: the second waits and finds the first
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 3))", [f"import {by.pk} {digest}"])
    kept = FileImport.objects.exclude(file="").filter(uploaded_by=by, sha256=digest, source=source)
    return kept.filter(mapping=dict(mapping or {})).select_for_update(of=("self",)).first()


@transaction.atomic
def start_import(
    row: FileImport, *, for_good: bool = False, skip_refused: bool = False, by: User
) -> FileImport:
    """Let the worker take the kept file: as a dry run, or for good. WRONG_STATE while a run is on its way, or once
    the file was imported or deleted: then it is uploaded again."""
    if row.is_open:
        raise DomainError(
            ErrorCode.WRONG_STATE, _("This import is on its way already. Wait, or stop it first.")
        )
    if not row.file:
        raise DomainError(
            ErrorCode.WRONG_STATE,
            _("The uploaded file is no longer here. Upload it again; nothing comes twice."),
        )
    row.is_dry_run, row.skips_refused = not for_good, skip_refused
    row.ended_at, row.fault, row.remarks, row.report = None, "", [], ""
    row.added = row.already_there = row.refused = 0
    _queue(row)
    return row


def _queue(row: FileImport) -> None:
    from backend.complaints.importing.jobs import import_kept_file

    row.run, row.status = row.run + 1, FileImport.Status.WAITING
    row.rows_read = row.rows_written = 0
    row.rows_total = row.started_at = None
    row.seen_at = timezone.now()
    row.save()
    import_kept_file.defer(key=str(row.key), run=row.run)


@transaction.atomic
def stop_import(row: FileImport, *, by: User) -> FileImport:
    """End a run that waits or works: from this moment on it can write nothing. WRONG_STATE after its end."""
    if not row.is_open:
        raise DomainError(
            ErrorCode.WRONG_STATE, _("This import has ended already; there is nothing to stop.")
        )
    row.status, row.ended_at = FileImport.Status.STOPPED, timezone.now()
    row.save(update_fields=["status", "ended_at"])
    record(verb="import_stopped", about=row, by=by, label=row.source)
    return row
