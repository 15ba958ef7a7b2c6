"""What every test stands on: a real PostgreSQL, reached as ozelkalem_app, whom row-level security binds."""

from __future__ import annotations

import datetime as dt
import os
import pickle
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import holidays  # noqa: F401 - these five before any test freezes the clock: they keep the datetime that they find
import icalendar  # noqa: F401
import openpyxl  # noqa: F401
import pytest
import recurring_ical_events  # noqa: F401
import typst  # noqa: F401
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.db import connections
from django.test.testcases import LiveServerThread
from django.utils import translation
from hypothesis import settings as hypothesis_settings
from pytest_django import DjangoDbBlocker

from backend.outbox import holding
from tests.cast import Cast, make_cast
from tests.databases import CommittedDatabase, Switch, TestDatabases, pointed_at, server
from tests.harness import chromium, memory

pytest_plugins = [
    "tests.harness.asking",
    "tests.harness.costs",
    "tests.harness.frames",
    "tests.harness.tiers",
    "tests.sealing",
]
hypothesis_settings.register_profile(
    "office", deadline=None
)  # no seconds decide: the first example loads libraries
hypothesis_settings.load_profile("office")
sys.dont_write_bytecode = False  # where it is set, every start would compile the product and the tests anew
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # also in the processes that tests start
_temporary = memory.folder("tmp")
_temporary.mkdir(parents=True, exist_ok=True)
os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(_temporary))  # of tmp_path: whole servers are made in some


@pytest.fixture(autouse=True)
def _turkish_to_begin_with() -> None:
    """No test speaks the language that an earlier one's request left to the thread (LocaleMiddleware leaves it)."""
    translation.deactivate()


@pytest.fixture(autouse=True)
def _settings_to_begin_with() -> None:
    """No test knows what an earlier one changed in the settings of the office."""
    from backend.configuration import memory

    memory.begin_with({})


@pytest.fixture
def held_messages() -> None:
    """What is sent waits for its moment, as in production; elsewhere it leaves at once."""


@pytest.fixture(autouse=True)
def _messages_leave_at_once(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if "held_messages" not in request.fixturenames:
        monkeypatch.setattr(holding, "UNDO", dt.timedelta())
        monkeypatch.setattr(holding, "UNDO_MANY", dt.timedelta())


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[None]:
    """A running server for both aliases."""
    with server():
        yield


@pytest.fixture(scope="session")
def test_databases(
    postgres_server: None, django_test_environment: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[TestDatabases]:
    """The maker of this process's databases, with the template ready to be cloned."""
    with django_db_blocker.unblock():
        databases = TestDatabases()
        databases.prepare()
    yield databases
    databases.close()


@dataclass
class Prepared:
    """The two databases in which the tests of this process roll back: an empty one, and one with the cast."""

    empty: str
    with_cast: str
    cast: bytes
    """The cast of the second, pickled: each test gets instances of its own."""
    switch: Switch


PREPARED = pytest.StashKey[Prepared]()


@pytest.fixture(scope="session")
def django_db_setup(
    test_databases: TestDatabases, django_db_blocker: DjangoDbBlocker, pytestconfig: pytest.Config
) -> Iterator[None]:
    """pytest-django's hook: `db` works on clones of the template that belong to this process alone."""
    switch = Switch()
    with django_db_blocker.unblock():
        empty, with_cast = test_databases.clone(), test_databases.clone()
        with pointed_at(with_cast):
            made = pickle.dumps(make_cast())
    pytestconfig.stash[PREPARED] = Prepared(empty, with_cast, made, switch)
    with pointed_at(empty):
        switch.add(empty, with_cast)
        yield  # blocked again: a test without `db` would commit what it writes
        switch.to(empty)
    with django_db_blocker.unblock():
        switch.close()
        for name in (empty, with_cast):
            test_databases.drop(name)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Before any fixture opens a transaction: a test that names the cast begins where it already is."""
    if prepared := item.config.stash.get(PREPARED, None):
        names = getattr(item, "fixturenames", ())
        has_cast = "cast" in names and "committed_db" not in names
        prepared.switch.to(prepared.with_cast if has_cast else prepared.empty)


@pytest.fixture
def cast(db: None, pytestconfig: pytest.Config) -> Cast:
    """The fixed cast, whose rows are there when the test begins; the first test of a process makes it."""
    prepared = pytestconfig.stash[PREPARED]
    there = connections["default"].settings_dict["NAME"] == prepared.with_cast
    made: Cast = pickle.loads(prepared.cast) if there else make_cast()  # noqa: S301 - what this process wrote
    return made


@pytest.fixture
def committed_db(
    django_db_setup: None, test_databases: TestDatabases, django_db_blocker: DjangoDbBlocker
) -> Iterator[CommittedDatabase]:
    """A private database with real commits, for threads, other processes and the `owner` alias.

    Not together with `db`. It is dropped afterwards, whoever is still connected.
    """
    with django_db_blocker.unblock():
        name = test_databases.clone()
        with pointed_at(name):
            yield CommittedDatabase(name)
        test_databases.drop(name)


@pytest.fixture
def live_site(committed_db: CommittedDatabase) -> Iterator[str]:
    """The address of the product served over HTTP from a private database, static files included."""
    site = LiveServerThread("127.0.0.1", StaticFilesHandler)
    site.daemon = True
    site.start()
    site.is_ready.wait()
    if site.error:
        raise site.error
    yield f"http://127.0.0.1:{site.port}"
    site.terminate()


@pytest.fixture
def people(live_site: str) -> Cast:
    """The cast, committed, so that the server's own connections see it."""
    return make_cast()


@pytest.fixture(scope="session")
def chromium_program() -> str:
    """The browser; a missing one fails the run with CI=true and skips the test, loudly, elsewhere."""
    found = chromium.find()
    if found is None:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(chromium.MISSING)
    return found


@pytest.fixture
def unlimited(settings: Any) -> None:
    """For sweeps: what is asked together is large, and a refusal for its size would tell nothing of the rows."""
    settings.GRAPHQL_LIMITS = settings.GRAPHQL_LIMITS | {"tokens": 10**6, "fields": 10**6, "cost": 10**9}
