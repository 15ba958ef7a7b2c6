"""Which state of the program runs here."""

from __future__ import annotations

import subprocess
from functools import cache
from pathlib import Path

from django.conf import settings


@cache
def release() -> str:
    """Return what an image was made of, else the commit and its day (ISO 8601) of the checkout that runs.

    Empty where neither is known.
    """
    made_of = Path(settings.BASE_DIR) / "RELEASE"
    if made_of.is_file():
        return made_of.read_text(encoding="utf-8").strip()
    # The service's account does not own the checkout.
    command = ["git", "-c", "safe.directory=*", "log", "-1", "--format=%h, %cd", "--date=short"]
    try:
        done = subprocess.run(
            command, cwd=settings.BASE_DIR, capture_output=True, text=True, check=True, timeout=5
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout.strip()
