"""`manage.py postgres start|stop|status|url`, as somebody types it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import psycopg
import pytest
from django.core.management import call_command

from backend import postgres
from tests.databases import ROOT


@pytest.fixture
def data() -> Iterator[Path]:
    """A folder that the server's user may enter too."""
    place = Path(tempfile.mkdtemp(prefix="ozelkalem-test-"))
    place.chmod(0o755)
    yield place / "postgres"
    postgres.stop(place / "postgres")
    shutil.rmtree(place)


def _say(data: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("OZELKALEM", "DATAB"))}
    clean |= {"OZELKALEM_POSTGRES_DATA": str(data), "DJANGO_SETTINGS_MODULE": "backend.settings"}
    command = [sys.executable, "manage.py", "postgres", *words]
    return subprocess.run(
        command, cwd=ROOT, env=clean | environment, capture_output=True, text=True, timeout=60, check=False
    )


def _say_here(*words: str) -> str:
    """The same command in this process, which has loaded the product."""
    said = StringIO()
    call_command("postgres", *words, stdout=said)
    return said.getvalue()


def test_it_starts_says_where_it_is_and_stops(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = _say(data, "status")
    assert (before.returncode, before.stdout) == (3, f"PostgreSQL does not run on {data}.\n")
    assert _say(data, "start").stdout == f"PostgreSQL runs on {data} until `manage.py postgres stop`.\n"
    monkeypatch.setenv("OZELKALEM_POSTGRES_DATA", str(data))
    assert f"process {postgres.status(data).pid}, socket in /" in _say_here("status")
    with psycopg.connect(_say_here("url", "--role", "owner").strip()) as connection:
        assert connection.execute("SELECT current_user").fetchone() == ("ozelkalem_owner",)
    assert _say_here("stop") == f"PostgreSQL on {data} has stopped.\n"
    assert postgres.status(data).pid is None


def test_with_a_database_of_ones_own_there_is_none_to_start(data: Path) -> None:
    refused = _say(data, "start", DATABASE_URL="postgresql://app:geheim@127.0.0.1/ozelkalem")
    assert refused.returncode == 1
    assert "DATABASE_URL is set, so there is no embedded server: unset it to use one." in refused.stderr
    assert "geheim" not in refused.stderr
    assert not data.exists()
