"""What processes have used, from /proc: right even on a busy machine, where waiting times are not."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
PROCESSOR = "X-Processor-Ms"
"""The header in which `benchmarks.timed` says what an answer took."""


def processor_seconds(root: int) -> float:
    """Processor time of a process and all below it, those that have ended included."""
    stats = _stats()
    return sum(sum(map(int, stats[pid][11:15])) for pid in _below(root, stats)) / TICKS


def memory_megabytes(root: int) -> float:
    """Proportional set size: what several processes share is counted once."""
    found = 0
    for pid in _below(root, _stats()):
        with contextlib.suppress(OSError):
            for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
                if line.startswith("Pss:"):
                    found += int(line.split()[1])
    return found / 1024


def children(root: int) -> list[int]:
    """The processes below one, itself left out."""
    return _below(root, _stats())[1:]


def _stats() -> dict[int, list[str]]:
    found = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            found[int(path.parent.name)] = path.read_text().rpartition(")")[2].split()
    return found


def _below(root: int, stats: dict[int, list[str]]) -> list[int]:
    children: dict[int, list[int]] = {}
    for pid, fields in stats.items():
        children.setdefault(int(fields[1]), []).append(pid)
    found, waiting = [], [root]
    while waiting:
        pid = waiting.pop()
        if pid in stats:
            found.append(pid)
        waiting += children.get(pid, [])
    return found
