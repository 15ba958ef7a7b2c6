"""Where promtool is; run as a program it takes Debian's when there is none, without installing it."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

TOOLS = Path(__file__).resolve().parents[2] / ".tools" / "promtool"
OWN = TOOLS / "usr" / "bin" / "promtool"
MISSING = (
    "No promtool was found: alert rules are checked without it. Install Debian's `promtool`, run "
    "`make promtool` where apt-get is, or name one in OZELKALEM_PROMTOOL."
)


def find() -> str | None:
    """Return the program: OZELKALEM_PROMTOOL, on PATH, or the one that was taken."""
    named = os.environ.get("OZELKALEM_PROMTOOL", "")
    return next(filter(None, map(shutil.which, (named, "promtool", str(OWN)))), None)


def take() -> None:
    """Take it out of Debian's package of that name; nothing is installed."""
    if not (shutil.which("apt-get") and shutil.which("dpkg-deb")):
        return
    with tempfile.TemporaryDirectory() as folder:
        command = ["apt-get", "download", "-qq", "-o", "APT::Sandbox::User=root", "promtool"]
        subprocess.run(command, cwd=folder, stdout=subprocess.DEVNULL, check=False)
        for package in Path(folder).glob("promtool_*.deb"):
            subprocess.run(["dpkg-deb", "-x", str(package), str(TOOLS)], check=True)


if __name__ == "__main__":
    if find() is None:
        take()
    if find() is None:
        sys.stderr.write(f"\n*** {MISSING}\n\n")
        sys.exit(1 if os.environ.get("CI") == "true" else 0)
