"""Whether the process that carries out jobs lives."""

from __future__ import annotations

import datetime as dt

from django.db import connection, transaction

WORKER_SILENT_FOR = dt.timedelta(minutes=2)


def worker_lives() -> bool:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM procrastinate_workers"
            " WHERE last_heartbeat > now() - make_interval(secs => %s))",
            [WORKER_SILENT_FOR.total_seconds()],
        )
        return bool(cursor.fetchone()[0])
