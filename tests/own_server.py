"""A PostgreSQL of a test's own, with the product's tables, that may be stopped, killed and filled."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from django.db import connections

from backend import postgres, postgres_process, postgres_system
from backend.postgres import Role
from tests.databases import CommittedDatabase
from tests.harness import memory

WALLS = (
    "SELECT tablename, policyname, roles::text, cmd, qual, with_check FROM pg_policies ORDER BY 1, 2",
    "SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity ORDER BY 1",
    "SELECT table_name, grantee, privilege_type FROM information_schema.role_table_grants"
    " WHERE grantee IN ('ozelkalem_app', 'ozelkalem_office', 'ozelkalem_owner') ORDER BY 1, 2, 3",
    "SELECT proname, prosrc, prosecdef FROM pg_proc WHERE pronamespace = 'app'::regnamespace ORDER BY 1",
    "SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1, 2",
)
"""What the second wall is made of: policies, forced tables, rights, functions, triggers."""


class OwnServer:
    """A server on a folder of its own, which holds what stood in a database of the tests' server."""

    def __init__(self, data: Path) -> None:
        self.data = data

    def url(self, role: Role = "app") -> str:
        return postgres.url(self.data, role)

    @property
    def environment(self) -> dict[str, str]:
        """In which `manage.py` in another process works on it, as an installation does: by address."""
        return {**os.environ, "DATABASE_URL": self.url(), "DATABASE_OWNER_URL": self.url("owner")}

    @property
    def pid(self) -> int:
        """The postmaster."""
        found = postgres.status(self.data).pid
        assert found is not None
        return found

    def start(self) -> None:
        postgres.start(self.data, keep=True, durable=False)

    def stop(self) -> None:
        postgres.stop(self.data)

    def restart(self) -> None:
        self.stop()
        self.start()

    def kill(self) -> None:
        """End the postmaster as the kernel does when memory is short; what it leaves behind ends too."""
        os.kill(self.pid, signal.SIGKILL)
        postgres_process.end_orphans(self.data)

    def execute(self, *statements: str, role: Role = "admin") -> None:
        with psycopg.connect(self.url(role), autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement)

    def back_ends(self, *, of: str = "ozelkalem_app") -> list[int]:
        with psycopg.connect(self.url("admin"), autocommit=True) as connection:
            rows = connection.execute(
                "SELECT pid FROM pg_stat_activity WHERE usename = %s ORDER BY pid", [of]
            )
            return [pid for (pid,) in rows]

    @contextmanager
    def used_up(self) -> Iterator[None]:
        """Hold every connection that the application might have, and take from it those that it has."""
        held: list[psycopg.Connection] = []
        with psycopg.connect(
            self.url("admin"), autocommit=True
        ) as administrator:  # later there is no place for one
            try:
                while True:
                    try:
                        held.append(psycopg.connect(self.url()))
                    except psycopg.OperationalError:
                        ended = administrator.execute(
                            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                            " WHERE usename = 'ozelkalem_app' AND pid <> ALL(%s)",
                            [[one.info.backend_pid for one in held]],
                        )
                        if not ended.rowcount:
                            break
                yield
            finally:
                for connection in held:
                    connection.close()

    @contextmanager
    def read_only(self) -> Iterator[None]:
        """Take no more writes: what an administrator, or a failover to a standby, leaves."""
        self._configure("ALTER SYSTEM SET default_transaction_read_only = on")
        try:
            yield
        finally:
            self._configure("ALTER SYSTEM RESET default_transaction_read_only")

    def _configure(self, statement: str) -> None:
        self.execute("SET default_transaction_read_only = off", statement, "SELECT pg_reload_conf()")


@contextmanager
def own_server(
    copied: CommittedDatabase, *, connections_at_most: int = 30, place: Path | None = None
) -> Iterator[OwnServer]:
    """Start one with a copy of this database, and end it. `place`: an empty folder for it."""
    if place is None:
        memory.folder("tmp").mkdir(parents=True, exist_ok=True)
        place = Path(tempfile.mkdtemp(prefix="ozelkalem-own-", dir=memory.folder("tmp")))
    place.chmod(0o755)
    server = OwnServer(place / "postgres")
    try:
        server.start()
        _copy(copied, server)
        server.execute(f"ALTER SYSTEM SET max_connections = {connections_at_most}")
        server.restart()
        yield server
    finally:
        server.stop()
        shutil.rmtree(place, ignore_errors=True)  # the place may be a file system, which stays


@contextmanager
def standby_of(primary: OwnServer, name: str = "standby", *, durable: bool = False) -> Iterator[OwnServer]:
    """Start a hot standby of this server, as it is now, and end it."""
    standby = OwnServer(primary.data.with_name(name))
    to = postgres.connection(primary.data, "admin")
    user = postgres_system.server_user(primary.data)
    standby.data.mkdir(mode=0o700)
    postgres_system.give(standby.data, user)
    copy = "--write-recovery-conf --wal-method=stream --checkpoint=fast --no-sync"
    done = postgres_system.run_as(
        user,
        [
            postgres_system.reachable_binaries(user) / "pg_basebackup",
            *copy.split(),
            f"--pgdata={standby.data}",
            f"--dbname=host={to.host} user={to.user}",
        ],
        {"PGPASSWORD": to.password},
    )
    assert done.returncode == 0, done.stdout
    known = json.loads(primary.data.with_name(f"{primary.data.name}.json").read_text(encoding="utf-8"))
    file = standby.data.with_name(f"{standby.data.name}.json")
    file.write_text(json.dumps({name: known[name] for name in ("passwords", "roles")}), encoding="utf-8")
    try:
        postgres.start(standby.data, durable=durable)
        yield standby
    finally:
        standby.stop()
        shutil.rmtree(standby.data)
        file.unlink()


@contextmanager
def pointed_at_server(server: OwnServer) -> Iterator[None]:
    """Let this process ask it."""
    settings = connections["default"].settings_dict
    before = dict(settings)
    to = postgres.connection(server.data)
    connections["default"].close()
    try:
        settings.update(HOST=to.host, USER=to.user, PASSWORD=to.password, NAME=to.database, PORT="")
        yield
    finally:
        connections["default"].close()
        settings.update(before)


def _copy(copied: CommittedDatabase, server: OwnServer) -> None:
    programs, file = postgres_system.binaries(), server.data.parent / "copied.dump"
    dump = ["--format=custom", "--enable-row-security", "--no-owner", f"--file={file}", copied.url("owner")]
    subprocess.run([programs / "pg_dump", *dump], check=True)
    server.execute(
        "DROP SCHEMA IF EXISTS app CASCADE; DROP SCHEMA public CASCADE; CREATE SCHEMA public", role="owner"
    )
    restore = ["--exit-on-error", "--no-owner", f"--dbname={server.url('owner')}", str(file)]
    subprocess.run([programs / "pg_restore", *restore], check=True)
    file.unlink()
