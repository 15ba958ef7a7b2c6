"""Open311 with clients that exist, installed as their users install them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
import requests

from backend.complaints.models import Complaint
from backend.core.session import system
from tests.cast import Cast
from tests.clients.conftest import HERE
from tests.factories import make_category
from tests.schema.portal_client import make_notices, make_portal

pytestmark = pytest.mark.full
CLIENTS = ("georeport==0.3.1", "civicbot==0.4.0")


def _run(*command: str | Path) -> str:
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    return done.stdout


def test_clients_that_exist_read_the_services_and_bring_in_a_report(
    live_site: str, people: Cast, tmp_path: Path
) -> None:
    make_notices()
    make_category("kaldirim", "Kaldırım", parent=make_category("yol", "Yol"))
    _account, key = make_portal()
    _run(sys.executable, "-m", "venv", tmp_path / "env")
    python = tmp_path / "env" / "bin" / "python"
    _run(python, "-m", "pip", "install", "-q", *CLIENTS)
    told = json.loads(_run(python, HERE / "open311.py", f"{live_site}/open311/v2", key))
    assert (told["service"], told["by_xml"]) == ("Kaldırım", "kaldirim")
    assert {"kind", "privacy_notice"} <= set(told["attributes"])
    with system():
        case = Complaint.objects.get()
    assert [one["service_request_id"] for one in told["sent"]] == [case.reference.replace("/", "-")]
    listed = requests.get(f"{live_site}/open311/v2/requests.json", params={"api_key": key}, timeout=30)
    assert [one["service_code"] for one in listed.json()] == ["kaldirim"]
