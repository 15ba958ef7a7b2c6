"""Measures what stands: a constant number of statements, whatever waits."""

from __future__ import annotations

import datetime as dt
import shutil
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from croniter import croniter
from django.conf import settings
from django.core.files.storage import storages
from django.db import connection, transaction
from procrastinate.contrib.django import app

from backend.core.errors import FilesAwayError
from backend.core.operation.backup import last_backup, last_proven_restore
from backend.core.operation.long_work import LONG_WORK
from backend.core.session import system
from backend.file_storage import BUCKET, DISK

STREAM = "ozelkalem-stream"
"""What `manage.py stream` calls its connections (`application_name`)."""
_SERVER = r"""
SELECT current_setting('max_connections')::int,
       (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'),
       EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND application_name = %s),
       pg_database_size(current_database()), current_setting('server_version'),
       (SELECT extract(epoch FROM now() - max(last_heartbeat)) FROM procrastinate_workers),
       pg_is_in_recovery() OR current_setting('transaction_read_only')::boolean,
       (SELECT coalesce(last_failed_time > coalesce(last_archived_time, '-infinity'), false)
          FROM pg_stat_archiver WHERE current_setting('archive_mode') <> 'off'),
       (SELECT coalesce(max(CASE WHEN c.relname ~ '_\d{8}$' THEN to_date(right(c.relname, 8), 'YYYYMMDD') END)
                        + 7 - current_date, 0)
          FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
         WHERE i.inhparent = 'journal_changeevent'::regclass)
"""
_QUEUE = """
SELECT j.task_name, count(*) FILTER (WHERE j.status = 'todo'), count(*) FILTER (WHERE j.status = 'doing'),
       extract(epoch FROM now() - min(due.since)), extract(epoch FROM now() - min(due.since) FILTER (WHERE j.lock = %s))
  FROM procrastinate_jobs j
  LEFT JOIN LATERAL (
       SELECT coalesce(j.scheduled_at, min(e.at)) AS since FROM procrastinate_events e
        WHERE e.job_id = j.id AND e.type = 'deferred') due
       ON j.status = 'todo' AND (j.scheduled_at IS NULL OR j.scheduled_at <= now())
 WHERE j.status IN ('todo', 'doing') GROUP BY 1 ORDER BY 1
"""
_SCHEDULE = "SELECT task_name, max(defer_timestamp) FROM procrastinate_periodic_defers GROUP BY 1"
_OUTBOX = """
SELECT channel, count(*) FILTER (WHERE status = 'WAITING' AND coalesce(not_before, created_at) <= now()),
       extract(epoch FROM now() - min(coalesce(not_before, created_at)) FILTER (
               WHERE status = 'WAITING' AND coalesce(not_before, created_at) <= now())),
       count(*) FILTER (WHERE status = 'FAILED'), extract(epoch FROM now() - max(sent_at))
  FROM outbox_message
 WHERE status = 'WAITING' OR created_at > now() - interval '1 day' GROUP BY 1
"""
_WEBHOOKS = """
SELECT c.name, count(e.id) FILTER (WHERE e.off_because IN ('FAILING', 'GONE')),
       extract(epoch FROM now() - min(e.failing_since) FILTER (WHERE e.off_at IS NULL)),
       coalesce(sum(due.number) FILTER (WHERE e.off_at IS NULL), 0)::bigint,
       extract(epoch FROM now() - min(due.since) FILTER (WHERE e.off_at IS NULL))
  FROM portals_webhookendpoint e JOIN portals_client c ON c.id = e.client_id
  LEFT JOIN (SELECT endpoint_id, count(*) AS number, min(next_at) AS since FROM portals_webhookdelivery
              WHERE status = 'WAITING' AND next_at <= now() GROUP BY 1) due ON due.endpoint_id = e.id
 GROUP BY c.id ORDER BY c.name
"""
_IMPORTS = """
SELECT count(*) FILTER (WHERE status IN ('WAITING', 'RUNNING')),
       count(*) FILTER (WHERE status = 'FAILED' AND ended_at > now() - interval '1 day'),
       max(ended_at) FILTER (WHERE is_written)
  FROM complaints_fileimport
"""


@dataclass(frozen=True)
class Queue:
    """Jobs of a task. `due`: seconds since the oldest could have begun; `long`: the same of those that wait for one
    another (imports, exports …)."""

    task: str
    waiting: int
    running: int
    due: float | None
    long: float | None


@dataclass(frozen=True)
class Outbox:
    """Messages of a channel: how many wait, since when (seconds), how many failed in a day, when one was last sent."""

    waiting: int = 0
    oldest: float | None = None
    failed: int = 0
    sent: float | None = None


@dataclass(frozen=True)
class Webhooks:
    """Webhooks of a client. `failing`, `due`: seconds."""

    client: str
    off: int
    failing: float | None
    waiting: int
    due: float | None


@dataclass(frozen=True)
class Measured:
    """What stands. Ages are in seconds; None: never, or nothing waits."""

    connections_most: int
    connections: int
    stream_listens: bool
    database_bytes: int
    postgresql: str
    heartbeat: float | None
    is_read_only: bool
    queues: list[Queue]
    late_tasks: list[str]
    schedule: float | None
    outbox: dict[str, Outbox]
    webhooks: list[Webhooks]
    imports_open: int
    imports_failed: int
    imported_at: dt.datetime | None
    disk_free: int
    disk_bytes: int
    archive_fails: bool | None
    """Of the database's journal (WAL): whether its last hand-over failed; None: it is not archived here."""
    backup_at: dt.datetime | None
    restore_at: dt.datetime | None
    happenings_ahead: dt.timedelta
    """For so long there are partitions of the change feed; 0: what happens goes to the one for the rest."""

    def oldest_job(self) -> float | None:
        """Age of the oldest job that nothing but the worker keeps waiting."""
        return max(
            (each.due for each in self.queues if each.due is not None and each.long is None), default=None
        )


def measure() -> Measured:
    """Measure, in a transaction of the house. DatabaseError if the database does not answer."""
    with transaction.atomic():
        # Before the office's role is taken: it does not see what other connections do.
        [server] = _rows(_SERVER, STREAM)
        with system():
            queues = [Queue(*row) for row in _rows(_QUEUE, LONG_WORK)]
            last_runs = dict(_rows(_SCHEDULE))
            outbox = {channel: Outbox(*rest) for channel, *rest in _rows(_OUTBOX)}
            webhooks = [Webhooks(*row) for row in _rows(_WEBHOOKS)]
            [imports] = _rows(_IMPORTS)
    now = dt.datetime.now(dt.UTC)
    last = max(last_runs.values(), default=None)
    most, used, listens, size, version, heartbeat, is_read_only, archive_fails, weeks_end = server
    is_open, failed, imported_at = imports
    free, room = _disk()
    return Measured(
        connections_most=most,
        connections=used,
        stream_listens=listens,
        database_bytes=size,
        postgresql=version,
        heartbeat=heartbeat,
        is_read_only=is_read_only,
        queues=queues,
        late_tasks=_late(last_runs, now),
        schedule=None if last is None else max(now.timestamp() - last, 0),
        outbox=outbox,
        webhooks=webhooks,
        imports_open=is_open,
        imports_failed=failed,
        imported_at=imported_at,
        disk_free=free,
        disk_bytes=room,
        archive_fails=archive_fails,
        backup_at=last_backup(),
        restore_at=last_proven_restore(),
        happenings_ahead=dt.timedelta(days=weeks_end),
    )


_GIVEN_UP = """
SELECT task_name, count(*) FROM procrastinate_jobs j
 WHERE status = 'failed' AND EXISTS (
       SELECT FROM procrastinate_events e
        WHERE e.job_id = j.id AND e.type = 'failed' AND e.at > now() - interval '1 day')
 GROUP BY 1 ORDER BY 1
"""


def given_up() -> dict[str, int]:
    """Task -> its jobs that failed for good within a day. It reads all that was done in a month: for a page alone."""
    with system():
        return dict(_rows(_GIVEN_UP))


LATE = dt.timedelta(minutes=15)
"""After its time a scheduled job is late; the worker itself leaves out what is ten minutes late."""


def _late(last_runs: dict[str, int], now: dt.datetime) -> list[str]:
    """Tasks that should have run again since they last did. One that never ran is new here."""
    app.perform_import_paths()
    late = set()
    for task in app.periodic_registry.periodic_tasks.values():
        last = last_runs.get(task.task.name)
        if last is not None and croniter(task.cron, now - LATE).get_prev(float) > last:
            late.add(task.task.name)
    return sorted(late)


def _disk() -> tuple[int, int]:
    """Free and all bytes where files are kept; none where that place is gone."""
    try:
        settings.MEDIA_ROOT.mkdir(parents=True, exist_ok=True)
        disk = shutil.disk_usage(settings.MEDIA_ROOT)
    except OSError:
        return 0, 0
    return disk.free, disk.total


def bucket_answers() -> bool | None:
    """Whether the bucket of files answers; None where none is used."""
    chosen = settings.STORAGES["default"]
    if BUCKET not in settings.STORAGES or chosen == settings.STORAGES[DISK]:
        return None
    try:
        storages[BUCKET].exists("asked-by-the-monitor")
    except FilesAwayError:
        return False
    return True


def _rows(statement: str, *values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return [
            tuple(float(value) if isinstance(value, Decimal) else value for value in row)
            for row in cursor.fetchall()
        ]
