"""What the demo is made of: child processes that end with it and begin again when they fall, and servers that keep all
mail and SMS."""

from __future__ import annotations

import ctypes
import http.server
import json
import logging
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.management.base import CommandError

from backend.outbox.sms import parts_with_turkish

END_SECONDS = 30
LONGEST_PAUSE = 30.0
STEADY_SECONDS = 60.0
"""A process that ran for so long is started again at once when it falls."""
PR_SET_PDEATHSIG = 1
TRIAL = "DENEME: bu SMS gönderilmedi, yalnızca burada saklandı. / A trial: this SMS was sent to no one."


class Part:
    """A child process of the demo, run by this Python; entering starts it, leaving ends it."""

    def __init__(self, name: str, arguments: Sequence[str], environment: Mapping[str, str]) -> None:
        self.name = name
        self._arguments = [sys.executable, *arguments]
        self._environment = dict(environment)
        self._process: subprocess.Popen[bytes] | None = None
        self._pause = 0.0
        self._began = 0.0
        self._due: float | None = None

    def __enter__(self) -> Part:
        """Start it in a session of its own, so that Ctrl-C reaches the demo alone, which ends it in order."""
        self._began = time.monotonic()
        self._process = subprocess.Popen(
            self._arguments,
            cwd=settings.BASE_DIR,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=_end_with_parent if sys.platform == "linux" else None,
        )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Wait until it has ended, and insist after half a minute."""
        self.end()
        if self._process is None:
            return
        try:
            self._process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def end(self) -> None:
        """Ask it to end, without waiting."""
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()

    def runs(self) -> bool:
        """Say whether the process still lives."""
        return self._process is not None and self._process.poll() is None

    def keep_going(self) -> str | None:
        """Start it again if it fell, after a pause that doubles each time; return the line that tells of it."""
        now = time.monotonic()
        if self._process is None or self.runs():
            return None
        if self._due is None:
            steady = now - self._began >= STEADY_SECONDS
            self._pause = 1.0 if steady or not self._pause else min(self._pause * 2, LONGEST_PAUSE)
            self._due = now + self._pause
            code = self._process.returncode
            cause = f"killed by signal {-code}" if code < 0 else f"exit code {code}"
            return f"The {self.name} ended ({cause}). It is started again in {self._pause:.0f} s."
        if now >= self._due:
            self._due = None
            self.__enter__()
        return None


_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


def _end_with_parent() -> None:
    """Let the kernel end this child when the demo is killed, or its port would stay taken."""
    if _libc is not None:
        _libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


class MailSink:
    """An SMTP server on a free local port that writes each message to `folder` and sends nothing on."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self._controller: Any = None
        self._count = 0

    def __enter__(self) -> MailSink:
        """Start to listen."""
        try:
            from aiosmtpd.controller import Controller
        except ImportError as error:
            raise CommandError("The demo needs aiosmtpd: run `uv sync`, which installs it.") from error
        logging.getLogger("mail.log").setLevel(logging.WARNING)  # it tells of every connection
        self.folder.mkdir(parents=True, exist_ok=True)
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self._controller.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop listening."""
        self._controller.stop()

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        """Keep one message (aiosmtpd calls this)."""
        self._count += 1
        name = f"{datetime.now(UTC):%Y%m%dT%H%M%S}-{self._count:04}.eml"
        (self.folder / name).write_bytes(envelope.original_content)
        return "250 kept"


class SmsSink:
    """A local double of an SMS gateway (`backend.outbox.sms.HttpGateway`), which writes each text to `folder`, marked
    as a trial, and sends none on."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self._server.server_port}/"

    def __enter__(self) -> SmsSink:
        """Start to listen."""
        self.folder.mkdir(parents=True, exist_ok=True)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()

    def keep(self, body: bytes) -> None:
        """Keep one text; the same one again is the same file."""
        text = json.loads(body)
        key, count = UUID(text["id"]), parts_with_turkish(text["text"])
        head = f"{TRIAL}\nTo: {text['to']}\nFrom: {text['sender']}\nParts: {count}\n\n"
        (self.folder / f"{key}.txt").write_text(f"{head}{text['text']}\n", encoding="utf-8")

    def _handler(self) -> type[http.server.BaseHTTPRequestHandler]:
        sink = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                sink.keep(self.rfile.read(int(self.headers["Content-Length"])))
                self.send_response(202)
                self.end_headers()

            def log_message(self, *_arguments: Any) -> None:
                """Nothing: a line would have the address of each call."""

        return Handler


def free_port() -> int:
    """Find a free port of this machine."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def answers(port: int) -> bool:
    """Say whether the web server takes connections; it does so only once the application is loaded."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
