"""The databases of a test run: one migrated template, cloned for every worker and for tests that commit.

A template is kept under a name made from everything that shapes it, so a second run does not migrate. Whoever
uses a database holds an advisory lock on its name; locks die with their process, so what a killed run left is
recognised and dropped by the next one, and two runs at once do not touch each other's.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import django
import psycopg
from django.core.management import call_command
from django.db import connections
from psycopg import sql

from backend import database, postgres

ROOT = Path(__file__).resolve().parent.parent
ATTEMPTS = 100
PREFIX = "test_ozelkalem_"
SHAPING = (
    "backend/**/migrations/*.py",
    "backend/core/operation/migrating.py",
    "backend/core/tickets.py",
    "backend/retention/*.py",
    "backend/similarity/statement.py",
    "backend/timeline/branches.py",
    "permissions/**/*.py",
    "backend/**/*.sql",
    "permissions/**/*.sql",
)
ABOVE = ("permissions/checks.py", "permissions/demo/", "permissions/management/")
"""Layers above the policies, none of which can know them (the contract of `permissions` in pyproject.toml)."""


@contextmanager
def server() -> Iterator[None]:
    """Keep a server running for both aliases: the embedded one of the tests, unless DATABASE_URL names another."""
    folder = database.embedded_folder()
    with postgres.using(folder, durable=False) if folder else nullcontext():
        for alias, parameters in database.databases().items():
            connections.settings[alias].update(parameters)
        yield


@dataclass(frozen=True)
class CommittedDatabase:
    """A private copy of the template, for tests with real commits, threads or other processes."""

    name: str

    def url(self, alias: str = "default") -> str:
        """Return the address with which another process reaches it: as app (`default`) or as `owner`."""
        to = connections[alias].settings_dict
        user, password = quote(to["USER"]), quote(to["PASSWORD"])
        if str(to["HOST"]).startswith("/") or not to["HOST"]:
            host = to["HOST"] or to["OPTIONS"].get("host", "")
            return f"postgresql://{user}:{password}@/{self.name}?host={quote(host, safe='/')}"
        return f"postgresql://{user}:{password}@{to['HOST']}:{to['PORT'] or 5432}/{self.name}"

    @property
    def environment(self) -> dict[str, str]:
        """The environment in which `manage.py` in another process works on this database."""
        return {**os.environ, "DATABASE_URL": self.url("default"), "DATABASE_OWNER_URL": self.url("owner")}


class TestDatabases:
    """Creates and drops the databases of this process; keeps one connection as the owner for its locks."""

    __test__ = False

    def __init__(self) -> None:
        self._connection = _connect("owner")
        self.template = f"{PREFIX}template_{_digest()}"
        self._own = {self.template}

    def prepare(self) -> None:
        """Make the template unless it is there, and drop what dead runs and older code left."""
        self._lock(self.template, shared=True)
        building = f"{self.template}_building"
        self._lock(building)
        if not self._exists(self.template):
            self._drop(building)
            self._create(building, "template1")
            with pointed_at(building):
                call_command("migrate", database="owner", verbosity=0, interactive=False)
            self._execute("ALTER DATABASE {} RENAME TO {}", building, self.template)
            self._execute("ALTER DATABASE {} ALLOW_CONNECTIONS false", self.template)
        self._unlock(building)
        self._drop_leftovers()

    def clone(self, of: str | None = None) -> str:
        """Create a copy of the template (or of another database, to which nobody is connected); return its name."""
        name = f"{PREFIX}{os.getpid()}_{secrets.token_hex(4)}"
        self._lock(name, shared=True)
        self._own.add(name)
        self._create(name, of or self.template)
        return name

    def drop(self, name: str) -> None:
        """Drop a copy, ending whatever is still connected to it."""
        self._drop(name)
        self._own.discard(name)
        self._connection.execute("SELECT pg_advisory_unlock_shared(%s)", [_key(name)])

    def close(self) -> None:
        """Let go of every lock; what was not dropped is a leftover from now on."""
        self._connection.close()

    def _drop_leftovers(self) -> None:
        found = self._connection.execute(
            "SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [PREFIX]
        )
        for (name,) in found.fetchall():
            if name in self._own:  # this session's own locks never stand in its way
                continue
            free = self._connection.execute("SELECT pg_try_advisory_lock(%s)", [_key(name)]).fetchone()
            if free and free[0]:
                self._drop(name)
                self._unlock(name)

    def _exists(self, name: str) -> bool:
        return bool(self._connection.execute("SELECT FROM pg_database WHERE datname = %s", [name]).rowcount)

    def _create(self, name: str, template: str) -> None:
        # Copied as files: through the write-ahead log it takes half as much processor time again.
        self._execute("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY", name, template)
        self._execute("REVOKE TEMPORARY ON DATABASE {} FROM PUBLIC", name)  # which a copy does not take over

    def _drop(self, name: str) -> None:
        # The owner may not end the app's connections; the app may.
        with _connect("default") as app:
            for _ in range(ATTEMPTS):
                app.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = %s AND usename = current_user",
                    [name],  # an autovacuum worker ends by itself
                )
                try:
                    return self._execute("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)
                except (psycopg.errors.InsufficientPrivilege, psycopg.errors.ObjectInUse):
                    time.sleep(0.05)  # a connection that was told to end has not ended yet
        raise TimeoutError(f"{name} cannot be dropped: another role is connected to it")

    def _execute(self, statement: str, *names: str) -> None:
        self._connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))

    def _lock(self, name: str, *, shared: bool = False) -> None:
        function = "pg_advisory_lock_shared" if shared else "pg_advisory_lock"
        self._connection.execute(sql.SQL("SELECT {}(%s)").format(sql.Identifier(function)), [_key(name)])

    def _unlock(self, name: str) -> None:
        self._connection.execute("SELECT pg_advisory_unlock(%s)", [_key(name)])


class Switch:
    """The databases that the tests of this process take turns in; each keeps its connections while another is in use.

    Without it every change between a test with the cast and one without would connect anew.
    """

    def __init__(self) -> None:
        self._names: list[str] = []
        self._kept: dict[str, dict[str, Any]] = {}

    def add(self, *names: str) -> None:
        """Take these in, the first of them being the one that both aliases point at now."""
        self._names += names

    def to(self, name: str) -> None:
        """Let both aliases mean this one of them, unless they mean a database that somebody else has them point at."""
        before = connections["default"].settings_dict["NAME"]
        if name == before or not {name, before} <= set(self._names):
            return
        self._kept[before] = {alias: connections[alias] for alias in connections}
        for alias in list(connections):
            if name in self._kept:
                connections[alias] = self._kept[name][alias]
            else:
                del connections[alias]  # the handler makes another
            connections[alias].settings_dict["NAME"] = connections.settings[alias]["NAME"] = name

    @contextmanager
    def inside(self, name: str) -> Iterator[None]:
        """Let both aliases mean this database for the length of the block, connected as they were the last time."""
        before = connections["default"].settings_dict["NAME"]
        self.add(*({before, name} - set(self._names)))
        self.to(name)
        try:
            yield
        finally:
            self.to(before)

    def leave(self, name: str) -> None:
        """End the connections to this one, which may be dropped then."""
        for connection in self._kept.pop(name, {}).values():
            connection.close()

    def close(self) -> None:
        """End every connection that is kept."""
        for name in list(self._kept):
            self.leave(name)
        self._names.clear()


@contextmanager
def pointed_at(name: str) -> Iterator[None]:
    """Let both aliases, in every thread, mean the database of this name for the length of the block."""
    before = {alias: connections[alias].settings_dict["NAME"] for alias in connections}
    _point(dict.fromkeys(before, name))
    try:
        yield
    finally:
        _point(before)


def _point(names: dict[str, str]) -> None:
    for alias, name in names.items():
        connections[alias].close()
        # The handler's dictionary is the one that every thread's connection of this alias holds.
        connections[alias].settings_dict["NAME"] = connections.settings[alias]["NAME"] = name


def kept_statements() -> list[str]:
    """Return the statements that the server keeps for the default connection."""
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT statement FROM pg_prepared_statements")
        return [statement for (statement,) in cursor.fetchall()]


def _connect(alias: str) -> psycopg.Connection[Any]:
    """Connect to the database all runs know, where locks meet, whatever the aliases point at now."""
    parameters = connections[alias].get_connection_params()
    parameters["dbname"] = database.databases()[alias]["NAME"]
    return psycopg.connect(**parameters, autocommit=True)


def _digest() -> str:
    digest = hashlib.sha256(f"{sys.version_info[:2]} {django.VERSION}".encode())
    for path in [*shaping(), ROOT / "uv.lock", Path(__file__)]:
        digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:12]


def shaping() -> list[Path]:
    """Return the files that a template is made from: of `permissions` what a migration's policies are written by."""
    found = {path for pattern in SHAPING for path in ROOT.glob(pattern)}
    return sorted(path for path in found if not str(path.relative_to(ROOT)).startswith(ABOVE))


def _key(name: str) -> int:
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], signed=True)
