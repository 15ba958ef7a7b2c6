"""`manage.py demo` from start to Ctrl-C, as a newcomer runs it: on a folder and a port of its own."""

from __future__ import annotations

import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from backend import postgres
from backend.core.demo_users import demo_users
from tests.databases import ROOT


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


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
