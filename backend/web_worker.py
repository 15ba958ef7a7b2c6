"""Gunicorn's threads, which say how long a request waited for one of them, and wait for no client for ever."""

from __future__ import annotations

import select
import socket
import struct
import sys
import time
from typing import Any

from gunicorn.glogging import Logger
from gunicorn.http import wsgi
from gunicorn.workers.gthread import ThreadWorker

from backend import houses
from backend.core.operation import probes
from backend.core.operation.logs import JsonFormatter, without_secrets
from backend.core.operation.metrics_files import counted
from backend.gunicorn import CLIENT_SECONDS, WAITED

AT_ONCE = 2
"""Milliseconds for which a thread with nothing else to do waits for its client's next request."""
INVALID = "Invalid request"
"""How gunicorn's one line about a client begins."""


class Log(Logger):
    """Gunicorn's own lines, in the form and the place of all others. It writes none for a request: the application
    does (`backend.core.operation.request_log`)."""

    def _set_handler(self, log: Any, output: Any, fmt: Any, stream: Any = None) -> None:
        super()._set_handler(log, output, JsonFormatter(), stream or sys.stdout)

    def access(self, *_request: object) -> None:
        """Write nothing, whatever gunicorn's command line says."""

    def info(self, msg: Any, *args: Any, **kwargs: Any) -> None:
        super().info(_whole(msg, args), **kwargs)

    def warning(self, msg: Any, *args: Any, **kwargs: Any) -> None:
        """Gunicorn puts the address and the words of a request that is none into the message: neither stays."""
        if str(msg).startswith(INVALID):
            super().warning(INVALID, **kwargs)
        else:
            super().warning(_whole(msg, args), **kwargs)

    def error(self, msg: Any, *args: Any, **kwargs: Any) -> None:
        super().error(_whole(msg, args), **kwargs)

    def critical(self, msg: Any, *args: Any, **kwargs: Any) -> None:
        super().critical(_whole(msg, args), **kwargs)

    def exception(self, msg: Any, *args: Any, **kwargs: Any) -> None:
        super().exception(msg, *(without_secrets(str(one)) for one in args), **kwargs)


def _whole(message: Any, values: tuple[Any, ...]) -> str:
    """The line as gunicorn means it. It is about gunicorn's own sockets, processes and signals: the words in it, which
    `JsonFormatter` leaves out, may stand there."""
    return str(message) % values if values else str(message)


class _Held:
    """Takes what is sent, in place of a socket."""

    def __init__(self) -> None:
        self.parts: list[bytes] = []

    def sendall(self, data: bytes) -> None:
        self.parts.append(data)


class Response(wsgi.Response):
    """Sends the head with the beginning of the body in one call, and so mostly in one packet."""

    sock: Any

    def write(self, arg: bytes) -> None:
        if self.headers_sent:
            super().write(arg)
            return
        sock = self.sock
        held = _Held()
        self.sock = held
        try:
            super().write(arg)
        finally:
            self.sock = sock
        sock.sendall(b"".join(held.parts))


wsgi.Response = Response  # the only way: gunicorn names the class where it makes one


class Worker(ThreadWorker):
    """One process of the web."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.pulse = probes.Pulse()

    def run(self) -> None:
        """Answer monitors at a port of their own, if one is set, and requests."""
        from backend.monitoring.metrics import exposition

        # What stands in a house is asked of that house.
        probes.listen(self.pulse, counted if houses.is_on() else exposition, is_one_of_many=True)
        super().run()

    def notify(self) -> None:
        """Give a sign of life: the loop that accepts comes here at least once a second."""
        super().notify()
        self.pulse.beat()

    def enqueue_req(self, conn: Any) -> None:
        conn.came_at = time.monotonic()
        conn.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, struct.pack("ll", CLIENT_SECONDS, 0))
        super().enqueue_req(conn)

    def handle(self, conn: Any) -> Any:
        conn.waited = time.monotonic() - conn.came_at
        result = super().handle(conn)
        while result is True and self._has_more(conn):
            conn.waited = 0.0
            result = super().handle(conn)
        return result

    def _has_more(self, conn: Any) -> bool:
        """Whether the client's next request comes at once, while none waits for this thread: it is answered here.

        The way through the thread that accepts, there and back, takes as much as a small answer.
        """
        if not self.alive or self.tpool._work_queue.qsize():
            return False
        coming = select.poll()
        coming.register(conn.sock, select.POLLIN)
        return bool(coming.poll(AT_ONCE))

    def handle_request(self, req: Any, conn: Any) -> Any:
        others = [(name, value) for name, value in req.headers if name.upper() != WAITED.upper()]
        req.headers = [*others, (WAITED, f"{conn.waited:.3f}")]
        return super().handle_request(req, conn)
