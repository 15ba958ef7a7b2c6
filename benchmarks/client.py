"""The load: kept connections that ask, wait for the whole answer, and ask again. One thread, plain sockets, no parsing:
a few hundredths of a millisecond of processor a request, which are never counted as anybody's."""

from __future__ import annotations

import json
import math
import re
import selectors
import socket
import time
from dataclasses import dataclass, field
from typing import Any

LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
CHUNKED = re.compile(rb"\r\ntransfer-encoding: *chunked", re.IGNORECASE)
PATIENCE = 30.0
MOST_LOST = 8
"""So often in a row one client opens its connection anew before it gives up."""
PAUSE_SECONDS = 0.02


class BadAnswerError(Exception):
    """Not 200, cut off, or later than anybody would wait."""


class LateError(BadAnswerError):
    """Later than anybody would wait."""


def http(path: str, body: dict[str, Any], headers: dict[str, str]) -> bytes:
    """A POST of JSON as it goes over the wire."""
    content = json.dumps(body).encode()
    lines = {
        "Host": "127.0.0.1",
        "Accept": "application/json",
        "Content-Type": "application/json",
        "Content-Length": str(len(content)),
        **headers,
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"POST {path} HTTP/1.1\r\n{head}\r\n".encode() + content


class _Connection:
    """One client. `feed` says when the answer is complete; `lost` counts connections that were reset or refused."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.socket: socket.socket | None = None
        self.lost = self.in_a_row = 0

    def ask(self, request: bytes) -> None:
        self.request, self.in_a_row = request, 0
        self.since = time.perf_counter()
        self._send()

    def _send(self) -> None:
        while True:
            self.received, self.needs = bytearray(), -1
            try:
                if self.socket is None:
                    self.socket = socket.create_connection(("127.0.0.1", self.port), PATIENCE)
                    self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self.socket.sendall(self.request)
            except TimeoutError:
                raise BadAnswerError(f"no connection within {PATIENCE:.0f} s") from None
            except OSError as fault:
                self._lose(fault)
            else:
                return

    def _lose(self, fault: OSError) -> None:
        self.close()
        self.lost += 1
        self.in_a_row += 1
        if self.in_a_row == MOST_LOST:
            raise BadAnswerError(f"{MOST_LOST} connections in a row were reset or refused: {fault}")
        if self.in_a_row > 1:
            time.sleep(PAUSE_SECONDS)

    def feed(self) -> bool:
        """Read what is there; True when the answer is whole."""
        assert self.socket is not None  # noqa: S101 - asked before
        try:
            part = self.socket.recv(1 << 18)
        except ConnectionError as fault:
            self._lose(fault)
            self._send()
            return False
        if not part:
            if self.received:
                raise BadAnswerError("the answer was cut off")
            self._end()
            return False
        self.received += part
        if self.needs < 0:
            self._measure()
        if self.needs >= 0:
            return len(self.received) >= self.needs
        return self.chunked and self.received.endswith(b"0\r\n\r\n")

    def _end(self) -> None:
        """A worker that ended, as gunicorn's do after some thousand answers, is no loss unless all of them do."""
        self.close()
        self.in_a_row += 1
        if self.in_a_row == MOST_LOST:
            raise BadAnswerError(f"{MOST_LOST} connections in a row were closed without an answer")
        self._send()

    def _measure(self) -> None:
        end = self.received.find(b"\r\n\r\n")
        self.chunked = False
        if end < 0:
            return
        head = bytes(self.received[:end])
        if not head.startswith(b"HTTP/1.1 200"):
            raise BadAnswerError(f"{head[:40]!r} {bytes(self.received[end : end + 500])!r}")
        if found := LENGTH.search(head):
            self.needs = end + 4 + int(found[1])
        elif CHUNKED.search(head):
            self.chunked = True
        else:
            raise BadAnswerError("the answer says no length")

    def body(self) -> bytes:
        content = bytes(self.received[self.received.find(b"\r\n\r\n") + 4 :])
        if self.needs >= 0:
            return content
        parts = []
        while content:
            size, _newline, content = content.partition(b"\r\n")
            parts.append(content[: int(size, 16)])
            content = content[int(size, 16) + 2 :]
        return b"".join(parts)

    def close(self) -> None:
        if self.socket is not None:
            self.socket.close()
            self.socket = None


def ask(port: int, request: bytes, patience: float = PATIENCE) -> bytes:
    """One answer, as it came."""
    connection = _Connection(port)
    try:
        connection.ask(request)
        if connection.socket is not None:
            connection.socket.settimeout(patience)
        while not connection.feed():
            pass
    except TimeoutError:
        raise LateError(f"no answer within {patience:.0f} s") from None
    finally:
        connection.close()
    return connection.body()


@dataclass
class Load:
    """What some clients saw. `answers` counts the late ones too: they cost the server as much. `lost` are connections
    that were reset or refused; what was asked on them was asked again."""

    seconds: float = 0.0
    answers: int = 0
    in_time: int = 0
    lost: int = 0
    times: list[float] = field(default_factory=list)

    @property
    def rate(self) -> float:
        return self.in_time / self.seconds if self.seconds else 0.0

    def share(self, share: float) -> float:
        """Milliseconds within which this share of the answers came."""
        times = sorted(self.times)
        return times[min(math.ceil(share * len(times)), len(times)) - 1] * 1000 if times else math.nan


def load(port: int, request: bytes, clients: int, seconds: float) -> Load:
    """Let so many clients ask for so long, each after its answer again. At least one answer each."""
    found, waiting = Load(), selectors.DefaultSelector()
    connections = [_Connection(port) for _each in range(clients)]
    start = last = time.perf_counter()
    end = start + seconds
    try:
        for connection in connections:
            connection.ask(request)
            waiting.register(_socket(connection), selectors.EVENT_READ, connection)
        while waiting.get_map():
            events = waiting.select(PATIENCE)
            if not events:
                raise BadAnswerError(f"no answer within {PATIENCE:.0f} s")
            for key, _event in events:
                if _answered(key.data, waiting):
                    now = time.perf_counter()
                    found.answers += 1
                    found.times.append(now - key.data.since)
                    if now <= end or not found.in_time:
                        found.in_time, last = found.in_time + 1, now
                    if now < end:
                        key.data.ask(request)
                        _watch(waiting, key.data, key.fileobj)
                    else:
                        waiting.unregister(key.fileobj)
    finally:
        waiting.close()
        for connection in connections:
            connection.close()
    found.lost = sum(connection.lost for connection in connections)
    found.seconds = max(last, end) - start
    return found


def _answered(connection: _Connection, waiting: selectors.BaseSelector) -> bool:
    """Whether the answer is whole now."""
    before = _socket(connection)
    whole = connection.feed()
    _watch(waiting, connection, before)
    return whole


def _watch(waiting: selectors.BaseSelector, connection: _Connection, before: Any) -> None:
    """A connection that the server closed was opened again."""
    if connection.socket is not before:
        waiting.unregister(before)
        waiting.register(_socket(connection), selectors.EVENT_READ, connection)


def _socket(connection: _Connection) -> socket.socket:
    assert connection.socket is not None  # noqa: S101 - asked before
    return connection.socket
