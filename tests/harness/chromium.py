"""Where the browser is; run as a program it installs Debian's when there is none and this is root."""

import ctypes
import os
import shutil
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.harness import debian

SHELL = "chromium-headless-shell"
"""Debian's Chromium without windows: it takes two thirds of the processor's time."""
PR_SET_CHILD_SUBREAPER = 36  # <linux/prctl.h>
NAMES = (SHELL, "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MISSING = (
    "No Chromium was found: the browser tests need one. Install `chromium`, run `make browser` as root, "
    "or name one in OZELKALEM_CHROMIUM."
)


def find() -> str | None:
    """Return the browser's program: OZELKALEM_CHROMIUM or the first known name on PATH."""
    return next(filter(None, map(shutil.which, (os.environ.get("OZELKALEM_CHROMIUM", ""), *NAMES))), None)


@contextmanager
def waited_for() -> Iterator[None]:
    """Close a browser in the block: what its renderers took counts as this process's children's time then.

    A browser ends without waiting for its own children, and nobody would know what they cost. For the length of the
    block they are handed to this process, which ends them and waits for them.
    """
    own = children()
    _adopt(yes=True)
    try:
        yield
    finally:
        _adopt(yes=False)
        for orphan in children() - own:
            os.kill(orphan, signal.SIGKILL)
            os.waitpid(orphan, 0)


def _adopt(*, yes: bool) -> None:
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, int(yes), 0, 0, 0)


def children() -> set[int]:
    """Return the processes that this one began, or was handed."""
    return {
        int(pid) for each in Path("/proc/self/task").glob("*/children") for pid in each.read_text().split()
    }


if __name__ == "__main__":
    if find() is None:
        debian.install(SHELL)
    raise SystemExit(debian.prepare(find, MISSING, "chromium"))
