"""Migrations under a product that serves: nothing queues behind a statement that waits, and what is in the way passes.

Indexes are built and constraints checked without keeping writers out (django-pg-zero-downtime-migrations). Any other
change of a table waits for its lock for less time than PostgreSQL takes to look for a deadlock, so that it is never a
request that is ended for it; then it is tried again. Each statement is a transaction of its own: a migration that was
ended in between goes on where it stood. `tests/updates/safety.py` refuses migrations that cannot be made so.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg.errors
from django.core.management.base import CommandError
from django.db import InternalError, OperationalError
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.recorder import MigrationRecorder

LOCK_WAIT = "400ms"
"""Below `deadlock_timeout` (1 s)."""
PATIENCE = 600.0
IN_THE_WAY = (
    psycopg.errors.LockNotAvailable,
    psycopg.errors.DeadlockDetected,
    psycopg.errors.InternalError_,  # "tuple concurrently updated": a right and a statistic of one table at once
)
OTHERS_GO_ON = ("CONCURRENTLY", "VALIDATE CONSTRAINT")
"""Statements that keep no one from rows, however long they take."""
ONLY_ONE = 0x0F1CE


def patiently[T](work: Callable[[], T], seconds: float = PATIENCE) -> T:
    """Do a piece of work that gives up quickly where others hold what it needs, until it is done."""
    end, pause = time.monotonic() + seconds, 0.05
    while True:
        try:
            return work()
        except (OperationalError, InternalError) as error:
            if not isinstance(error.__cause__, IN_THE_WAY) or time.monotonic() > end:
                raise
        time.sleep(pause * random.uniform(0.5, 1.5))  # noqa: S311 - two that meet shall not meet again
        pause = min(1.0, 2 * pause)


class PatientStatements:
    """Of a schema editor: each statement outside a transaction waits for its lock a short time, again and again."""

    connection: BaseDatabaseWrapper
    collect_sql: bool

    def execute(self, sql: Any, params: Any = ()) -> None:
        write: Any = super().execute  # type: ignore[misc]
        if (
            self.collect_sql
            or self.connection.in_atomic_block
            or any(word in str(sql) for word in OTHERS_GO_ON)
        ):
            write(sql, params)
            return
        with self.connection.cursor() as cursor:
            cursor.execute(f"SET lock_timeout = '{LOCK_WAIT}'")
            try:
                patiently(lambda: write(sql, params))
            finally:
                cursor.execute("RESET lock_timeout")


def editor_of(connection: BaseDatabaseWrapper) -> type:
    """Return the class of schema editors that change a database in use."""
    from django_zero_downtime_migrations.backends.postgres.schema import DatabaseSchemaEditorMixin

    made = type("Editor", (DatabaseSchemaEditorMixin, PatientStatements, connection.SchemaEditorClass), {})

    def begin(self: Any, connection: Any, collect_sql: bool = False, atomic: bool = True) -> None:
        made.__init__(self, connection, collect_sql, atomic)  # type: ignore[misc]
        self.IDEMPOTENT_SQL = not collect_sql  # what was made before it was ended is not made again

    return type("LiveEditor", (made,), {"__init__": begin})


@contextmanager
def live(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Let migrations of a database that has tables be made while it is used; a new one is made at once."""
    if not MigrationRecorder(connection).applied_migrations():
        yield
        return
    connection.SchemaEditorClass = editor_of(connection)
    try:
        yield
    finally:
        del connection.SchemaEditorClass  # the class's own again


@contextmanager
def only_one(connection: BaseDatabaseWrapper, seconds: float = PATIENCE) -> Iterator[None]:
    """Let one migrate at a time: replicas may all begin with it. Who waits holds no snapshot: an index would wait."""
    end = time.monotonic() + seconds
    with connection.cursor() as cursor:
        while True:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [ONLY_ONE])
            if cursor.fetchone() == (True,):
                break
            if time.monotonic() > end:
                raise CommandError("Another migration of this database is still going on.")
            time.sleep(0.2)
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [ONLY_ONE])
