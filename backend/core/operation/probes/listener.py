"""The port: `/health/live/` for who starts processes again, `/metrics` for Prometheus; a thread for each question."""

from __future__ import annotations

import json
import socketserver
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from django.conf import settings
from django.db import connections
from prometheus_client import CONTENT_TYPE_LATEST

from backend.core.operation.metrics_files import counted
from backend.core.operation.probes.pulse import Pulse
from backend.core.operation.probes.token import bears_metrics_token
from backend.houses import current

CLIENT_SECONDS = 10
"""A client may send nothing for so long."""


def listen(
    pulse: Pulse, expose: Callable[[], bytes] = counted, *, is_one_of_many: bool = False
) -> ThreadingHTTPServer | None:
    """Answer monitors at MONITOR_PORT from now on; OSError where the port is in use. Return what is closed in the end.

    None, where no port is set, and in a process of one house among many: they are on one machine. Processes that are
    `is_one_of_many` share the port, and the kernel asks any of them.
    """
    if not settings.MONITOR_PORT or current() is not None:
        return None
    server = _Server(pulse, expose, is_one_of_many)
    threading.Thread(target=server.serve_forever, daemon=True, name="monitor").start()
    return server


class _Server(ThreadingHTTPServer):
    def __init__(self, pulse: Pulse, expose: Callable[[], bytes], is_one_of_many: bool) -> None:
        self.pulse, self.expose, self.allow_reuse_port = pulse, expose, is_one_of_many
        super().__init__((settings.BIND, settings.MONITOR_PORT), _Handler)

    def server_bind(self) -> None:
        """Bind, and ask no DNS for a name as `HTTPServer` does."""
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = settings.BIND, settings.MONITOR_PORT


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    timeout = CLIENT_SECONDS
    server_version, sys_version = "ozelkalem", ""

    def do_GET(self) -> None:
        if self.path == "/health/live/":
            lives = self.server.pulse.lives
            text = json.dumps({"status": "ok" if lives else "failed"}).encode()
            self._answer(200 if lives else 503, "application/json", text)
        elif self.path == "/metrics" and bears_metrics_token(self.headers.get("Authorization", "")):
            self._answer(200, CONTENT_TYPE_LATEST, self.server.expose())
        else:
            self._answer(404, "text/plain", b"")

    def finish(self) -> None:
        """End with the question what it opened of the database."""
        super().finish()
        connections.close_all()

    def _answer(self, status: int, kind: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments: object) -> None:
        """Write nothing: a probe comes every few seconds."""
