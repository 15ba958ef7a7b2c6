"""What every test stands on: a real PostgreSQL, reached as ozelkalem_app, whom row-level security binds."""

from __future__ import annotations

import datetime as dt
import os
import pickle
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import holidays  # noqa: F401 - these five before any test freezes the clock: they keep the datetime that they find
import icalendar  # noqa: F401
import openpyxl  # noqa: F401
import pytest
import recurring_ical_events  # noqa: F401
import typst  # noqa: F401
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.servers.basehttp import ThreadedWSGIServer
from django.db import connections
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.test.testcases import LiveServerThread
from django.utils import translation
from django.views import static
from hypothesis import settings as hypothesis_settings
from pytest_django import DjangoDbBlocker

from backend.outbox import holding
from permissions.appointments import public_days
from permissions.notifications import sending
from tests.cast import Cast, Populated, make_cast
from tests.databases import CommittedDatabase, Switch, TestDatabases, pointed_at, server
from tests.harness import chromium

pytest_plugins = [
    "tests.harness.asking",
    "tests.harness.costs",
    "tests.harness.frames",
    "tests.harness.tiers",
    "tests.kept_files",
    "tests.sealing",
]
hypothesis_settings.register_profile(
    "office", deadline=None
)  # no seconds decide: the first example loads libraries
hypothesis_settings.load_profile("office")
sys.dont_write_bytecode = False  # where it is set, every start would compile the product and the tests anew
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # also in the processes that tests start


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
        _send_at_once(monkeypatch)


def _send_at_once(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(holding, "UNDO", dt.timedelta())
    patch.setattr(holding, "UNDO_MANY", dt.timedelta())
    patch.setattr(sending, "FOLD", dt.timedelta())


@pytest.fixture(autouse=True)
def _the_suites_day_is_offered(monkeypatch: pytest.MonkeyPatch) -> None:
    """`tests.days` lies up to four months ahead; the site offers days of sixty."""
    monkeypatch.setattr(public_days, "DAYS_AHEAD", 365)


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


@dataclass(frozen=True)
class Stage:
    """A database that has rows when a test begins, and these, pickled: each test gets instances of its own."""

    database: str
    rows: bytes


@dataclass
class Prepared:
    """The databases in which the tests of this process roll back: an empty one, one with the cast, and, once a test
    names it, one with the rows of `populated`.
    """

    databases: TestDatabases
    blocker: DjangoDbBlocker
    switch: Switch
    empty: str
    with_cast: Stage
    to_copy: str = ""  # as with_cast: PostgreSQL copies a database only while nobody is connected to it
    with_rows: Stage | None = None

    def populated(self) -> Stage:
        """Make the third database, the first time."""
        if self.with_rows is None:
            self.with_rows = self.stage(_make_rows)
            self.switch.add(self.with_rows.database)
        return self.with_rows

    def stage(self, make: Callable[[], object]) -> Stage:
        """Clone the template, and keep what is made in it."""
        with self.blocker.unblock():
            name = self.databases.clone()
            with pointed_at(name):
                return Stage(name, pickle.dumps(make()))

    def close(self) -> None:
        """Drop the databases."""
        self.switch.close()
        rows = self.with_rows and self.with_rows.database
        for name in (self.empty, self.with_cast.database, self.to_copy, rows):
            if name:
                self.databases.drop(name)


type Rows = tuple[Cast, Populated]


def _make_rows() -> Rows:
    from tests.permissions.walls.world import populate

    translation.deactivate()
    with pytest.MonkeyPatch.context() as patch:
        _send_at_once(patch)
        cast = make_cast()
        return cast, populate(cast)


PREPARED = pytest.StashKey[Prepared]()


@pytest.fixture(scope="session")
def django_db_setup(
    test_databases: TestDatabases, django_db_blocker: DjangoDbBlocker, pytestconfig: pytest.Config
) -> Iterator[None]:
    """pytest-django's hook: `db` works on clones of the template that belong to this process alone."""
    with django_db_blocker.unblock():
        empty = test_databases.clone()
    prepared = Prepared(test_databases, django_db_blocker, Switch(), empty, Stage("", b""))
    prepared.with_cast = prepared.stage(make_cast)
    with django_db_blocker.unblock():
        prepared.to_copy = test_databases.clone(prepared.with_cast.database)
    pytestconfig.stash[PREPARED] = prepared
    with pointed_at(empty):
        prepared.switch.add(empty, prepared.with_cast.database)
        yield  # blocked again: a test without `db` would commit what it writes
        prepared.switch.to(empty)
    with django_db_blocker.unblock():
        prepared.close()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Before any fixture opens a transaction: a test that names the cast begins where it already is."""
    if prepared := item.config.stash.get(PREPARED, None):
        names = getattr(item, "fixturenames", ())
        if "committed_db" in names or "cast" not in names:
            prepared.switch.to(prepared.empty)
        else:
            stage = prepared.populated() if "populated" in names else prepared.with_cast
            prepared.switch.to(stage.database)


@pytest.fixture
def cast(db: None, pytestconfig: pytest.Config, request: pytest.FixtureRequest) -> Cast:
    """The fixed cast, whose rows are there when the test begins; the first test of a process makes it."""
    made: Cast
    if "populated" in request.fixturenames:
        made, _cases = request.getfixturevalue("_stage")
        return made
    stage = pytestconfig.stash[PREPARED].with_cast
    there = connections["default"].settings_dict["NAME"] == stage.database
    made = pickle.loads(stage.rows) if there else make_cast()  # noqa: S301 - what this process wrote
    return made


@pytest.fixture
def populated(_stage: Rows, cast: Cast) -> Populated:
    """Rows of every table, for a test that names the cast as well; of them the cases by their kind of belonging."""
    return _stage[1]


@pytest.fixture
def _stage(db: None, pytestconfig: pytest.Config) -> Rows:
    stage = pytestconfig.stash[PREPARED].with_rows
    if stage is None or connections["default"].settings_dict["NAME"] != stage.database:
        return _make_rows()  # the first test of a process
    made: Rows = pickle.loads(stage.rows)  # noqa: S301 - what this process wrote
    return made


@pytest.fixture
def committed_db(
    django_db_setup: None,
    test_databases: TestDatabases,
    django_db_blocker: DjangoDbBlocker,
    request: pytest.FixtureRequest,
) -> Iterator[CommittedDatabase]:
    """A private database with real commits, for threads, other processes and the `owner` alias.

    Not together with `db`. It is dropped afterwards, whoever is still connected.
    """
    has_cast = "committed_cast" in request.fixturenames
    with django_db_blocker.unblock():
        name = test_databases.clone(request.config.stash[PREPARED].to_copy if has_cast else None)
        with pointed_at(name):
            yield CommittedDatabase(name)
        test_databases.drop(name)


@pytest.fixture
def committed_cast(committed_db: CommittedDatabase, pytestconfig: pytest.Config) -> Cast:
    """The cast, which is there when the test begins and which other connections see."""
    made: Cast = pickle.loads(pytestconfig.stash[PREPARED].with_cast.rows)  # noqa: S301 - what this process wrote
    return made


_file = cache(finders.find)


class _Files(StaticFilesHandler):
    def serve(self, request: HttpRequest) -> HttpResponse | FileResponse:
        """Look for each file once: sixty folders may have it, and a page in a fresh browser asks for dozens."""
        found = _file(self.file_path(request.path))
        if not isinstance(found, str):
            raise Http404
        folder, name = os.path.split(found)
        return static.serve(request, name, document_root=folder)


class _Site(ThreadedWSGIServer):
    def serve_forever(self, poll_interval: float = 0.02) -> None:
        """Look often whether it is to end: a test waits for that."""
        super().serve_forever(poll_interval)


class _SiteThread(LiveServerThread):
    server_class = _Site


@pytest.fixture
def live_site(committed_db: CommittedDatabase) -> Iterator[str]:
    """The address of the product served over HTTP from a private database, static files included."""
    site = _SiteThread("127.0.0.1", _Files)
    site.daemon = True
    site.start()
    site.is_ready.wait()
    if site.error:
        raise site.error
    yield f"http://127.0.0.1:{site.port}"
    site.terminate()


@pytest.fixture
def people(live_site: str, committed_cast: Cast) -> Cast:
    """The cast, beside the site that serves it."""
    return committed_cast


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
