"""How often jobs ended well or not, and how long they took: task middleware of the worker."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from time import perf_counter
from typing import Any

from prometheus_client import Counter, Histogram

from backend.core.operation import tracing

JOBS = Counter("ozelkalem_jobs", "Runs of jobs by the worker.", ["task", "outcome"])
GIVEN_UP = Counter("ozelkalem_jobs_given_up", "Jobs that will not be tried again.", ["task"])
SECONDS = Histogram(
    "ozelkalem_job_seconds",
    "How long a run of a job took.",
    ["task"],
    buckets=(0.1, 1, 10, 60, 600),
)


def measured(run: Callable[[], Any], context: Any, _worker: object) -> Any:
    """Measure a job."""
    with _measuring(context.job.task_name):
        return run()


async def measured_async(run: Callable[[], Awaitable[Any]], context: Any, _worker: object) -> Any:
    """Measure a job that is a coroutine."""
    with _measuring(context.job.task_name):
        return await run()


@contextmanager
def _measuring(task: str) -> Iterator[None]:
    begun, outcome = perf_counter(), "failed"
    try:
        with tracing.span(f"job {task}"):
            yield
        outcome = "done"
    finally:
        JOBS.labels(task=task, outcome=outcome).inc()
        SECONDS.labels(task=task).observe(perf_counter() - begun)
