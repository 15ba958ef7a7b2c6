"""Job of an import: it reports progress, can be stopped, and writes all or nothing."""

from __future__ import annotations

import datetime as dt
import io
import threading
from collections import Counter
from functools import partial
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.models.functions import Coalesce
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from backend.complaints.file_import import FileImport
from backend.complaints.importing.report import Outcome, Report
from backend.complaints.importing.running import import_file
from backend.core.errors import DomainError, ErrorCode
from backend.core.operation.long_work import LONG_WORK
from backend.core.session import is_passing, system
from backend.core.table_reader.workbooks import row_count
from backend.documents import removal

TELL_SECONDS = 1.0
MOST_RUNS = 3
REMARKS = 200
FILE_KEPT = dt.timedelta(days=1)
REPORT_KEPT = dt.timedelta(days=30)


class StopError(Exception):
    """This run was stopped, or replaced by another one."""


@app.task(name="complaints.import_kept_file", queue="imports", lock=LONG_WORK)
def import_kept_file(key: str, run: int) -> None:
    """Import one stored file, one at a time in the installation. The rows and the final status are one
    transaction, which checks again whether this run is still wanted."""
    with translation.override(settings.LANGUAGE_CODE):
        row = _taken(key, run)
        if row is None:
            return
        try:
            _work(row)
        except StopError:
            return
        except DomainError as error:
            _fail(row, str(error), keep=error.code == ErrorCode.CONFLICT)
        except FileNotFoundError:
            _fail(row, _("The uploaded file is no longer here. Upload it again; nothing comes twice."))
        except Exception as error:
            if not is_passing(error):  # then the job comes again
                _fail(row, _fault_of_ours(), keep=True)
            raise


def _fault_of_ours() -> str:
    return _("The import failed by a fault of ours; nothing was written. Run it again, or tell Bilgi İşlem.")


def _taken(key: str, run: int) -> FileImport | None:
    """The row, if it is still wanted. The run of a worker that died gets a new number: should that one live after all,
    it finds itself replaced. After `MOST_RUNS` of one job it has failed: the file itself may be what kills workers."""
    with system():
        row = FileImport.objects.select_for_update(of=("self",)).filter(key=key).first()
        if row is None or not row.is_open:
            return None
        if row.status == FileImport.Status.RUNNING and row.run - run >= MOST_RUNS - 1:
            row.fault = _fault_of_ours()
            _end(row, FileImport.Status.FAILED, keep=True)
            return None
        row.run += row.status == FileImport.Status.RUNNING
        row.status, row.started_at, row.seen_at = FileImport.Status.RUNNING, timezone.now(), timezone.now()
        row.rows_read = row.rows_written = 0
        row.save(update_fields=["run", "status", "started_at", "seen_at", "rows_read", "rows_written"])
        return row


def _work(row: FileImport) -> None:
    watch = Watch(row)
    with row.file.open("rb") as kept, watch:
        opened = kept.file
        watch.total = row_count(opened)
        with system():
            report = import_file(
                opened,
                source=row.source,
                mapping=row.mapping,
                by=row.uploaded_by,
                dry_run=row.is_dry_run,
                skip_invalid=row.skips_refused,
                progress=watch.hear,
            )
            watch.end()
            _finish(row, report)


class Watch:
    """Progress reporter: updates the row every second on a connection of its own, since the work's transaction is
    invisible until its end. If the row no longer wants this run, the work stops at its next step."""

    def __init__(self, row: FileImport) -> None:
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
                    if not _told(self.row, self.total, self.done):
                        self._stopped.set()
                except DatabaseError:
                    connection.close()  # the next second tries again
        finally:
            connection.close()


def _told(row: FileImport, total: int | None, done: Counter[str]) -> int:
    with system():
        return FileImport.objects.filter(pk=row.pk, run=row.run, status=FileImport.Status.RUNNING).update(
            rows_total=None if total is None else max(total, done["read"]),
            rows_read=done["read"],
            rows_written=done["write"],
            seen_at=timezone.now(),
        )


def _finish(row: FileImport, report: Report) -> None:
    """The end, in the transaction of the work itself; StopError if it is not wanted any more."""
    wanted = FileImport.objects.select_for_update(of=("self",)).filter(
        pk=row.pk, run=row.run, status=FileImport.Status.RUNNING
    )
    match = wanted.first()
    if match is None:
        raise StopError
    counts = report.counts
    match.added, match.refused = counts[Outcome.ADDED], counts[Outcome.REFUSED]
    match.already_there, match.is_written = counts[Outcome.ALREADY_THERE], report.written
    match.rows_total = match.rows_read = len(report.rows)
    match.rows_written = counts[Outcome.ADDED] if report.written else 0
    match.columns, match.unused = report.columns, report.unused
    result = (report.refused + report.noted)[:REMARKS]
    match.remarks = [[one.row, str(one.outcome), one.messages] for one in result]
    with io.StringIO() as text:
        report.write_csv(text)
        match.report = text.getvalue()
    is_over = not match.is_dry_run and (report.written or not report.refused)
    _end(match, FileImport.Status.DONE, keep=not is_over)


def _fail(row: FileImport, fault: str, *, keep: bool = False) -> None:
    with system():
        mine = FileImport.objects.select_for_update(of=("self",)).filter(
            pk=row.pk, run=row.run, status=FileImport.Status.RUNNING
        )
        if (match := mine.first()) is not None:
            match.fault = fault
            _end(match, FileImport.Status.FAILED, keep=keep)


def _end(row: FileImport, status: FileImport.Status, *, keep: bool) -> None:
    row.status, row.ended_at = status, timezone.now()
    if not keep:
        _delete_file(row)
    row.save()


def _delete_file(row: FileImport) -> None:
    """The file goes once the row has let go of it for good; if we die in between, it belongs to no row any more and
    goes in the night (`documents.jobs`)."""
    storage, name = row.file.storage, row.file.name
    row.file = ""
    if name:
        transaction.on_commit(partial(removal.remove, storage, name))


@app.periodic(cron="50 0 * * *")
@app.task(name="complaints.clear_imports", queue="upkeep", queueing_lock="complaints.clear_imports")
def clear_imports(timestamp: int = 0) -> int:
    """Uploaded files hold personal data: a day after their last run they go; remarks and report after thirty days.
    A run whose worker died a day ago has failed. Returns how many files went."""
    now = timezone.now()
    with system(), translation.override(settings.LANGUAGE_CODE):
        kept = FileImport.objects.exclude(file="").select_for_update(of=("self",))
        last = Coalesce("ended_at", "seen_at", "uploaded_at")
        old = list(kept.alias(last=last).filter(last__lt=now - FILE_KEPT))
        for row in old:
            if row.is_open:
                row.fault = _(
                    "No worker finished it within a day; nothing was written. Upload the file again."
                )
                _end(row, FileImport.Status.FAILED, keep=False)
            else:
                _delete_file(row)
                row.save(update_fields=["file"])
        FileImport.objects.filter(ended_at__lt=now - REPORT_KEPT).update(remarks=[], report="")
    return len(old)
