"""What stands, as gauges: by task, channel and client, in as many statements for many as for few."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from prometheus_client.mmap_dict import MmapedDict

from backend.core.operation import logs, slow_statements
from backend.core.operation.metrics_files import SharedMetrics, merge_ended
from backend.core.session import prepared
from backend.monitoring.measuring import measure
from backend.monitoring.metrics import exposition
from schema.stream.hub import Hub
from schema.stream.subscriber import Subscriber
from tests.backend.monitoring import waiting
from tests.cast import Cast


def samples() -> dict[str, float]:
    lines = exposition().decode().splitlines()
    return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines if line[0] != "#")}


def test_each_gauge_says_what_waits(cast: Cast) -> None:
    waiting.heartbeat(7)
    waiting.job("webhooks.carry", 90)
    waiting.job("exports.run", 30, status="doing")
    waiting.message(120)
    waiting.message(60, status="FAILED", channel="SMS")
    waiting.delivery(cast, "Uygulama", 300)
    told = samples()
    expected = {
        "ozelkalem_up": 1,
        "ozelkalem_worker_heartbeat_age_seconds": 7,
        'ozelkalem_jobs_waiting{task="webhooks.carry"}': 1,
        'ozelkalem_jobs_running{task="exports.run"}': 1,
        'ozelkalem_job_oldest_due_seconds{task="webhooks.carry"}': 90,
        "ozelkalem_job_held_up_seconds": 90,
        'ozelkalem_outbox_waiting{channel="EMAIL"}': 1,
        'ozelkalem_outbox_oldest_seconds{channel="EMAIL"}': 120,
        'ozelkalem_outbox_failed{channel="SMS"}': 1,
        'ozelkalem_webhooks_due{client="Uygulama"}': 1,
        'ozelkalem_webhook_oldest_due_seconds{client="Uygulama"}': 300,
        "ozelkalem_imports_open": 0,
        "ozelkalem_stream_up": 0,
    }
    assert {name: value for name, value in expected.items() if abs(told[name] - value) > 60} == {}
    assert told["ozelkalem_database_size_bytes"] > 1_000_000
    assert 0 < told["ozelkalem_database_connections"] < told["ozelkalem_database_connections_max"]
    assert 0 < told["ozelkalem_disk_free_bytes"] < told["ozelkalem_disk_size_bytes"]


def statements() -> int:
    with CaptureQueriesContext(connection) as asked:
        measure()
    return len(asked)


def test_many_waiting_are_measured_in_as_many_statements_as_few(cast: Cast) -> None:
    measure()
    few = statements()
    for number in range(5):
        waiting.job(f"task.{number}", 60)
        waiting.message(60)
    waiting.delivery(cast, "Bir", 60)
    assert statements() == few
    assert few <= 20


def test_a_slow_statement_is_counted_for_the_operation_that_asked_it(db: None, settings: object) -> None:
    """Both ways to the database, and a statement that is quick is not counted."""
    token = logs.context.set({"operation": "Slowly"})
    name = 'ozelkalem_slow_statements_total{operation="Slowly"}'
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        assert name not in samples()
        settings.SLOW_STATEMENT_SECONDS = 0  # type: ignore[attr-defined]
        cursor.execute("SELECT 1")
    with prepared("SELECT $1::int", [1]):
        pass
    settings.SLOW_STATEMENT_SECONDS = 1000  # type: ignore[attr-defined]
    assert samples()[name] == 2
    logs.context.reset(token)


def test_names_that_clients_invent_do_not_become_ever_more_series(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(slow_statements, "_names", set())
    monkeypatch.setattr(slow_statements, "MOST_NAMES", 2)
    named = []
    for name in ("A", "B", "C", "A"):
        token = logs.context.set({"operation": name})
        named.append(slow_statements._name())
        logs.context.reset(token)
    assert named == ["A", "B", "other", "A"]


def test_who_follows_the_stream_is_counted() -> None:
    async def write(_piece: bytes) -> None: ...

    async def follow() -> list[float]:
        hub, found = Hub(), []
        with hub.joined(Subscriber({}), write), hub.joined(Subscriber({}), write):
            found.append(samples_of_stream())
        return [*found, samples_of_stream()]

    assert asyncio.run(follow()) == [2, 0]


def samples_of_stream() -> float:
    from prometheus_client import REGISTRY

    return REGISTRY.get_sample_value("ozelkalem_stream_connections") or 0


def test_the_counts_of_ended_processes_become_one_file(tmp_path: Path) -> None:
    """Twice: what was merged is merged again. A gauge of a process that ended is gone with it."""
    ended = [2**22 + number for number in range(1, 4)]  # no process has so high a number
    key = '["requests", "requests_total", {}, "Requests."]'
    for rounds, number in enumerate(ended, start=1):
        for name in (f"counter_{number}.db", f"gauge_livesum_{number}.db"):
            values = MmapedDict(str(tmp_path / name))
            values.write_value(key, 5.0, 0.0)
            values.close()
        merge_ended(tmp_path)
        assert [path.name for path in tmp_path.glob("*.db")] == ["counter_0.db"]
        [(_key, total, *_rest)] = MmapedDict.read_all_values_from_file(str(tmp_path / "counter_0.db"))
        assert total == 5.0 * rounds


def test_a_file_that_is_empty_yet_keeps_no_count_from_being_read(tmp_path: Path) -> None:
    """A process makes its file, and then writes to it: whoever reads in between, or after its end, reads the others."""
    key = '["requests", "requests_total", {}, "Requests."]'
    values = MmapedDict(str(tmp_path / f"counter_{os.getpid()}.db"))
    values.write_value(key, 5.0, 0.0)
    values.close()
    for name in (f"histogram_{os.getpid()}.db", f"counter_{2**22 + 1}.db"):
        (tmp_path / name).touch()
    [metric] = SharedMetrics(tmp_path).collect()
    assert [sample.value for sample in metric.samples] == [5.0]
    assert not (tmp_path / f"counter_{2**22 + 1}.db").exists()
