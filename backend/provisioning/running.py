"""A command in every house, each in a process of its own that is forked from this one: it shares what is loaded."""

from __future__ import annotations

import ctypes
import gc
import os
import select
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import IO

from django.core.management import ManagementUtility

from backend import houses
from backend.core import checks
from backend.houses import House

PR_SET_PDEATHSIG = 1
LONGEST_PAUSE = 60.0
LOOK_SECONDS = 1.0
ENDING = (signal.SIGTERM, signal.SIGINT)


@dataclass(frozen=True)
class Ended:
    """How a command ended in a house; `output` is all that it wrote."""

    of: House
    status: int
    output: str


@dataclass
class _Serving:
    """A command that goes on in a house."""

    of: House
    pid: int = 0
    failures: int = 0
    begin_at: float = field(default_factory=time.monotonic)


def run(
    chosen: Sequence[House], arguments: Sequence[str], at_once: int, tell: Callable[[Ended, int], None]
) -> list[House]:
    """Run a command to its end in these houses, some at once; `tell` each as it ends, and how many have. Return the
    houses in which it did not succeed.

    KeyboardInterrupt (Ctrl-C, SIGTERM) ends those that run; the others have ended, or never began.
    """
    waiting, running, failed = list(reversed(chosen)), list[_Running](), list[House]()
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    gc.freeze()  # what is loaded is shared, and no child copies it by looking for garbage
    try:
        while waiting or running:
            while waiting and len(running) < at_once:
                running.append(_Running(waiting.pop(), arguments))
            select.select(running, [], [])  # until one has ended
            for one in [each for each in running if each.has_ended()]:
                running.remove(one)
                ended = one.ended()
                if ended.status:
                    failed.append(one.of)
                tell(ended, len(chosen) - len(waiting) - len(running))
    except KeyboardInterrupt:
        _end([one.pid for one in running])
        raise
    finally:
        gc.unfreeze()
        signal.signal(signal.SIGTERM, before)
    return failed


class _Running:
    """A command that runs in a house, and what it has written."""

    def __init__(self, house: House, arguments: Sequence[str]) -> None:
        self.of = house
        self._written = tempfile.TemporaryFile()  # noqa: SIM115 - it is closed in `ended`
        self.pid = _fork(house, arguments, self._written)
        self._descriptor = os.pidfd_open(self.pid)

    def fileno(self) -> int:
        """Return a descriptor that can be read once the process has ended."""
        return self._descriptor

    def has_ended(self) -> bool:
        return bool(select.select([self], [], [], 0)[0])

    def ended(self) -> Ended:
        """Return how it ended, and let go of it."""
        status = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        os.close(self._descriptor)
        with self._written as written:
            written.seek(0)
            return Ended(self.of, status, written.read().decode(errors="replace"))


def serve(choose: Callable[[], Sequence[House]], arguments: Sequence[str]) -> None:
    """Let a command go on in every house until SIGTERM or SIGINT.

    Where it ends it is begun again, ever later. It begins in a house that is new in the file, and ends in one that is
    there no more.
    """
    serving, is_ending = dict[str, _Serving](), list[int]()
    for number in ENDING:
        signal.signal(number, lambda number, _frame: is_ending.append(number))
    gc.freeze()
    while not is_ending:
        wanted = {house.name: house for house in choose()}
        for name, one in list(serving.items()):
            if wanted.get(name) is not one.of:
                _end([one.pid] if one.pid else [])
                del serving[name]
        now = time.monotonic()
        for name, house in wanted.items():
            one = serving.setdefault(name, _Serving(house))
            if not one.pid and now >= one.begin_at:
                one.pid, one.begin_at = _fork(house, arguments), now
        _collect(serving)
        time.sleep(LOOK_SECONDS)
    _end([one.pid for one in serving.values() if one.pid])


def _collect(serving: dict[str, _Serving]) -> None:
    """Note which have ended, and when each begins again."""
    for one in serving.values():
        if one.pid and os.waitpid(one.pid, os.WNOHANG)[0]:
            lived = time.monotonic() - one.begin_at
            one.failures = 0 if lived > LONGEST_PAUSE else one.failures + 1
            one.pid, one.begin_at = 0, time.monotonic() + min(LONGEST_PAUSE, 2.0**one.failures)


def _end(pids: Sequence[int]) -> None:
    """Tell these to end, and wait until they have."""
    for pid in pids:
        os.kill(pid, signal.SIGTERM)
    for pid in pids:
        os.waitpid(pid, 0)


def _fork(house: House, arguments: Sequence[str], output: IO[bytes] | None = None) -> int:
    """Begin a process that runs the command in a house; it writes to `output`, or where this one does."""
    sys.stdout.flush()
    sys.stderr.flush()
    pid = os.fork()
    if pid:
        return pid
    status = 1
    try:
        _libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        if output is not None:
            os.dup2(output.fileno(), 1)
            os.dup2(output.fileno(), 2)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        signal.signal(signal.SIGTERM, signal.SIG_DFL if output is None else signal.default_int_handler)
        houses.become(house)
        if output is None:
            checks.refuse_unsafe_start()
        ManagementUtility(["manage.py", *arguments]).execute()
        status = 0
    except SystemExit as end:
        if isinstance(end.code, str):
            sys.stderr.write(f"{end.code}\n")
        status = end.code if isinstance(end.code, int) else int(end.code is not None)
    except KeyboardInterrupt:
        status = 130
    except checks.UnsafeStartError as refusal:
        sys.stderr.write(f"{house.name}: {refusal}\n")
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


_libc = ctypes.CDLL(None)
