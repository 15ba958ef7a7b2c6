"""The product on the engines: two webs behind the proxy, a worker, a stream, and clients that read what they wrote."""

from __future__ import annotations

import datetime as dt
import http.client
import json
import os
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path
from typing import Any

import psycopg
from django.utils import timezone

from backend import postgres_system
from backend.core.session import system
from backend.organization.models import User
from backend.portals.actions import issue_token
from backend.portals.models import Scope
from tests.cluster.engines import Engines
from tests.databases import ROOT, CommittedDatabase, TestDatabases, pointed_at
from tests.faults.product import CONTACT, Mail, Product, Reader, Receiver, Unit, free_port, make_clients
from tests.harness import memory
from tests.portal_writer import Writer

LOG = ROOT / "var" / "cluster.log"
"""What all of them wrote, to be read afterwards."""
PATIENCE = 60
HEARD_WITHIN = 40
"""Seconds within which the stream sends something, a heartbeat at least."""


class ClusterProduct(Product):
    """`Product` without a server of its own: the engines keep that."""

    def __init__(
        self,
        engines: Engines,
        folder: Path,
        clients: list[tuple[str, str]],
        token: str,
        mail: Mail,
        receiver: Receiver,
    ) -> None:
        self.engines, self.mail, self.receiver, self.folder = engines, mail, receiver, folder
        self.disk_is_small = False
        self.port, self.stream_port = engines.web_port, free_port()
        pooled = {
            "DATABASE_URL": engines.url("app", engines.pooler_port),
            "DATABASE_READ_URL": engines.url("app", engines.pooler_port, "ozelkalem_read"),
        }
        direct = {"DATABASE_URL": engines.url("app", engines.primary_port)}
        self.webs = [
            Unit(
                f"web{number}",
                ["-m", "gunicorn", "-c", "python:backend.gunicorn", "backend.wsgi", "--log-level", "warning"],
                self._environment(port, pooled),
                LOG,
            )
            for number, port in enumerate(engines.webs, 1)
        ]
        self.worker = Unit("worker", ["manage.py", "worker"], self._environment(free_port(), direct), LOG)
        self.stream = Unit("stream", ["manage.py", "stream"], self._environment(free_port(), direct), LOG)
        self.units = [*self.webs, self.worker, self.stream]
        engines.is_kept = True
        self.begin_keeping()
        more = {"contact": CONTACT, "privacyNotice": "case-tr-1"}
        self.writers = [
            Writer(self.port, *client, f"w{n}", pause=0.2, more=more, follows=True)
            for n, client in enumerate(clients)
        ]
        self.reader = Reader(self.port)
        self.follower = Follower(self.stream_port, token)

    def end(self) -> None:
        self.follower.ending.set()
        super().end()

    def _environment(self, port: int, addresses: dict[str, str]) -> dict[str, str]:
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("DATABASE_")}
        return {
            **inherited,
            **addresses,
            "OZELKALEM_ENVIRONMENT": "test",
            "DJANGO_SETTINGS_MODULE": "backend.settings",
            "OZELKALEM_VAR": str(self.folder),
            "OZELKALEM_PORT": str(port),
            "OZELKALEM_WEB_WORKERS": "1",
            "OZELKALEM_STREAM_PORT": str(self.stream_port),
            "OZELKALEM_EMAIL_PORT": str(self.mail.port),
            "OZELKALEM_LOG_LEVEL": "WARNING",
            "OZELKALEM_WEBHOOK_LOOPBACK": "1",
        }

    def look(self) -> None:
        for unit in (*self.engines.units, *self.units):
            unit.look()

    def query(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """Ask the primary, as often as it takes until the proxy leads there."""
        address = self.engines.url("postgres", self.engines.primary_port)
        end = time.monotonic() + PATIENCE
        while True:
            try:
                with psycopg.connect(address, autocommit=True, connect_timeout=5) as connection:
                    return connection.execute(statement, values).fetchall()
            except psycopg.OperationalError:
                if time.monotonic() > end:
                    raise
                time.sleep(0.5)


class Follower:
    """Somebody who follows the inbox, and comes again with the last id whenever that ends."""

    def __init__(self, port: int, token: str) -> None:
        self.port, self.last_id = port, ""
        self.moments: list[float] = []
        """When something was heard, by the monotonic clock."""
        self.headers = {
            "Content-Type": "application/json",
            "Accept": "text/event-stream",
            "Authorization": f"Bearer {token}",
        }
        self.ending = threading.Event()
        threading.Thread(target=self._go_on, daemon=True).start()

    def _go_on(self) -> None:
        while not self.ending.wait(0.3):
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=HEARD_WITHIN)
            with suppress(OSError, http.client.HTTPException), closing(connection):
                again = {"Last-Event-ID": self.last_id} if self.last_id else {}
                body = json.dumps({"query": "subscription { inboxChanged { id } }"})
                connection.request("POST", "/graphql/stream/", body, {**self.headers, **again})
                for line in connection.getresponse():
                    if line.startswith(b"id: "):
                        self.last_id = line.removeprefix(b"id: ").strip().decode()
                    if line.startswith(b'data: {"data"'):
                        self.moments.append(time.monotonic())


@contextmanager
def running() -> Iterator[ClusterProduct]:
    """The product on three PostgreSQL, with three portals that write and one client that is notified by webhook."""
    LOG.parent.mkdir(exist_ok=True)
    LOG.unlink(missing_ok=True)
    with ExitStack() as stack:
        receiver, mail = Receiver(), Mail()
        stack.callback(receiver.server.shutdown)
        mail.start()
        stack.callback(mail.stop)
        memory.folder("tmp").mkdir(parents=True, exist_ok=True)
        place = stack.enter_context(
            tempfile.TemporaryDirectory(prefix="ozelkalem-cluster-", dir=memory.folder("tmp"))
        )
        folder = Path(place)
        folder.chmod(0o755)
        engines = Engines(folder, LOG)
        stack.callback(engines.end)
        engines.start()
        engines.make_roles()
        databases = TestDatabases()
        stack.callback(databases.close)
        databases.prepare()
        name = databases.clone()
        with pointed_at(name):
            clients, token = make_clients(receiver.port), _token_of_listener()
        _copy(CommittedDatabase(name), engines)
        databases.drop(name)
        product = ClusterProduct(engines, folder, clients, token, mail, receiver)
        stack.callback(product.end)
        yield product


def _token_of_listener() -> str:
    """A token of the account that sees what comes in."""
    with system():
        _row, secret = issue_token(
            user=User.objects.get(username="dinleyen"),
            name="Deneme",
            scopes=[Scope.READ],
            expires_at=timezone.now() + dt.timedelta(days=1),
            by=None,
        )
    return secret


def _copy(database: CommittedDatabase, engines: Engines) -> None:
    """Bring a database of the tests' server, which is a newer PostgreSQL, into the cluster as plain SQL."""
    command = ["--format=plain", "--enable-row-security", "--no-owner", database.url("owner")]
    dumped = subprocess.run(
        [postgres_system.binaries() / "pg_dump", *command], check=True, capture_output=True, text=True
    ).stdout
    begin = "DROP SCHEMA IF EXISTS app CASCADE; DROP SCHEMA public CASCADE; CREATE SCHEMA public;\n"
    engines.psql("-d", engines.url("owner", engines.primary_port), text=begin + dumped)
