"""Measures a function: one caller for the time of an answer, several for the answers a second."""

from __future__ import annotations

import contextlib
import math
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Measured:
    """Milliseconds a call with one caller, waiting and processor; calls a second with several callers."""

    p50: float
    p99: float
    processor: float
    rate: float
    calls: int


def measure(
    make: Callable[[], Callable[[], object]],
    *,
    seconds: float,
    callers: int,
    processor: Callable[[], float],
) -> Measured:
    """`make` gives every caller its own function to call; each is called once unmeasured to be warm.

    `processor` tells the seconds of processor time that the server has used so far.
    """
    alone = make()
    alone()
    before = processor()
    times = sorted(_times(alone, seconds))
    used = processor() - before
    return Measured(
        processor=used / len(times) * 1000,
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
    counts, faults = [0] * callers, list[BaseException]()
    begin = threading.Barrier(callers + 1)

    def run(position: int) -> None:
        try:
            calls[position]()
            begin.wait()
            end = time.perf_counter() + seconds
            while time.perf_counter() < end:
                calls[position]()
                counts[position] += 1
        except (Exception, SystemExit) as fault:
            faults.append(fault)
            begin.abort()

    threads = [threading.Thread(target=run, args=(position,)) for position in range(callers)]
    for thread in threads:
        thread.start()
    with contextlib.suppress(threading.BrokenBarrierError):
        begin.wait()
    start = time.perf_counter()
    for thread in threads:
        thread.join()
    if faults:
        raise faults[0]
    return sum(counts) / (time.perf_counter() - start)
