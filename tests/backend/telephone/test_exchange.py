"""A real exchange (Kamailio) and real telephones (SIPp): a call is heard of from its ringing to its end."""

from __future__ import annotations

import asyncio
import logging
import signal
import ssl
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from backend.core.session import system
from backend.organization.models import User
from backend.telephone import agent as agents
from backend.telephone import dialogs, lines
from backend.telephone.agent import Agent
from backend.telephone.agent import Exchange as Address
from backend.telephone.models import Call
from tests.backend.telephone.exchange import PASSWORD, PATIENCE, Exchange, running
from tests.cast import make_cast, signed_in
from tests.databases import ROOT, CommittedDatabase
from tests.harness import debian

pytestmark = pytest.mark.full
NUMBER = "05321112233"


@pytest.fixture(scope="module")
def exchange() -> Iterator[Exchange]:
    with running() as found:
        yield found


async def until(what: object, *, seconds: float = PATIENCE) -> None:
    """Wait until it is true."""
    assert callable(what)
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, "it never came"
        await asyncio.sleep(0.1)


def test_a_call_is_heard_from_ringing_to_its_end(
    exchange: Exchange, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    said: list[tuple[str, dialogs.Dialog]] = []

    async def heard(extension: str, body: bytes) -> None:
        found = dialogs.read(body)
        said.extend((extension, one) for one in (found.calls if found else ()))

    async def story() -> None:
        agent = Agent(Address.of(exchange.address), heard)
        await agent.open()
        await agent.follow(["201", "202"])
        await until(lambda: agent.answered == {"201", "202"})
        with exchange.telephones(), exchange.called(NUMBER, "201"):
            await until(lambda: said)
            extension, call = said[0]
            assert (extension, call.number, call.is_answered) == ("201", "+905321112233", False)
            await until(lambda: said[-1][1].is_answered)
            await until(lambda: said[-1][1].is_over)
        assert {one.name for _extension, one in said} == {call.name}
        await agent.follow(["202"])
        assert agent.answered == {"202"}
        await agent.follow([])

    asyncio.run(story())
    assert NUMBER[1:] not in caplog.text


def test_a_wrong_password_and_an_exchange_that_is_away_are_asked_again(
    exchange: Exchange, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(agents, "AFTER_FAULT", 0.2)
    monkeypatch.setattr(agents, "RESENT", (0.1, 0.1))
    right = Address.of(exchange.address)

    async def heard(extension: str, body: bytes) -> None:
        """Nothing is asked here."""

    async def story() -> None:
        agent = Agent(replace(right, password="yanlış"), heard)
        await agent.open()
        await agent.follow(["201"])
        await until(lambda: "401" in caplog.text)
        assert agent.answered == set()
        agent.exchange = right
        await until(lambda: agent.answered == {"201"})
        await agent.follow([])
        away = Agent(replace(right, port=1), heard)
        await away.open()
        await away.follow(["201"])
        await until(lambda: "no answer" in caplog.text)
        await away.follow([])

    asyncio.run(story())
    assert "yanlış" not in caplog.text


def test_what_nobody_asked_for_is_not_heard(exchange: Exchange) -> None:
    said: list[bytes] = []

    async def heard(extension: str, body: bytes) -> None:
        said.append(body)

    async def story() -> None:
        agent = Agent(Address.of(exchange.address), heard)
        await agent.open()
        forged = (
            "NOTIFY sip:ozelkalem@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1;branch=z9hG4bKx\r\n"
            "From: <sip:201@santral.test>;tag=a\r\nTo: <sip:ozelkalem@santral.test>;tag=b\r\nCall-ID: forged\r\n"
            "CSeq: 1 NOTIFY\r\nContent-Length: 4\r\n\r\n<a/>"
        )
        for data in (forged.encode(), b"", b"\x00\xff", b"SIP/2.0 200 OK\r\n\r\n", b"NOTIFY\r\n\r\n"):
            agent.received(data)
        await asyncio.sleep(0)

    asyncio.run(story())
    assert said == []


def test_over_tls_a_call_is_heard_and_a_line_that_was_cut_is_opened_again(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(lines, "AFTER_LOSS", 0.2)
    caplog.set_level(logging.DEBUG)
    said: list[dialogs.Dialog] = []

    async def heard(extension: str, body: bytes) -> None:
        found = dialogs.read(body)
        said.extend(found.calls if found else ())

    async def rings(agent: Agent, exchange: Exchange) -> None:
        said.clear()
        agent.answered.clear()
        await until(lambda: agent.answered == {"201"})
        with exchange.telephones():
            for _try in range(8):  # a call may get lost while the exchange begins
                with exchange.called(NUMBER, "201") as caller:
                    await until(lambda: (said and said[-1].is_over) or caller.poll() is not None)
                if said:
                    break
        assert said, "no call was heard"
        assert said[0].number == "+905321112233"

    async def story() -> None:
        with running(over_tls=True) as exchange:
            agent = Agent(Address.of(exchange.secure_address, exchange.certificate), heard)
            await agent.open()
            await agent.follow(["201"])
            await rings(agent, exchange)
        await until(lambda: "it was closed" in caplog.text or "No line" in caplog.text)
        with running(over_tls=True, secure=exchange.secure) as again:
            trusted = ssl.create_default_context(cafile=again.certificate)
            agent.line._context = trusted  # type: ignore[attr-defined]
            await rings(agent, again)
        await agent.follow([])

    asyncio.run(story())
    assert NUMBER[1:] not in caplog.text
    assert PASSWORD not in caplog.text


def test_an_exchange_with_another_certificate_is_not_spoken_to(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    debian.certify(tmp_path)

    async def heard(extension: str, body: bytes) -> None:
        """Nothing is asked here."""

    async def story() -> None:
        with running(over_tls=True) as exchange:
            agent = Agent(Address.of(exchange.secure_address, str(tmp_path / "cert.pem")), heard)
            await agent.open()
            await agent.follow(["201"])
            await until(lambda: "certificate is not accepted" in caplog.text)
            assert agent.answered == set()
            await agent.follow([])

    asyncio.run(story())


def test_the_process_puts_the_call_on_the_screen_and_takes_it_off_again(
    exchange: Exchange, committed_db: CommittedDatabase, tmp_path: Path, settings: Settings
) -> None:
    cast = make_cast()
    with system():
        User.objects.filter(pk=cast.secretary.pk).update(extension="201")
    settings.TELEPHONE = exchange.address
    desk = signed_in(cast.secretary)
    log = tmp_path / "telephone.log"
    environment = committed_db.environment | {"OZELKALEM_TELEPHONE": exchange.address}
    with (
        log.open("wb") as file,
        subprocess.Popen(
            [sys.executable, "manage.py", "telephone"], cwd=ROOT, env=environment, stdout=file, stderr=file
        ) as process,
    ):
        try:
            with exchange.telephones():
                is_shown, end = False, time.monotonic() + 3 * PATIENCE
                while not is_shown:  # until the process has subscribed, calls are not heard
                    assert time.monotonic() < end, log.read_text()
                    assert process.poll() is None, log.read_text()
                    with exchange.called(NUMBER, "201") as caller:
                        is_shown = shown(desk, lambda: caller.poll() is None)
                        is_over = not is_shown or gone(desk)
                    assert is_over, log.read_text()
        finally:
            process.send_signal(signal.SIGTERM)
            assert process.wait(PATIENCE) == 0
    assert NUMBER[1:] not in log.read_text()
    with system():
        assert not Call.objects.exists()


def shown(desk: Client, goes_on: Callable[[], bool], is_there: bool = True) -> bool:
    """Whether the bar shows the number, or no longer does, while that holds."""
    while goes_on():
        if ("0532 111 22 33" in desk.get("/admin/telephone/").content.decode()) is is_there:
            return True
        time.sleep(0.2)
    return False


def gone(desk: Client) -> bool:
    end = time.monotonic() + PATIENCE
    return shown(desk, lambda: time.monotonic() < end, is_there=False)
