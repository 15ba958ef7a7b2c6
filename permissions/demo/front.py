"""The one port of the demo, where an installation has a reverse proxy: the web behind it, and the stream of events."""

from __future__ import annotations

import asyncio
import contextlib
import re
import threading
from types import TracebackType

STREAM = b"/graphql/stream/"
CONNECTION = re.compile(rb"\r\n(?:connection|keep-alive):[^\r]*", re.IGNORECASE)
AWAY = b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
CHUNK = 64 * 1024


class Front:
    """Listens at `port` and hands what comes on to `web`, or to `stream` what is asked at its address.

    A connection carries one request, so that the next one finds its own way.
    """

    def __init__(self, port: int, web: int, stream: int) -> None:
        self.port, self.web, self.stream = port, web, stream
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="front", daemon=True)

    def __enter__(self) -> Front:
        """Start to listen; OSError where the port is taken."""
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop listening, and cut what is still followed."""
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _listen(self) -> None:
        self._server = await asyncio.start_server(self._take, "127.0.0.1", self.port, limit=CHUNK)

    async def _end(self) -> None:
        self._server.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            async with contextlib.AsyncExitStack() as stack:
                stack.callback(writer.close)
                head = await reader.readuntil(b"\r\n\r\n")
                try:
                    far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._port_of(head))
                except OSError:
                    writer.write(AWAY)
                    return
                stack.callback(far_writer.close)
                far_writer.write(CONNECTION.sub(b"", head)[:-2] + b"Connection: close\r\n\r\n")
                ways = {
                    asyncio.create_task(_carry(reader, far_writer)),
                    asyncio.create_task(_carry(far_reader, writer)),
                }
                try:  # whoever ends first has left, or has said everything
                    await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
                finally:
                    for way in ways:
                        way.cancel()

    def _port_of(self, head: bytes) -> int:
        target = head.split(b" ", 2)[1] if head.count(b" ") > 1 else b""
        return self.stream if target.partition(b"?")[0] == STREAM else self.web


async def _carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while part := await reader.read(CHUNK):
            writer.write(part)
            await writer.drain()
