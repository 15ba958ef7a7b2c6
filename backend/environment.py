"""The environment of the process, where every setting begins."""

import os
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent


def env(name: str, default: str = "") -> str:
    return os.environ.get(f"OZELKALEM_{name}", default)


def flag(name: str, default: bool = False) -> bool:
    return env(name, "1" if default else "0").lower() in {"1", "true", "yes", "on"}


def listed(name: str, default: str = "") -> list[str]:
    """A list, separated by commas."""
    return [part for part in env(name, default).split(",") if part]


def whole(name: str, default: int) -> int:
    return int(env(name, str(default)))


ENVIRONMENT = env("ENVIRONMENT", "development")  # production | development | demo | test


def inherited_socket() -> int | None:
    """Return the number of the listening socket that systemd holds for this process and its successors."""
    if os.environ.get("LISTEN_PID") != str(os.getpid()) or os.environ.get("LISTEN_FDS") != "1":
        return None
    return 3  # SD_LISTEN_FDS_START
