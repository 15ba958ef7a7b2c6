"""A kept connection that the server ended is noticed before a request is lost on it."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper


@pytest.fixture
def kept(db: None) -> Iterator[BaseDatabaseWrapper]:
    """A second connection to the same database, as a thread of the web keeps one."""
    other = connection.copy()
    other.connect()
    yield other
    other.close()


def _pid(kept: BaseDatabaseWrapper) -> int:
    return int(kept.connection.info.backend_pid)


def test_a_connection_at_rest_is_usable_without_asking_the_server(kept: BaseDatabaseWrapper) -> None:
    asked = "SELECT query FROM pg_stat_activity WHERE pid = %s"
    with kept.cursor() as cursor:
        cursor.execute("SELECT 'the last thing it said'")
    assert kept.is_usable()
    with connection.cursor() as cursor:
        cursor.execute(asked, [_pid(kept)])
        assert "the last thing it said" in cursor.fetchone()[0]


def test_a_connection_that_the_server_ended_is_not(kept: BaseDatabaseWrapper) -> None:
    with connection.cursor() as cursor:  # a role may end its own connections
        cursor.execute("SELECT pg_terminate_backend(%s)", [_pid(kept)])
    for _try in range(50):
        if not kept.is_usable():
            break
        time.sleep(0.1)
    assert not kept.is_usable()
    kept.health_check_enabled = True  # type: ignore[attr-defined]
    kept.health_check_done = False  # type: ignore[attr-defined]
    kept.close_if_health_check_failed()
    with kept.cursor() as cursor:
        cursor.execute("SELECT 1")
        assert cursor.fetchone() == (1,)
