"""The addresses of the database, as libpq reads them."""

from __future__ import annotations

import pytest

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
    options = {"target_session_attrs": "read-write", "sslmode": "require", "connect_timeout": 10}
    assert to["OPTIONS"] == options, "a host that does not answer holds up no request for minutes"


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
