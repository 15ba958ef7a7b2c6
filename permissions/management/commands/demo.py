"""`manage.py demo`: the whole product with demo data, as it runs in production, until Ctrl-C."""

import contextlib
import fcntl
import io
import os
import signal
import socket
import subprocess
import sys
import threading
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connections
from django.db.migrations.loader import MigrationLoader

from backend import database, postgres
from backend.complaints.models import Complaint
from backend.core import session
from backend.core.checks import WithoutAddresses
from permissions.demo.front import Front
from permissions.demo.parts import MailSink, Part, SmsSink, answers, free_port
from permissions.demo.users import demo_users

START_SECONDS = 90
ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Command(WithoutAddresses):
    """Prepares database and files, starts web, worker and what keeps mail and SMS, and ends them together."""

    help = "Run the product with demo data at http://127.0.0.1:8000 until Ctrl-C."
    _client: list[str]

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the port and the size."""
        parser.add_argument("--port", type=int, default=int(os.environ.get("OZELKALEM_PORT") or 8000))
        parser.add_argument(
            "--complaints", type=int, default=2000, help="how many invented ones there shall be"
        )

    def handle(self, *args: Any, port: int, complaints: int, **options: Any) -> None:
        """Run until a signal. A part that falls is started again; one that does not even start ends the command with
        1."""
        if settings.ENVIRONMENT == "production":
            raise CommandError("The demo's passwords are public: it does not run in production.")
        _need_free(port)
        for number in ENDING:  # now an exception; later, when parts run, a request to end them in order
            signal.signal(number, signal.default_int_handler)
        with _alone():
            self._prepare(complaints)
        _need_free(port)  # a process that was faster may serve there now
        ending = threading.Event()
        for number in ENDING:
            signal.signal(number, lambda *_: ending.set())
        with contextlib.ExitStack() as stack:
            mail = stack.enter_context(MailSink(settings.VAR_DIR / "mail"))
            texts = stack.enter_context(SmsSink(settings.VAR_DIR / "sms"))
            web, stream = free_port(), int(os.environ.get("OZELKALEM_STREAM_PORT") or free_port())
            parts = [
                stack.enter_context(part) for part in self._parts(port, web, stream, mail.port, texts.url)
            ]
            if _await(parts, web, ending):
                stack.enter_context(Front(port, web, stream))
                self._welcome(port, mail.folder, texts.folder)
                while not ending.wait(0.5):
                    self._keep_going(parts)
            self._finish(parts, ending)

    def _prepare(self, complaints: int) -> None:
        if "owner" not in connections:
            raise CommandError(
                "Set DATABASE_OWNER_URL as well as DATABASE_URL: the demo brings the tables up to date."
            )
        _need_known_history()
        with _collecting_static_files():
            self._fill(complaints)

    def _fill(self, complaints: int) -> None:
        self._say("Bringing the tables up to date …")
        call_command("migrate", database="owner", verbosity=0, interactive=False)
        connections["owner"].close()
        with session.system():
            there = Complaint.objects.count()
        if there < complaints:
            self._say("Loading the demo data …")
            call_command(
                "load_demo", complaints=complaints, stdout=io.StringIO()
            )  # it ends with the same people
        result = io.StringIO()
        call_command("sandbox_client", stdout=result)
        self._client = result.getvalue().split()
        call_command("website_client", stdout=io.StringIO())
        connections.close_all()

    def _parts(self, port: int, web: int, stream: int, mail_port: int, texts: str) -> list[Part]:
        environment = {
            **os.environ,
            "OZELKALEM_PORT": str(web),
            "OZELKALEM_PUBLIC_URL": os.environ.get("OZELKALEM_PUBLIC_URL") or f"http://127.0.0.1:{port}",
            "OZELKALEM_STREAM_PORT": str(stream),
            "OZELKALEM_TRUSTED_ORIGINS": f"http://127.0.0.1:{port}",
            "OZELKALEM_EMAIL_HOST": "127.0.0.1",
            "OZELKALEM_EMAIL_PORT": str(mail_port),
            "OZELKALEM_SMS_GATEWAY_URL": os.environ.get("OZELKALEM_SMS_GATEWAY_URL") or texts,
            "OZELKALEM_SMS_SENDER": os.environ.get("OZELKALEM_SMS_SENDER") or "DENEME",
            "OZELKALEM_LOG_LEVEL": os.environ.get("OZELKALEM_LOG_LEVEL") or "WARNING",
        }
        gunicorn = [
            "-m",
            "gunicorn",
            "-c",
            "python:backend.gunicorn",
            "backend.wsgi",
            "--log-level",
            "warning",
        ]
        worker = [str(settings.BASE_DIR / "manage.py"), "worker"]
        events = [str(settings.BASE_DIR / "manage.py"), "stream"]
        return [
            Part("web server", gunicorn, environment),
            Part("job worker", worker, environment),
            Part("stream of events", events, environment),
        ]

    def _welcome(self, port: int, mail: Path, texts: Path) -> None:
        address = f"http://127.0.0.1:{port}"
        lines = [
            "",
            f"  Citizens  {address}/",
            f"  Screens   {address}/admin/",
            f"  GraphQL   {address}/graphql/ (subscriptions: {address}/graphql/stream/)",
            f"  Programs  {address}/gelistirici/",
            f"  Mail      {mail} (one .eml a message)",
            f"  SMS       {texts} (a double of a gateway keeps them; none is sent)",
            "",
        ]
        lines += [f"  {name:<12} {password:<16} {role}" for name, password, _, role in demo_users()]
        lines += ["", "  The sandbox client, Deneme istemcisi (docs/portals.md), its id and secret:"]
        lines += [f"  {part}" for part in self._client]
        lines += ["", "  Ctrl-C ends everything."]
        self._say("\n".join(lines))

    def _keep_going(self, parts: list[Part]) -> None:
        """Start again what fell: the database first, which the others need."""
        folder = database.embedded_folder()
        if folder and postgres.status(folder).pid is None:
            self._say("The database ended. It is started again.")
            try:
                postgres.start(folder, keep=False)
            except postgres.PostgresError as error:  # the next look tries again
                self._say(str(error))
        for part in parts:
            if line := part.keep_going():
                self._say(line)

    def _finish(self, parts: list[Part], ending: threading.Event) -> None:
        fallen = [part.name for part in parts if not part.runs()]
        self._say("Ending …")
        for part in parts:
            part.end()
        if fallen and not ending.is_set():
            raise CommandError(f"The {' and the '.join(fallen)} ended by itself: its last lines are above.")

    def _say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    """Two at once would migrate the same tables: the second waits and finds everything prepared."""
    settings.VAR_DIR.mkdir(parents=True, exist_ok=True)
    with open(settings.VAR_DIR / "demo.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _need_known_history() -> None:
    """Refuse tables that were made by migrations which are not in this code: no migration leads on from there."""
    loader = MigrationLoader(connections["owner"])
    known = {app for app, _name in loader.disk_migrations}
    gone = [
        name for name in loader.applied_migrations if name[0] in known and name not in loader.disk_migrations
    ]
    if gone:
        raise CommandError(
            "The demo's data is of another version of the product. `make clean` removes it; the demo then begins anew."
        )


def _need_free(port: int) -> None:
    if not _is_free(port):
        raise CommandError(
            f"Port {port} is in use, perhaps by another demo: end that one, or choose another port with "
            "OZELKALEM_PORT=8001."
        )


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _await(parts: list[Part], port: int, ending: threading.Event) -> bool:
    """Wait for the first answer; False when a process ended or shutdown was requested."""
    for _ in range(START_SECONDS * 5):
        if ending.wait(0.2) or not all(part.runs() for part in parts):
            return False
        if answers(port):
            return True
    return False


@contextlib.contextmanager
def _collecting_static_files() -> Iterator[None]:
    """Collect the static files, unless they are current, in a process of its own while the block runs."""
    if _static_files_are_current():
        yield
        return
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "collectstatic", "--noinput", "-v", "0"]
    with subprocess.Popen(command) as process:
        try:
            yield
        except BaseException:
            process.terminate()
            raise
    if process.returncode:
        raise CommandError("The static files were not collected: the lines above say why.")


def _static_files_are_current() -> bool:
    manifest = Path(settings.STATIC_ROOT) / "staticfiles.json"
    if not manifest.exists():
        return False
    sources = [settings.BASE_DIR / "uv.lock", Path(sys.prefix) / "pyvenv.cfg"]
    for finder in get_finders():
        sources += [Path(storage.path(name)) for name, storage in finder.list([])]
    return max(path.stat().st_mtime for path in sources) < manifest.stat().st_mtime
