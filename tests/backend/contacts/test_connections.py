"""A kept connection that the server ended is noticed before a request is lost on it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import pytest
from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from backend.core.session import fetch_one


@pytest.fixture
def kept(db: None) -> Iterator[BaseDatabaseWrapper]:
    """A second connection to the same database, as a thread of the web keeps one."""
    other = connection.copy()
    other.connect()
    yield other
    other.close()


def _by_django(statement: str, parameters: list[object]) -> object:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchone()


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


@pytest.mark.parametrize("first", [_by_django, fetch_one])
def test_a_connection_that_the_server_ended_is_not(
    first: Callable[[str, list[object]], object], kept: BaseDatabaseWrapper
) -> None:
    """The first statement of a request, which is that for the session of a browser, finds another one."""
    with connection.cursor() as cursor:  # a role may end its own connections
        cursor.execute("SELECT pg_terminate_backend(%s)", [_pid(kept)])
    for _try in range(50):
        if not kept.is_usable():
            break
        time.sleep(0.1)
    assert not kept.is_usable()
    kept.health_check_enabled = True  # type: ignore[attr-defined]
    kept.health_check_done = False  # type: ignore[attr-defined]
    mine, connections[DEFAULT_DB_ALIAS] = connections[DEFAULT_DB_ALIAS], kept
    try:
        assert first("SELECT 1", []) == (1,)
    finally:
        connections[DEFAULT_DB_ALIAS] = mine
