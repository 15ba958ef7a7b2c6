"""Where the browser is; run as a program it installs Debian's when there is none and this is root."""

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MISSING = (
    "No Chromium was found: the browser tests need one. Install `chromium`, run `make browser` as root, "
    "or name one in OZELKALEM_CHROMIUM."
)


def find() -> str | None:
    """Return the browser's program: OZELKALEM_CHROMIUM or the first known name on PATH."""
    return next(filter(None, map(shutil.which, (os.environ.get("OZELKALEM_CHROMIUM", ""), *NAMES))), None)


def install() -> None:
    """Install Debian's Chromium, where that can be done without asking."""
    if os.geteuid() == 0 and shutil.which("apt-get"):
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for command in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", "chromium"]):
            subprocess.run(["apt-get", *command], env=environment, stdout=subprocess.DEVNULL, check=False)


if __name__ == "__main__":
    if find() is None:
        install()
    if find() is None:
        sys.stderr.write(f"\n*** {MISSING}\n\n")
        sys.exit(1 if os.environ.get("CI") == "true" else 0)
