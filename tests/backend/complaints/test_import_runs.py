"""An uploaded file on its way through the worker: how far it is, stopped, run again, killed in the middle."""

from __future__ import annotations

import datetime as dt
import io
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import connection, connections
from django.utils import timezone
from procrastinate.contrib.django import app

from backend.complaints import importing
from backend.complaints.file_import import FileImport
from backend.complaints.importing import jobs, writing
from backend.complaints.models import Complaint
from backend.core.errors import DomainError, ErrorCode
from backend.core.operation.long_work import MOST_RUNS
from backend.core.session import system
from backend.core.table_reader.workbooks import row_count
from backend.documents.importing import runs
from backend.journal.models import AuditLog
from backend.organization.models import User
from tests import kept_files
from tests.backend.complaints.test_import import workbook
from tests.databases import ROOT, CommittedDatabase
from tests.factories import make_user

HEADER = "Başvuru No;Konu;Açıklama;Tarih"


def table(count: int = 3, bad: int = 0) -> io.BytesIO:
    rows = [f"A-{n};Lamba {n};Yanmıyor;{'yarın' if n < bad else '01.10.2026'}" for n in range(count)]
    return io.BytesIO("\n".join([HEADER, *rows]).encode())


def brought(by: User, file: io.BytesIO | None = None, **options: Any) -> FileImport:
    with system():
        given = {"name": "çağrı.csv", "source": "cagri-merkezi", "by": by} | options
        return importing.bring(file or table(), **given)


def said(row: FileImport, verb: Any, **options: Any) -> FileImport:
    with system():
        locked = FileImport.objects.select_for_update(of=("self",)).get(pk=row.pk)
        return verb(locked, **options)


def work() -> None:
    """What `manage.py procrastinate worker` does, until nothing is left to do."""
    while _waiting():  # a worker that does not wait leaves behind what the lock held back
        worker = app.connector.get_worker_connector()  # type: ignore[attr-defined]
        with app.replace_connector(worker) as running_app:
            running_app.run_worker(
                queues=["imports"], wait=False, install_signal_handlers=False, listen_notify=False
            )
        connections.close_all()


def _waiting() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT FROM procrastinate_jobs WHERE status = 'todo' AND queue_name = 'imports'")
        return bool(cursor.rowcount)


def now(row: FileImport) -> FileImport:
    with system():
        return FileImport.objects.get(pk=row.pk)


def cases() -> int:
    with system():
        return Complaint.objects.count()


def test_a_file_is_looked_at_by_the_worker_and_then_imported_and_deleted(
    committed_db: CommittedDatabase,
) -> None:
    clerk = make_user("yazan", "Ada", "Yazan")
    row = brought(clerk)
    assert (row.status, row.is_dry_run) == (FileImport.Status.WAITING, True)
    work()
    looked = now(row)
    assert (looked.status, looked.added, looked.refused, looked.is_written) == (
        FileImport.Status.DONE,
        3,
        0,
        False,
    )
    assert (looked.rows_read, looked.rows_total, cases()) == (3, 3, 0)
    name = looked.file.name
    assert default_storage.exists(name)
    said(row, importing.start_import, for_good=True, by=clerk)
    work()
    done = now(row)
    assert (done.status, done.is_written, done.added, done.rows_written, cases()) == (
        FileImport.Status.DONE,
        True,
        3,
        3,
        3,
    )
    assert "2026/" in done.report
    with connection.cursor() as cursor:
        cursor.execute("SELECT status FROM procrastinate_jobs WHERE task_name = 'complaints.keep_figures'")
        assert cursor.fetchall() == [("todo",)], "reports are summed up at once, after the import alone"
    assert not done.file
    assert not default_storage.exists(name), "what was uploaded holds personal data"
    with system():
        verbs = list(AuditLog.objects.order_by("pk").values_list("verb", flat=True))
        assert verbs == ["import_brought", "complaints_imported"]
        assert set(Complaint.objects.values_list("registered_by", flat=True)) == {clerk.pk}


def test_the_same_file_again_while_it_is_kept_is_the_same_import(committed_db: CommittedDatabase) -> None:
    clerk = make_user("yazan", "Ada", "Yazan")
    row = brought(clerk)
    assert brought(clerk).pk == row.pk
    work()
    assert brought(clerk).pk == row.pk
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'complaints.import_kept_file'"
        )
        assert cursor.fetchone() == (1,), "a second press starts nothing"
    assert brought(make_user("baska", "Nil", "Başka")).pk != row.pk, "another's import is theirs"


def test_a_file_that_was_imported_adds_nothing_when_it_comes_again(committed_db: CommittedDatabase) -> None:
    clerk = make_user("yazan", "Ada", "Yazan")
    for _round in range(2):
        row = brought(clerk)
        work()
        said(row, importing.start_import, for_good=True, by=clerk)
        work()
    done = now(row)
    assert (done.status, done.added, done.already_there, done.is_written, cases()) == (
        FileImport.Status.DONE,
        0,
        3,
        False,
        3,
    )
    assert not done.file


def test_a_run_that_waits_or_works_is_not_started_twice(committed_db: CommittedDatabase) -> None:
    clerk = make_user("yazan", "Ada", "Yazan")
    row = brought(clerk)
    with pytest.raises(DomainError) as refused:
        said(row, importing.start_import, for_good=True, by=clerk)
    assert refused.value.code == ErrorCode.WRONG_STATE


def test_a_bad_row_keeps_the_file_out_until_it_is_left_out(committed_db: CommittedDatabase) -> None:
    clerk = make_user("yazan", "Ada", "Yazan")
    row = brought(clerk, table(4, bad=1))
    work()
    said(row, importing.start_import, for_good=True, by=clerk)
    work()
    kept = now(row)
    assert (kept.status, kept.is_written, kept.refused, cases()) == (FileImport.Status.DONE, False, 1, 0)
    (number, outcome, told) = kept.remarks[0]
    assert (number, outcome) == (2, "REFUSED")
    assert "Tarih: “yarın”" in told[0]
    said(row, importing.start_import, for_good=True, skip_refused=True, by=clerk)
    work()
    assert (now(row).is_written, cases()) == (True, 3)


def test_what_is_stopped_while_it_waits_is_not_begun_and_may_be_run_again(
    committed_db: CommittedDatabase,
) -> None:
    clerk = make_user("yazan", "Ada", "Yazan")
    row = brought(clerk)
    said(row, importing.stop_import, by=clerk)
    work()
    assert (now(row).status, now(row).rows_read) == (FileImport.Status.STOPPED, 0)
    said(row, importing.start_import, by=clerk)
    work()
    assert (now(row).status, now(row).added) == (FileImport.Status.DONE, 3)


def test_a_file_whose_worker_died_twice_is_taken_again_and_after_three_runs_it_has_failed(
    committed_db: CommittedDatabase,
) -> None:
    clerk = make_user("yazan", "Ada", "Yazan")
    row = brought(clerk)
    taken = [jobs._taken(str(row.key), row.run) for _run in range(MOST_RUNS)]
    assert [one.run - row.run for one in taken if one] == [0, 1, 2]
    assert jobs._taken(str(row.key), row.run) is None
    failed = now(row)
    assert (failed.status, bool(failed.file)) == (FileImport.Status.FAILED, True)
    assert "Bilgi İşlem" in failed.fault
    said(row, importing.start_import, by=clerk)
    work()
    assert now(row).status == FileImport.Status.DONE, "it may be run again"


def test_a_stop_in_the_middle_of_writing_leaves_nothing(
    committed_db: CommittedDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Others see how far it is while it writes; once stopped, not one row of it is there, and the run ends."""
    monkeypatch.setattr(runs, "TELL_SECONDS", 0.05)
    clerk = make_user("yazan", "Ada", "Yazan")
    row = brought(clerk)
    work()
    said(row, importing.start_import, for_good=True, by=clerk)
    write, seen = writing.write, list[FileImport]()

    def slow(cases_: Any, *, report: Any, **options: Any) -> Any:
        found = write(cases_, report=report, **options)
        for _round in range(400):
            time.sleep(0.02)
            report(0)
        return found

    monkeypatch.setattr(writing, "write", slow)
    worker = Thread(target=work)
    worker.start()
    while not seen or seen[-1].rows_written < 3:
        assert worker.is_alive(), "it failed before it wrote"
        seen.append(now(row))
        time.sleep(0.02)
    assert (seen[-1].status, seen[-1].rows_read, cases()) == (FileImport.Status.RUNNING, 3, 0)
    said(row, importing.stop_import, by=clerk)
    worker.join(timeout=5)
    assert not worker.is_alive(), "it did not wait for the end of the file"
    assert (now(row).status, cases()) == (FileImport.Status.STOPPED, 0)
    assert now(row).file, "it may be run again"


def test_a_stop_that_comes_with_the_last_row_still_leaves_nothing(
    committed_db: CommittedDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    clerk = make_user("yazan", "Ada", "Yazan")
    row = brought(clerk)
    work()
    said(row, importing.start_import, for_good=True, by=clerk)
    finish = jobs._finish

    def stop() -> None:
        said(row, importing.stop_import, by=clerk)
        connection.close()

    def late(found: FileImport, report: Any) -> None:
        stopper = Thread(target=stop)
        stopper.start()
        stopper.join()
        finish(found, report)

    monkeypatch.setattr(jobs, "_finish", late)
    work()
    assert (now(row).status, cases()) == (FileImport.Status.STOPPED, 0)


def test_a_fault_while_writing_leaves_nothing_and_says_what_to_do(
    committed_db: CommittedDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    clerk = make_user("yazan", "Ada", "Yazan")
    row = brought(clerk)
    work()
    said(row, importing.start_import, for_good=True, by=clerk)

    def fall(*args: Any, **options: Any) -> None:
        raise RuntimeError("Ayşe Yılmaz")

    with monkeypatch.context() as patched:
        patched.setattr(jobs, "_finish", fall)
        work()
    failed = now(row)
    assert (failed.status, cases()) == (FileImport.Status.FAILED, 0)
    assert "Yeniden çalıştırınız" in failed.fault
    assert "Ayşe" not in failed.fault
    said(row, importing.start_import, for_good=True, by=clerk)
    work()
    assert (now(row).status, cases()) == (FileImport.Status.DONE, 3)


WORKER = """
import django, os, time
django.setup()
from django.conf import settings
settings.MEDIA_ROOT = os.environ["MEDIA"]
from backend.complaints.importing import running
write = running.writing.write
def slow(cases, **options):
    found = write(cases, **options)
    print("written", flush=True)
    time.sleep(60)
    return found
running.writing.write = slow
from django.core.management import call_command
call_command("procrastinate", "worker", "--queues", "imports")
"""


def test_a_worker_killed_in_the_middle_leaves_nothing_shows_and_is_done_by_the_next(
    committed_db: CommittedDatabase,
) -> None:
    clerk = make_user("yazan", "Ada", "Yazan")
    row = brought(clerk)
    work()
    said(row, importing.start_import, for_good=True, by=clerk)
    environment = {
        **os.environ,
        "DATABASE_URL": committed_db.url(),
        "PYTHONPATH": str(ROOT),
        **kept_files.environment(),
    }
    worker = subprocess.Popen(
        [sys.executable, "-c", WORKER], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
    )
    try:
        assert worker.stdout
        assert "written" in worker.stdout.readline()
        assert now(row).status == FileImport.Status.RUNNING
    finally:
        worker.send_signal(signal.SIGKILL)
        worker.wait()
    assert cases() == 0
    with system():
        FileImport.objects.filter(pk=row.pk).update(seen_at=timezone.now() - dt.timedelta(minutes=1))
    assert now(row).is_silent
    with connection.cursor() as cursor:  # what retry_stalled_jobs does five minutes later
        cursor.execute("UPDATE procrastinate_jobs SET status = 'todo' WHERE status = 'doing'")
    work()
    assert (now(row).status, now(row).is_written, cases()) == (FileImport.Status.DONE, True, 3)


def test_a_file_that_is_no_table_is_refused_at_once_and_not_kept(db: None) -> None:
    clerk = make_user("yazan", "Ada", "Yazan")
    for content, code in (
        (b"%PDF-1.4\0", ErrorCode.UNSUPPORTED),
        (b"", ErrorCode.INVALID),
        (b"a;b\n1;2\n", ErrorCode.INVALID),
    ):
        with pytest.raises(DomainError) as refused:
            brought(clerk, io.BytesIO(content))
        assert (refused.value.code, refused.value.field) == (code, "file")
    with system():
        assert not FileImport.objects.exists()


def test_a_file_over_the_limit_is_refused(db: None, settings: Any) -> None:
    settings.IMPORT_MAX_BYTES = 50
    with pytest.raises(DomainError) as refused:
        brought(make_user("yazan", "Ada", "Yazan"), table(20))
    assert refused.value.code == ErrorCode.TOO_LARGE


def test_uploaded_files_go_after_a_day_and_reports_after_thirty(committed_db: CommittedDatabase) -> None:
    clerk = make_user("yazan", "Ada", "Yazan")
    old, young = brought(clerk, table(2)), brought(clerk, table(3))
    work()
    abandoned = brought(clerk, table(4))
    with system():
        long_ago = timezone.now() - dt.timedelta(days=31)
        FileImport.objects.filter(pk=old.pk).update(ended_at=long_ago)
        FileImport.objects.filter(pk=abandoned.pk).update(seen_at=long_ago)
    names = {row.pk: now(row).file.name for row in (old, young, abandoned)}
    assert jobs.clear_imports() == 2
    assert [default_storage.exists(names[row.pk]) for row in (old, young, abandoned)] == [False, True, False]
    assert (now(old).status, now(old).report, now(old).added) == (FileImport.Status.DONE, "", 2)
    assert now(young).report
    assert now(abandoned).status == FileImport.Status.FAILED
    with pytest.raises(DomainError) as refused:
        said(old, importing.start_import, for_good=True, by=clerk)
    assert refused.value.code == ErrorCode.WRONG_STATE


def test_the_rows_of_a_file_are_counted_before_they_are_read(tmp_path: Path) -> None:
    assert row_count(table(7)) == 7
    rows = [[f"A-{n}", "1.10.2026", "Lamba", "Yanmıyor"] for n in range(5)]
    assert row_count(workbook(*rows)) == 5
