"""Where the tests' servers keep their data: in memory where there is room for it, else in `var/tests`.

A test with a database of its own makes and deletes two thousand files. On a disk (ext4 looks past every inode that was
deleted a moment ago) that took four fifths of both processors, and proved nothing: no test asks for what a disk keeps.
`python3 -m tests.harness.memory` prints the folder of the server, for the Makefile; `--clean` removes what lies in
memory.
"""

import hashlib
import os
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MEMORY = Path("/dev/shm")
ROOM = 4 * 2**30


def folder(name: str) -> Path:
    """Return the folder of this name for this checkout and user; a server's, or of temporary files."""
    return (_in_memory() if _has_room() else ROOT / "var" / "tests") / name


def _in_memory() -> Path:
    checkout = hashlib.sha256(str(ROOT).encode()).hexdigest()[:8]
    return MEMORY / f"ozelkalem-tests-{os.getuid()}-{checkout}"


def _has_room() -> bool:
    """Whether it is there already, so that a run that fills it does not move the next one elsewhere, or fits."""
    if not os.access(MEMORY, os.W_OK):
        return False
    disk = os.statvfs(MEMORY)
    return _in_memory().exists() or disk.f_bavail * disk.f_frsize >= ROOM


if __name__ == "__main__":
    if "--clean" in sys.argv:
        shutil.rmtree(_in_memory(), ignore_errors=True)
    else:
        print(folder("postgres"))
