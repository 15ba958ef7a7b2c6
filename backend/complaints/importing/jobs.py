"""Job of an import: it reports progress, can be stopped, and writes all or nothing."""

from __future__ import annotations

import datetime as dt
import io

from django.conf import settings
from django.db.models.functions import Coalesce
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from backend.complaints.file_import import FileImport
from backend.complaints.importing.report import Outcome, Report
from backend.complaints.importing.running import import_file
from backend.core.errors import DomainError, ErrorCode
from backend.core.operation.long_work import LONG_WORK, StopError
from backend.core.session import is_passing, system
from backend.core.table_reader.workbooks import row_count
from backend.documents.importing.runs import (
    Watch,
    delete_file,
    end,
    fail,
    fault_of_ours,
    taken,
)

REMARKS = 200
FILE_KEPT = dt.timedelta(days=1)
REPORT_KEPT = dt.timedelta(days=30)


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
            fail(row, str(error), keep=error.code == ErrorCode.CONFLICT)
        except FileNotFoundError:
            fail(row, _("The uploaded file is no longer here. Upload it again; nothing comes twice."))
        except Exception as error:
            if not is_passing(error):  # then the job comes again
                fail(row, fault_of_ours(), keep=True)
            raise


def _taken(key: str, run: int) -> FileImport | None:
    return taken(FileImport, key, run)


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


def _finish(row: FileImport, report: Report) -> None:
    """The end, in the transaction of the work itself; StopError if it is not wanted any more."""
    match = row.wanted()
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
    end(match, FileImport.Status.DONE, keep=not is_over)


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
                end(row, FileImport.Status.FAILED, keep=False)
            else:
                delete_file(row)
                row.save(update_fields=["file"])
        FileImport.objects.filter(ended_at__lt=now - REPORT_KEPT).update(remarks=[], report="")
    return len(old)
