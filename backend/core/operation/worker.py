"""What others ask of the process that carries out jobs: whether it lives, and work that waits for it but once."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import connection, transaction
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.jobs import JobDeferrer

WORKER_SILENT_FOR = dt.timedelta(minutes=2)


def worker_lives() -> bool:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM procrastinate_workers"
            " WHERE last_heartbeat > now() - make_interval(secs => %s))",
            [WORKER_SILENT_FOR.total_seconds()],
        )
        return bool(cursor.fetchone()[0])


def defer_once(job: JobDeferrer, **arguments: Any) -> bool:
    """Defer a job that has a `queueing_lock`; False where one with that lock waits already, which does the work."""
    try:
        with transaction.atomic():
            job.defer(**arguments)
    except AlreadyEnqueued:
        return False
    return True
