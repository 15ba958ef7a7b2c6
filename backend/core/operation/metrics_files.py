"""The metrics of several processes (prometheus_client's multiprocess mode): a folder with files of each process.

Web, worker and stream share the folder that PROMETHEUS_MULTIPROC_DIR names (deploy/*.service). The library keeps the
files of processes that have ended for ever, because their counts belong to the total; here they become one file.
"""

from __future__ import annotations

import fcntl
import os
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from prometheus_client import REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.metrics_core import Metric
from prometheus_client.mmap_dict import MmapedDict
from prometheus_client.multiprocess import MultiProcessCollector

ENDED = 0
"""In place of the number of a process: all that have ended."""


def counted() -> bytes:
    """Return what was counted, as Prometheus reads it: by all processes that share a folder, or else by this one."""
    if not settings.METRICS_FOLDER:
        return generate_latest(REGISTRY)
    registry = CollectorRegistry()
    registry.register(SharedMetrics(Path(settings.METRICS_FOLDER)))
    return generate_latest(registry)


class SharedMetrics:
    """What all processes that share the folder have counted, as a collector of one registry."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def collect(self) -> Iterable[Metric]:
        """Return the sums over all processes, the ended ones included. In a file that is empty, a process is only about
        to count."""
        with _locked(self._folder):
            _merge_ended(self._folder)
            written = [str(path) for path in self._folder.glob("*.db") if path.stat().st_size]
            return list(MultiProcessCollector.merge(written))


def merge_ended(folder: Path) -> None:
    """Put the counts of processes that have ended into one file, and remove theirs and their gauges."""
    with _locked(folder):
        _merge_ended(folder)


def _merge_ended(folder: Path) -> None:
    ended: defaultdict[str, list[Path]] = defaultdict(list)
    for path in folder.glob("*.db"):
        number = int(path.stem.rpartition("_")[2])
        if number != ENDED and not _runs(number):
            ended[path.stem.partition("_")[0]].append(path)
    for kind, paths in ended.items():
        if kind != "gauge":
            _write_sums(folder / f"{kind}_{ENDED}.db", paths)
        for path in paths:
            path.unlink()


def _write_sums(target: Path, paths: list[Path]) -> None:
    sums: defaultdict[str, float] = defaultdict(float)
    for path in [*paths, *([target] if target.exists() else [])]:
        if not path.stat().st_size:  # it ended as it made the file
            continue
        for key, value, *_rest in MmapedDict.read_all_values_from_file(str(path)):
            sums[key] += value
    partial = target.with_suffix(".partial")
    partial.unlink(missing_ok=True)
    values = MmapedDict(str(partial))
    for key, value in sums.items():
        values.write_value(key, value, 0.0)
    values.close()
    partial.replace(target)


def _runs(number: int) -> bool:
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Alone among the processes: a reader between the new sums and the old files would count twice."""
    with (folder / ".lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
