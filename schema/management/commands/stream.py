"""`manage.py stream`: the second process of the web, for subscriptions only."""

from __future__ import annotations

import os
import socket
from argparse import ArgumentParser
from typing import Any

import uvicorn
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from backend.core import checks
from backend.core.operation import probes, tracing
from backend.environment import inherited_socket
from backend.monitoring.measuring import STREAM
from schema.stream.application import Application

SEND_BUFFER = 64 * 1024
UNREAD_SECONDS = 60
COMING = 64
"""Connections in acceptance, in addition to subscribers; further ones are refused at once (503)."""


class Server(uvicorn.Server):
    """Lets its followers go when it is to end."""

    def __init__(self, config: uvicorn.Config, application: Application, pulse: probes.Pulse) -> None:
        super().__init__(config)
        self._application, self._pulse = application, pulse

    async def on_tick(self, counter: int) -> bool:
        self._pulse.beat()
        return await super().on_tick(counter)

    def handle_exit(self, sig: int, frame: Any) -> None:
        super().handle_exit(sig, frame)
        if self._application.hub:
            self._application.hub.close()


class Command(BaseCommand):
    help = "Serve subscriptions as server-sent events at /graphql/stream/ until it is ended."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=settings.STREAM_PORT)

    def handle(self, *args: Any, port: int, **options: Any) -> None:
        """Runs on OZELKALEM_BIND; a reverse proxy leads there. Several may run, each on a port of its own."""
        os.environ["PGAPPNAME"] = STREAM  # libpq's: the status page knows the process by its connections
        try:
            checks.refuse_unsafe_start()
        except checks.UnsafeStartError as refusal:
            raise CommandError(str(refusal)) from refusal
        tracing.begin("stream")
        application, pulse = Application(), probes.Pulse()
        try:
            probes.listen(pulse)
        except OSError as error:
            raise CommandError(probes.PORT_IN_USE) from error
        config = uvicorn.Config(
            application, http="h11", ws="none", loop="asyncio", lifespan="on", log_config=None, access_log=False,
            proxy_headers=False, server_header=False, timeout_graceful_shutdown=5,
            limit_concurrency=int(settings.STREAM_LIMITS["connections"]) + COMING,
        )  # fmt: skip
        Server(config, application, pulse).run(sockets=[listening(port)])


def listening(port: int) -> socket.socket:
    """Socket options of connections: a small buffer, so that unread data stays small, and a timeout for
    unacknowledged data. What systemd holds is taken over: who comes while this process begins anew waits in it."""
    held = inherited_socket()
    result = socket.socket(fileno=held)
    result.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    result.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)
    if hasattr(socket, "TCP_USER_TIMEOUT"):
        result.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, UNREAD_SECONDS * 1000)
    if held is not None:
        return result
    try:
        result.bind((settings.BIND, port))
    except OSError as error:
        raise CommandError(f"Port {port} is in use: choose another with OZELKALEM_STREAM_PORT.") from error
    result.listen(512)
    return result
