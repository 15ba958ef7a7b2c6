"""The process that carries out jobs. It ends on a signal, and for no fault of the database or of a job.

It works in rounds: a fault of the queue ends one (procrastinate stops its worker then), and the next begins as soon as
the database answers. What a worker that is no more had in hand goes back to the queue within seconds. A job that met a
database that was away is done again. So a job may run twice: each begins by looking whether it is still to be done.
"""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import logging
import signal
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import psycopg
from asgiref.sync import sync_to_async
from django.db import close_old_connections
from procrastinate import App, RetryDecision
from procrastinate.contrib.django import app, procrastinate_app
from procrastinate.contrib.django.utils import connector_params
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException, UniqueViolation
from procrastinate.jobs import Job, Status
from procrastinate.manager import QUEUEING_LOCK_CONSTRAINT, JobManager
from procrastinate.psycopg_connector import PsycopgConnector
from procrastinate.retry import BaseRetryStrategy
from procrastinate.tasks import Task
from procrastinate.worker import Worker

from backend.core.operation.job_metrics import GIVEN_UP
from backend.core.operation.probes import Pulse
from backend.core.session import is_passing

SIGN_SECONDS, SILENT_SECONDS = 5, 15
"""A worker gives a sign of life this often; silent for so long, it is presumed dead."""
LOOK_SECONDS = 5
WRITE_ATTEMPTS, AGAIN_SECONDS = 8, 1
"""What a worker writes of its jobs is written again so often, after such a pause: for three quarters of a minute."""
LONGEST_PAUSE = 60
MOST_ATTEMPTS = 25
"""A job whose workers died so often is abandoned: it may be what kills them."""
CONNECTION_SECONDS = 5
"""How long a query waits for a connection. A pool that cannot connect tries again within that time and leaves it to
the next query then: by itself it would pause twice as long each time, and notice half a minute late that it can."""
QUICK_ATTEMPTS, LATER_PAUSE = 25, 600
"""A job that meets a database that is away is tried again within a minute so often, and then every ten minutes."""
MOST_OUTAGES = QUICK_ATTEMPTS + 3 * 24 * 6
"""After three days of that it is given up: it may be the job that no database takes. While nothing of the database can
be reached no attempt is counted, since no job is taken out of the queue."""
log = logging.getLogger("worker")
COMPANIONS: list[Callable[[threading.Event], None]] = []
"""What goes on along with the jobs, each in a thread of its own, until the event is set: domains add theirs."""
AT_THE_START: list[Task[Any, Any, Any]] = []
"""Jobs that a worker does as it begins too, not only when the clock says so: an installation that is new, copied or
brought back from a backup shall not wait for them. Each has a `queueing_lock`; domains add theirs."""


async def serve(concurrency: int | None = None, pulse: Pulse | None = None) -> None:
    """Carry out jobs until SIGTERM or SIGINT, then finish those that run; let the pulse beat meanwhile."""
    app.perform_import_paths()
    # Not of `app`: that is a proxy, and what is set on it stays there.
    procrastinate_app.current_app.job_manager = Schedule(app.connector)
    for task in app.tasks.values():
        task.retry_strategy = AfterOutage.of(task)
    ending, former = asyncio.Event(), set[int]()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, ending.set)
    beating = asyncio.create_task((pulse or Pulse()).go_on())
    more: dict[str, Any] = {"concurrency": concurrency} if concurrency else {}
    with _companions():
        while not ending.is_set():
            try:
                await _round(ending, former, more)
            except Exception as error:
                cause = error.__cause__ or error
                log.warning({"event": "worker_begins_again", "error": type(cause).__name__})
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(ending.wait(), 1)
    beating.cancel()


@contextlib.contextmanager
def _companions() -> Iterator[None]:
    """What goes on along with the jobs. No end waits for it: it keeps nothing that would be lost."""
    over = threading.Event()
    for companion in COMPANIONS:
        threading.Thread(target=companion, args=[over], daemon=True, name=companion.__module__).start()
    try:
        yield
    finally:
        over.set()


async def _round(ending: asyncio.Event, former: set[int], more: dict[str, Any]) -> None:
    """One worker of procrastinate, until a fault of the database or the end. `former`: this process's earlier ones."""
    async with _opened() as queue:
        for number in list(former):
            await queue.job_manager.unregister_worker(number)
            former.remove(number)
        for first in AT_THE_START:
            with contextlib.suppress(AlreadyEnqueued):
                await queue.job_manager.defer_job_async(first.configure().job)
        worker = Worker(
            app=queue,
            install_signal_handlers=False,
            update_heartbeat_interval=SIGN_SECONDS,
            stalled_worker_timeout=SILENT_SECONDS,
            **{**queue.worker_defaults, **more},
        )
        companions = [asyncio.create_task(_rescue(queue, worker)), asyncio.create_task(_stop(worker, ending))]
        try:
            await worker.run()
        finally:
            for task in companions:
                task.cancel()
            if worker.worker_id is not None:
                former.add(worker.worker_id)


@contextlib.asynccontextmanager
async def _opened() -> AsyncIterator[App]:
    """The queue on connections of its own. What jobs themselves defer stays in their transactions, on Django's."""
    address = {**connector_params(), "connect_timeout": CONNECTION_SECONDS}
    async with await psycopg.AsyncConnection.connect(**address):
        pass  # at once, where a pool would wait
    connector = Connector(
        kwargs=address,
        min_size=1,
        max_size=4,
        timeout=CONNECTION_SECONDS,
        reconnect_timeout=CONNECTION_SECONDS - 1,
    )
    queue = App(
        connector=connector,
        import_paths=app.import_paths,
        worker_defaults=app.worker_defaults,
        periodic_defaults=app.periodic_defaults,
    )
    queue.tasks, queue.periodic_registry = app.tasks, app.periodic_registry
    queue.job_manager = Manager(connector)
    async with queue.open_async():
        yield queue


async def _stop(worker: Worker, ending: asyncio.Event) -> None:
    await ending.wait()
    worker.stop()


async def _rescue(queue: App, worker: Worker) -> None:
    while True:
        with contextlib.suppress(ConnectorException):  # the round ends by itself if it lasts
            await rescue(queue, besides=worker.worker_id)
        await asyncio.sleep(LOOK_SECONDS)


async def rescue(queue: App, *, besides: int | None) -> None:
    """Give back to the queue what workers that are no more had in hand. A fault with one job hides no other."""
    manager = queue.job_manager
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=SILENT_SECONDS):
        if job.worker_id is not None and job.worker_id == besides:
            continue
        try:
            if job.attempts < MOST_ATTEMPTS:
                await manager.retry_job(job)
            else:
                await manager.finish_job(job, Status.FAILED, delete_job=False)
                note_given_up(job)
        except ConnectorException as error:
            log.error({"event": "job_not_rescued", "job": job.id, "error": type(error).__name__})


class AfterOutage(BaseRetryStrategy):
    """Again, for three days, where the database was away; otherwise as the task's own strategy says."""

    def __init__(self, own: BaseRetryStrategy | None) -> None:
        self.own = own

    @classmethod
    def of(cls, task: Task[Any, Any, Any]) -> BaseRetryStrategy:
        before = task.retry_strategy
        return before if isinstance(before, cls) else cls(before)

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        if is_passing(exception) and job.attempts < MOST_OUTAGES:
            quick = min(5 * (job.attempts + 1), LONGEST_PAUSE)
            return RetryDecision(
                retry_in={"seconds": quick if job.attempts < QUICK_ATTEMPTS else LATER_PAUSE}
            )
        again = self.own.get_retry_decision(exception=exception, job=job) if self.own else None
        if again is None:
            note_given_up(job, exception)
        return again


def note_given_up(job: Job, fault: BaseException | None = None) -> None:
    """Count and log a job that nobody does any more, for operators."""
    GIVEN_UP.labels(task=job.task_name).inc()
    error = type(fault).__name__ if fault else "WorkersDied"
    log.error({"event": "job_given_up", "job": job.id, "task": job.task_name, "error": error})


class Manager(JobManager):
    """A job that is to be done again ends where another of its `queueing_lock` waits: that one does it."""

    async def retry_job_by_id_async(
        self,
        job_id: int,
        retry_at: dt.datetime,
        priority: int | None = None,
        queue: str | None = None,
        lock: str | None = None,
    ) -> None:
        try:
            await super().retry_job_by_id_async(job_id, retry_at, priority, queue, lock)
        except UniqueViolation as taken:
            if taken.constraint_name != QUEUEING_LOCK_CONSTRAINT:
                raise
            await self.finish_job_by_id_async(job_id, Status.ABORTED, delete_job=False)


class Schedule(JobManager):
    """Defers what comes by its time on a connection that lives: after a failover the queue may go on, on connections of
    its own, while this one is broken. A fault here would end the round, which waits for the jobs that run."""

    async def defer_periodic_job(self, *arguments: Any, **named: Any) -> int | None:
        await sync_to_async(close_old_connections)()  # in the thread that defers
        return await super().defer_periodic_job(*arguments, **named)


class Connector(PsycopgConnector):
    """Writes what became of a job again while the database is away: no other process knows it."""

    async def execute_query_async(self, query: Any, **arguments: Any) -> None:
        for _attempt in range(WRITE_ATTEMPTS - 1):
            try:
                return await super().execute_query_async(query, **arguments)
            except ConnectorException as error:
                if not is_passing(error):
                    raise
                await asyncio.sleep(AGAIN_SECONDS)
        return await super().execute_query_async(query, **arguments)
