"""More is asked than there are hands for: everybody is answered soon, in words, and no client holds a hand for ever."""

from __future__ import annotations

import http.client
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from tests.cast import make_cast
from tests.databases import ROOT, CommittedDatabase

pytestmark = pytest.mark.waits

ONE_HAND = {
    "OZELKALEM_WEB_WORKERS": "1",
    "OZELKALEM_WEB_THREADS": "1",
    "OZELKALEM_WEB_WAIT_SECONDS": "1",
    "OZELKALEM_WEB_CLIENT_SECONDS": "1",
    "OZELKALEM_STATEMENT_SECONDS": "3",
}
QUERY = json.dumps({"query": '{ complaintTracking(code: "7G2K0QXM4TBN") { status } }'})


@pytest.fixture
def port(committed_db: CommittedDatabase) -> Iterator[int]:
    """The product behind gunicorn, with one thread."""
    make_cast()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        found = int(probe.getsockname()[1])
    command = [sys.executable, "-m", "gunicorn", "-c", "python:backend.gunicorn", "backend.wsgi"]
    environment = {**os.environ, **committed_db.environment, **ONE_HAND, "OZELKALEM_PORT": str(found)}
    with subprocess.Popen(command, cwd=ROOT, env=environment) as web:
        try:
            deadline = time.monotonic() + 40
            while time.monotonic() < deadline and not reached(found):
                time.sleep(0.1)
            asked(found, "/belge/")  # the first one loads half the product
            yield found
        finally:
            web.terminate()
            web.wait(30)


def reached(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def asked(port: int, path: str, body: str | None = None, **headers: str) -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET" if body is None else "POST", path, body, headers)
    response = connection.getresponse()
    return response.status, response.read().decode()


def test_who_waited_too_long_for_a_hand_is_told_to_come_again(
    port: int, committed_db: CommittedDatabase
) -> None:
    json_type = {"Content-Type": "application/json", "Accept": "application/json"}
    with (
        psycopg.connect(committed_db.url("owner")) as other,
        ThreadPoolExecutor(9) as pool,
    ):
        other.execute("LOCK TABLE complaints_complaint IN ACCESS EXCLUSIVE MODE")
        first = pool.submit(asked, port, "/graphql/", QUERY, **json_type)
        time.sleep(0.5)  # the one hand is full
        programs = [pool.submit(asked, port, "/graphql/", QUERY, **json_type) for _each in range(4)]
        people = [pool.submit(asked, port, "/belge/", Accept="text/html") for _each in range(4)]
        assert first.result()[0] == 503
        assert "TIMEOUT" in first.result()[1]
        for waiting in (*programs, *people):
            status, text = waiting.result()
            assert status == 503  # refused for its wait: nobody asked the database for it
            assert "BUSY" in text or "Sistem şu anda çok yoğun" in text
        other.rollback()
    claimed = {"Accept": "text/html", "X-Ozelkalem-Waited": "99"}  # what a client says of it is not heard
    assert asked(port, "/belge/", **claimed)[0] == 200


@pytest.mark.full
def test_a_client_that_falls_silent_is_left(port: int) -> None:
    with (
        socket.create_connection(("127.0.0.1", port)) as silent,
        socket.create_connection(("127.0.0.1", port)) as mute,
    ):
        silent.sendall(
            b"POST /belge/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100\r\n"
            b"Content-Type: application/x-www-form-urlencoded\r\n\r\ncode="
        )
        mute.sendall(b"GET /belge/ HTTP/1.1\r\nHost: 127")
        wait_until_taken(port)


def wait_until_taken(port: int) -> None:
    """Ask until somebody answers; `asked` fails where nobody does for ever."""
    while asked(port, "/belge/", Accept="text/html")[0] != 200:
        time.sleep(0.1)
