"""A real exchange and real telephones: Debian's Kamailio and SIPp; run as a program it installs them where that can be
done."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

HERE = Path(__file__).parent
MISSING = (
    "No kamailio or sipp was found: install `kamailio kamailio-presence-modules sip-tester`, or run"
    " `python -m tests.backend.telephone.exchange` as root."
)
DOMAIN, USER, PASSWORD = "santral.test", "ozelkalem", "gizli-2027"
TABLES = Path("/usr/share/kamailio/dbtext/kamailio")


def find(program: str) -> str | None:
    return shutil.which(program, path=f"{os.environ.get('PATH', '')}:/usr/sbin")


def needed() -> None:
    """Without the programs a test is skipped, and in CI it fails."""
    if not (find("kamailio") and find("sipp") and TABLES.exists()):
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(MISSING)


def install() -> None:
    """Install Debian's, where that can be done without asking; no service is started."""
    if os.geteuid() == 0 and shutil.which("apt-get"):
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}
        programs = ["kamailio", "kamailio-presence-modules", "sip-tester"]
        packages = ["install", "-y", "-qq", "--no-install-recommends", *programs]
        for command in (["update", "-qq"], packages):
            subprocess.run(["apt-get", *command], env=environment, stdout=subprocess.DEVNULL, check=False)


@dataclass(frozen=True)
class Exchange:
    """A running exchange: its port, and that of the telephone that rings for every extension."""

    folder: Path
    port: int
    telephone: int

    @property
    def address(self) -> str:
        return f"sip://{USER}:{PASSWORD}@127.0.0.1:{self.port}/{DOMAIN}"

    @contextmanager
    def telephones(self) -> Iterator[None]:
        """The telephone at the desk: it rings for two seconds, and then is answered."""
        with _running(
            ["sipp", "-sf", HERE / "desk.xml", "-i", "127.0.0.1", "-p", self.telephone, "-nostdin"],
            self.folder,
        ):
            yield

    @contextmanager
    def called(self, number: str, extension: str) -> Iterator[None]:
        """Somebody calls an extension, speaks for two seconds and hangs up."""
        keys = ["-key", "number", number, "-key", "domain", DOMAIN]
        command = ["sipp", "-sf", HERE / "caller.xml", *keys, "-s", extension, "-m", 1, "-nostdin"]
        with _running(
            [*command, "-i", "127.0.0.1", "-p", _free_port(), f"127.0.0.1:{self.port}"], self.folder
        ):
            yield


@contextmanager
def running() -> Iterator[Exchange]:
    """An exchange of its own, which ends with the block."""
    needed()
    folder = Path(tempfile.mkdtemp(prefix="kamailio-", dir="/tmp"))
    exchange = Exchange(folder, _free_port(), _free_port())
    shutil.copytree(TABLES, folder / "tables")
    text = (HERE / "kamailio.cfg").read_text(encoding="utf-8")
    for name, value in {
        "PORT": exchange.port,
        "TELEPHONE": exchange.telephone,
        "FOLDER": folder,
        "DOMAIN": DOMAIN,
        "PASSWORD": PASSWORD,
    }.items():
        text = text.replace(f"@{name}@", str(value))
    (folder / "kamailio.cfg").write_text(text, encoding="utf-8")
    program = str(find("kamailio"))
    command = [
        program,
        "-f",
        folder / "kamailio.cfg",
        "-DD",
        "-E",
        "-Y",
        folder,
        "-w",
        folder,
        "-m",
        32,
        "-M",
        8,
    ]
    try:
        with _running(command, folder):
            _until_answers(exchange.port, folder)
            yield exchange
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _running(command: list[object], folder: Path) -> Iterator[None]:
    with (folder / "log").open("ab") as log:
        process = subprocess.Popen([str(part) for part in command], stdout=log, stderr=log, cwd=folder)
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _until_answers(port: int, folder: Path) -> None:
    """Ask with OPTIONS until there is an answer."""
    ask = (
        f"OPTIONS sip:127.0.0.1:{port} SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1;branch=z9hG4bKtest;rport\r\n"
        "From: <sip:test@127.0.0.1>;tag=1\r\nTo: <sip:127.0.0.1>\r\nCall-ID: test\r\nCSeq: 1 OPTIONS\r\n"
        "Max-Forwards: 70\r\nContent-Length: 0\r\n\r\n"
    ).encode()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
        line.settimeout(0.5)
        for _try in range(60):
            line.sendto(ask, ("127.0.0.1", port))
            try:
                if line.recv(4096).startswith(b"SIP/2.0"):
                    return
            except OSError:
                time.sleep(0.2)
    raise AssertionError((folder / "log").read_text(errors="replace")[-2000:])


def _free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
        line.bind(("127.0.0.1", 0))
        return int(line.getsockname()[1])


if __name__ == "__main__":
    if not (find("kamailio") and find("sipp")):
        install()
    print(f"kamailio: {find('kamailio') or MISSING}")  # noqa: T201 - a program
