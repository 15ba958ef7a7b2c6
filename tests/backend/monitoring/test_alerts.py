"""The alert rules and the dashboard of `deploy/` can be loaded, ask for metrics that exist, and name their remedy."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.test import Client

import backend.core.standby.reading
import backend.houses.web  # noqa: F401
import schema.http.compiled
import schema.stream.hub  # noqa: F401 - they count
from backend.monitoring.metrics import exposition
from tests.backend.monitoring import waiting
from tests.cast import Cast
from tests.databases import ROOT
from tests.harness import debian

FOLDER = ROOT / "deploy" / "monitoring"
GROUPS = yaml.safe_load((FOLDER / "alerts.yml").read_text("utf-8"))["groups"]
RULES = [rule for group in GROUPS for rule in group["rules"]]
DASHBOARD: dict[str, Any] = json.loads((FOLDER / "dashboard.json").read_text("utf-8"))
DRAWN = [target["expr"] for panel in DASHBOARD["panels"] for target in panel["targets"]]
METRIC = re.compile(r"\b(?:ozelkalem|django|graphql)_\w+")
OF_A_HISTOGRAM = re.compile(r"_(?:bucket|count|sum)$")


def exposed() -> set[str]:
    """The names of what is exposed, whether or not it has a sample now; a request loads what the web counts."""
    Client().get("/health/live/")
    return set(re.findall(r"^# TYPE (\S+)", exposition().decode(), re.MULTILINE))


def test_each_metric_that_is_asked_for_exists(cast: Cast) -> None:
    names = {name for text in [*[rule["expr"] for rule in RULES], *DRAWN] for name in METRIC.findall(text)}
    assert len(names) > 25
    there = exposed()
    assert {name for name in names if not {name, OF_A_HISTOGRAM.sub("", name)} & there} == set()


def test_what_waits_for_is_alerted_or_drawn(cast: Cast) -> None:
    """Of what this product measures itself nothing is exposed that nobody looks at."""
    asked = " ".join([*[rule["expr"] for rule in RULES], *DRAWN])
    looked_at_by_hand = {
        "ozelkalem_import_timestamp_seconds",
        "ozelkalem_imports_open",
        "ozelkalem_job_oldest_due_seconds",
        "ozelkalem_jobs_running",
        "ozelkalem_disk_size_bytes",
        "ozelkalem_house_answers_total",
    }
    ours = {name for name in exposed() if name.startswith("ozelkalem_") and not name.endswith("_created")}
    assert {name for name in ours if name not in asked} == looked_at_by_hand


def test_each_alert_names_its_remedy_and_says_in_turkish_what_it_is() -> None:
    manual = (ROOT / "docs" / "operation.md").read_text("utf-8")
    section = manual.partition("\n## Alerts\n")[2].partition("\n## ")[0]
    told = set(re.findall(r"`(Ozelkalem\w+)`", section))
    assert {rule["alert"] for rule in RULES} == told
    assert {rule["annotations"]["runbook_url"] for rule in RULES} == {"docs/operation.md#alerts"}
    assert {rule["labels"]["severity"] for rule in RULES} == {"critical", "warning"}
    assert [rule["alert"] for rule in RULES if not rule["annotations"]["summary"].endswith(".")] == []


@pytest.fixture
def tool() -> str:
    return debian.needed("promtool")


def run(tool: str, *arguments: str) -> None:
    done = subprocess.run([tool, *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.full
def test_promtool_takes_the_rules_the_example_and_what_the_dashboard_asks(tool: str, tmp_path: Path) -> None:
    run(tool, "check", "rules", "--lint-fatal", str(FOLDER / "alerts.yml"))
    run(tool, "check", "config", "--syntax-only", str(FOLDER / "prometheus.yml"))
    drawn = [
        {"record": f"drawn:{number}", "expr": text.replace("$__rate_interval", "5m")}
        for number, text in enumerate(DRAWN)
    ]
    (tmp_path / "drawn.yml").write_text(yaml.safe_dump({"groups": [{"name": "drawn", "rules": drawn}]}))
    run(tool, "check", "rules", str(tmp_path / "drawn.yml"))


@pytest.mark.full
def test_the_rules_tell_what_stands_still_and_are_silent_otherwise(tool: str, tmp_path: Path) -> None:
    for path in (FOLDER / "alerts.yml", Path(__file__).with_name("alerts_test.yml")):
        shutil.copy(path, tmp_path)
    run(tool, "test", "rules", str(tmp_path / "alerts_test.yml"))


@pytest.mark.full
def test_promtool_takes_what_is_exposed(cast: Cast, tool: str) -> None:
    """Names and units as Prometheus wants them; those that libraries chose are theirs."""
    waiting.heartbeat()
    lines = exposition().decode().splitlines(keepends=True)
    ours = "".join(line for line in lines if re.match(r"(# \w+ )?ozelkalem_", line))
    done = subprocess.run([tool, "check", "metrics"], input=ours, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
