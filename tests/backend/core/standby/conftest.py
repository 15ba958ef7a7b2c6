"""A primary and a hot standby, both on sockets of their own, and people of the cast at both."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
import pytest
from django.db import connections
from django.utils import timezone

from backend import database, postgres
from backend.complaints.models import Complaint
from backend.core.session import system
from backend.core.standby.positions import positions
from backend.portals.actions import issue_token
from backend.portals.models import Scope
from tests.cast import Cast, make_cast
from tests.databases import CommittedDatabase, TestDatabases, pointed_at
from tests.factories import make_complaint
from tests.own_server import OwnServer, own_server, pointed_at_server, standby_of
from tests.schema.client import Asking

READ = "query($id: String!) { complaint(reference: $id) { comments { body } } }"
PERSON = "query($id: String!) { complaint(reference: $id) { applicant { lastName } } }"
PATIENCE = 300
AGES = 3600.0
"""A bound that no test reaches: what a standby shows may be as old."""


@dataclass
class Pair:
    """Both servers, who asks, and what about."""

    primary: OwnServer
    standby: OwnServer
    cast: Cast
    case: Complaint
    secret: str

    def hold_back(self) -> None:
        """Let the standby replay nothing more; what it has is all that was written until now."""
        self.catch_up()
        self.standby.execute("SELECT pg_wal_replay_pause()")
        until(self.standby, "SELECT pg_get_wal_replay_pause_state() = 'paused'")

    def go_on(self) -> None:
        self.standby.execute("SELECT pg_wal_replay_resume() WHERE pg_is_in_recovery()")

    def catch_up(self) -> None:
        """Wait until the standby has all that was written until now."""
        self.go_on()
        with psycopg.connect(self.primary.url("admin"), autocommit=True) as connection:
            [position] = connection.execute("SELECT pg_current_wal_flush_lsn()").fetchone() or [None]
        until(self.standby, f"SELECT pg_last_wal_replay_lsn() >= '{position}'")

    def settle(self, asking: Asking) -> None:
        """Let this process learn where the primary is, and the standby come there: from then on it answers."""
        asking.post(READ, {"id": self.case.reference})
        self.catch_up()

    def browser(self, name: str = "fen_clerk") -> Asking:
        return Asking(getattr(self.cast, name))

    def program(self) -> Asking:
        return Asking(token=self.secret)


def until(server: OwnServer, statement: str) -> None:
    """Wait until a statement is true, as long as it takes on a busy machine."""
    end = time.monotonic() + PATIENCE
    with psycopg.connect(server.url("admin"), autocommit=True) as connection:
        while connection.execute(statement).fetchone() != (True,):
            assert time.monotonic() < end, statement
            connection.execute("SELECT pg_sleep(0.02)")


@pytest.fixture(scope="module")
def servers(test_databases: TestDatabases, django_db_setup: None, django_db_blocker: Any) -> Iterator[Pair]:
    with django_db_blocker.unblock():
        name = test_databases.clone()
        with pointed_at(name):
            cast = make_cast()
            case = make_complaint(to=cast.fen, accepted_by=cast.fen_clerk)
            with system():
                _token, secret = issue_token(
                    user=cast.fen_clerk,
                    name="Masaüstü",
                    scopes=[Scope.READ, Scope.WRITE, Scope.CONTACTS],
                    expires_at=timezone.now() + dt.timedelta(days=2),
                    by=cast.fen_clerk,
                )
            with own_server(CommittedDatabase(name)) as primary, standby_of(primary) as standby:
                yield Pair(primary, standby, cast, case, secret)
        test_databases.drop(name)


@contextmanager
def read_at(server: OwnServer) -> Iterator[None]:
    """Let this process know an address of standbys."""
    to = postgres.connection(server.data)
    address = dict(connections.settings["default"])
    address.update(HOST=to.host, USER=to.user, PASSWORD=to.password, NAME=to.database, PORT="")
    connections.settings[database.READING] = address
    try:
        yield
    finally:
        connections[database.READING].close()
        del connections[database.READING]
        del connections.settings[database.READING]


@pytest.fixture
def pair(servers: Pair, django_db_blocker: Any, settings: Any) -> Iterator[Pair]:
    """Both caught up; a standby may be as old as it likes, but for what a requester wrote."""
    settings.READ_BEHIND_SECONDS = AGES
    positions.here().forget()
    with django_db_blocker.unblock(), pointed_at_server(servers.primary), read_at(servers.standby):
        servers.catch_up()
        yield servers
        servers.go_on()


@pytest.fixture
def case_id(pair: Pair) -> str:
    return pair.case.reference
