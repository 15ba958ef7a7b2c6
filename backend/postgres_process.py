"""The processes of an embedded server: which live, which are left over, how they end. Imports no Django.

A number in `postmaster.pid` proves nothing: the server may have been killed and the number assigned to another
process. On Linux /proc tells: every PostgreSQL process has the data folder as its working directory.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from backend import postgres_system as system
from backend.postgres_system import PostgresError

START_SECONDS = 300  # recovery after a crash takes its time; a server that exits is noticed at once
STOP_SECONDS = 60
ORPHAN_SECONDS = 5

children: list[subprocess.Popen[bytes]] = []  # kept so that a dead server is collected, not left a zombie


def settled(real: Path) -> int | None:
    """Return the running server's process once it takes connections; None when there is none."""
    wait(START_SECONDS, lambda: running(real) is None or phase(real) == "ready")
    return running(real)


def stop(real: Path) -> bool:
    """End the server and its connections; say whether one ran."""
    pid = running(real)
    if pid is None:
        return False
    for stopping, seconds in ((signal.SIGINT, STOP_SECONDS), (signal.SIGQUIT, ORPHAN_SECONDS)):
        os.kill(pid, stopping)
        if wait(seconds, lambda: running(real) is None):
            return True
    raise PostgresError(f"The server (process {pid}) does not stop: end it by hand with kill -9 {pid}.")


def end_orphans(real: Path) -> None:
    """Wait for, then end, the processes a killed server left behind: they still write to its files."""
    for ending in (signal.SIGQUIT, signal.SIGKILL, None):
        if wait(ORPHAN_SECONDS, lambda: not _processes(real)):
            return
        if ending is not None:
            for pid in _processes(real):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, ending)
    raise PostgresError(f"Processes of a dead server still use {real}: end {_processes(real)} by hand.")


def running(real: Path) -> int | None:
    """Return the process of the server on this folder, whatever `postmaster.pid` claims."""
    lines = _pid_file(real)
    if not lines or not lines[0].strip().isdigit():
        return None
    pid = int(lines[0])
    return pid if _serves(pid, real) else None


def phase(real: Path) -> str:
    """Return what the server says of itself: `starting`, `ready`, `stopping`; empty when it says nothing."""
    lines = _pid_file(real)
    return lines[7].strip() if len(lines) > 7 else ""


def _pid_file(real: Path) -> list[str]:
    try:
        return (real / "postmaster.pid").read_text(errors="replace").splitlines()
    except FileNotFoundError:
        return []


def _processes(real: Path) -> list[int]:
    names = os.listdir("/proc") if os.path.isdir("/proc/self") else []
    return [int(name) for name in names if name.isdigit() and _serves(int(name), real)]


def _serves(pid: int, real: Path) -> bool:
    """Say whether the process is a PostgreSQL of this folder; a number used again by another one is not."""
    if not os.path.isdir("/proc/self"):
        return system.run_as(None, ["ps", "-p", str(pid), "-o", "comm="]).stdout.strip().endswith("postgres")
    try:
        name = Path(f"/proc/{pid}/comm").read_text(encoding="utf-8", errors="replace").strip()
        # A zombie process has no working directory.
        return name == "postgres" and os.path.samestat(os.stat(f"/proc/{pid}/cwd"), real.stat())
    except OSError:
        return False


def wait(seconds: float, done: Callable[[], bool]) -> bool:
    """Wait until `done`, at most so many seconds; say whether it came."""
    end = time.monotonic() + seconds
    while not done():
        if time.monotonic() > end:
            return False
        for child in children:
            child.poll()
        time.sleep(0.02)
    return True
