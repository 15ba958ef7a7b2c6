"""A version takes over from the one before while portals write and people read, and goes back again: nobody is left
without an answer."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.urls import reverse

from backend.core.session import system
from backend.portals.clients import register_client
from tests import portal_writer
from tests.cast import make_cast, signed_in
from tests.databases import ROOT, CommittedDatabase
from tests.factories import make_citizen, make_complaint, make_user
from tests.faults.product import free_port
from tests.portal_writer import Writer, ask
from tests.schema.portal_client import make_notices

pytestmark = [pytest.mark.full, pytest.mark.waits]

PATIENCE = 600.0
PATIENT = dict.fromkeys(
    (
        "OZELKALEM_WEB_WAIT_SECONDS",
        "OZELKALEM_WEB_CLIENT_SECONDS",
        "OZELKALEM_WEB_GRACEFUL_SECONDS",
        "OZELKALEM_STATEMENT_SECONDS",
    ),
    "600",
)
"""A machine with much else to do answers late, which is not what is asked here."""
NEXT = """
from django.db import migrations, models
from backend.core.operation.migrating import ForgetField

class Migration(migrations.Migration):
    dependencies = [("complaints", "{leaf}"), ("organization", "0001_initial")]
    operations = [
        migrations.CreateModel("Neighbour", [("id", models.BigAutoField(primary_key=True))]),
        migrations.AddField("complaint", "mood", models.CharField(max_length=20, db_default="")),
        migrations.AddField("complaint", "friend", models.ForeignKey(
            "organization.user", models.PROTECT, null=True, related_name="+")),
        migrations.AddIndex("complaint", models.Index(fields=["mood", "id"], name="complaint_mood")),
        migrations.AlterField("openfigure", "of", models.CharField(max_length=30)),
        ForgetField("complaint", "danger"),
    ]
"""
TABLES = (
    "SELECT count(*) FROM information_schema.columns WHERE table_name = 'complaints_complaint'"
    " AND column_name IN ('mood', 'friend_id')"
)
WAITING = (
    "SELECT count(*) FROM pg_stat_activity WHERE usename = 'ozelkalem_owner' AND wait_event_type = 'Lock'"
    " AND datname = current_database()"
)


def until(holds: Callable[[], Any], what: str) -> None:
    end = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < end, what
        time.sleep(0.05)


def tree(where: Path, *, leaf: str = "") -> Path:
    """The product at another place, as links; with `leaf`, the next version, which has a migration after that one."""
    where.mkdir()
    for each in ROOT.iterdir():
        (where / each.name).symlink_to(each)
    (where / "manage.py").unlink()  # Python looks for modules where a program really lies
    shutil.copy(ROOT / "manage.py", where / "manage.py")
    if leaf:
        for folder in ("backend", "backend/complaints", "backend/complaints/migrations"):
            (where / folder).unlink()
            (where / folder).mkdir()
            for each in (ROOT / folder).iterdir():
                (where / folder / each.name).symlink_to(each)
        (where / "backend/complaints/migrations/9999_next.py").write_text(NEXT.format(leaf=leaf))
    return where


class Web:
    """Gunicorn as its unit starts it, below a link that leads to one version or to another."""

    def __init__(self, link: Path, environment: dict[str, str], folder: Path) -> None:
        self._pid_file, self._output = folder / "web.pid", folder / "web.log"
        command = [
            sys.executable,
            "-m",
            "gunicorn",
            "-c",
            "python:backend.gunicorn",
            "--pid",
            str(self._pid_file),
        ]
        with self._output.open("ab") as output:
            self._first = subprocess.Popen(
                [*command, "backend.wsgi"],
                cwd=link,
                env={**environment, "PWD": str(link)},
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        self._port = int(environment["OZELKALEM_PORT"])
        until(
            lambda: self._first.poll() is not None or ask(self._port, "GET", "/health/live/")[0] == 200,
            "no start",
        )
        assert self._first.poll() is None, self._output.read_text()

    @property
    def master(self) -> int:
        return int(self._pid_file.read_text())

    def reload(self) -> None:
        before = self.master
        os.kill(before, signal.SIGUSR2)

        def is_over() -> bool:
            self._first.poll()  # or it stays as a zombie
            with suppress(OSError, ValueError):
                return self.master != before
            return False

        until(is_over, f"the next version did not take over: {self._output.read_text()[-2000:]}")

    def end(self) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self._first.pid, signal.SIGTERM)
        self._first.wait(PATIENCE)
        until(lambda: ask(self._port, "GET", "/health/live/")[0] == 0, "it does not end")


@contextmanager
def reading(port: int, pages: list[str], cookie: str) -> Iterator[Counter[tuple[str, int]]]:
    """Somebody who asks these pages one after the other; yields how each was answered."""
    answers, ending = Counter[tuple[str, int]](), threading.Event()

    def read() -> None:
        while not ending.is_set():
            for page in pages:
                status, _body = ask(port, "GET", page, Cookie=cookie, Accept="text/html")
                answers[page, status] += 1

    threads = [threading.Thread(target=read, daemon=True) for _each in range(2)]
    for thread in threads:
        thread.start()
    try:
        yield answers
    finally:
        ending.set()
        for thread in threads:
            thread.join()


def migrate(place: Path, environment: dict[str, str], database: CommittedDatabase) -> None:
    """Migrate to what lies there. A report holds the table at first, so that the migration has to come again."""
    with psycopg.connect(database.url("owner")) as report, psycopg.connect(database.url("owner")) as watch:
        watch.autocommit = True
        report.execute("SELECT FROM complaints_complaint LIMIT 1")
        command = [sys.executable, "manage.py", "migrate", "--database", "owner"]
        with subprocess.Popen(
            command, cwd=place, env=environment, stdout=subprocess.PIPE, text=True
        ) as process:
            seen = lambda: watch.execute(WAITING).fetchone() != (0,)  # noqa: E731
            until(lambda: process.poll() is not None or seen(), "the migration does not begin")
            assert process.poll() is None, "it waited for nobody"
            report.rollback()
            said, _nothing = process.communicate(timeout=PATIENCE)
        assert process.returncode == 0, said


def test_a_version_takes_over_and_goes_back_without_an_unanswered_request(
    committed_db: CommittedDatabase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cast = make_cast()
    make_notices()
    citizen = make_citizen()
    case = make_complaint(to=cast.fen, accepted_by=cast.fen_clerk, applicant=citizen)
    with system():
        account = make_user("portal.1", "e-Belediye", "Portalı", is_staff=False)
        client, secret = register_client(
            account=account, name="Portal", scopes=["SUBMIT", "FOLLOW"], contact_name="Işıl İnce",
            contact_email="isil@portal.example", by=cast.administrator, requests_per_minute=100_000,
            cost_per_minute=10_000_000, cost_per_document=20_000,
        )  # fmt: skip
    cookie = signed_in(cast.secretary).cookies[settings.SESSION_COOKIE_NAME].value
    leaf = max(path.stem for path in (ROOT / "backend/complaints/migrations").glob("0*.py"))
    one, two = tree(tmp_path / "one"), tree(tmp_path / "two", leaf=leaf)
    link = tmp_path / "current"
    link.symlink_to(one)
    port = free_port()
    environment = {**os.environ, **committed_db.environment, **PATIENT, "OZELKALEM_PORT": str(port)}
    monkeypatch.setattr(portal_writer, "TIMEOUT", PATIENCE)
    pages = [
        "/accounts/login/",
        reverse("admin:complaints_complaint_changelist"),
        reverse("admin:complaints_complaint_change", args=[case.key]),
        reverse("admin:contacts_citizen_change", args=[citizen.key]),
    ]
    web = Web(link, environment, tmp_path)
    writer = Writer(port, str(client.key), secret, "w", pause=0.02)
    try:
        with reading(port, pages, f"{settings.SESSION_COOKIE_NAME}={cookie}") as answers:
            writer.start()
            until(lambda: len(answers) == len(pages) and len(writer.acknowledged) > 2, "nobody is answered")
            with psycopg.connect(committed_db.url("owner"), autocommit=True) as owner:
                owner.execute("DELETE FROM wall.installed")  # each policy and each view is made anew
                migrate(two, environment, committed_db)
                assert owner.execute(TABLES).fetchone() == (2,)
            for version in (two, one):
                (tmp_path / "next").symlink_to(version)
                (tmp_path / "next").replace(link)
                web.reload()
                assert os.readlink(f"/proc/{web.master}/cwd") == str(version)
                written = len(writer.acknowledged)
                until(
                    lambda written=written: len(writer.acknowledged) > written + 2, "nobody writes any more"
                )
            writer.end()
    finally:
        web.end()
    assert [asked for asked in answers if not 200 <= asked[1] < 400] == [], answers
    assert set(writer.statuses) == {200}, writer.wrong
    with psycopg.connect(committed_db.url("owner")) as owner:
        kept = {reference for (reference,) in owner.execute("SELECT reference FROM complaints_complaint")}
    assert set(writer.acknowledged.values()) <= kept
