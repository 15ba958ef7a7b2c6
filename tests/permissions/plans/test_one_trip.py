"""A program's read in one trip: the same answer as by a session, and nothing believed of what was remembered."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import psycopg
import pytest
from django.db import DataError, InterfaceError, close_old_connections, connection, transaction
from django.utils import timezone

from backend.core.postgresql import trips
from backend.core.postgresql.trips import trip
from backend.core.session import system
from backend.journal.models import AccessLog
from backend.organization.models import User
from backend.portals.actions import issue_token, revoke_token
from backend.portals.models import Scope
from permissions.core import access_log, grants
from permissions.core.viewer import WORK
from permissions.models import DepartmentGrant
from permissions.plans import one_trip
from permissions.plans.statement import Statement
from schema.http import compiled
from tests.cast import Cast, make_cast
from tests.databases import CommittedDatabase
from tests.factories import LONG_AGO, make_complaint
from tests.schema.client import Asking, errors_of

QUERY = "{ complaints(first: 5) { totalCount nodes { subject applicant { lastName } } } }"
NAMELESS = "{ complaints(first: 5) { totalCount nodes { subject } } }"


@dataclass
class Program:
    """A person's program: the token, and how its last answer was read."""

    asking: Asking
    token: Any
    way: str = ""

    def asks(self, query: str = QUERY) -> Any:
        response = self.asking.post(query)
        self.way = response.headers.get("Server-Timing", "")
        return response.json()

    @property
    def in_one_trip(self) -> bool:
        return self.way.startswith('path;desc="compiled"') and "session" not in self.way


@pytest.fixture
def cast(committed_db: CommittedDatabase) -> Iterator[Cast]:
    one_trip.tokens.clear()
    cast = make_cast()
    make_complaint("Fen", to=cast.fen)
    make_complaint("Park", to=cast.park)
    yield cast
    one_trip.tokens.clear()


def program_of(user: User, *scopes: Scope) -> Program:
    with system():
        token, secret = issue_token(
            user=user,
            name="Deneme",
            scopes=scopes or [Scope.READ, Scope.CONTACTS],
            by=user,
            expires_at=timezone.now() + dt.timedelta(days=1),
        )
    return Program(Asking(token=secret), token)


def subjects(answer: Any) -> list[str]:
    return sorted(row["subject"] for row in answer["data"]["complaints"]["nodes"])


def readings() -> list[tuple[int | None, list[int], str]]:
    with system():
        rows = AccessLog.objects.order_by("pk")
        return [(row.reader_id, row.subject_ids, row.purpose) for row in rows]


def test_everybodys_answer_and_reading_are_those_of_a_session(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = [user for user in vars(cast).values() if isinstance(user, User) and user.is_staff]
    programs = [program_of(user) for user in people]
    for query in (QUERY, NAMELESS):
        by_session, noted = [program.asks(query) for program in programs], readings()
        for _turn in range(2):  # the second finds the statement kept by the server
            before = len(readings())
            assert [program.asks(query) for program in programs] == by_session
            assert all(program.in_one_trip for program in programs)
            assert readings()[before:] == noted[len(noted) - (len(readings()) - before) :]
        with monkeypatch.context() as patch:
            patch.setattr(one_trip, "is_possible", lambda: False)
            before = len(readings())
            assert [program.asks(query) for program in programs] == by_session
            assert not any(program.in_one_trip for program in programs)
            assert readings()[before:] == noted[len(noted) - (len(readings()) - before) :]
    assert len({str(subjects(answer)) for answer in by_session}) > 2
    assert {reader for reader, _ids, _purpose in readings()} >= {cast.fen_clerk.pk, cast.secretary.pk}


@pytest.mark.parametrize("query", [QUERY, NAMELESS])
def test_a_token_that_is_revoked_reads_nothing_more(
    cast: Cast, query: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = program_of(cast.fen_clerk)
    program.asks(query)
    assert subjects(program.asks(query)) == ["Fen"]
    assert program.in_one_trip
    with system():
        revoke_token(program.token, by=cast.fen_clerk)
    before = readings()
    with monkeypatch.context() as patch:
        patch.setattr(compiled.log, "exception", pytest.fail)
        answer = program.asks(query)
    assert errors_of(answer) == ["UNAUTHENTICATED"]
    assert "data" not in answer
    assert readings() == before


@pytest.mark.parametrize("query", [QUERY, NAMELESS])
def test_what_the_account_may_is_asked_each_time(cast: Cast, query: str) -> None:
    program = program_of(cast.fen_clerk)
    for _turn in range(2):
        assert subjects(program.asks(query)) == ["Fen"]
    with system():
        grants.give(cast.fen_clerk, WORK, cast.park, by=None, valid_from=LONG_AGO)
    for _turn in range(3):
        assert subjects(program.asks(query)) == ["Fen", "Park"]
    assert program.in_one_trip
    with system():
        for grant in DepartmentGrant.objects.filter(user=cast.fen_clerk):
            grants.take(grant, by=None)
    for _turn in range(3):
        answer = program.asks(query)
        assert answer["data"]["complaints"] == {"totalCount": 0, "nodes": []}


def test_nothing_is_shown_that_could_not_be_noted(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    program = program_of(cast.fen_clerk)
    program.asks()
    before = readings()
    monkeypatch.setattr(access_log, "NOTE", "SELECT 1 / (length($1) * length($2) * length($3) * 0)")
    response = program.asking.post(QUERY)
    assert response.status_code == 500
    assert "Fen" not in response.content.decode()
    assert readings() == before


def test_a_statement_that_fails_is_asked_again_in_a_session(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = program_of(cast.fen_clerk)
    program.asks()
    real = compiled.plans.plan
    failing: list[tuple[Statement, list[Any]]] = [(Statement("SELECT 1 / 0", ()), [])]
    monkeypatch.setattr(compiled.plans, "plan", lambda question: failing.pop() if failing else real(question))
    assert subjects(program.asks()) == ["Fen"]
    assert not failing
    assert not program.in_one_trip
    program.asks()
    assert program.in_one_trip


def test_a_connection_that_was_ended_is_made_anew(cast: Cast, committed_db: CommittedDatabase) -> None:
    program = program_of(cast.fen_clerk)
    program.asks()
    ended = connection.connection.info.backend_pid
    with psycopg.connect(committed_db.url(), autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s, 10000)", [ended])
    close_old_connections()  # as the server does before each request
    assert subjects(program.asks()) == ["Fen"]
    assert program.in_one_trip
    assert connection.connection.info.backend_pid != ended


def test_a_token_that_may_not_read_and_a_change_go_the_usual_way(cast: Cast) -> None:
    writer = program_of(cast.fen_clerk, Scope.WRITE)
    for _turn in range(2):
        assert errors_of(writer.asks()) == ["FORBIDDEN"]
        assert not writer.in_one_trip
    program = program_of(cast.fen_clerk, Scope.READ, Scope.WRITE)
    for _turn in range(2):
        found = program.asking.does("complaintComment", id="x", body="y")
        assert [error["code"] for error in found["errors"]] == ["NOT_FOUND"]


# -- the trip itself ------------------------------------------------------------------------------------------
def values(*parameters: object, statement: str = "SELECT $1::text") -> list[bytes | None]:
    with trip() as way:
        way.send(statement, parameters)
        (found,) = way.answers()
        return [found.get_value(row, 0) for row in range(found.ntuples)]


def test_what_is_set_for_a_trip_ends_with_it(committed_db: CommittedDatabase) -> None:
    with trip() as way:
        way.send("SELECT set_config('statement_timeout', $1, true)", ["7s"])
        way.send("SELECT current_setting('statement_timeout')", [])
        assert [found.get_value(0, 0) for found in way.answers()] == [b"7s", b"7s"]
        way.send("SELECT current_setting('statement_timeout')", [])
        assert [found.get_value(0, 0) for found in way.answers()] == [b"7s"]
    assert values(statement="SELECT current_setting('statement_timeout')") != [b"7s"]


def test_the_server_keeps_no_more_statements_than_allowed(committed_db: CommittedDatabase) -> None:
    for number in range(trips.KEPT + 6):
        assert values("İ\U0001f600", statement=f"SELECT $1::text AS c{number}") == ["İ\U0001f600".encode()]
    assert values("again", statement="SELECT $1::text AS c0") == [b"again"]
    kept = "SELECT count(*)::int FROM pg_prepared_statements WHERE name LIKE 'trip%'"
    assert values(statement=kept) == [str(trips.KEPT).encode()]


def test_after_a_fault_the_connection_is_made_anew(committed_db: CommittedDatabase) -> None:
    assert values("on") == [b"on"]
    with pytest.raises(DataError):
        values(0, statement="SELECT 1 / $1::int")
    assert connection.connection is None  # with all that the server kept
    assert values("on") == [b"on"]


def test_a_block_that_ends_otherwise_leaves_a_whole_connection(committed_db: CommittedDatabase) -> None:
    def stumble() -> None:
        with trip() as way:
            way.send("SELECT pg_sleep(0)", [])
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        stumble()
    assert values("on") == [b"on"]


def test_a_trip_is_no_part_of_a_transaction(committed_db: CommittedDatabase) -> None:
    with transaction.atomic(), pytest.raises(InterfaceError), trip():
        pass


def test_long_texts_pass_both_ways(committed_db: CommittedDatabase) -> None:
    long = "ş" * 3_000_000
    with trip() as way:
        for _each in range(3):
            way.send("SELECT $1::text", [long])
        assert [found.get_value(0, 0) for found in way.answers()] == [long.encode()] * 3
