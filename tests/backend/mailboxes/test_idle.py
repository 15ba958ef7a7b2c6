"""Waiting at a real Dovecot: a mail is fetched within seconds, whatever broke before."""

from __future__ import annotations

import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import OperationalError
from imap_tools.idle import IdleManager
from procrastinate.contrib.django.models import ProcrastinateJob

from backend.core.operation import job_worker
from backend.core.session import system
from backend.mailboxes import jobs
from backend.mailboxes.imap import idle, line
from backend.mailboxes.models import Mailbox
from tests.backend.mailboxes import dovecot
from tests.backend.mailboxes.corpus import plain
from tests.backend.mailboxes.dovecot import LOGIN, PASSWORD, Server
from tests.backend.mailboxes.rows import make_mailbox
from tests.databases import CommittedDatabase
from tests.factories import make_department

pytestmark = pytest.mark.full


@pytest.fixture
def server() -> Iterator[Server]:
    with dovecot.running() as running:
        yield running


@pytest.fixture
def mailbox(committed_db: CommittedDatabase, server: Server, monkeypatch: pytest.MonkeyPatch) -> Mailbox:
    monkeypatch.setattr(idle, "LOOK_SECONDS", 0.2)
    monkeypatch.setattr(idle, "PAUSES", (0.2,))
    row = make_mailbox(make_department("ozel-kalem"), host="localhost", port=server.ssl, login=LOGIN)
    row.seal_secret(PASSWORD)
    with system():
        row.save()
    return row


class Woken:
    """How often each mailbox was to be read."""

    def __init__(self) -> None:
        self.keys: list[int] = []

    def __call__(self, key: int) -> None:
        self.keys.append(key)


@contextmanager
def waiting(server: Server, wake: Callable[[int], object]) -> Iterator[None]:
    ending = threading.Event()
    context = ssl.create_default_context(cafile=str(server.ca))
    thread = threading.Thread(target=idle.serve, args=[ending, wake, context], daemon=True)
    thread.start()
    try:
        yield
    finally:
        ending.set()
        thread.join(10)
        assert not thread.is_alive()
        until(lambda: not lines())


def lines() -> list[threading.Thread]:
    return [one for one in threading.enumerate() if isinstance(one, idle.Waiter)]


def until(true: Callable[[], object], seconds: float = 8) -> float:
    """Wait for it; after how many seconds it was."""
    began = time.monotonic()
    while not true():
        assert time.monotonic() - began < seconds
        time.sleep(0.05)
    return time.monotonic() - began


def test_what_comes_wakes_the_fetching_within_seconds(mailbox: Mailbox, server: Server) -> None:
    woken = Woken()
    with waiting(server, woken):
        until(lambda: woken.keys)  # what lay there before
        for count in (2, 3):
            server.deliver(plain("x", Message_ID=f"<{count}@posta.example>"))
            assert until(lambda count=count: len(woken.keys) == count) < 5
        assert set(woken.keys) == {mailbox.pk}


def test_what_comes_in_the_moment_before_it_waits_is_said_with_the_answer(
    mailbox: Mailbox, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Dovecot sends "+ idling" and "* 2 EXISTS" as one packet then."""
    start, mails = IdleManager.start, iter([plain("x")])

    def starts(self: IdleManager) -> object:
        server.deliver(*mails)  # before the first time alone
        return start(self)

    monkeypatch.setattr(IdleManager, "start", starts)
    woken = Woken()
    with waiting(server, woken):
        assert until(lambda: len(woken.keys) == 2) < 5  # what lay there before, and this


def test_the_job_that_fetches_is_woken_once(mailbox: Mailbox, server: Server) -> None:
    with waiting(server, jobs.wake):
        rows = ProcrastinateJob.objects.filter(task_name="mailboxes.fetch", status="todo")
        until(rows.exists)
        server.deliver(plain("x"))
        time.sleep(1)
        assert rows.count() == 1
    assert jobs.wait in job_worker.COMPANIONS


def test_a_broken_line_is_opened_again(mailbox: Mailbox, server: Server) -> None:
    woken = Woken()
    with waiting(server, woken):
        until(lambda: woken.keys)
        (waiter,) = lines()
        line.cut(waiter._server)  # type: ignore[attr-defined]
        until(lambda: len(woken.keys) == 2)
        server.deliver(plain("x"))
        until(lambda: len(woken.keys) == 3)


def test_it_survives_a_database_that_is_away(
    mailbox: Mailbox, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    woken, failures, adjust = Woken(), list[int](), idle._adjust

    def away(*args: Any) -> None:
        failures.append(1)
        if len(failures) < 3:
            raise OperationalError("away")
        adjust(*args)

    def wake(key: int) -> None:
        woken(key)
        if len(woken.keys) == 2:
            raise OperationalError("away")

    monkeypatch.setattr(idle, "_adjust", away)
    with waiting(server, wake):
        until(lambda: woken.keys)
        server.deliver(plain("x"))
        until(lambda: len(woken.keys) >= 3)  # the second could not be written: it is said again


def test_other_settings_and_a_mailbox_out_of_use(mailbox: Mailbox, server: Server) -> None:
    woken = Woken()
    with waiting(server, woken):
        until(lambda: woken.keys)
        (first,) = lines()
        with system():
            Mailbox.objects.filter(pk=mailbox.pk).update(version=2)
        until(lambda: lines() and lines() != [first])
        with system():
            Mailbox.objects.filter(pk=mailbox.pk).update(is_active=False)
        until(lambda: not lines())


def test_a_server_without_idle_is_read_every_minute_and_not_asked_all_the_time(
    mailbox: Mailbox, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, woken = list[int](), Woken()

    def knows(_server: object) -> bool:
        asked.append(1)
        return False

    monkeypatch.setattr(idle, "knows_idle", knows)
    with waiting(server, woken):
        until(lambda: asked)
        time.sleep(1)
    assert (len(asked), woken.keys) == (1, [])


def test_no_more_lines_than_are_allowed(
    mailbox: Mailbox, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(idle, "MOST", 1)
    other = make_mailbox(mailbox.department, host="localhost", port=server.ssl, login=LOGIN)
    woken = Woken()
    with waiting(server, woken):
        until(lambda: woken.keys)
        time.sleep(0.5)
        assert len(lines()) == 1
    assert other.pk not in woken.keys
