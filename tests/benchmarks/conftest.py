"""The benchmark's contenders over a database of the tests: whatever they need is missing is a failure, never a skip."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path

import pytest
from django.db import connections
from django.utils import timezone

from backend import database, postgres
from backend.core.session import system
from backend.organization.models import User
from backend.portals.actions import issue_token
from benchmarks.installation import ROOT, Installation
from tests.databases import CommittedDatabase


class OnTestDatabase(Installation):
    """What the benchmark knows of an installation, of a private database on the tests' server."""

    def __init__(self, committed: CommittedDatabase, folder: Path, complaints: int = 0) -> None:
        server = database.embedded_folder()
        if server is None:
            pytest.fail("The contenders need the embedded server: PostGraphile gets a role of its own there.")
        self.complaints, self.folder, self.postgres, self.committed = complaints, folder, server, committed
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("DJANGO_")},
            "DATABASE_URL": committed.url("default"),
            "DATABASE_OWNER_URL": committed.url("owner"),
            "OZELKALEM_VAR": str(folder),
            "OZELKALEM_ENVIRONMENT": "demo",
            "OZELKALEM_LOG_LEVEL": "ERROR",
            "PYTHONPATH": str(ROOT),
        }

    def address(self, role: postgres.Role) -> str:
        if role == "admin":
            there = postgres.url(self.postgres, role)
            return there.replace(f"/{postgres.DATABASE}?", f"/{self.committed.name}?")
        return self.committed.url("default" if role == "app" else role)

    def database(self) -> tuple[str, str]:
        return connections["default"].settings_dict["HOST"], self.committed.name


def token_of(user: User) -> str:
    """The secret of a token with which somebody reads all that they see, citizens included."""
    with system():
        _token, secret = issue_token(
            user=user,
            name="benchmark",
            scopes=["READ", "CONTACTS"],
            expires_at=timezone.now() + dt.timedelta(days=1),
            by=None,
        )
    return secret


@pytest.fixture
def installation(committed_db: CommittedDatabase, tmp_path: Path) -> OnTestDatabase:
    """A migrated database without rows, as the benchmark knows one."""
    return OnTestDatabase(committed_db, tmp_path)
