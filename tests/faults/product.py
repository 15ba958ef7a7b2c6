"""The product as its units run it, on a PostgreSQL of its own, with a mail server and a receiver of webhooks."""

from __future__ import annotations

import io
import json
import logging
import os
import pwd
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import psycopg
from aiosmtpd.controller import Controller
from django.core.management import call_command

from backend import postgres
from backend.core.session import system
from backend.portals.clients import register_client
from backend.portals.models import Client
from backend.portals.webhooks.actions import add_endpoint
from backend.portals.webhooks.models import WebhookEvent
from permissions.core import grants
from permissions.core.viewer import WORK
from tests.cast import make_cast
from tests.databases import ROOT, CommittedDatabase, TestDatabases, pointed_at
from tests.factories import LONG_AGO, make_user
from tests.own_server import OwnServer, own_server
from tests.portal_writer import Writer, ask
from tests.schema.portal_client import make_notices

LOG = ROOT / "var" / "faults.log"
"""What the product said, to be read afterwards."""
RESTART_SECONDS = 2.0
"""As RestartSec of the units."""
SMALL_DISK = "900m"
CONTACT = {"firstName": "Ayşe", "lastName": "Deneme"}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Unit:
    """A process that is started again two seconds after it ended, however it ended."""

    def __init__(
        self,
        name: str,
        command: list[str],
        environment: dict[str, str],
        log: Path,
        *,
        program: str = sys.executable,
        user: pwd.struct_passwd | None = None,
    ) -> None:
        self.name, self._command, self._environment = name, [program, *command], environment
        self._log, self._user = log.open("ab"), user
        self.started = 0
        self.is_kept = True
        """Started again when it ends; not while its machine is away."""
        self._ended: float | None = None
        self.start()

    def start(self) -> None:
        self._ended, self.started = None, self.started + 1
        self.process = subprocess.Popen(
            self._command,
            cwd=ROOT,
            env=self._environment,
            stdout=self._log,
            stderr=self._log,
            start_new_session=True,
            user=self._user.pw_uid if self._user else None,
            group=self._user.pw_gid if self._user else None,
            extra_groups=[] if self._user else None,
        )

    def look(self) -> None:
        if self.process.poll() is None:
            return
        if self._ended is None:
            self._ended = time.monotonic()
            with suppress(
                ProcessLookupError
            ):  # as systemd: what is left of the unit ends with its first process
                os.killpg(self.process.pid, signal.SIGKILL)
        if self.is_kept and time.monotonic() - self._ended >= RESTART_SECONDS:
            self.start()

    def children(self) -> list[int]:
        pid = self.process.pid
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]

    def end(self) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(40)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self._log.close()


class Mail:
    """A mail server that counts, and that may be away."""

    def __init__(self) -> None:
        logging.getLogger("mail.log").setLevel(logging.WARNING)  # it tells of every connection
        self.port, self.ids = free_port(), list[str]()
        self._controller: Any = None

    def start(self) -> None:
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self._controller.start()

    def stop(self) -> None:
        if self._controller:
            self._controller.stop()
            self._controller = None

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        for line in envelope.original_content.decode("utf-8", "replace").splitlines():
            if line.lower().startswith("message-id:"):
                self.ids.append(line.partition("<")[2].partition("@")[0])
        return "250 kept"


class Receiver:
    """A receiver of webhooks that counts, and that may hang."""

    def __init__(self) -> None:
        self.ids, self.open = list[str](), threading.Event()
        self.open.set()
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                receiver.open.wait(30)
                self.rfile.read(int(self.headers.get("Content-Length") or 0))
                with suppress(OSError):
                    self.send_response(204)
                    self.end_headers()
                    receiver.ids.append(self.headers["webhook-id"])

            def log_message(self, *_arguments: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


class Product:
    """All of it together, and who writes."""

    def __init__(
        self,
        server: OwnServer,
        folder: Path,
        clients: list[tuple[str, str]],
        mail: Mail,
        receiver: Receiver,
        pause: float,
    ):
        self.server, self.mail, self.receiver, self.folder = server, mail, receiver, folder
        self.disk_is_small = False
        self.port, self.stream_port = free_port(), free_port()
        environment = {
            **server.environment,
            "OZELKALEM_ENVIRONMENT": "test",
            "DJANGO_SETTINGS_MODULE": "backend.settings",
            "OZELKALEM_VAR": str(folder),
            "OZELKALEM_PORT": str(self.port),
            "OZELKALEM_STREAM_PORT": str(self.stream_port),
            "OZELKALEM_EMAIL_PORT": str(mail.port),
            "OZELKALEM_LOG_LEVEL": "WARNING",
            "OZELKALEM_WEBHOOK_LOOPBACK": "1",
        }
        LOG.parent.mkdir(exist_ok=True)
        LOG.unlink(missing_ok=True)
        web = ["-m", "gunicorn", "-c", "python:backend.gunicorn", "backend.wsgi", "--log-level", "warning"]
        self.web = Unit("web", web, environment, LOG)
        self.worker = Unit("worker", ["manage.py", "worker"], environment, LOG)
        self.stream = Unit("stream", ["manage.py", "stream"], environment, LOG)
        self.units = [self.web, self.worker, self.stream]
        self.begin_keeping()
        more = {"contact": CONTACT, "privacyNotice": "case-tr-1"}
        self.writers = [
            Writer(self.port, *client, f"w{n}", pause=pause, more=more) for n, client in enumerate(clients)
        ]
        self.reader = Reader(self.port, pause)

    def begin_keeping(self) -> None:
        """Start again from now on what ends."""
        self.keeps_database = threading.Event()
        self.keeps_database.set()
        self._ending = threading.Event()
        self._keeper = threading.Thread(target=self._keep_going, daemon=True)
        self._keeper.start()

    def _keep_going(self) -> None:
        while not self._ending.wait(0.2):
            self.look()

    def look(self) -> None:
        """What systemd does for the units, and for PostgreSQL where its postmaster ended by itself."""
        for unit in self.units:
            unit.look()
        if self.keeps_database.is_set() and postgres.status(self.server.data).pid is None:
            with suppress(postgres.PostgresError):
                self.server.start()

    def end(self) -> None:
        self._ending.set()
        self._keeper.join()
        for unit in self.units:
            unit.end()
        self.mail.stop()
        self.receiver.server.shutdown()

    @property
    def wrong(self) -> list[str]:
        """Answers of 5xx other than 503, as they were."""
        return [*(one for writer in self.writers for one in writer.wrong), *self.reader.wrong]

    def query(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.server.url("admin"), autocommit=True, connect_timeout=5) as connection:
            return connection.execute(statement, values).fetchall()

    def stream_answers(self) -> bool:
        headers = {"Content_Type": "application/json", "Accept": "text/event-stream"}
        body = json.dumps({"query": "subscription { inboxChanged { id } }"})
        return 200 <= ask(self.stream_port, "POST", "/graphql/stream/", body, **headers)[0] < 500


class Reader:
    """Clients that only look: a page, the API without an account, Open311, health."""

    PATHS: tuple[tuple[str, dict[str, str]], ...] = (
        ("/takip/", {"Accept": "text/html"}),
        ("/accounts/login/", {"Accept": "text/html"}),
        ("/open311/v2/services.json", {}),
        ("/open311/v2/services.xml", {}),
        ("/etkinlikler.ics", {}),
    )

    def __init__(self, port: int, pause: float = 0.2) -> None:
        self.port, self.pause = port, pause
        self.statuses, self.ending = dict[int, int](), threading.Event()
        self.wrong: list[str] = []
        self.thread = threading.Thread(target=self._look, daemon=True)

    def _look(self) -> None:
        while not self.ending.wait(self.pause):
            for path, headers in self.PATHS:
                status, body = ask(self.port, "GET", path, **headers)
                if status >= 500 and status != 503:
                    self.wrong.append(f"{path}: {status} {body[:200]!r}")
                self.statuses[status] = self.statuses.get(status, 0) + 1


@contextmanager
def running(pause: float) -> Iterator[Product]:
    """The product with three portals that write, one client that is told by webhook, and nothing else in it.

    A portal pauses so many seconds between two cases.
    """
    mail, receiver = Mail(), Receiver()
    mail.start()
    databases = TestDatabases()
    databases.prepare()
    name = databases.clone()
    with ExitStack() as stack:
        stack.callback(databases.close)
        with pointed_at(name):
            clients = make_clients(receiver.port)
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="ozelkalem-faults-")))
        place = stack.enter_context(_small_disk())
        server = stack.enter_context(own_server(CommittedDatabase(name), connections_at_most=60, place=place))
        databases.drop(name)
        server.execute("ALTER SYSTEM SET max_wal_size = '96MB'", "SELECT pg_reload_conf()")
        product = Product(server, folder, clients, mail, receiver, pause)
        product.disk_is_small = place is not None
        stack.callback(product.end)
        yield product


@contextmanager
def _small_disk() -> Iterator[Path | None]:
    """A file system that may be filled. An ordinary user may mount none: then no row of the table is of a full disk."""
    folder = Path(tempfile.mkdtemp(prefix="ozelkalem-disk-"))
    done = os.geteuid() == 0 and not subprocess.call(
        ["mount", "-t", "tmpfs", "-o", f"size={SMALL_DISK},mode=755", "tmpfs", str(folder)],
        stderr=subprocess.DEVNULL,
    )
    try:
        yield folder if done else None
    finally:
        if done:
            subprocess.run(["umount", "--lazy", str(folder)], check=True)
        folder.rmdir()


def make_clients(port: int) -> list[tuple[str, str]]:
    """The portals that write, and the client that hears of it at this port of this machine: ids and secrets."""
    cast = make_cast()
    make_notices()
    told = {"contact_name": "Işıl İnce", "contact_email": "isil@portal.example", "by": cast.administrator}
    much = {"requests_per_minute": 100_000, "cost_per_minute": 10_000_000, "cost_per_document": 20_000}
    result = []
    call_command("website_client", stdout=io.StringIO())  # as the unit of the web does at every start
    with system():
        for number in range(3):
            account = make_user(f"portal.{number}", "e-Belediye", f"{number}", is_staff=False)
            client, secret = register_client(
                account=account, name=f"Portal {number}", scopes=["SUBMIT", "FOLLOW"], **told, **much
            )
            result.append((str(client.key), secret))
        listener = make_user("dinleyen", "Dinleyen", "Program", is_staff=False)
        grants.give(listener, WORK, cast.office, by=None, valid_from=LONG_AGO)  # it sees what comes in
        listening, _secret = register_client(account=listener, name="Dinleyen", scopes=["READ"], **told)
        add_endpoint(
            Client.objects.get(pk=listening.pk),
            url=f"http://127.0.0.1:{port}/",
            events=[WebhookEvent.COMPLAINT_CHANGED],
            by=cast.administrator,
        )
    return result
