"""A new house: a copy of the template's database, keys and an administrator of its own, and a place in the file."""

from __future__ import annotations

import fcntl
import io
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psycopg
from django.core.management import CommandError, call_command
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.migrations.executor import MigrationExecutor
from django.urls import reverse
from psycopg import sql

from backend import houses
from backend.core import tickets
from backend.core.session import system
from backend.database import databases
from backend.houses import House, HousesError, registry

OWNER = "owner"


def create(
    name: str, hosts: Sequence[str], own: Mapping[str, str], *, administrator: str
) -> tuple[House, str]:
    """Make a house and return it, with the path at which its first administrator chooses a password.

    What is served is not touched; webs know the house as soon as it stands in the file, whole. CommandError where name,
    host or database are taken, or the template cannot be made; then nothing of it is left.
    """
    with _only_one() as file:
        before = file.read_text(encoding="utf-8") if file.exists() else ""
        if name in registry.parse(before):
            raise CommandError(f"There is a house “{name}” already.")
        after = f"{before.rstrip()}\n\n{_table(name, hosts, own)}".lstrip()
        house = registry.parse(after)[name]
        if "DATABASE_URL" in own:
            raise CommandError(
                "A house with a DATABASE_URL of its own is made there, and written into the file by hand."
            )
        with _server() as server:
            prepare_template(server)
            _copy(server, house)
            try:
                path = _begin(house, administrator)
                _write(file, after)
            except BaseException:
                _execute(server, "DROP DATABASE {}", house.database)
                raise
    return houses.named(name), path


def prepare_template(server: psycopg.Connection[Any], *, anyway: bool = False) -> None:
    """Make the template's database, or migrate it where it is behind, or `anyway`: rights change without a migration.

    It holds tables, policies and no row of anybody.
    """
    template = registry.template()
    if _exists(server, template.database):
        with _connected(template):
            if anyway or _is_behind():
                call_command("migrate", database=OWNER, verbosity=0, interactive=False)
        return
    unfinished = registry.template(is_whole=False)
    _execute(server, "DROP DATABASE IF EXISTS {}", unfinished.database)
    _make(server, unfinished.database, "template1")
    with _connected(unfinished):
        call_command("migrate", database=OWNER, verbosity=0, interactive=False)
    _execute(server, "ALTER DATABASE {} RENAME TO {}", unfinished.database, template.database)


@contextmanager
def _connected(house: House) -> Iterator[None]:
    """Be inside of a house, and keep no connection to it: a database that is copied, or dropped, may have none."""
    with houses.inside(house):
        try:
            yield
        finally:
            connections.close_all()


def server() -> Any:
    """Connect to the server as the owner, outside of every house."""
    return _server()


def _is_behind() -> bool:
    executor = MigrationExecutor(connections[OWNER])
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _copy(server: psycopg.Connection[Any], house: House) -> None:
    if _exists(server, house.database):
        raise CommandError(
            f"There is a database “{house.database}” already: drop it, or write the house into the file by hand."
        )
    _make(server, house.database, registry.template().database)


def _make(server: psycopg.Connection[Any], name: str, template: str) -> None:
    """Copy a database; what its connections may do is not copied with it (deploy/roles.sql)."""
    app = databases()[DEFAULT_DB_ALIAS]["USER"]
    _execute(server, "CREATE DATABASE {} TEMPLATE {}", name, template)
    _execute(server, "REVOKE ALL ON DATABASE {} FROM PUBLIC", name)
    _execute(server, "GRANT CONNECT ON DATABASE {} TO {}", name, app)


def _begin(house: House, administrator: str) -> str:
    """Give a copied database the keys of its house, and an administrator; return where they choose a password."""
    from backend.organization.accounts import open_account  # here: a service that few commands need
    from backend.organization.models import User

    with _connected(house):
        with connections[OWNER].cursor() as cursor:
            tickets.install_keys(cursor)
        call_command("website_client", stdout=io.StringIO())
        with system():
            account, secret = open_account(
                username=administrator, first_name="Bilgi", last_name="İşlem", by=None
            )
            User.objects.filter(pk=account.pk).update(is_superuser=True)
    return reverse("invitation", args=[account.key, secret])


def _table(name: str, hosts: Sequence[str], own: Mapping[str, str]) -> str:
    lines = [f"[{name}]", f"hosts = {json.dumps(list(hosts), ensure_ascii=False)}"]
    lines += [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in own.items()]
    return "\n".join(lines) + "\n"


def _write(file: Path, text: str) -> None:
    """Write the file anew, whole or not at all, readable for whom it was."""
    unfinished = file.with_name(f"{file.name}.new")
    unfinished.unlink(missing_ok=True)
    with open(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    if file.exists():
        stat = file.stat()
        os.chmod(unfinished, stat.st_mode & 0o777)
        with suppress(PermissionError):
            os.chown(unfinished, stat.st_uid, stat.st_gid)
    unfinished.replace(file)


@contextmanager
def _only_one() -> Iterator[Path]:
    """Let one house be made at a time."""
    file = registry.path()
    if file is None:
        raise CommandError("Set OZELKALEM_HOUSES to the file that lists the houses.")
    try:
        with open(file.with_name(f"{file.name}.lock"), "w", encoding="utf-8") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield file
    except HousesError as error:
        raise CommandError(str(error)) from error
    except OSError as error:
        raise CommandError(f"{error.filename} cannot be written: {error.strerror}.") from error


@contextmanager
def _server() -> Iterator[psycopg.Connection[Any]]:
    of = databases().get(OWNER)
    if of is None:
        raise CommandError("Set DATABASE_OWNER_URL: databases are made by the owner.")
    to = {"host": of["HOST"], "port": of["PORT"], "user": of["USER"], "password": of["PASSWORD"]}
    options = {key: value for key, value in of["OPTIONS"].items() if key != "pool"}
    with psycopg.connect(
        **{key: value for key, value in to.items() if value}, dbname=of["NAME"], autocommit=True, **options
    ) as connection:
        yield connection


def _exists(server: psycopg.Connection[Any], name: str) -> bool:
    return bool(server.execute("SELECT FROM pg_database WHERE datname = %s", [name]).rowcount)


def _execute(server: psycopg.Connection[Any], statement: str, *names: str) -> None:
    server.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))
