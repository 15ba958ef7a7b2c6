"""Programs of Debian that tests need; run as a program it takes those that need no installation and are missing."""

from __future__ import annotations

import datetime as dt
import ipaddress
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

TOOLS = Path(__file__).resolve().parents[2] / ".tools" / "debian"
PROGRAMS = ("promtool", "nginx")
"""Each is in the package of its name, and needs nothing else of Debian."""
POOLER = "pgbouncer"
"""It needs libraries of Debian: it is installed."""
MISSING = (
    "No {0} was found: install Debian's `{0}`, run `make programs` where apt-get is, or name one in "
    "OZELKALEM_{1}."
)


def find(program: str) -> str | None:
    """Return where a program is: named in the environment, on PATH, or taken."""
    named = os.environ.get(f"OZELKALEM_{program.upper()}", "")
    folders = f"{os.environ.get('PATH', '')}:/usr/sbin:{TOOLS}/usr/bin:{TOOLS}/usr/sbin"
    return shutil.which(named) or shutil.which(program, path=folders)


def daemon(program: str) -> str | None:
    """Return where a daemon's program is; Debian has it where only root looks."""
    return shutil.which(program, path=f"{os.environ.get('PATH', '')}:/usr/sbin")


def missing(program: str) -> str:
    """Say how to get a program."""
    return MISSING.format(program, program.upper())


def needed(program: str) -> str:
    """Return where a program is; without it the test is skipped, and in CI it fails."""
    return required(find(program), missing(program))


def required[T](found: T | None, sentence: str) -> T:
    """Return what was found; without it the test is skipped with this sentence, and in CI it fails."""
    if found is None:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(sentence)
    return found


def install(*packages: str) -> None:
    """Install packages, where that can be done without asking; no service is started."""
    if os.geteuid() == 0 and shutil.which("apt-get"):
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}
        for command in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", *packages]):
            subprocess.run(["apt-get", *command], env=environment, stdout=subprocess.DEVNULL, check=False)


def prepare(find_it: Callable[[], object], sentence: str, *packages: str) -> int:
    """Install what is missing; 1 in CI if it still is, and the sentence says so."""
    if find_it() is None:
        install(*packages)
    if find_it() is not None:
        return 0
    sys.stderr.write(f"\n*** {sentence}\n\n")
    return 1 if os.environ.get("CI") == "true" else 0


def certify(folder: Path) -> None:
    """Make a key and a certificate of this machine that signs itself, `key.pem` and `cert.pem`."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    own = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(own), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "key.pem").write_bytes(private)
    (folder / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))


def free_port(kind: int = socket.SOCK_STREAM) -> int:
    """Return a port of this machine that is free now."""
    with socket.socket(socket.AF_INET, kind) as line:
        line.bind(("127.0.0.1", 0))
        return int(line.getsockname()[1])


def take(program: str) -> None:
    """Take a program out of Debian's package; nothing is installed or started."""
    if not (shutil.which("apt-get") and shutil.which("dpkg-deb")):
        return
    with tempfile.TemporaryDirectory() as folder:
        command = ["apt-get", "download", "-qq", "-o", "APT::Sandbox::User=root", program]
        quiet: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "check": False}
        if subprocess.run(command, cwd=folder, **quiet).returncode:  # a fresh machine knows no packages yet
            subprocess.run(["apt-get", "update", "-qq"], **quiet)
            subprocess.run(command, cwd=folder, **quiet)
        for package in Path(folder).glob(f"{program}_*.deb"):
            subprocess.run(["dpkg-deb", "-x", str(package), str(TOOLS)], check=True)


def main() -> int:
    """Take or install what is missing; 1 in CI if something still is."""
    for program in PROGRAMS:
        if find(program) is None:
            take(program)
    absent = [program for program in PROGRAMS if find(program) is None]
    for program in absent:
        sys.stderr.write(f"\n*** {missing(program)}\n\n")
    pooler = prepare(lambda: daemon(POOLER), missing(POOLER), POOLER)
    return 1 if absent and os.environ.get("CI") == "true" else pooler


if __name__ == "__main__":
    sys.exit(main())
