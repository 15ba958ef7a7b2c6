"""Gunicorn's threads, which say how long a request waited for one of them, and wait for no client for ever."""

from __future__ import annotations

import socket
import struct
import sys
import time
from typing import Any

from gunicorn.glogging import Logger
from gunicorn.workers.gthread import ThreadWorker

from backend.core.operation.logs import JsonFormatter, without_secrets
from backend.gunicorn import CLIENT_SECONDS, WAITED


class Log(Logger):
    """Gunicorn's own lines, in the form and the place of all others. It writes none for a request: the application
    does (`backend.core.operation.request_log`)."""

    def _set_handler(self, log: Any, output: Any, fmt: Any, stream: Any = None) -> None:
        super()._set_handler(log, output, JsonFormatter(), stream or sys.stdout)

    def access(self, *_request: object) -> None:
        """Write nothing, whatever gunicorn's command line says."""

    def exception(self, msg: Any, *args: Any, **kwargs: Any) -> None:
        super().exception(msg, *(without_secrets(str(one)) for one in args), **kwargs)


class Worker(ThreadWorker):
    """One process of the web."""

    def enqueue_req(self, conn: Any) -> None:
        conn.came_at = time.monotonic()
        conn.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, struct.pack("ll", CLIENT_SECONDS, 0))
        super().enqueue_req(conn)

    def handle(self, conn: Any) -> Any:
        conn.waited = time.monotonic() - conn.came_at
        return super().handle(conn)

    def handle_request(self, req: Any, conn: Any) -> Any:
        others = [(name, value) for name, value in req.headers if name.upper() != WAITED.upper()]
        req.headers = [*others, (WAITED, f"{conn.waited:.3f}")]
        return super().handle_request(req, conn)
