"""A large export on its way through the worker: as its person, stopped, killed in the middle, forgotten in time."""

from __future__ import annotations

import csv
import datetime as dt
import io
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import IntegrityError, connection, connections, transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from backend.complaints.models import Complaint
from backend.core.errors import DomainError
from backend.core.operation import long_work
from backend.core.operation.long_work import MOST_RUNS
from backend.core.session import elevated, system
from backend.exports import jobs, making
from backend.exports.models import Export
from backend.journal.models import AuditLog
from backend.organization.models import User
from permissions.core import grants, scope
from permissions.exports import access as exports
from permissions.models import DepartmentGrant
from tests import kept_files
from tests.cast import Cast, make_cast
from tests.databases import ROOT, CommittedDatabase
from tests.factories import make_complaint

CASES = "complaints_complaint"


@pytest.fixture
def house(committed_db: CommittedDatabase, monkeypatch: pytest.MonkeyPatch) -> Cast:
    monkeypatch.setattr(exports, "AT_ONCE", 2)
    return make_cast()


def begin(person: User, format: str = "CSV", list_name: str = CASES, **asked: str) -> Export:
    with scope.session(person):
        return exports.start(
            list_name=list_name, format=format, asked={"tab": "all"} | asked if list_name == CASES else asked
        )


def now(row: Export) -> Export:
    with system():
        return Export.objects.get(pk=row.pk)


def rows_of(row: Export) -> list[list[str]]:
    with now(row).file.open("rb") as file:
        return list(csv.reader(io.StringIO(file.read().decode("utf-8-sig"), newline=""), delimiter=";"))


def work() -> None:
    """What `manage.py worker` does, until nothing is left to do."""
    worker = app.connector.get_worker_connector()  # type: ignore[attr-defined]
    with app.replace_connector(worker) as running_app:
        running_app.run_worker(
            queues=["exports"], wait=False, install_signal_handlers=False, listen_notify=False
        )
    connections.close_all()


def test_the_worker_makes_it_and_the_journal_tells(house: Cast) -> None:
    for number in range(5):
        make_complaint(f"Lamba {number}", to=house.fen)
    row = begin(house.secretary, q="lamba", sort="-0")
    assert (row.status, row.asked) == (Export.Status.WAITING, {"tab": "all", "q": "lamba", "sort": "-0"})
    with system(), connection.cursor() as cursor:
        cursor.execute("SELECT args::text FROM procrastinate_jobs WHERE queue_name = 'exports'")
        assert cursor.fetchall() == [(f'{{"key": "{row.key}"}}',)]
    work()
    done = now(row)
    assert (done.status, done.rows_total, done.rows_written, done.asked) == (Export.Status.DONE, 5, 5, {})
    assert [cells[1] for cells in rows_of(row)[1:]] == [f"Lamba {number}" for number in range(4, -1, -1)]
    with system():
        line = AuditLog.objects.get(verb="list_exported")
    assert (line.actor_id, line.note) == (house.secretary.pk, "5 satır")


def test_what_its_person_may_no_longer_see_is_not_in_it(house: Cast) -> None:
    for number in range(4):
        make_complaint(f"Lamba {number}", to=house.fen)
    row = begin(house.fen_clerk)
    with system():
        from backend.complaints import actions

        actions.route(Complaint.objects.order_by("pk").first(), to=house.park, by=house.secretary)
    work()
    assert sorted(cells[1] for cells in rows_of(row)[1:]) == ["Lamba 1", "Lamba 2", "Lamba 3"]


def test_a_right_that_ends_between_two_slices_ends_the_rows(house: Cast, monkeypatch: Any) -> None:
    monkeypatch.setattr(making, "SLICE", 2)
    for number in range(6):
        make_complaint(f"Lamba {number}", to=house.fen)
    row = begin(house.fen_clerk)
    opened, told = jobs._opened, []

    def counted(export: Export) -> Any:
        told.append(export)
        if len(told) == 3:  # the keys and one slice were read
            with system():
                for grant in DepartmentGrant.objects.filter(user=house.fen_clerk):
                    grants.take(grant, by=house.administrator)
        return opened(export)

    monkeypatch.setattr(jobs, "_opened", counted)
    work()
    assert len(rows_of(row)) == 3


def test_a_closed_account_gets_nothing(house: Cast) -> None:
    for _number in range(3):
        make_complaint(to=house.fen)
    row = begin(house.fen_clerk)
    with system():
        User.objects.filter(pk=house.fen_clerk.pk).update(is_active=False)
    work()
    done = now(row)
    assert (done.status, done.file.name, done.asked) == (Export.Status.FAILED, "", {})
    assert "kapatıldı" in done.fault
    with system():
        assert not AuditLog.objects.filter(verb="list_exported").exists()


def test_a_list_that_may_no_longer_be_opened_gives_nothing(house: Cast) -> None:
    row = begin(house.office_head, list_name="organization_user")
    assert row.status == Export.Status.WAITING
    with system():
        for grant in DepartmentGrant.objects.filter(user=house.office_head):
            grants.take(grant, by=house.administrator)
    work()
    assert now(row).status == Export.Status.FAILED
    assert "Böyle bir liste yok" in now(row).fault


def test_one_that_was_stopped_makes_no_file_and_one_is_on_its_way_at_a_time(house: Cast) -> None:
    for _number in range(3):
        make_complaint(to=house.fen)
    row = begin(house.secretary)
    assert begin(house.secretary).pk == row.pk
    with pytest.raises(DomainError, match="sürüyor"):
        begin(house.secretary, "XLSX")
    with pytest.raises(IntegrityError), transaction.atomic(), scope.session(house.secretary), elevated():
        Export.objects.create(user=house.secretary, list_name=CASES, title="x", format="CSV")
    assert begin(house.office_head).pk != row.pk
    with scope.session(house.secretary), scope.authorized("CHANGE", Export, row.key) as locked:
        from backend.exports import actions

        actions.stop(locked, by=house.secretary)
    work()
    assert (now(row).status, now(row).file.name) == (Export.Status.STOPPED, "")


def test_stopped_in_the_middle_it_writes_no_more(house: Cast, monkeypatch: Any) -> None:
    monkeypatch.setattr(making, "SLICE", 1)
    monkeypatch.setattr(long_work, "TELL_SECONDS", 0.0)
    monkeypatch.setattr("backend.documents.table_writer.TOLD_EVERY", 1)
    for _number in range(4):
        make_complaint(to=house.fen)
    row = begin(house.secretary)
    tell = jobs._report_progress
    seen = []

    def stopping(export: Export, total: int, count: int) -> None:
        seen.append(now(row).rows_written)
        if count == 2:
            with system():
                Export.objects.filter(pk=row.pk).update(
                    status=Export.Status.STOPPED, ended_at=timezone.now(), asked={}
                )
        tell(export, total, count)

    monkeypatch.setattr(jobs, "_report_progress", stopping)
    work()
    assert seen == [0, 0, 1]
    assert (now(row).status, now(row).file.name, now(row).rows_written) == (Export.Status.STOPPED, "", 1)


@pytest.mark.full
def test_a_worker_that_is_killed_loses_nothing(
    house: Cast, committed_db: CommittedDatabase, tmp_path: Path
) -> None:
    for number in range(4):
        make_complaint(f"Lamba {number}", to=house.fen)
    row = begin(house.secretary)
    worker = _slow_worker(committed_db, tmp_path)
    deadline = time.monotonic() + 60
    while now(row).status != Export.Status.RUNNING or not now(row).rows_written:
        assert time.monotonic() < deadline, (tmp_path / "worker.log").read_text()[-2000:]
        time.sleep(0.1)
    os.kill(worker.pid, signal.SIGKILL)
    worker.wait()
    assert now(row).status == Export.Status.RUNNING
    with connection.cursor() as cursor:  # what retry_stalled_jobs does within five minutes
        cursor.execute("UPDATE procrastinate_jobs SET status = 'todo' WHERE status = 'doing'")
    work()
    done = now(row)
    assert (done.status, done.rows_written, done.run) == (Export.Status.DONE, 4, 2)
    assert len(rows_of(row)) == 5


@pytest.mark.full
def test_one_that_kills_its_workers_fails_after_three_runs(house: Cast) -> None:
    for _number in range(3):
        make_complaint(to=house.fen)
    row = begin(house.secretary)
    for _run in range(MOST_RUNS):
        assert jobs._taken(str(row.key)) is not None
    assert jobs._taken(str(row.key)) is None
    done = now(row)
    assert (done.status, done.run, done.asked) == (Export.Status.FAILED, MOST_RUNS, {})
    assert "Listeden yeniden başlatınız" in done.fault


def test_long_work_of_every_kind_has_one_lock() -> None:
    """So that one of the worker's two places is always free for mail and holds."""
    from backend import jobs as all_jobs

    assert all_jobs
    long = {
        "complaints.import_kept_file",
        "exports.make_export",
        "places.import_register",
        "retention.forget",
        "greetings.send_batch",
        "retention.carry_out",
        "routing.try_rules",
        "triage.learn",
        "triage.train",
    }
    assert {name for name, task in app.tasks.items() if task.lock == long_work.LONG_WORK} == long
    assert app.worker_defaults["concurrency"] >= 2


_SLOW = """
import os, time, django
django.setup()
from django.conf import settings
settings.MEDIA_ROOT = os.environ["MEDIA"]
from backend.core.operation import long_work
from backend.exports import jobs, making
from backend.documents import table_writer
from procrastinate.contrib.django import app
making.SLICE, long_work.TELL_SECONDS, table_writer.TOLD_EVERY = 1, 0.0, 1
tell, told = jobs._report_progress, []
def slow(*args):
    tell(*args)
    told.append(args)
    if len(told) == 2:  # one row is written; now it is killed
        time.sleep(600)
jobs._report_progress = slow
with app.replace_connector(app.connector.get_worker_connector()) as running:
    running.run_worker(queues=["exports"], wait=False, listen_notify=False)
"""


def _slow_worker(committed_db: CommittedDatabase, folder: Path) -> subprocess.Popen[bytes]:
    log = (folder / "worker.log").open("wb")
    environment = os.environ | {
        "DATABASE_URL": committed_db.url(),
        "PYTHONPATH": str(ROOT),
        **kept_files.environment(),
    }
    return subprocess.Popen(
        [sys.executable, "-c", _SLOW], cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT
    )


def test_at_most_so_many_rows_with_a_sentence(house: Cast, monkeypatch: Any) -> None:
    monkeypatch.setattr(making, "MOST_ROWS", 3)
    for _number in range(4):
        make_complaint(to=house.fen)
    row = begin(house.secretary)
    work()
    assert now(row).status == Export.Status.FAILED
    assert now(row).fault == (
        "Bir dışa aktarım en çok 3 satır alır. Listeyi daraltınız, örneğin bir dönemle sınırlayınız."
    )


def test_a_fault_of_ours_is_told_and_nothing_half_is_kept(house: Cast, monkeypatch: Any) -> None:
    for _number in range(3):
        make_complaint(to=house.fen)
    row = begin(house.secretary)
    monkeypatch.setattr(making, "write", lambda *args, **kwargs: 1 / 0)
    work()
    assert now(row).status == Export.Status.FAILED
    assert "Listeden yeniden başlatınız" in now(row).fault
    assert "ZeroDivision" not in now(row).fault


def test_a_week_after_its_end_it_is_gone_with_its_file(house: Cast) -> None:
    make_complaint(to=house.fen)
    old, new = begin(house.secretary), begin(house.secretary)
    for _number in range(3):
        make_complaint(to=house.fen)
    stuck = begin(house.fen_clerk)
    week = timezone.now() - jobs.KEPT - dt.timedelta(hours=1)
    with system():
        Export.objects.filter(pk=old.pk).update(ended_at=week)
        Export.objects.filter(pk=stuck.pk).update(asked_at=week)
    name = old.file.name
    assert default_storage.exists(name)
    assert jobs.clear_exports() == 1
    assert not default_storage.exists(name)
    assert default_storage.exists(new.file.name)
    with system():
        assert not Export.objects.filter(pk=old.pk).exists()
    assert (now(stuck).status, now(stuck).asked) == (Export.Status.FAILED, {})
