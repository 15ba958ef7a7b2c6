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

from tests.harness import debian

HERE = Path(__file__).parent
MISSING = (
    "No kamailio or sipp was found: install `kamailio kamailio-presence-modules kamailio-tls-modules sip-tester`,"
    " or run `python -m tests.backend.telephone.exchange` as root."
)
PATIENCE = 120.0
"""Seconds that a program may need on a busy machine; no test that passes waits so long."""
DOMAIN, USER, PASSWORD = "santral.test", "ozelkalem", "gizli-2027"
TABLES = Path("/usr/share/kamailio/dbtext/kamailio")


def is_here() -> bool:
    """Whether the programs are here, and the modules that the tests need."""
    has_tls = any(Path("/usr/lib").glob("*/kamailio/modules/tls.so"))
    return bool(debian.daemon("kamailio") and debian.daemon("sipp") and TABLES.exists() and has_tls)


def needed() -> None:
    """Without the programs a test is skipped, and in CI it fails."""
    if not is_here():
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(MISSING)


def install() -> None:
    """Install Debian's, where that can be done without asking; no service is started."""
    debian.install("kamailio", "kamailio-presence-modules", "kamailio-tls-modules", "sip-tester")


@dataclass(frozen=True)
class Exchange:
    """A running exchange: its ports by UDP and TLS, and that of the telephone that rings for every extension."""

    folder: Path
    port: int
    telephone: int
    secure: int

    @property
    def address(self) -> str:
        return f"sip://{USER}:{PASSWORD}@127.0.0.1:{self.port}/{DOMAIN}"

    @property
    def secure_address(self) -> str:
        return f"sips://{USER}:{PASSWORD}@127.0.0.1:{self.secure}/{DOMAIN}"

    @property
    def certificate(self) -> str:
        return str(self.folder / "cert.pem")

    @contextmanager
    def telephones(self, rings: int = 2) -> Iterator[None]:
        """The telephone at the desk: it rings for some seconds, and then is answered. It is there when this begins."""
        desk = ["sipp", "-sf", HERE / "desk.xml", "-d", rings * 1000]
        with _running(
            [*desk, "-i", "127.0.0.1", "-p", self.telephone, "-nostdin"],
            self.folder,
        ) as process:
            end = time.monotonic() + PATIENCE
            while f":{self.telephone:04X} " not in Path("/proc/net/udp").read_text():
                assert process.poll() is None, _tail(self.folder)
                assert time.monotonic() < end, _tail(self.folder)
                time.sleep(0.05)
            yield

    @contextmanager
    def called(self, number: str, extension: str) -> Iterator[subprocess.Popen[bytes]]:
        """Somebody calls an extension, speaks for two seconds and hangs up; yields the caller, who ends then."""
        keys = ["-key", "number", number, "-key", "domain", DOMAIN]
        command = ["sipp", "-sf", HERE / "caller.xml", *keys, "-s", extension, "-m", 1, "-nostdin"]
        with _running(
            [
                *command,
                "-i",
                "127.0.0.1",
                "-p",
                debian.free_port(socket.SOCK_DGRAM),
                f"127.0.0.1:{self.port}",
            ],
            self.folder,
        ) as caller:
            yield caller


@contextmanager
def running(*, over_tls: bool = False, secure: int = 0) -> Iterator[Exchange]:
    """An exchange of its own, which ends with the block."""
    needed()
    folder = Path(tempfile.mkdtemp(prefix="kamailio-", dir="/tmp"))
    debian.certify(folder)
    shutil.copytree(TABLES, folder / "tables")
    options = ["-DD", "-E", "-Y", folder, "-w", folder, "-m", 32, "-M", 8]
    command = [str(debian.daemon("kamailio")), "-f", folder / "kamailio.cfg", *options]
    command += ["-A", "WITH_TLS"] if over_tls else []
    try:
        for _try in range(5):  # another program may have taken a port meanwhile
            exchange = Exchange(
                folder,
                debian.free_port(socket.SOCK_DGRAM),
                debian.free_port(socket.SOCK_DGRAM),
                secure or debian.free_port(),
            )
            _configure(exchange)
            with _running(command, folder) as process:
                if _answers(exchange.port, process):
                    yield exchange
                    return
        raise AssertionError(_tail(folder))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _configure(exchange: Exchange) -> None:
    text = (HERE / "kamailio.cfg").read_text(encoding="utf-8")
    for name, value in {
        "PORT": exchange.port,
        "TELEPHONE": exchange.telephone,
        "SECURE": exchange.secure,
        "FOLDER": exchange.folder,
        "DOMAIN": DOMAIN,
        "PASSWORD": PASSWORD,
    }.items():
        text = text.replace(f"@{name}@", str(value))
    (exchange.folder / "kamailio.cfg").write_text(text, encoding="utf-8")


@contextmanager
def _running(command: list[object], folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    with (folder / "log").open("ab") as log:
        process = subprocess.Popen([str(part) for part in command], stdout=log, stderr=log, cwd=folder)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _tail(folder: Path) -> str:
    return (folder / "log").read_text(errors="replace")[-2000:]


def _answers(port: int, process: subprocess.Popen[bytes]) -> bool:
    """Ask with OPTIONS until there is an answer; whether there is one before the process ends."""
    ask = (
        f"OPTIONS sip:127.0.0.1:{port} SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1;branch=z9hG4bKtest;rport\r\n"
        "From: <sip:test@127.0.0.1>;tag=1\r\nTo: <sip:127.0.0.1>\r\nCall-ID: test\r\nCSeq: 1 OPTIONS\r\n"
        "Max-Forwards: 70\r\nContent-Length: 0\r\n\r\n"
    ).encode()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
        line.settimeout(0.5)
        end = time.monotonic() + PATIENCE
        while process.poll() is None and time.monotonic() < end:
            line.sendto(ask, ("127.0.0.1", port))
            try:
                if line.recv(4096).startswith(b"SIP/2.0"):
                    return True
            except OSError:
                time.sleep(0.2)
    return False


if __name__ == "__main__":
    if not is_here():
        install()
    print(f"kamailio: {debian.daemon('kamailio') if is_here() else MISSING}")  # noqa: T201 - a program
