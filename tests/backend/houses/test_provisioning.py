"""`manage.py houses`: houses are made, migrated and looked after by the commands of the operator's page."""

from __future__ import annotations

import io
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connections
from psycopg import sql
from pytest_django import DjangoDbBlocker

from backend import houses
from backend.core.session import system
from backend.database import databases
from backend.houses import registry
from backend.organization.models import User
from backend.portals.models import Client
from backend.provisioning import creating
from tests.backend.houses.pair import wired
from tests.databases import ROOT, TestDatabases


class Place:
    """An installation without a house yet; its template is a copy of the tests' own."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "houses.toml"
        self.environment = {
            **os.environ,
            "OZELKALEM_HOUSES": str(self.file),
            "OZELKALEM_VAR": str(folder / "var"),
        }
        self.prefix = databases()["default"]["NAME"]

    def houses(self, *arguments: str) -> str:
        """Run `manage.py houses` here; CommandError with what it says where it fails."""
        out, err = io.StringIO(), io.StringIO()
        call_command("houses", *arguments, stdout=out, stderr=err)
        return out.getvalue() + err.getvalue()

    def process(self, *arguments: str) -> subprocess.Popen[str]:
        """Begin it in a process of its own, as what runs in houses is forked from it."""
        return subprocess.Popen(
            [sys.executable, str(ROOT / "manage.py"), "houses", *arguments],
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def said(self, *arguments: str) -> tuple[int, str]:
        running = self.process(*arguments)
        output, _none = running.communicate(timeout=300)
        return running.returncode, output

    def databases(self) -> set[str]:
        with creating.server() as server:
            rows = server.execute(
                "SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [f"{self.prefix}_"]
            )
            return {name.removeprefix(f"{self.prefix}_") for (name,) in rows.fetchall()}

    def drop(self, databases: TestDatabases) -> None:
        for name in self.databases():
            databases.drop(f"{self.prefix}_{name}")


@pytest.fixture(scope="module")
def _place(
    test_databases: TestDatabases,
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Place]:
    place = Place(tmp_path_factory.mktemp("many"))
    with django_db_blocker.unblock():
        place.drop(test_databases)
        made = test_databases.clone()
        with creating.server() as server:
            server.execute(
                sql.SQL("ALTER DATABASE {} RENAME TO {}").format(
                    sql.Identifier(made), sql.Identifier(f"{place.prefix}_{registry.TEMPLATE}")
                )
            )
        yield place
        place.drop(test_databases)
    shutil.rmtree(place.file.parent)


@pytest.fixture
def place(
    _place: Place, django_db_blocker: DjangoDbBlocker, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Place]:
    for name in ("OZELKALEM_HOUSES", "OZELKALEM_VAR"):
        monkeypatch.setenv(name, _place.environment[name])
    with django_db_blocker.unblock(), wired():
        yield _place


def test_a_house_is_made_while_another_is_asked(place: Place) -> None:
    place.houses("create", "kartal", "--host", "kartal.test")
    with houses.inside(houses.named("kartal")):
        assert (
            User.objects.get(is_superuser=True).username == "bilgiislem"
        )  # and it is still asked while the next one is made
        said = place.houses(
            "create", "pendik", "--host", "pendik.test", "--set", "MUNICIPALITY_NAME=Pendik Belediyesi"
        )
        assert User.objects.filter(is_superuser=True).count() == 1
        connections.close_all()
    assert "http://pendik.test:8000/accounts/invitation/" in said
    with houses.inside(houses.named("pendik")):
        with system():
            assert Client.objects.get().account.username == "web.sitesi"
        connections.close_all()
    status = place.houses("status")
    assert [line.split()[0] for line in status.splitlines()[2:]] == ["kartal", "pendik"]
    assert status.count("whole") == 2
    assert "never" in status


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("kartal2", "--host", "kartal.test"), "same host name kartal.test"),
        (("kartal", "--host", "x.test"), "There is a house “kartal” already"),
        (("Kartal", "--host", "x.test"), "cannot be the name"),
        (("tuzla", "--host", "tuzla.test/"), "hosts must be"),
        (("tuzla", "--host", "tuzla.test", "--set", "DEBUG=1"), "DEBUG is nothing"),
        (("tuzla", "--host", "tuzla.test", "--administrator", "boşluklu ad"), "Kullanıcı adında"),
    ],
)
def test_what_cannot_be_made_leaves_nothing(place: Place, arguments: tuple[str, ...], words: str) -> None:
    text, before = place.file.read_text(), place.databases()
    with pytest.raises(CommandError, match=words):
        place.houses("create", *arguments)
    assert (place.file.read_text(), place.databases()) == (text, before)


def test_without_a_file_it_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OZELKALEM_HOUSES", raising=False)
    with pytest.raises(CommandError, match="Set OZELKALEM_HOUSES"):
        call_command("houses")


@pytest.mark.full
def test_all_are_migrated_and_one_that_cannot_be_stops_no_other(place: Place) -> None:
    text = place.file.read_text()
    try:
        place.file.write_text(f'[adalar]\nhosts = ["adalar.test"]\n\n{text}')
        code, said = place.said("migrate", "--at-once", "2")
        assert code == 1, said
        assert "Not done in 1 of 3: adalar. The others are done." in said
        assert "adalar: " in said
        assert "–" in place.houses("status")
    finally:
        place.file.write_text(text)
    code, said = place.said("migrate")
    assert (code, said.strip()) == (0, "2 houses.")


@pytest.mark.full
def test_a_command_runs_in_those_that_are_named_and_its_faults_are_told(place: Place) -> None:
    code, said = place.said(
        "run",
        "--house",
        "pendik",
        "shell",
        "-v",
        "0",
        "-c",
        "from django.conf import settings; print(settings.HOUSES and settings.MUNICIPALITY_NAME)",
    )
    assert (code, said.strip()) == (0, "pendik: Pendik Belediyesi")
    code, said = place.said("run", "no_such_command")
    assert code == 1
    assert "Not done in 2 of 2" in said
    assert (
        place.said("run", "--house", "kadikoy", "check")[1]
        .strip()
        .endswith(f"There is no house “kadikoy” in {place.file}.")
    )
    assert place.said("run")[0] == 1


@pytest.mark.full
def test_a_worker_goes_on_in_every_house_and_ends_with_the_one_that_began_them(place: Place) -> None:
    running = place.process("run", "worker")
    try:
        _until(lambda: all(_workers(name) == 1 for name in ("kartal", "pendik")))
    finally:
        running.send_signal(signal.SIGTERM)
        running.communicate(timeout=60)
    assert running.returncode == 0


def _workers(name: str) -> int:
    with houses.inside(houses.named(name)), connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > now() - interval '1 minute'"
        )
        found: int = cursor.fetchone()[0]
        return found


def _until(holds: object) -> None:
    for _try in range(600):
        if holds():  # type: ignore[operator]
            return
        time.sleep(0.2)
    pytest.fail("not within two minutes")
