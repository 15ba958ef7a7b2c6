"""Two houses' streams as an installation runs them: `manage.py houses run stream`, a process for each house."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from backend import houses
from backend.complaints.models import Complaint
from backend.core.session import system
from backend.journal import change_feed
from backend.portals.models import Scope
from schema.core.nodes import global_id
from tests.backend.houses.pair import WORDS, Pair
from tests.backend.houses.test_served_together import A, B, environment
from tests.backend.houses.test_what_is_anothers import token
from tests.databases import ROOT
from tests.schema.stream.serving import WAIT
from tests.schema.stream.test_stream import Following

pytestmark = [pytest.mark.full, pytest.mark.waits]
__all__ = ["environment"]

INBOX = "subscription { inboxChanged { id happened complaint { subject } } }"
MANY = 5


@pytest.fixture
def ports(pair: Pair, environment: dict[str, str], tmp_path: Path) -> Iterator[dict[str, int]]:
    """The port of each house's stream, while both run."""
    text, result = pair.file.read_text("utf-8"), {}
    for name in WORDS:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            result[name] = int(probe.getsockname()[1])
        text = text.replace(f"[{name}]\n", f'[{name}]\nSTREAM_PORT = "{result[name]}"\n')
    file = tmp_path / "houses.toml"
    file.write_text(text, "utf-8")
    own = {**os.environ, **environment, "OZELKALEM_HOUSES": str(file)}
    command = [sys.executable, "manage.py", "houses", "run", "stream"]
    with subprocess.Popen(command, cwd=ROOT, env=own) as process:
        for port in result.values():
            _answers(process, port)
        yield result
        process.send_signal(signal.SIGTERM)
        process.wait(WAIT)


def _answers(process: subprocess.Popen[bytes], port: int) -> None:
    end = time.monotonic() + WAIT
    with socket.socket() as probe:
        while probe.connect_ex(("127.0.0.1", port)):
            assert process.poll() is None
            assert time.monotonic() < end
            time.sleep(0.05)


def follow(port: int, host: str, bearer: str, last: str = "") -> Following:
    return Following(port, {"Host": f"{host}.test", "Authorization": f"Bearer {bearer}"}, INBOX, last)


def refused(port: int, host: str, bearer: str) -> tuple[int, bytes]:
    answer = follow(port, host, bearer).response
    return answer.status, answer.read()


def row(pair: Pair) -> Complaint:
    return next(iter(pair.rows.values()))


def happens(pair: Pair, name: str, verb: str) -> None:
    """Something happens to the same row in this house alone."""
    with houses.inside(pair[name]), system():
        change_feed.announce("complaint", row(pair).pk, verb)


def test_what_happens_in_a_house_is_told_there_alone(pair: Pair, ports: dict[str, int]) -> None:
    """Both follow the same row under the same number. What one hears it hears in order, so nothing came in between."""
    bearers = {name: token(pair, name, Scope.READ) for name in WORDS}
    following = {name: follow(ports[name], name, bearers[name]) for name in WORDS}
    assert [one.next().told["id"] for one in following.values()] == [None, None]
    case, last = global_id(row(pair)), ""
    for turn in range(MANY):
        for name, verb in ((A, "commented"), (B, "routed")):
            happens(pair, name, verb)
            event = following[name].next()
            last = event.id if name == A else last
            assert event.told["happened"] == [verb.upper()], (turn, name)
            assert event.told["id"] == case
            assert event.told["complaint"]["subject"].startswith(WORDS[name])
    # A position of the one is in the other what an invented one is: it begins anew, and is told nothing of what was.
    foreign, invented = (
        follow(ports[B], B, bearers[B], place).next() for place in (last, f"{last[:-4]}aaaa")
    )
    assert foreign == invented
    assert foreign.code == "RESYNC_REQUIRED"


def test_a_token_of_one_is_unknown_to_the_other(pair: Pair, ports: dict[str, int]) -> None:
    for name, other in ((A, B), (B, A)):
        never = f"{token(pair, name, Scope.READ)[:-4]}aaaa"
        unknown = refused(ports[name], name, never)
        assert unknown[0] == 401
        assert refused(ports[name], name, token(pair, other, Scope.READ)) == unknown
        # Nor does another house's name at this port lead to that house.
        status, text = refused(ports[name], other, token(pair, other, Scope.READ))
        assert status >= 400
        assert not any(word.encode() in text for word in WORDS.values())
