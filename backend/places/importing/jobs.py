"""Job of an import into the register: it tells how far it is, can be stopped, and writes all or nothing."""

from __future__ import annotations

import datetime as dt
from collections import Counter

from django.conf import settings
from django.db.models.functions import Coalesce
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from backend.core.errors import DomainError
from backend.core.operation.long_work import LONG_WORK, StopError
from backend.core.operation.worker import defer_once
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
from backend.places.importing.addresses import import_addresses
from backend.places.importing.landmarks import import_landmarks, is_geojson
from backend.places.importing.outlines import import_outlines
from backend.places.importing.writing import Writer, counted
from backend.places.imports import RegisterImport

BRINGS = {
    RegisterImport.Kind.ADDRESSES: import_addresses,
    RegisterImport.Kind.LANDMARKS: import_landmarks,
    RegisterImport.Kind.BOUNDARIES: import_outlines,
}
REMARKS = 200
FILE_KEPT = dt.timedelta(days=1)
AGAIN = "complaints.locate_again"


@app.task(name="places.import_register", queue="imports", lock=LONG_WORK)
def import_register(key: str, run: int) -> None:
    """Bring one stored file in, or look what would change."""
    with translation.override(settings.LANGUAGE_CODE):
        row = taken(RegisterImport, key, run)
        if row is None:
            return
        try:
            _work(row)
        except StopError:
            return
        except DomainError as error:
            fail(row, str(error))
        except FileNotFoundError:
            fail(row, _("The uploaded file is no longer here. Upload it again; nothing comes twice."))
        except Exception as error:
            if not is_passing(error):  # then the job comes again
                fail(row, fault_of_ours(), keep=True)
            raise


def _work(row: RegisterImport) -> None:
    watch = Watch(row)
    bring = BRINGS[RegisterImport.Kind(row.kind)]
    with row.file.open("rb") as kept, watch:
        is_table = bring is not import_outlines and not is_geojson(kept.file)
        watch.total = row_count(kept.file) if is_table else None
        with system():
            writer = Writer(source=row.source, is_dry_run=row.is_dry_run)
            refused = bring(kept.file, writer, watch.hear)
            watch.end()
            _finish(row, writer, refused)


def _finish(row: RegisterImport, writer: Writer, refused: list[tuple[int, str]]) -> None:
    """The end, in the transaction of the work itself; StopError if it is not wanted any more."""
    found = row.wanted()
    found.counts, found.examples = dict(counted(writer.changes)), dict(writer.changes.examples)
    found.refused = len(refused)
    found.reasons = [
        list(each) for each in Counter(_sort(reason) for _row, reason in refused).most_common(20)
    ]
    found.remarks = [list(each) for each in refused[:REMARKS]]
    found.is_written = not found.is_dry_run
    end(found, RegisterImport.Status.DONE, keep=found.is_dry_run)
    if found.is_written and found.changed:
        defer_once(app.configure_task(AGAIN, queue="upkeep", queueing_lock=AGAIN))


def _sort(reason: str) -> str:
    """A reason without what it names, so that the same are counted together."""
    start, opening, rest = reason.partition("“")
    return f"{start}…{rest.partition('”')[2]}" if opening else reason


@app.periodic(cron="50 0 * * *")
@app.task(name="places.clear_imports", queue="upkeep", queueing_lock="places.clear_imports")
def clear_imports(timestamp: int = 0) -> int:
    """Delete files a day after their last run; a run whose worker died a day ago has failed. Returns how many went."""
    with system(), translation.override(settings.LANGUAGE_CODE):
        kept = RegisterImport.objects.exclude(file="").select_for_update(of=("self",))
        last = Coalesce("ended_at", "seen_at", "uploaded_at")
        old = list(kept.alias(last=last).filter(last__lt=timezone.now() - FILE_KEPT))
        for row in old:
            if row.is_open:
                row.fault = _(
                    "No worker finished it within a day; nothing was written. Upload the file again."
                )
                end(row, RegisterImport.Status.FAILED, keep=False)
            else:
                delete_file(row)
                row.save(update_fields=["file"])
    return len(old)
