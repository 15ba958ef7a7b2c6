"""The demo's one port: each request finds its server, what is told comes at once, who leaves is let go."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from permissions.demo.front import Front
from permissions.demo.parts import free_port

STREAM = "/graphql/stream/"
WAIT = 20


class _Web(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        answer = f"{self.path} {len(body)} {self.headers['Host']}".encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(answer)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_args: object) -> None:
        pass


class _Stream(_Web):
    goes_on, left = threading.Event(), threading.Event()

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"first")
        self.goes_on.wait(WAIT)
        try:
            while True:
                self.wfile.write(b"x" * 65536)
        except OSError:
            self.left.set()


@pytest.fixture
def ports() -> Iterator[tuple[int, int]]:
    """The port of the front, and that of the web behind it."""
    servers = [ThreadingHTTPServer(("127.0.0.1", 0), handler) for handler in (_Web, _Stream)]
    for server in servers:
        threading.Thread(target=server.serve_forever, daemon=True).start()
    web, stream = (server.server_port for server in servers)
    with Front(free_port(), web, stream) as front:
        yield front.port, web
    for server in servers:
        server.shutdown()
        server.server_close()


def _asked(connection: http.client.HTTPConnection, path: str, body: bytes = b"") -> http.client.HTTPResponse:
    connection.request("POST", path, body, {"Connection": "keep-alive"})
    return connection.getresponse()


def _client(port: int) -> http.client.HTTPConnection:
    return http.client.HTTPConnection("127.0.0.1", port, timeout=WAIT)


def test_a_client_that_keeps_its_connection_reaches_both(ports: tuple[int, int]) -> None:
    front, _web = ports
    large, client = b"x" * 3_000_000, _client(front)
    answer = _asked(client, "/graphql/?a=/graphql/stream/", large)
    assert answer.read() == f"/graphql/?a=/graphql/stream/ {len(large)} 127.0.0.1:{front}".encode()
    told = _asked(client, STREAM)
    assert told.read(5) == b"first"  # before the answer has ended
    told.close()
    _Stream.goes_on.set()
    assert _Stream.left.wait(WAIT)


def test_where_nothing_answers_it_is_said_when_to_come_again() -> None:
    with Front(free_port(), free_port(), free_port()) as front:
        answer = _asked(_client(front.port), STREAM)
        assert (answer.status, answer.headers["Retry-After"]) == (503, "5")
