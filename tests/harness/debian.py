"""Programs of Debian that tests need and that need no installation; run as a program it takes what is missing."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest

TOOLS = Path(__file__).resolve().parents[2] / ".tools" / "debian"
PROGRAMS = ("promtool", "nginx")
"""Each is in the package of its name."""
MISSING = (
    "No {0} was found: install Debian's `{0}`, run `make programs` where apt-get is, or name one in "
    "OZELKALEM_{1}."
)


def find(program: str) -> str | None:
    """Return where a program is: named in the environment, on PATH, or taken."""
    named = os.environ.get(f"OZELKALEM_{program.upper()}", "")
    folders = f"{os.environ.get('PATH', '')}:/usr/sbin:{TOOLS}/usr/bin:{TOOLS}/usr/sbin"
    return shutil.which(named) or shutil.which(program, path=folders)


def missing(program: str) -> str:
    """Say how to get a program."""
    return MISSING.format(program, program.upper())


def needed(program: str) -> str:
    """Return where a program is; without it the test is skipped, and in CI it fails."""
    found = find(program)
    if found is None:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(missing(program))
    return found


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
    """Take what is missing; 1 in CI if something still is."""
    for program in PROGRAMS:
        if find(program) is None:
            take(program)
    absent = [program for program in PROGRAMS if find(program) is None]
    for program in absent:
        sys.stderr.write(f"\n*** {missing(program)}\n\n")
    return 1 if absent and os.environ.get("CI") == "true" else 0


if __name__ == "__main__":
    sys.exit(main())
