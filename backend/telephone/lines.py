"""The line to an exchange: datagrams in the network of the house, or one connection over TLS, which is kept open."""

from __future__ import annotations

import asyncio
import logging
import re
import ssl
from collections.abc import Callable
from typing import Protocol, cast

logger = logging.getLogger(__name__)

AFTER_LOSS = 5.0
"""Seconds after which a connection that was lost, or not taken, is opened again."""
LONGEST_HEAD, LONGEST_BODY = 16 * 1024, 64 * 1024
"""Bytes of a message; what is longer ends the connection."""
_LENGTH = re.compile(rb"^(?:content-length|l)[ \t]*:[ \t]*(\d{1,6})[ \t]*$", re.IGNORECASE | re.MULTILINE)
Received = Callable[[bytes], None]


class Line(Protocol):
    """What an agent needs of a line."""

    transport: str
    is_reliable: bool

    async def open(self) -> None:
        """Open the line; from then on only what comes from the exchange is heard."""

    def send(self, data: bytes) -> None:
        """Send a message; without a connection nothing is sent, and it is asked again."""

    def renew(self) -> None:
        """Give up a connection over which nothing comes any more: another one is opened."""

    @property
    def here(self) -> str:
        """Our own address on this line."""


def _address(host: str, port: int) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


class Datagrams(asyncio.DatagramProtocol):
    """UDP: what comes from another address than that of the exchange is not heard."""

    transport, is_reliable = "UDP", False

    def __init__(self, host: str, port: int, received: Received) -> None:
        self._to, self._received = (host, port), received
        self._line: asyncio.DatagramTransport | None = None

    async def open(self) -> None:
        await asyncio.get_running_loop().create_datagram_endpoint(lambda: self, remote_addr=self._to)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._line = cast("asyncio.DatagramTransport", transport)

    def datagram_received(self, data: bytes, addr: object) -> None:
        self._received(data)

    def error_received(self, exc: Exception) -> None:
        """The exchange is away: what was asked is asked again."""

    def send(self, data: bytes) -> None:
        if self._line and not self._line.is_closing():
            self._line.sendto(data)

    def renew(self) -> None:
        """There is no connection: what was asked is asked again."""

    @property
    def here(self) -> str:
        host, port = (self._line.get_extra_info("sockname") if self._line else ("127.0.0.1", 0))[:2]
        return _address(host, port)


class Secure:
    """TLS: one connection to a server whose certificate names the exchange. `opened` is called whenever it is there:
    what was subscribed over a former one is heard no more."""

    transport, is_reliable = "TLS", True

    def __init__(
        self, host: str, port: int, authorities: str, received: Received, opened: Callable[[], None]
    ) -> None:
        self._to, self._received, self._opened = (host, port), received, opened
        self._context = ssl.create_default_context(cafile=authorities or None)
        self._context.minimum_version = ssl.TLSVersion.TLSv1_2
        self._writer: asyncio.StreamWriter | None = None
        self._kept: asyncio.Task[None] | None = None

    async def open(self) -> None:
        self._kept = asyncio.ensure_future(self._keep())

    async def _keep(self) -> None:
        """Keep a connection. What is wrong with it is logged once, without what went over it."""
        logged = ""
        while True:
            try:
                reader, self._writer = await asyncio.open_connection(
                    *self._to, ssl=self._context, limit=LONGEST_HEAD
                )
                logged = ""
                self._opened()
                await self._read(reader)
                fault = "it was closed"
            except ssl.SSLCertVerificationError as error:
                fault = f"its certificate is not accepted ({error.verify_message})"
            except (OSError, ssl.SSLError, EOFError, asyncio.LimitOverrunError) as error:
                fault = type(error).__name__
            finally:
                if self._writer:
                    self._writer.close()
                self._writer = None
            if fault != logged:
                logger.warning("No line to the exchange over TLS: %s", fault)
            logged = fault
            await asyncio.sleep(AFTER_LOSS)

    async def _read(self, reader: asyncio.StreamReader) -> None:
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            if not head.strip():  # a sign of life (RFC 5626 3.5.1)
                self.send(b"\r\n")
                continue
            named = _LENGTH.search(head.replace(b"\r\n", b"\n"))
            length = int(named[1]) if named else 0
            if length > LONGEST_BODY:
                return
            self._received(head + (await reader.readexactly(length) if length else b""))

    def send(self, data: bytes) -> None:
        if self._writer and not self._writer.is_closing():
            self._writer.write(data)

    def renew(self) -> None:
        if self._writer:
            self._writer.transport.abort()  # a farewell would wait for a peer that is away

    @property
    def here(self) -> str:
        host, port = (self._writer.get_extra_info("sockname") if self._writer else ("127.0.0.1", 0))[:2]
        return _address(host, port)
