"""The environment of the process, where every setting begins; of one house of many, what its part of the file says.

What every process of the product begins with stands here too, for it needs no Django.
"""

import os
import signal
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent
GARBAGE = (50_000, 20, 50)
"""When the collector looks: after some 10 MB of new objects. After 2,000, as by itself, it takes a tenth of a
page's time, and slows a start."""
_own: ContextVar[Mapping[str, str]] = ContextVar("own variables of a house", default=os.environ)


def end_on_sigterm() -> None:
    """End on SIGTERM as PID 1 of a container, also while the program loads: the kernel keeps from it each signal that
    it does not handle yet."""
    if os.getpid() == 1:
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))


def variable(name: str) -> str | None:
    """Return a variable by its full name."""
    return _own.get().get(name)


@contextmanager
def variables(values: Mapping[str, str]) -> Iterator[None]:
    """Read the settings from these in place of the environment, for the length of the block (`backend/houses`)."""
    token = _own.set(values)
    try:
        yield
    finally:
        _own.reset(token)


def env(name: str, default: str = "") -> str:
    value = variable(f"OZELKALEM_{name}")
    return default if value is None else value


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
