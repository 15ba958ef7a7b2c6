"""A line to an exchange that has died, over which nothing is refused and nothing answered, is given up for another."""

from __future__ import annotations

import asyncio
import ssl
from pathlib import Path

import pytest
from aiosipua import SipMessage, SipRequest, SipResponse

from backend.telephone import agent as agents
from backend.telephone import lines
from backend.telephone.agent import Agent, Exchange
from tests.backend.telephone.exchange import PATIENCE, USER
from tests.harness import debian

ANSWERED = 3


class Peer:
    """An exchange that answers each request until it falls silent: then it takes them and says no word, until somebody
    comes by another connection."""

    def __init__(self, folder: Path) -> None:
        debian.certify(folder)
        self.certificate = str(folder / "cert.pem")
        self.context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        self.context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
        self.connections: list[list[str]] = []
        self.is_subscribed_anew = asyncio.Event()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked: list[str] = []
        self.connections.append(asked)
        is_first = len(self.connections) == 1
        try:
            while True:
                request = SipMessage.parse(await reader.readuntil(b"\r\n\r\n"))
                assert isinstance(request, SipRequest)
                if is_first and asked.count("OPTIONS") == ANSWERED:
                    continue
                asked.append(request.method)
                if is_first and asked.count("OPTIONS") == ANSWERED:
                    agents.RESENT = (0.1, 0.1)  # the next one is waited for no longer
                response = SipResponse(status_code=200, reason_phrase="OK")
                for name in ("Via", "From", "To", "Call-ID", "CSeq"):
                    response.add_header(name, request.get_header(name) or "")
                writer.write(bytes(response))
                if not is_first and request.method == "SUBSCRIBE":
                    self.is_subscribed_anew.set()
        except (EOFError, OSError):
            writer.close()


def test_a_line_that_has_died_is_given_up_and_what_was_subscribed_is_subscribed_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    for module, name, value in (
        (agents, "ALIVE", 0.05),
        (agents, "RESENT", (PATIENCE,)),
        (lines, "AFTER_LOSS", 0),
    ):
        monkeypatch.setattr(module, name, value)

    async def heard(extension: str, body: bytes) -> None:
        """No call is announced here."""

    async def story() -> Peer:
        peer = Peer(tmp_path)
        server = await asyncio.start_server(peer.serve, "127.0.0.1", 0, ssl=peer.context)
        port = server.sockets[0].getsockname()[1]
        agent = Agent(Exchange.of(f"sips://{USER}:x@127.0.0.1:{port}/santral.test", peer.certificate), heard)
        await agent.open()
        await agent.follow(["201"])
        await asyncio.wait_for(peer.is_subscribed_anew.wait(), PATIENCE)
        await agent.follow([])
        return peer

    peer = asyncio.run(story())
    assert sorted(set(peer.connections[0])) == ["OPTIONS", "SUBSCRIBE"]
    assert peer.connections[0].count("OPTIONS") == ANSWERED, "a line that answers is kept"
    assert "No line to the exchange over TLS" in caplog.text


def test_that_is_noticed_within_a_minute() -> None:
    assert agents.ALIVE + sum(agents.RESENT) + lines.AFTER_LOSS < 60
