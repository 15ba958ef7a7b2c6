"""A double of a message centre (SMSC), written from the SMPP 3.4 specification: nothing of an operator is asked.

It has a codec of its own, so that what the product's library writes is read by another hand.
"""

from __future__ import annotations

import itertools
import socket
import struct
from contextlib import suppress
from dataclasses import dataclass
from queue import SimpleQueue
from threading import Lock, Thread

BIND, BIND_RESP, SUBMIT, SUBMIT_RESP = 0x09, 0x80000009, 0x04, 0x80000004
DELIVER, DELIVER_RESP, ENQUIRE, ENQUIRE_RESP = 0x05, 0x80000005, 0x15, 0x80000015
UNBIND, UNBIND_RESP, NACK = 0x06, 0x80000006, 0x80000000
INVALID_PASSWORD = 0x0E


@dataclass
class Submitted:
    """A submit_sm as it arrived."""

    source: str
    destination: str
    esm_class: int
    registered: int
    data_coding: int
    content: bytes
    payload: bytes


class Centre:
    """`statuses`: what the next submit_sm are answered with; `is_mute`: nothing is answered any more;
    `answers_only`: so many submit_sm are answered."""

    def __init__(self, password: str = "parola") -> None:  # noqa: S107 - of a double
        self.password = password
        self.submitted: list[Submitted] = []
        self.statuses: list[int] = []
        self.answers: SimpleQueue[tuple[int, int]] = SimpleQueue()
        self.is_mute = False
        self.answers_only: int | None = None
        self.binds, self.enquiries = 0, 0
        self._serial, self._sequence = itertools.count(1), itertools.count(1)
        self._lines: list[socket.socket] = []
        self._writing = Lock()
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._server.getsockname()[1])
        Thread(target=self._accept, daemon=True).start()

    @property
    def url(self) -> str:
        return f"smpp://belediye@127.0.0.1:{self.port}"

    def close(self) -> None:
        self.cut()
        with suppress(OSError):
            self._server.shutdown(socket.SHUT_RDWR)  # who waits in accept() would take one more
        self._server.close()

    def cut(self) -> None:
        """End every line without a word."""
        for line in self._lines:
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)
        self._lines.clear()

    # -- what it sends --------------------------------------------------------------------------------------------
    def deliver(self, sender: str, to: str, content: bytes, *, coding: int = 0, esm_class: int = 0,
                options: bytes = b"") -> int:  # fmt: skip
        """Send a deliver_sm, and return the status of its answer."""
        body = (
            b"\0"
            + bytes([1, 1])
            + sender.encode()
            + b"\0"
            + bytes([1, 1])
            + to.encode()
            + b"\0"
            + bytes([esm_class, 0, 0])
            + b"\0\0"
            + bytes([0, 0, coding, 0, len(content)])
            + content
            + options
        )
        self._write(self._lines[-1], DELIVER, next(self._sequence), body)
        return self.answers.get(timeout=120)[1]

    def receipt(self, name: str, state: str = "DELIVRD", fault: str = "000") -> int:
        """Send a receipt as Appendix B has it."""
        text = f"id:{name} sub:001 dlvrd:001 submit date:2611291000 done date:2611291001 stat:{state} err:{fault}"
        return self.deliver("905321112233", "BELEDIYE", text.encode("latin-1", "replace"), esm_class=4)

    def enquire(self) -> None:
        self._write(self._lines[-1], ENQUIRE, next(self._sequence), b"")

    def _write(self, line: socket.socket, command: int, sequence: int, body: bytes, status: int = 0) -> None:
        with self._writing:
            line.sendall(struct.pack(">LLLL", 16 + len(body), command, status, sequence) + body)

    # -- what it hears --------------------------------------------------------------------------------------------
    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                line, _address = self._server.accept()
                Thread(target=self._serve, args=[line], daemon=True).start()

    def _serve(self, line: socket.socket) -> None:
        with suppress(OSError, struct.error, ConnectionError):
            while True:
                length, command, status, sequence = struct.unpack(">LLLL", _exactly(line, 16))
                body = _exactly(line, length - 16)
                self._hear(line, command, status, sequence, body)

    def _hear(self, line: socket.socket, command: int, status: int, sequence: int, body: bytes) -> None:
        if command in (DELIVER_RESP, ENQUIRE_RESP):
            self.answers.put((command, status))
        elif self.is_mute:
            return
        elif command == BIND:
            _system, password, _kind, _rest = body.split(b"\0", 3)
            good = password.decode() == self.password
            if good:
                self.binds += 1
                self._lines.append(line)
            self._write(line, BIND_RESP, sequence, b"merkez\0", 0 if good else INVALID_PASSWORD)
        elif command == SUBMIT:
            self.submitted.append(_read(body))
            if self.answers_only is not None and len(self.submitted) > self.answers_only:
                return
            fault = self.statuses.pop(0) if self.statuses else 0
            name = b"" if fault else f"M{next(self._serial)}\0".encode()
            self._write(line, SUBMIT_RESP, sequence, name, fault)
        elif command == ENQUIRE:
            self.enquiries += 1
            self._write(line, ENQUIRE_RESP, sequence, b"")
        elif command == UNBIND:
            self._write(line, UNBIND_RESP, sequence, b"")
        else:
            self._write(line, NACK, sequence, b"", 0x03)


def _exactly(line: socket.socket, size: int) -> bytes:
    content = b""
    while len(content) < size:
        if not (part := line.recv(size - len(content))):
            raise ConnectionError
        content += part
    return content


def _read(body: bytes) -> Submitted:
    _service, body = body.split(b"\0", 1)
    source, body = body[2:].split(b"\0", 1)
    destination, body = body[2:].split(b"\0", 1)
    esm_class, body = body[0], body[3:]
    _schedule, body = body.split(b"\0", 1)
    _validity, body = body.split(b"\0", 1)
    registered, coding, size = body[0], body[2], body[4]
    content, options = body[5 : 5 + size], body[5 + size :]
    payload = b""
    while options:
        tag, length = struct.unpack(">HH", options[:4])
        if tag == 0x0424:
            payload = options[4 : 4 + length]
        options = options[4 + length :]
    return Submitted(source.decode(), destination.decode(), esm_class, registered, coding, content, payload)
