"""`/health/` goes by the age of what is due and names what has failed; `/health/live/` asks nothing."""

from __future__ import annotations

import datetime as dt
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client
from django.utils import timezone

from backend import file_storage
from backend.core.operation import backup
from backend.core.operation.long_work import LONG_WORK
from backend.core.session import system
from backend.monitoring import measuring
from backend.portals.webhooks.models import WebhookEndpoint
from tests.backend.monitoring import waiting
from tests.cast import Cast


def health() -> dict[str, Any]:
    answer = Client().get("/health/")
    told: dict[str, Any] = answer.json()
    assert answer.status_code == (503 if told["problems"] else 200)
    assert told["status"] == ("failed" if told["problems"] else "ok")
    return told


def test_all_is_well_where_the_worker_lives_and_nothing_waits(cast: Cast) -> None:
    assert health()["problems"] == ["worker"]
    waiting.heartbeat()
    told = health()
    assert (told["problems"], told["warnings"]) == ([], [])
    assert {told[name] for name in ("database", "worker", "jobs", "mail", "webhooks", "disk", "backup")} == {
        "ok"
    }


DETAILS = {"status", "problems", "warnings", "seconds", "worker", "jobs", "database", "backup"}


@pytest.mark.parametrize(
    ("peer", "forwarded", "proxies", "token", "reads_all"),
    [
        ("127.0.0.1", "", 0, "", True),
        ("::1", "", 0, "", True),
        ("203.0.113.7", "", 0, "", False),
        ("127.0.0.1", "203.0.113.7", 1, "", False),
        ("127.0.0.1", "127.0.0.1, 203.0.113.7", 1, "", False),  # what the visitor wrote is not believed
        ("127.0.0.1", "203.0.113.7", 0, "", False),  # a proxy that nobody counted
        ("127.0.0.1", "10.0.0.5", 1, "", True),
        ("127.0.0.1", "203.0.113.7", 1, "Bearer wrong", False),
        ("127.0.0.1", "203.0.113.7", 1, "Bearer prometheus", True),
    ],
)
def test_strangers_are_told_whether_it_works_and_no_more(
    cast: Cast, settings: Any, peer: str, forwarded: str, proxies: int, token: str, reads_all: bool
) -> None:
    settings.PROXY_COUNT, settings.METRICS_TOKEN = proxies, "prometheus"
    settings.HEALTH_NETWORKS = [*settings.HEALTH_NETWORKS, "10.0.0.0/8"]
    headers = {"X-Forwarded-For": forwarded, "Authorization": token}
    asked = {name: value for name, value in headers.items() if value}
    for status in (503, 200):
        answer = Client(REMOTE_ADDR=peer).get("/health/", headers=asked)
        assert answer.status_code == status
        if reads_all:
            assert answer.json().keys() >= DETAILS
        else:
            assert answer.json() == {"status": "ok" if status == 200 else "failed"}
        waiting.heartbeat()


FAULTS: dict[str, tuple[str, Callable[[Cast], object]]] = {
    "a worker that fell silent": ("worker", lambda _cast: waiting.heartbeat(600)),
    "a job nobody takes": ("jobs", lambda _cast: waiting.job("webhooks.carry", 3600)),
    "a schedule that stands still": ("schedule", lambda _cast: waiting.scheduled("webhooks.carry", 3600)),
    "mail that does not leave": ("mail", lambda _cast: waiting.message(3600)),
    "SMS that do not leave": ("sms", lambda _cast: waiting.message(3600, channel="SMS")),
    "webhooks that nobody sends": ("webhooks", lambda cast: waiting.delivery(cast, "Uygulama", 3600)),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_what_stands_still_is_named_with_its_age(cast: Cast, fault: str) -> None:
    check, make = FAULTS[fault]
    if check != "worker":
        waiting.heartbeat()
    make(cast)
    told = health()
    assert told["problems"] == [check]
    assert told[check] == "failed"
    assert told["seconds"][check] >= 600
    assert not any(word in json.dumps(told, ensure_ascii=False) for word in ("Uygulama", "Gizli", "ayse"))


def test_what_one_address_or_one_client_is_to_blame_for_is_a_warning_only(cast: Cast) -> None:
    waiting.heartbeat()
    waiting.message(3600)
    waiting.message(10, status="SENT")
    endpoint = waiting.delivery(cast, "Uygulama", 0)
    with system():
        WebhookEndpoint.objects.filter(pk=endpoint.pk).update(failing_since=timezone.now())
    told = health()
    assert (told["problems"], told["warnings"]) == ([], ["mail", "webhooks"])


def test_work_that_waits_for_other_long_work_is_not_late(cast: Cast) -> None:
    waiting.heartbeat()
    waiting.job("complaints.import", 7200, lock=LONG_WORK)
    assert health()["problems"] == []


def test_a_job_of_the_night_that_did_not_come_is_a_warning(cast: Cast) -> None:
    waiting.heartbeat()
    waiting.scheduled("webhooks.carry", 0)
    waiting.scheduled("remove_old_jobs", 3 * 86_400)
    assert health()["warnings"] == ["schedule"]


def test_a_backup_may_be_as_old_as_was_agreed(
    cast: Cast, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting.heartbeat()
    settings.VAR_DIR, settings.BACKUP_HOURS = tmp_path, 26
    assert health()["problems"] == ["backup"]
    mark = tmp_path / backup.LAST_BACKUP
    files = tmp_path / backup.LAST_FILES
    mark.touch()
    assert health()["problems"] == ["backup"]  # of the database alone: the files are on disk
    files.touch()
    assert health()["problems"] == []
    old = (timezone.now() - dt.timedelta(hours=30)).timestamp()
    for one, other in ((mark, files), (files, mark)):
        os.utime(one, (old, old))
        other.touch()
        assert (health()["problems"], health()["seconds"]["backup"] // 3600) == (["backup"], 30)
    monkeypatch.setattr(file_storage, "is_on_disk", lambda: False)
    assert health()["problems"] == []  # the bucket has a backup of its own


def test_without_a_database_health_says_so_and_the_process_lives(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*_arguments: object) -> None:
        raise OperationalError("password of ayse")

    monkeypatch.setattr(measuring, "_rows", gone)
    assert health()["problems"] == ["database"]
    assert Client().get("/health/live/").json() == {"status": "ok"}


def test_a_disk_without_room_fails(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    waiting.heartbeat()
    monkeypatch.setattr(measuring, "_disk", lambda: (100, 1000))
    assert health()["problems"] == ["disk"]
