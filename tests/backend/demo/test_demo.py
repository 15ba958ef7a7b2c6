"""`manage.py demo` from start to Ctrl-C, as a newcomer runs it: on a folder and a port of its own."""

from __future__ import annotations

import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
import requests

from backend import postgres
from permissions.demo.users import demo_users
from tests.databases import ROOT

pytestmark = pytest.mark.full


@pytest.fixture
def place() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="ozelkalem-test-"))
    folder.chmod(0o755)
    yield folder
    postgres.stop(folder / "postgres")
    shutil.rmtree(folder)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _demo(place: Path, port: int) -> subprocess.Popen[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("OZELKALEM_")}
    environment |= {"OZELKALEM_VAR": str(place), "OZELKALEM_PORT": str(port), "PYTHONUNBUFFERED": "1"}
    environment |= {"DJANGO_SETTINGS_MODULE": "backend.settings"}
    # Compressing them takes half a minute, and they are the same every time.
    environment |= {"OZELKALEM_STATIC_ROOT": str(ROOT / "var" / "tests" / "static")}
    command = [sys.executable, "manage.py", "demo", "--complaints", "40"]
    return subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )


def _read_until(demo: subprocess.Popen[str], last: str) -> str:
    assert demo.stdout is not None
    seen = ""
    for line in demo.stdout:
        seen += line
        if last in line:
            return seen
    raise AssertionError(f"the demo ended before it said {last!r}:\n{seen}")


def _status(port: int, path: str) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    finally:
        connection.close()


def _followed(port: int, client: str, secret: str) -> str:
    """Bring a case in and follow it, both at the demo's own port: what the first event says of it."""
    address = f"http://127.0.0.1:{port}"
    form = {"grant_type": "client_credentials", "client_id": client, "client_secret": secret}
    token = requests.post(f"{address}/oauth/token", data=form, timeout=30).json()["access_token"]
    headers = {"Authorization": f"Bearer {token}"}
    submit = "mutation($i: PortalComplaintSubmitInput!) { portalComplaintSubmit(input: $i) { trackingCode } }"
    asked: dict[str, Any] = {"query": submit, "variables": {"i": {"kind": "COMPLAINT", "subject": "Çukur"}}}
    taken = requests.post(f"{address}/graphql/", json=asked, headers=headers, timeout=30).json()
    follow = "subscription($c: String!) { portalComplaintChanged(code: $c) { status } }"
    code = taken["data"]["portalComplaintSubmit"]["trackingCode"]
    asked = {"query": follow, "variables": {"c": code}}
    events = {**headers, "Accept": "text/event-stream"}
    with requests.post(
        f"{address}/graphql/stream/", json=asked, headers=events, timeout=30, stream=True
    ) as told:
        first = next(line for line in told.iter_lines() if line.startswith(b"data: {"))
    return str(json.loads(first[6:])["data"]["portalComplaintChanged"]["status"])


def test_the_demo_serves_refuses_a_second_one_and_ends_all_it_started(place: Path) -> None:
    port = _free_port()
    demo = _demo(place, port)
    try:
        said = _read_until(demo, "Ctrl-C ends everything.")
        assert f"http://127.0.0.1:{port}/admin/" in said
        for name, _, _, role in demo_users():
            assert name in said
            assert role in said
        assert _status(port, "/admin/login/") in {200, 302}
        assert f"http://127.0.0.1:{port}/\n" in said
        assert [_status(port, path) for path in ("/", "/gelistirici/")] == [200, 200]
        assert _followed(port, *said.split("its id and secret:")[1].split()[:2]) == "Alındı"
        second, _ = (other := _demo(place, port)).communicate(timeout=60)
        assert other.returncode == 1
        assert f"Port {port} is in use, perhaps by another demo" in second
        assert "Traceback" not in second
        assert postgres.status(place / "postgres").pid is not None
        assert _status(port, "/admin/login/") in {200, 302}
        children = _children(demo.pid)
        assert len(children) >= 2
        demo.send_signal(signal.SIGINT)
        demo.communicate(timeout=60)
    finally:
        demo.kill()
        demo.wait()
    assert demo.returncode == 0
    assert not [pid for pid in children if Path(f"/proc/{pid}").exists()]
    assert postgres.status(place / "postgres").pid is None
    with pytest.raises(ConnectionRefusedError):
        _status(port, "/")


def test_two_at_once_prepare_one_after_the_other_and_a_second_run_is_quick_and_keeps_the_data(
    place: Path,
) -> None:
    """Both begin with an empty folder, on ports of their own, beside one server and one set of rows."""
    ports = [_free_port(), _free_port()]
    both = [_demo(place, port) for port in ports]
    try:
        said = [_read_until(demo, "Ctrl-C ends everything.") for demo in both]
        assert sorted("Loading the demo data" in text for text in said) == [False, True]
        assert [_status(port, "/admin/login/") in {200, 302} for port in ports] == [True, True]
        kept = _note_something(place)
        both[0].send_signal(signal.SIGINT)
        both[0].communicate(timeout=60)
        assert postgres.status(place / "postgres").pid is not None  # the other one still needs it
        assert _status(ports[1], "/admin/login/") in {200, 302}
        both[1].send_signal(signal.SIGINT)
        both[1].communicate(timeout=60)
        assert [demo.returncode for demo in both] == [0, 0]
        assert postgres.status(place / "postgres").pid is None

        again = _demo(place, ports[0])
        both.append(again)
        said = [_read_until(again, "Ctrl-C ends everything.")]
        assert "Loading" not in said[0]
        assert "Collecting" not in said[0]
        assert _note_something(place) == (kept[0], kept[1] + 1)
        again.send_signal(signal.SIGINT)
        again.communicate(timeout=60)
    finally:
        for demo in both:
            demo.kill()
            demo.wait()


def _note_something(place: Path) -> tuple[int, int]:
    """Write a row of one's own; return how many cases and how many such rows there are."""
    with psycopg.connect(postgres.url(place / "postgres", "owner")) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS noted (at timestamptz DEFAULT now())")
        connection.execute("INSERT INTO noted DEFAULT VALUES")
        found = connection.execute(
            "SELECT (SELECT count(*) FROM complaints_complaint), (SELECT count(*) FROM noted)"
        ).fetchone()
    assert found is not None
    return int(found[0]), int(found[1])


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
