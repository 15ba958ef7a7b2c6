"""The worker goes on: after a restart of the database, after kill -9 in each kind of job, after one job's fault."""

from __future__ import annotations

import asyncio
import datetime as dt
import inspect
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from asgiref.sync import sync_to_async
from django.apps import apps
from django.db import InterfaceError, OperationalError, connection, connections, transaction
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException
from procrastinate.manager import JobManager

from backend.core.operation import job_worker
from backend.core.operation.job_metrics import GIVEN_UP
from backend.core.session import is_passing, system
from backend.monitoring.measuring import measure
from backend.monitoring.status import StatusLine, status_lines
from backend.outbox import actions as outbox
from backend.outbox.jobs import TAKE_UP_AFTER, take_up
from backend.outbox.models import Message
from tests.cast import make_cast
from tests.databases import ROOT, CommittedDatabase
from tests.own_server import own_server

pytestmark = pytest.mark.waits

SECONDS = 120
"""So long is waited for at most; nothing is measured here."""
ARGUMENTS = {
    "key": str(uuid.uuid4()),
    "mailbox_id": 0,
    "inbound_id": 0,
    "message_id": str(uuid.uuid4()),
    "name": f"complaints/attachment/{uuid.uuid4()}",
    "notice": 0,
    "run": 1,
    "timestamp": 0,
}
"""Rows that are not there: what counts is that the job is done to its end."""
WITHOUT_ROWS = {"remove_old_jobs", "documents.delete_stored"}
"""Kinds that ask no row of ours."""


def until(reached: Callable[[], Any]) -> Any:
    deadline = time.monotonic() + SECONDS
    while not (result := reached()):
        assert time.monotonic() < deadline, "it did not come"
        time.sleep(0.2)
    return result


@contextmanager
def worker(environment: dict[str, str], *options: str) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "manage.py", "worker", *options]
    with subprocess.Popen(command, cwd=ROOT, env=environment) as process:
        try:
            yield process
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
                try:
                    process.wait(60)
                finally:
                    process.kill()  # else a test that has failed waits for it for good


def statuses(url: str, condition: str = "true") -> dict[int, str]:
    with psycopg.connect(url) as asked:
        return dict(
            asked.execute(f"SELECT id, status::text FROM procrastinate_jobs WHERE {condition}").fetchall()
        )


def insert(
    status: str = "todo", queueing_lock: str | None = None, lock: str | None = None, **more: Any
) -> int:
    given = {
        "queue_name": "x",
        "task_name": "x",
        "status": status,
        "queueing_lock": queueing_lock,
        "lock": lock,
    }
    given |= more
    with connection.cursor() as cursor:
        names, places = ", ".join(given), ", ".join(["%s"] * len(given))
        cursor.execute(
            f"INSERT INTO procrastinate_jobs ({names}) VALUES ({places}) RETURNING id", list(given.values())
        )
        return int(cursor.fetchone()[0])


def rescued(besides: int | None = None) -> None:
    async def run() -> None:
        async with job_worker._opened() as queue:
            await job_worker.rescue(queue, besides=besides)

    asyncio.run(run())


def test_a_dead_worker_s_job_gives_way_to_the_one_that_waits_and_hides_no_other(
    committed_db: CommittedDatabase,
) -> None:
    dead = insert("doing", queueing_lock="webhooks.carry", lock="webhooks.carry")
    waits = insert("todo", queueing_lock="webhooks.carry", lock="webhooks.carry")
    other = insert("doing", queueing_lock="alone")
    poison = insert("doing", attempts=job_worker.MOST_ATTEMPTS)
    rescued()
    assert statuses(committed_db.url()) == {dead: "aborted", waits: "todo", other: "todo", poison: "failed"}


def test_a_living_worker_s_job_is_left_and_a_silent_one_s_is_not(committed_db: CommittedDatabase) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now()), (now() - interval '16 seconds'),"
            " (now() - interval '1 hour') RETURNING id"
        )
        lives, silent, own = (number for (number,) in cursor.fetchall())
    left, taken = insert("doing", worker_id=lives), insert("doing", worker_id=silent)
    held = insert("doing", worker_id=own)
    rescued(besides=own)
    assert statuses(committed_db.url()) == {left: "doing", taken: "todo", held: "doing"}


def test_each_task_is_done_again_when_the_database_was_away_and_only_then() -> None:
    app.perform_import_paths()
    for task in app.tasks.values():
        strategy = job_worker.AfterOutage.of(task)
        job = task.configure().job.evolve(attempts=job_worker.MOST_OUTAGES - 1)
        again = strategy.get_retry_decision(exception=OperationalError("the connection is closed"), job=job)
        assert again is not None
        assert again.retry_at is not None
        assert strategy.get_retry_decision(exception=ValueError(), job=job) is None


def test_a_job_that_no_database_takes_is_given_up_after_three_days_and_operators_see_it(
    committed_db: CommittedDatabase, caplog: pytest.LogCaptureFixture
) -> None:
    away = OperationalError("the connection is closed")
    strategy = job_worker.AfterOutage(None)
    task = app.tasks["submissions.erase"]
    pauses, job = dt.timedelta(0), task.configure().job.evolve(id=7)
    before = GIVEN_UP.labels(task=task.name)._value.get()
    while again := strategy.get_retry_decision(exception=away, job=job):
        assert again.retry_at
        pauses += again.retry_at - timezone.now()
        job = job.evolve(attempts=job.attempts + 1)
    assert dt.timedelta(days=3) < pauses < dt.timedelta(days=4)
    assert GIVEN_UP.labels(task=task.name)._value.get() == before + 1
    written: Any = caplog.records[-1].msg
    assert (written["event"], written["job"], written["task"]) == ("job_given_up", 7, task.name)
    number = insert("failed", task_name=task.name)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_events (job_id, type, at) VALUES (%s, 'failed', now())", [number]
        )
    (line,) = (one for one in status_lines(measure()) if one.check == "jobs")
    assert line.state == "ATTENTION"
    assert task.name in line.sentence


def test_a_new_installation_has_the_weeks_of_the_change_feed_as_soon_as_its_worker_begins(
    committed_db: CommittedDatabase,
) -> None:
    """The clock would make them within the hour, and the status page would ask for attention until then."""

    def line() -> StatusLine:
        return next(one for one in status_lines(measure()) if one.check == "change_feed")

    async def begin(done: int) -> None:
        ending = asyncio.Event()
        asyncio.get_running_loop().call_later(SECONDS, ending.set)
        serving = asyncio.create_task(job_worker._round(ending, set(), {"queues": ["upkeep"]}))
        while not ending.is_set() and not serving.done():
            if list(statuses(committed_db.url(), f"task_name = '{name}'").values()) == ["succeeded"] * done:
                ending.set()
            await asyncio.sleep(0.05)
        await serving

    name = "journal.delete_change_events"
    assert line().state == "ATTENTION"
    asyncio.run(begin(1))
    assert line().state == "GOOD"
    insert(task_name=name, queueing_lock=name, queue_name="upkeep", args="{}")
    asyncio.run(begin(2))  # the one that waits does it


def test_a_mistake_with_a_cursor_is_no_outage(committed_db: CommittedDatabase) -> None:
    """InterfaceError says how we use a connection; one that came of a lost connection passes."""
    cursor = connection.cursor()
    cursor.close()
    with pytest.raises(InterfaceError) as mistake:
        cursor.execute("SELECT 1")
    assert not is_passing(mistake.value)
    try:
        raise OperationalError("the connection is lost")
    except OperationalError:
        with pytest.raises(InterfaceError) as consequence:
            cursor.execute("SELECT 1")
    assert is_passing(consequence.value)


def test_a_message_whose_job_was_lost_is_given_another(committed_db: CommittedDatabase) -> None:
    with system():
        told = {
            "channel": "EMAIL",
            "address": "a@example.org",
            "subject": "x",
            "body": "x",
            "purpose": "test",
        }
        lost, kept = outbox.post(**told), outbox.post(**told)
        Message.objects.update(created_at=lost.created_at - 2 * TAKE_UP_AFTER)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_jobs SET status = 'failed' WHERE args->>'message_id' = %s", [str(lost.pk)]
        )
    take_up()
    take_up()
    waiting = ProcrastinateJob.objects.filter(status="todo").values_list("args__message_id", flat=True)
    assert sorted(waiting) == sorted([str(lost.pk), str(kept.pk)])


def test_what_a_job_defers_is_part_of_its_transaction(committed_db: CommittedDatabase) -> None:
    """A job that another one may take before the row is there would find nothing to do."""

    async def run() -> None:
        async with job_worker._opened():
            await asyncio.to_thread(posted_and_taken_back)

    asyncio.run(run())
    assert statuses(committed_db.url()) == {}


def posted_and_taken_back() -> None:
    with transaction.atomic(), system():
        outbox.post(channel="EMAIL", address="a@example.org", subject="x", body="x", purpose="test")
        transaction.set_rollback(True)
    connection.close()


def test_what_comes_by_its_time_is_deferred_on_a_connection_that_lives(
    committed_db: CommittedDatabase,
) -> None:
    """After a failover the one that deferred before is broken; whether nobody noticed is what a plain manager shows."""
    task = app.tasks["programme.release_holds"]

    async def defer(manager: JobManager, minute: int) -> int | None:
        job = task.configure(task_kwargs={"timestamp": minute}, queueing_lock=str(minute)).job
        return await manager.defer_periodic_job(job=job, periodic_id="", defer_timestamp=minute)

    async def run() -> None:
        schedule = job_worker.Schedule(app.connector)
        assert await defer(schedule, 60)
        end_connections(committed_db)
        assert await defer(schedule, 120)
        end_connections(committed_db)
        with pytest.raises(ConnectorException):
            await defer(JobManager(app.connector), 180)
        await sync_to_async(connections.close_all)()

    asyncio.run(run())


def end_connections(database: CommittedDatabase) -> None:
    """End all others of the product to this database, and wait until they are."""
    mine = "usename = 'ozelkalem_app' AND datname = current_database() AND pid <> pg_backend_pid()"
    with psycopg.connect(database.url(), autocommit=True) as asked:
        asked.execute(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {mine}")
        until(lambda: asked.execute(f"SELECT count(*) FROM pg_stat_activity WHERE {mine}").fetchone() == (0,))


def test_the_units_begin_again_however_they_ended_and_for_as_long_as_it_takes() -> None:
    texts = [unit.read_text(encoding="utf-8") for unit in sorted((ROOT / "deploy").glob("*.service"))]
    units = [text.splitlines() for text in texts if "Type=oneshot" not in text]  # a timer begins those
    assert len(units) >= 3
    for lines in units:
        assert "Restart=always" in lines
        assert "StartLimitIntervalSec=0" in lines


@pytest.mark.full
def test_the_worker_survives_a_restart_of_the_database(committed_db: CommittedDatabase) -> None:
    make_cast()
    with own_server(committed_db) as server, worker(server.environment) as process:
        until(lambda: "succeeded" in statuses(server.url(), "task_name = 'programme.release_holds'").values())
        for away in (server.restart, server.kill):
            away()
            server.start()
            with psycopg.connect(server.url("admin"), autocommit=True) as asked:
                (number,) = asked.execute(
                    "INSERT INTO procrastinate_jobs (queue_name, task_name, args)"
                    " VALUES ('clock', 'programme.release_holds', '{\"timestamp\": 0}') RETURNING id"
                ).fetchone()
            until(lambda number=number: statuses(server.url(), f"id = {number}")[number] == "succeeded")
            until(lambda: not statuses(server.url(), "status = 'doing'"))
        assert process.poll() is None
    assert process.returncode == 0


@pytest.mark.full
def test_what_a_killed_worker_had_in_hand_is_done_by_the_next_whatever_kind_it_is(
    committed_db: CommittedDatabase,
) -> None:
    """All kinds at once: each stands still at its first look at a row when its worker is killed."""
    app.perform_import_paths()
    names = [name for name in app.tasks if "builtin" not in name and "procrastinate" not in name]
    assert len(names) > 30
    jobs = {deferred(name): name for name in names}
    with psycopg.connect(committed_db.url("owner")) as other:
        other.execute(f"LOCK TABLE {', '.join(tables())} IN ACCESS EXCLUSIVE MODE")
        with worker(committed_db.environment, "--concurrency", str(len(jobs) + 5)) as first:
            stands = [number for number, name in jobs.items() if name not in WITHOUT_ROWS]
            until(lambda: doing(committed_db.url(), stands) == len(stands))
            successors = [again(name) for name in names]  # what the clock does meanwhile
            first.kill()
            first.wait()
        other.rollback()
    assert any(successors)
    with worker(committed_db.environment):
        until(lambda: not statuses(committed_db.url(), "status IN ('todo', 'doing')"))
    ended = statuses(committed_db.url())
    assert {
        name: ended[number] for number, name in jobs.items() if ended[number] not in {"succeeded", "aborted"}
    } == {}
    for number, name in jobs.items():
        if ended[number] == "aborted":  # its work was the successor's
            theirs = statuses(committed_db.url(), f"task_name = '{name}' AND id > {number}")
            assert "succeeded" in theirs.values(), name


def doing(url: str, numbers: list[int]) -> int:
    return list(statuses(url, f"id IN ({', '.join(map(str, numbers))})").values()).count("doing")


def arguments(name: str) -> dict[str, Any]:
    wanted = inspect.signature(app.tasks[name].func).parameters
    return {argument: value for argument, value in ARGUMENTS.items() if argument in wanted}


def deferred(name: str) -> int:
    """Under a lock of its own where there is one, or of all long work one would stand and the others wait."""
    task = app.tasks[name]
    return int(task.configure(lock=task.lock and name).defer(**arguments(name)))


def again(name: str) -> int | None:
    if app.tasks[name].queueing_lock is None:
        return None
    try:
        return deferred(name)
    except AlreadyEnqueued:
        return None


def tables() -> list[str]:
    models = [model for model in apps.get_models() if model._meta.managed and not model._meta.proxy]
    names = {model._meta.db_table for model in models if model._meta.app_label != "procrastinate"}
    known = connection.introspection.table_names()
    return sorted(f'"{name}"' for name in names & set(known) if name != "django_migrations")
