"""Who speaks SQL as the application sees no row of another department and writes nothing, whatever they say.

Planted faults show that the list finds what it is made for.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from django.db import connections

from backend.core import session, tickets
from backend.core.session import elevated, system
from backend.organization.models import User
from permissions import policies
from permissions.core import scope
from tests.cast import Cast, make_cast
from tests.databases import CommittedDatabase, kept_statements
from tests.factories import make_citizen, make_complaint
from tests.permissions.walls import attacking
from tests.permissions.walls.attacking import FIRST, HERE, MARK, TRACES, attack, calls, seen, written
from tests.permissions.walls.forgeries import FORGERIES


@pytest.fixture
def house(committed_db: CommittedDatabase) -> Cast:
    """A case of Fen, and one of Park whose words and numbers appear nowhere else."""
    cast = make_cast()
    make_complaint(to=cast.fen)
    with connections["owner"].cursor() as cursor:
        for table in ("complaints_complaint", "contacts_citizen"):
            cursor.execute(f"ALTER TABLE {table} ALTER COLUMN id RESTART WITH {FIRST}")
    applicant = make_citizen(MARK, MARK, address=MARK)
    make_complaint(
        f"{MARK} parkta",
        to=cast.park,
        accepted_by=cast.park_clerk,
        body=MARK,
        applicant=applicant,
        latitude=HERE,
        longitude=HERE,
    )
    with connections["owner"].cursor() as cursor:
        cursor.execute("ANALYZE")
    return cast


def _given(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What the forgeries are filled in with: a real seal, and tickets of another time and transaction."""
    with monkeypatch.context() as patch:
        patch.setattr(time, "clock_gettime", lambda _clock: time.time() - 60)
        stale = tickets.sign("system", "")
    with scope.session(cast.secretary):
        standing = session.fetch_one("SELECT * FROM app.standing()", [])
    made = attacking.tickets(cast.secretary.pk, standing, stale)
    return {"case": FIRST, "user": cast.secretary.pk, "seal": standing[1], **made}


def _findings(
    database: CommittedDatabase,
    given: dict[str, Any],
    enter: Callable[[], str] | None,
    forgeries: dict[str, list[str]],
) -> dict[str, list[str]]:
    """Forgery -> what it brought: a trace of hidden rows, rows that were not seen before, a table that changed."""
    found: dict[str, list[str]] = {}
    with psycopg.connect(database.url()) as connection:
        _enter(connection, enter)
        expected = seen(connection)
    before = written()
    for name, statements in forgeries.items():
        with psycopg.connect(
            database.url()
        ) as connection:  # one each: what an attack leaves behind is its own
            _enter(connection, enter)
            heard = attack(connection, [statement.format(**given) for statement in statements])
            brought = [text for text in heard if any(trace in text for trace in TRACES)]
            now = seen(connection)
            brought += [f"{table}: {count}" for table, count in now.items() if count > expected.get(table, 0)]
            connection.commit()
            brought += [f"{table} later: {count}" for table, count in seen(connection).items()]
        after = written()
        brought += [f"{table} changed" for table in before if after[table] != before[table]]
        before = after
        if brought:
            found[name] = brought
    return found


def _enter(connection: psycopg.Connection[Any], enter: Callable[[], str] | None) -> None:
    if enter:
        connection.execute("SELECT count(*) FROM app.enter(%s)", [enter()])


def test_outside_a_session_nothing_is_found(
    house: Cast, committed_db: CommittedDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert _findings(committed_db, _given(house, monkeypatch), None, FORGERIES | calls()) == {}


def test_in_the_session_of_a_clerk_nothing_more_is_found(
    house: Cast, committed_db: CommittedDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    enter = lambda: tickets.sign("enter", str(house.fen_clerk.pk))  # noqa: E731
    assert _findings(committed_db, _given(house, monkeypatch), enter, FORGERIES | calls()) == {}


FAULTS = {
    "ALTER POLICY office_reads ON complaints_complaint USING (true)": "the office's role",
    "ALTER POLICY office_updates ON complaints_complaint USING (true) WITH CHECK (true);"
    "ALTER POLICY office_reads ON complaints_complaint USING (true)": "a case changed as the office",
    "CREATE OR REPLACE FUNCTION app.seal() RETURNS text LANGUAGE sql STABLE RETURN current_setting('app.seal', true)": (
        "a seal of an own name"
    ),
    "CREATE OR REPLACE FUNCTION app.departments() RETURNS bigint[] LANGUAGE sql STABLE"
    " RETURN coalesce(nullif(current_setting('app.departments', true), ''), '{}')::bigint[]": "the settings of old",
    "DROP TRIGGER sealed_writes ON organization_user": "a superuser as the office",
    "CREATE OR REPLACE FUNCTION app.keepers(asked bigint) RETURNS SETOF bigint LANGUAGE sql STABLE SECURITY DEFINER"
    " SET search_path = public, pg_temp AS 'SELECT id FROM complaints_complaint'": "a call of app.keepers(bigint)",
    "CREATE OR REPLACE FUNCTION wall.payload(ticket text, purpose text) RETURNS text LANGUAGE sql VOLATILE"
    " RETURN app.verified(ticket, purpose, 3600)": "stale ticket for enter_system",
    "CREATE OR REPLACE FUNCTION wall.payload(ticket text, purpose text) RETURNS text LANGUAGE sql VOLATILE"
    " RETURN split_part(ticket, '.', 3)": "forged ticket for enter",
}


@pytest.mark.parametrize("fault", FAULTS, ids=FAULTS.values())
def test_a_planted_fault_is_found(
    fault: str, house: Cast, committed_db: CommittedDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    name, given = FAULTS[fault], _given(house, monkeypatch)
    forgery = {name: (FORGERIES | calls())[name]}
    assert _findings(committed_db, given, None, forgery) == {}
    with connections["owner"].cursor() as cursor:
        cursor.execute(fault)
    assert name in _findings(committed_db, given, None, forgery)


def test_a_ticket_is_never_in_the_text_of_a_statement(house: Cast, committed_db: CommittedDatabase) -> None:
    """Another session of the same role reads the texts of statements, not their parameters."""
    signed: list[str] = []
    real = tickets.sign

    def noting(purpose: str, payload: str) -> str:
        signed.append(real(purpose, payload))
        return signed[-1]

    def told() -> str:
        with psycopg.connect(committed_db.url()) as other:
            return str(other.execute("SELECT array_agg(query) FROM pg_stat_activity").fetchall())

    texts = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tickets, "sign", noting)
        with scope.session(house.fen_clerk):
            texts.append(told())
            with elevated():
                texts.append(told())
        with system():
            texts.append(told())
    assert len(signed) == 4
    assert "app.enter($1, " in texts[0]
    assert not [mac for ticket in signed for mac in [ticket.split(".")[1]] if mac in "".join(texts)]


def test_a_statement_kept_from_an_elevated_block_shows_what_its_asker_sees(
    house: Cast, committed_db: CommittedDatabase
) -> None:
    with scope.session(house.fen_clerk), connections["default"].cursor() as cursor:
        with elevated():
            cursor.execute("PREPARE kept AS SELECT count(*) FROM complaints_complaint")
            cursor.execute("EXECUTE kept")
            assert cursor.fetchone() == (2,)
        cursor.execute("EXECUTE kept")
        assert cursor.fetchone() == (1,)


def test_a_ticket_to_act_is_good_in_its_own_transaction_only(
    house: Cast, committed_db: CommittedDatabase
) -> None:
    with psycopg.connect(committed_db.url()) as one, psycopg.connect(committed_db.url()) as two:
        for connection in (one, two):
            entering = tickets.sign("enter", str(house.fen_clerk.pk))
            connection.execute("SELECT count(*) FROM app.enter(%s)", [entering])
        row = one.execute("SELECT transaction, seal FROM app.standing()").fetchone()
        assert row is not None
        ticket = tickets.sign("assume", f"{row[0]} {row[1].replace('viewer', 'action')}")
        one.execute("SELECT app.assume(%s)", [ticket])
        assert one.execute("SELECT current_user, app.may_write()").fetchone() == ("ozelkalem_office", True)
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="another transaction"):
            two.execute("SELECT app.assume(%s)", [ticket])
        one.commit()
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="another transaction"):
            one.execute("SELECT app.assume(%s)", [ticket])


def test_the_key_before_the_last_is_good_while_it_is_a_fallback(
    house: Cast, committed_db: CommittedDatabase, settings: Any
) -> None:
    before = tickets.sign("check", "")
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "n" * 60, [settings.SECRET_KEY]
    verified = "SELECT app.verified(%s, 'check', 30)"
    with psycopg.connect(committed_db.url()) as connection:
        assert connection.execute(verified, [tickets.sign("check", "")]).fetchone() == (None,)
    policies.install()
    with psycopg.connect(committed_db.url()) as connection:
        for ticket in (before, tickets.sign("check", "")):
            assert connection.execute(verified, [ticket]).fetchone() == ("",)
    settings.SECRET_KEY_FALLBACKS = []
    policies.install()
    with psycopg.connect(committed_db.url()) as connection:
        assert connection.execute(verified, [before]).fetchone() == (None,)


def test_no_statement_that_is_believed_can_be_given_another_meaning(cast: Cast) -> None:
    """SQL may deallocate a kept statement and prepare its own under that name, which the next request would run."""
    for _twice in range(3):
        with scope.session(cast.secretary), session.elevated():
            assert User.objects.get(pk=cast.fen_clerk.pk).password
        with session.system():
            pass
    kept = kept_statements()
    believed = re.compile(r"app\.(enter|assume|standing|admit|verified|password_hash)|app\.signature")
    assert [statement for statement in kept if believed.search(statement)] == []
