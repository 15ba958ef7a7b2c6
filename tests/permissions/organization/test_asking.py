"""The directory is asked with nothing open in the database, and not so often that it locks a person's computer.

The directory of these tests is a double: it waits, or says no, as long as a test wants it to.
"""

from __future__ import annotations

import datetime as dt
import threading
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.utils import timezone

from backend.core.session import system
from backend.organization.sign_on import ldap, once
from backend.organization.sign_on.found import DirectoryAwayError, Found
from backend.organization.sign_on.models import UsedOnce
from permissions.organization.directory import refresh
from tests.backend.organization.sign_on.rows import make_rule
from tests.cast import PASSWORD, Cast, make_cast
from tests.databases import CommittedDatabase

RIGHT = "Dizindeki-parola-27"


class Double:
    """A directory that knows one person, and counts who asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.is_away = False

    def __call__(self, username: str, password: str) -> Found | None:
        self.asked.append(username)
        if self.is_away:
            raise DirectoryAwayError("away")
        if password != RIGHT:
            return None
        return Found("ldap", username, username, first_name="İrmak", last_name="Işık", groups=("Fen",))


@pytest.fixture
def directory(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Double:
    settings.SIGN_ON_LDAP = {**settings.SIGN_ON_LDAP, "urls": ["ldaps://dc1.example"]}
    double = Double()
    monkeypatch.setattr(ldap, "check", double)
    cache.clear()
    return double


def _enter(username: str, password: str, browser: Client | None = None, address: str = "192.0.2.1") -> Any:
    form = {"login": username, "password": password}
    return (browser or Client()).post("/accounts/login/", form, REMOTE_ADDR=address)


def test_a_slow_directory_holds_nothing_of_the_database(
    committed_db: CommittedDatabase, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.SIGN_ON_LDAP = {**settings.SIGN_ON_LDAP, "urls": ["ldaps://dc1.example"]}
    cast = make_cast()
    make_rule(cast.fen, "Fen")
    begun, may_go = threading.Event(), threading.Event()
    held: list[object] = []

    def slow(username: str, _password: str) -> Found:
        """The double: it waits until it is told to go on."""
        held.append(connection.connection)
        begun.set()
        may_go.wait(60)
        return Found("ldap", "1", username, first_name="İrmak", groups=("Fen",))

    monkeypatch.setattr(ldap, "check", slow)
    answers: list[Any] = []

    def sign_in() -> None:
        answers.append(_enter("irmak.isik", RIGHT))
        connection.close()

    thread = threading.Thread(target=sign_in)
    thread.start()
    try:
        assert begun.wait(60)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                " AND pid <> pg_backend_pid() AND backend_type = 'client backend' AND xact_start IS NOT NULL"
            )
            assert cursor.fetchone() == (0,)
    finally:
        may_go.set()
        thread.join(60)

    assert held == [None]
    assert answers[0]["Location"] == "/admin/"


def test_a_stranger_uses_up_no_more_tries_than_the_settings_say(
    directory: Double, cast: Cast, settings: Any
) -> None:
    make_rule(cast.fen, "Fen")
    for number in range(6):
        page = _enter("irmak.isik", "yanlış", address=f"192.0.2.{number}")
    assert len(directory.asked) == 3
    assert "30 dakika sonra yeniden deneyiniz" in page.content.decode()
    assert "Location" not in _enter(
        "IRMAK.ISIK ", RIGHT, address="192.0.2.77"
    )  # another spelling is the same name
    assert len(directory.asked) == 3
    _enter("baska", "yanlış")
    assert len(directory.asked) == 4

    with system():
        UsedOnce.objects.update(until="2020-01-01T00:00Z")
    assert _enter("irmak.isik", RIGHT)["Location"] == "/admin/"
    refresh()
    with system():
        assert not UsedOnce.objects.exists()


def test_the_last_try_is_kept_for_a_browser_that_is_known(directory: Double, cast: Cast) -> None:
    make_rule(cast.fen, "Fen")
    own = Client()
    assert _enter("irmak.isik", RIGHT, own)["Location"] == "/admin/"
    own.post("/accounts/logout/")
    for number in range(5):
        _enter("irmak.isik", "yanlış", address=f"192.0.2.{number}")

    assert "Location" not in _enter("irmak.isik", RIGHT, address="192.0.2.9")
    assert _enter("irmak.isik", RIGHT, own)["Location"] == "/admin/"
    assert (
        _enter("irmak.isik", RIGHT, address="192.0.2.9")["Location"] == "/admin/"
    )  # counted from the beginning


def test_a_directory_that_is_away_uses_up_nothing(directory: Double, cast: Cast) -> None:
    make_rule(cast.fen, "Fen")
    directory.is_away = True
    for _n in range(6):
        assert "ulaşılamıyor" in _enter("irmak.isik", RIGHT).content.decode()
    directory.is_away = False
    assert _enter("irmak.isik", RIGHT)["Location"] == "/admin/"


def test_the_password_of_a_local_account_and_odd_names_go_to_no_directory(
    directory: Double, cast: Cast
) -> None:
    assert _enter(cast.administrator.username, PASSWORD)["Location"] == "/admin/"
    for name in ("", "a\0b", "x" * 151, " "):
        _enter(name, RIGHT)
    assert directory.asked == []


def test_two_at_the_same_time_are_not_both_the_first(committed_db: CommittedDatabase) -> None:
    found: list[bool] = []
    gate = threading.Barrier(4)

    def use() -> None:
        gate.wait(30)
        with system():
            found.append(once.use("assertion", timezone.now() + dt.timedelta(minutes=5)))
        connection.close()

    threads = [threading.Thread(target=use) for _n in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(60)
    assert sorted(found) == [False, False, False, True]
