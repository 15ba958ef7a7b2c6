"""What stands, as gauges of Prometheus: measured at each scrape, by the statements of `measuring`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

from django.db import DatabaseError
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.metrics_core import GaugeMetricFamily, Metric

from backend.core.operation.metrics_files import counted
from backend.monitoring.certificates import certificates
from backend.monitoring.measuring import Measured, bucket_answers, measure

Samples = Iterable[tuple[tuple[str, ...], float | None]]


def exposition() -> bytes:
    """Return everything that is counted, of all processes, and what stands now."""
    registry = CollectorRegistry()
    registry.register(InstallationCollector())
    return counted() + generate_latest(registry)


class InstallationCollector:
    """Measures when it is asked; without a database it says only that."""

    def describe(self) -> list[Metric]:
        """Name nothing: registering asks no database."""
        return []

    def collect(self) -> Iterator[Metric]:
        """Measure."""
        try:
            measured = measure()
        except DatabaseError:
            yield _gauge("up", "Whether the database answered.", [((), 0)])
            return
        yield _gauge("up", "Whether the database answered.", [((), 1)])
        yield from _work(measured)
        yield from _messages(measured)
        yield from _resources(measured)


def _gauge(name: str, text: str, samples: Samples, labels: tuple[str, ...] = ()) -> Metric:
    """A gauge; what was never or waits for nothing has no sample."""
    gauge = GaugeMetricFamily(f"ozelkalem_{name}", text, labels=labels)
    for values, number in samples:
        if number is not None:
            gauge.add_metric(values, float(number))
    return gauge


def _work(measured: Measured) -> Iterator[Metric]:
    queues, task = measured.queues, ("task",)
    yield _gauge("jobs_waiting", "Jobs that wait.", [((q.task,), q.waiting) for q in queues], task)
    yield _gauge("jobs_running", "Jobs in hand.", [((q.task,), q.running) for q in queues], task)
    yield _gauge(
        "job_oldest_due_seconds",
        "Age of the oldest due job.",
        [((q.task,), q.due or 0) for q in queues],
        task,
    )
    yield _gauge(
        "job_held_up_seconds", "Age of the oldest due job that only the worker keeps waiting.",
        [((), measured.oldest_job() or 0)],
    )  # fmt: skip
    yield _gauge(
        "worker_heartbeat_age_seconds", "Since the worker last gave a sign.", [((), measured.heartbeat)]
    )
    yield _gauge("schedule_age_seconds", "Since a job last came by its time.", [((), measured.schedule)])
    yield _gauge("schedule_late_tasks", "Scheduled jobs that are late.", [((), len(measured.late_tasks))])
    yield _gauge(
        "happenings_ahead_seconds", "For how long there are partitions of the change feed.",
        [((), measured.happenings_ahead.total_seconds())],
    )  # fmt: skip
    yield _gauge("stream_up", "Whether the stream listens.", [((), measured.stream_listens)])
    yield _gauge("imports_open", "Imports that wait or run.", [((), measured.imports_open)])
    yield _gauge("imports_failed", "Imports that failed in a day.", [((), measured.imports_failed)])
    yield _gauge("import_timestamp_seconds", "The last import.", [((), _timestamp(measured.imported_at))])


def _messages(measured: Measured) -> Iterator[Metric]:
    outbox, channel = measured.outbox.items(), ("channel",)
    yield _gauge("outbox_waiting", "Messages that wait.", [((c,), o.waiting) for c, o in outbox], channel)
    yield _gauge(
        "outbox_oldest_seconds", "Age of the oldest waiting message.",
        [((c,), o.oldest or 0) for c, o in outbox], channel,
    )  # fmt: skip
    yield _gauge(
        "outbox_failed",
        "Messages of a day that were abandoned.",
        [((c,), o.failed) for c, o in outbox],
        channel,
    )
    webhooks, client = measured.webhooks, ("client",)
    yield _gauge("webhooks_due", "Deliveries due.", [((w.client,), w.waiting) for w in webhooks], client)
    yield _gauge(
        "webhook_oldest_due_seconds", "Age of the oldest due delivery.",
        [((w.client,), w.due or 0) for w in webhooks], client,
    )  # fmt: skip
    yield _gauge(
        "webhook_failing_seconds", "Since when a server of the client fails.",
        [((w.client,), w.failing or 0) for w in webhooks], client,
    )  # fmt: skip
    yield _gauge("webhooks_off", "Switched off for faults.", [((w.client,), w.off) for w in webhooks], client)


def _resources(measured: Measured) -> Iterator[Metric]:
    yield _gauge("database_connections", "Connections in use.", [((), measured.connections)])
    yield _gauge("database_connections_max", "max_connections.", [((), measured.connections_most)])
    yield _gauge("database_size_bytes", "Size of the database.", [((), measured.database_bytes)])
    yield _gauge("disk_free_bytes", "Room for files.", [((), measured.disk_free)])
    yield _gauge("disk_size_bytes", "Size of that disk.", [((), measured.disk_bytes)])
    yield _gauge("archive_failing", "Whether the WAL is not archived.", [((), measured.archive_fails)])
    yield _gauge("files_up", "Whether the bucket of files answers.", [((), bucket_answers())])
    yield _gauge("backup_timestamp_seconds", "The last backup.", [((), _timestamp(measured.backup_at))])
    yield _gauge(
        "restore_timestamp_seconds", "The last proven restore.", [((), _timestamp(measured.restore_at))]
    )
    yield _gauge(
        "certificate_end_timestamp_seconds", "The end of a certificate that is a file.",
        [((c.name,), _timestamp(c.ends_at) or 0) for c in certificates(ask_hosts=False)], ("name",),
    )  # fmt: skip


def _timestamp(moment: dt.datetime | None) -> float | None:
    return None if moment is None else moment.timestamp()
