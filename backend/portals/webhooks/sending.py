"""One attempt: a POST to the address that was judged, with an end in sight, and the first kilobyte of the answer."""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from backend.core.operation import tracing
from backend.portals.webhooks.addresses import ForbiddenAddressError, Target, looked_up

SECONDS = 10
KEPT = 1024
OURS = "OURS"
"""The fault of an attempt that did not leave this house, such as a secret that its key does not open."""
AGENT = "OzelKalem-Webhooks/1"


@dataclass(frozen=True)
class Answer:
    """What came of it. `fault`: a word where nothing was answered; never the address."""

    status: int | None
    milliseconds: int
    text: str = ""
    fault: str = ""

    @property
    def is_done(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


def post(target: Target, body: bytes, headers: dict[str, str], kept: int = KEPT) -> Answer:
    """Send, following no redirect: its status is the answer. Ends after `SECONDS`, however slowly the other side is.

    `kept`: so many bytes of the answer are read.
    """
    with tracing.span("webhook") as span:
        answer = _answer(target, body, headers, kept)
        if span is not None:
            span.set_attribute("http.response.status_code", answer.status or 0)
            span.set_attribute("error.type", answer.fault)
        return answer


def _answer(target: Target, body: bytes, headers: dict[str, str], kept: int) -> Answer:
    began = time.monotonic()
    try:
        address = looked_up(target, SECONDS)
        left = began + SECONDS - time.monotonic()
        status, text = _posted(target, address, body, headers, left, kept)
        fault = ""
    except ForbiddenAddressError:
        status, text, fault = None, "", "FORBIDDEN_ADDRESS"
    except (OSError, http.client.HTTPException, ValueError) as error:
        status, text = None, ""
        late = isinstance(error, TimeoutError) or time.monotonic() - began >= SECONDS
        fault = "TIMEOUT" if late else "TLS" if isinstance(error, ssl.SSLError) else "NO_CONNECTION"
    return Answer(status, round((time.monotonic() - began) * 1000), text, fault)


def _posted(
    target: Target, address: str, body: bytes, headers: dict[str, str], seconds: float, kept: int
) -> tuple[int, str]:
    with _bounded(target, address, seconds) as connection:
        values = {"Content-Type": "application/json", "User-Agent": AGENT, "Connection": "close"}
        connection.request("POST", target.path, body, values | headers)
        answer = connection.getresponse()
        text = answer.read(kept).decode("utf-8", "replace").replace("\x00", "")
        return answer.status, text


@contextmanager
def _bounded(target: Target, address: str, seconds: float) -> Iterator[_Connection]:
    """A connection that ends as a whole, however few bytes come within each wait."""
    connection = _Connection(target, address)
    end = threading.Timer(seconds, connection.cut)
    end.daemon = True
    end.start()
    try:
        yield connection
    finally:
        end.cancel()
        connection.close()


@dataclass(frozen=True)
class Fetched:
    """What a GET was answered with. `fault`: a word where nothing was answered."""

    status: int | None
    content: bytes = b""
    fault: str = ""


def get(target: Target, headers: dict[str, str], most: int, seconds: float = 60) -> Fetched:
    """Fetch at most so many bytes from an address that was judged, following no redirect, within so many seconds."""
    began = time.monotonic()
    try:
        address = looked_up(target, SECONDS)
        with _bounded(target, address, began + seconds - time.monotonic()) as connection:
            connection.request(
                "GET", target.path, headers={"User-Agent": AGENT, "Connection": "close"} | headers
            )
            answer = connection.getresponse()
            return Fetched(answer.status, answer.read(most))
    except ForbiddenAddressError:
        return Fetched(None, fault="FORBIDDEN_ADDRESS")
    except (OSError, http.client.HTTPException, ValueError) as error:
        return Fetched(None, fault="TIMEOUT" if isinstance(error, TimeoutError) else "NO_CONNECTION")


class _Connection(http.client.HTTPConnection):
    """HTTPS connection to this address only; the name is used for the certificate and `Host`."""

    def __init__(self, target: Target, address: str) -> None:
        super().__init__(target.host, target.port, timeout=SECONDS)
        self._target, self._address = target, address
        self._open: socket.socket | None = None  # `sock` is handed to an answer that ends the connection
        self._is_over = False
        if target.scheme == "https":
            self.default_port = 443

    def connect(self) -> None:
        self._hold(socket.create_connection((self._address, self._target.port), SECONDS))
        if self._target.scheme == "https":
            # Wrapping detaches the plain socket, so `cut` needs the wrapped one before it waits.
            wrapped = ssl.create_default_context().wrap_socket(
                self.sock, server_hostname=self._target.host, do_handshake_on_connect=False
            )
            self._hold(wrapped)
            wrapped.do_handshake()

    def _hold(self, found: socket.socket) -> None:
        self.sock = self._open = found
        if self._is_over:
            raise TimeoutError

    def cut(self) -> None:
        """Abort the connection, also from another thread."""
        self._is_over = True
        if self._open is not None:
            with suppress(OSError):
                self._open.shutdown(socket.SHUT_RDWR)
