"""Where the browser is; run as a program it installs Debian's when there is none and this is root."""

import os
import shutil

from tests.harness import debian

SHELL = "chromium-headless-shell"
"""Debian's Chromium without windows: it takes two thirds of the processor's time."""
NAMES = (SHELL, "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MISSING = (
    "No Chromium was found: the browser tests need one. Install `chromium`, run `make browser` as root, "
    "or name one in OZELKALEM_CHROMIUM."
)


def find() -> str | None:
    """Return the browser's program: OZELKALEM_CHROMIUM or the first known name on PATH."""
    return next(filter(None, map(shutil.which, (os.environ.get("OZELKALEM_CHROMIUM", ""), *NAMES))), None)


if __name__ == "__main__":
    if find() is None:
        debian.install(SHELL)
    raise SystemExit(debian.prepare(find, MISSING, "chromium"))
