"""Measures a function: one caller for the time of an answer, several for the answers a second."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Measured:
    """`p50` and `p99` in milliseconds with one caller; `rate` in calls a second with `callers` callers."""

    p50: float
    p99: float
    rate: float
    calls: int


def measure(make: Callable[[], Callable[[], object]], *, seconds: float, callers: int) -> Measured:
    """`make` gives every caller its own function to call; each is called once unmeasured to be warm."""
    alone = make()
    alone()
    times = sorted(_times(alone, seconds))
    return Measured(
        p50=_share(times, 0.5) * 1000,
        p99=_share(times, 0.99) * 1000,
        rate=_rate(make, seconds, callers),
        calls=len(times),
    )


def _times(call: Callable[[], object], seconds: float) -> list[float]:
    found: list[float] = []
    end = time.perf_counter() + seconds
    while time.perf_counter() < end or len(found) < 3:
        start = time.perf_counter()
        call()
        found.append(time.perf_counter() - start)
    return found


def _share(times: list[float], share: float) -> float:
    return times[min(math.ceil(share * len(times)), len(times)) - 1]


def _rate(make: Callable[[], Callable[[], object]], seconds: float, callers: int) -> float:
    calls = [make() for _each in range(callers)]
    counts = [0] * callers
    begin = threading.Barrier(callers + 1)

    def run(position: int) -> None:
        calls[position]()
        begin.wait()
        end = time.perf_counter() + seconds
        while time.perf_counter() < end:
            calls[position]()
            counts[position] += 1

    threads = [threading.Thread(target=run, args=(position,)) for position in range(callers)]
    for thread in threads:
        thread.start()
    begin.wait()
    start = time.perf_counter()
    for thread in threads:
        thread.join()
    return sum(counts) / (time.perf_counter() - start)
