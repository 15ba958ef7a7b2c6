"""The addresses of the database, as libpq reads them."""

from __future__ import annotations

import os
import socket

import pytest
from psycopg.conninfo import make_conninfo
from psycopg.pq import PGconn

from backend import database
from backend.postgres_system import PostgresError

TWO = "postgresql://uygulama:g%2Fizli@h1:5432,h2:5433/ofis?target_session_attrs=read-write&sslmode=require"


@pytest.fixture(autouse=True)
def _no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DATABASE_OWNER_URL", "DATABASE_READ_URL", "OZELKALEM_DB_POOL"):
        monkeypatch.delenv(name, raising=False)


def test_several_hosts_are_one_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", TWO)
    found = database.databases()
    assert set(found) == {"default"}
    to = found["default"]
    assert (to["HOST"], to["PORT"], to["NAME"]) == ("h1,h2", "5432,5433", "ofis")
    assert (to["USER"], to["PASSWORD"]) == ("uygulama", "g/izli")
    asked = {"target_session_attrs": "read-write", "sslmode": "require"}
    bounds = {"connect_timeout": 10, **database.SILENT}
    assert to["OPTIONS"] == asked | bounds, "a host that does not answer holds up no request for minutes"


def test_a_server_that_says_nothing_any_more_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """At rest by keepalives, and with a statement on its way by the time that it may stay unconfirmed."""
    monkeypatch.setenv("DATABASE_URL", TWO)
    monkeypatch.setenv("DATABASE_READ_URL", "postgresql://uygulama:gizli@h2,h3/ofis")
    monkeypatch.setenv("DATABASE_OWNER_URL", "postgresql://sahip:gizli@h1/ofis?tcp_user_timeout=60000")
    found = {alias: to["OPTIONS"] for alias, to in database.databases().items()}
    for options in found.values():
        at_rest = options["keepalives_idle"] + options["keepalives_interval"] * options["keepalives_count"]
        assert at_rest <= 15
        assert make_conninfo("", **options), "libpq knows each of them"
    assert found["default"]["tcp_user_timeout"] == found["reading"]["tcp_user_timeout"] == 10_000
    assert found["owner"]["tcp_user_timeout"] == "60000", "who names one has it"


def test_a_connection_has_the_bounds_of_its_address(monkeypatch: pytest.MonkeyPatch) -> None:
    """As the kernel keeps them, on a line to a server that never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        monkeypatch.setenv("DATABASE_URL", f"postgresql://a:b@127.0.0.1:{server.getsockname()[1]}/ofis")
        to = database.databases()["default"]
        address = make_conninfo("", host=to["HOST"], port=to["PORT"], dbname=to["NAME"], **to["OPTIONS"])
        connection = PGconn.connect_start(address.encode())
        with socket.socket(fileno=os.dup(connection.socket)) as line:
            names = (socket.TCP_KEEPIDLE, socket.TCP_KEEPINTVL, socket.TCP_KEEPCNT, socket.TCP_USER_TIMEOUT)
            kept = [line.getsockopt(socket.IPPROTO_TCP, name) for name in names]
        connection.finish()
    assert kept == list(database.SILENT.values())


def test_a_socket_is_an_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://uygulama:gizli@/ofis?host=/run/postgresql")
    to = database.databases()["default"]
    assert (to["HOST"], to["PORT"], to["OPTIONS"]) == ("/run/postgresql", "", {})


def test_standbys_have_an_address_of_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", TWO)
    monkeypatch.setenv(
        "DATABASE_READ_URL", "postgresql://uygulama:gizli@h2,h3/ofis?load_balance_hosts=random"
    )
    found = database.databases()
    assert found["reading"]["HOST"] == "h2,h3"
    assert found["reading"]["OPTIONS"]["connect_timeout"] == 2
    assert found["reading"]["CONN_HEALTH_CHECKS"]


def test_a_standby_is_asked_by_the_role_that_was_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    """A superuser there would see every row."""
    monkeypatch.setenv("DATABASE_URL", TWO)
    monkeypatch.setenv("DATABASE_READ_URL", "postgresql://postgres:gizli@h2,h3/ofis")
    with pytest.raises(PostgresError, match="DATABASE_READ_URL must connect as the role of DATABASE_URL"):
        database.databases()


@pytest.mark.parametrize("variable", ["DATABASE_OWNER_URL", "DATABASE_READ_URL"])
def test_another_address_needs_the_first(monkeypatch: pytest.MonkeyPatch, variable: str) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setenv(variable, TWO)
    with pytest.raises(PostgresError, match=f"{variable} is set without DATABASE_URL"):
        database.databases()


@pytest.mark.parametrize(
    "address", ["mysql://a:geheim@b/c", "postgresql://a:geheim@b:x/c", "postgresql://a:geheim@b", "geheim"]
)
def test_what_is_no_address_is_refused_without_its_password(
    monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.setenv("DATABASE_URL", address)
    with pytest.raises(PostgresError, match="DATABASE_URL is not a PostgreSQL address") as refused:
        database.databases()
    assert "geheim" not in str(refused.value)
