"""Which state of the program runs here."""

from __future__ import annotations

import subprocess
from functools import cache

from django.conf import settings


@cache
def release() -> str:
    """Return the commit and its day, as git knows them of the checkout that runs; empty where there is no git."""
    # The service's account does not own the checkout.
    command = ["git", "-c", "safe.directory=*", "log", "-1", "--format=%h, %cd", "--date=format:%d.%m.%Y"]
    try:
        done = subprocess.run(
            command, cwd=settings.BASE_DIR, capture_output=True, text=True, check=True, timeout=5
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout.strip()
