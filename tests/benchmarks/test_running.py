"""A run tells at its end what could not be measured, and nothing that one contender does ends it for the others."""

from __future__ import annotations

import contextlib
import json
import random
import socket
import struct
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from benchmarks import __main__ as benchmark
from benchmarks import running
from benchmarks.client import BadAnswerError, LateError, ask, http, load
from benchmarks.contenders.base import Contender, MissingError, Server, Viewer
from benchmarks.contenders.postgraphile import rights
from benchmarks.installation import free_port, served
from benchmarks.questions import Question
from benchmarks.reading import tables
from benchmarks.record import Record
from benchmarks.table import unmeasured

REQUEST = http("/", {}, {})
RESET = struct.pack("ii", 1, 0)


def answered(data: Any) -> bytes:
    body = json.dumps({"data": data}).encode()
    return b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)


RIGHT = answered({"complaints": {"nodes": [{"reference": "2027/1"}]}})
OTHER = answered({"complaints": {"nodes": [{"reference": "2027/2"}]}})
FAULT = answered(None)


@contextlib.contextmanager
def door(answer: Callable[[int], bytes | None]) -> Iterator[int]:
    """A server on a port; what it says to the n-th request, and None resets the connection."""
    listening = socket.create_server(("127.0.0.1", 0))
    counted = iter(range(10**9))

    def serve(connection: socket.socket) -> None:
        with contextlib.suppress(OSError), connection:
            while connection.recv(1 << 16):
                said = answer(next(counted))
                if said is None:
                    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
                    return
                connection.sendall(said)

    def accept() -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _from = listening.accept()
                threading.Thread(target=serve, args=(connection,), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield listening.getsockname()[1]
    finally:
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()


@pytest.mark.parametrize("clients", [1, 8, 64])
def test_connections_that_are_reset_are_counted_and_asked_again(clients: int) -> None:
    # By chance and not each seventh: seven other clients in step would leave the same one on a seventh each time.
    chance = random.Random(clients)
    with door(lambda n: None if n == 3 or chance.random() < 1 / 7 else RIGHT) as port:
        found = load(port, REQUEST, clients, 0.3)
    assert found.answers >= clients
    assert found.lost > 0


def test_a_server_that_resets_every_connection_is_a_fault_with_words() -> None:
    with (
        door(lambda _n: None) as port,
        pytest.raises(BadAnswerError, match="8 connections in a row were reset"),
    ):
        load(port, REQUEST, 8, 0.3)


def test_a_server_that_is_not_there_is_a_fault_with_words() -> None:
    port = free_port()
    with pytest.raises(BadAnswerError, match="reset or refused"):
        load(port, REQUEST, 8, 0.1)
    with pytest.raises(BadAnswerError, match="reset or refused"):
        ask(port, REQUEST)


def test_no_answer_in_time_is_told_apart() -> None:
    with door(lambda _n: b"HTTP/1.1 200 OK\r\n") as port, pytest.raises(LateError):
        ask(port, REQUEST, 0.2)


class Stub(Contender):
    workers = (1,)
    answer: Any = RIGHT
    key = title = "right"

    @contextlib.contextmanager
    def serving(self, installation: Any, workers: int) -> Iterator[Server]:
        with door(lambda _n: self.answer) as port:
            yield Server(0, port)

    def request(self, viewer: Viewer, question: Question, learnt: dict[str, Any]) -> bytes:
        return REQUEST


class NotInstalled(Stub):
    key = title = "not installed"

    def prepare(self, installation: Any) -> None:
        raise MissingError("npm could not install its packages: no network")


class Broken(Stub):
    key = title = "broken"

    def prepare(self, installation: Any) -> None:
        raise KeyError("a column that is gone")


class NotStarting(Stub):
    key = title = "not starting"

    @contextlib.contextmanager
    def serving(self, installation: Any, workers: int) -> Iterator[Server]:
        log = installation.folder / "log"
        command = [sys.executable, "-c", "raise SystemExit('no such module')"]
        with served(command, free_port(), {}, log, installation.folder) as pid:
            yield Server(pid, 0)


class Otherwise(Stub):
    key = title = "otherwise"
    answer = OTHER


class Fault(Stub):
    key = title = "fault"
    answer = FAULT


class Silent(Stub):
    """Takes connections and never answers, as a server does whose workers end as soon as they begin."""

    key = title = "silent"
    answer = b"HTTP/1.1 200 OK\r\n"


class Resetting(Stub):
    """Answers while it is compared, and resets all connections when it is measured."""

    key = title = "resetting"

    @contextlib.contextmanager
    def serving(self, installation: Any, workers: int) -> Iterator[Server]:
        self.times = getattr(self, "times", 0) + 1
        said = RIGHT if self.times == 1 else None
        with door(lambda _n: said) as port:
            yield Server(0, port)


FAULTY = (NotInstalled, Broken, NotStarting, Otherwise, Fault, Silent, Resetting)


class Nowhere:
    """An installation without a database."""

    def __init__(self, folder: Path) -> None:
        self.complaints, self.folder, self.postmaster = 300, folder, 0

    @contextlib.contextmanager
    def running(self) -> Iterator[None]:
        yield


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Record]:
    """`run(*contenders)`: the benchmark from its command line on, with these contenders and one question."""
    viewer, question = Viewer("fen", "", 1, ""), Question("case", "one complaint", "")
    monkeypatch.setattr(running, "asked", lambda _installation: {"fen": (viewer, [question])})
    monkeypatch.setattr(running, "CLIENTS", {1: None, 8: None})
    monkeypatch.setattr(running, "TRIAL_SECONDS", 0.1)
    monkeypatch.setattr(running, "PATIENCE", 1.0)
    monkeypatch.setattr(benchmark, "Installation", lambda _size: Nowhere(tmp_path))
    for name in ("DATA", "RECORD", "TABLES", "CHART", "FIGURES", "PICTURE"):
        monkeypatch.setattr(benchmark, name, tmp_path if name == "DATA" else tmp_path / name.lower())

    def run(*contenders: type[Contender], options: Sequence[str] = ()) -> Record:
        monkeypatch.setattr(benchmark, "ALL", contenders)
        monkeypatch.setattr(
            sys, "argv", ["benchmarks", "--sizes", "300", "--seconds", "0.1", "--rounds", "1", *options]
        )
        benchmark.main()
        return Record.read(tmp_path / "record")

    return run


def test_what_could_not_be_measured_is_told_at_the_end_after_the_rest_was(
    run: Callable[..., Record], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as end:
        run(Stub, *FAULTY)
    said = str(end.value.code)
    assert "COULD NOT BE MEASURED" in said
    for words in (
        "not installed took no part (300): npm could not install its packages: no network",
        "broken took no part (300): KeyError: 'a column that is gone'",
        "not starting took no part (300): RuntimeError: the server did not start",
        "otherwise answered otherwise (300 fen case): .rows[0].reference: '2027/1' and '2027/2'",
        "fault answered otherwise (300 fen case): ValueError",
        "silent took no part (300): no answer within 1 s to any of its first questions (1)",
        "resetting gave no figure (300 fen case): 8 connections in a row were reset or refused",
    ):
        assert words in said
    record = Record.read(tmp_path / "record")
    assert record.has("finished")
    assert record.has("clients", contender="right", clients=8)
    table = (tmp_path / "tables").read_text()
    for kind in FAULTY:
        assert f"| {kind.title} | **not measured**: " in table


def test_a_run_in_which_all_were_measured_ends_well(run: Callable[..., Record]) -> None:
    record = run(Stub)
    assert unmeasured(record, {"right": "right"}) == []
    assert all(line["lost"] == 0 for line in record.found("clients"))


def test_a_fresh_run_is_measured_before_it_is_published(run: Callable[..., Record], tmp_path: Path) -> None:
    figures, picture = tmp_path / "figures", tmp_path / "picture"
    figures.write_text("# Figures\nold\n\n## By hand\nkept\n")
    record = run(Stub, options=["--fresh", "--publish"])
    assert record.has("clients", contender="right", clients=8)
    assert (tmp_path / "tables").read_text() in figures.read_text()
    assert figures.read_text().endswith("\n## By hand\nkept\n")
    assert picture.read_text() == (tmp_path / "chart").read_text()
    picture.write_text("")
    run(Stub, options=["--publish"])  # the last run's again, and nobody is asked
    assert picture.read_text() == (tmp_path / "chart").read_text()
    assert len(Record.read(tmp_path / "record").lines) == len(record.lines)


def test_what_was_mended_before_an_interrupted_run_goes_on_is_no_longer_told(tmp_path: Path) -> None:
    record = Record(tmp_path / "record", {"contenders": []}, fresh=True)
    record.add(size=300, load="1.0")
    record.add(missing="npm", size=300, contender="right")
    record.add(size=3000, load="1.0")
    assert len(unmeasured(record, {"right": "right"})) == 1
    record.add(size=300, load="1.0")
    assert unmeasured(record, {"right": "right"}) == []


def test_the_peer_may_read_what_the_questions_ask_and_nothing_else() -> None:
    asked = tables()
    assert asked["complaints_notice"] == "complaint_id"
    assert "seating_planseat" not in asked
    granted = {statement for statement in rights(asked, set()) if statement.startswith("GRANT")}
    assert granted == {f"GRANT SELECT ON {table} TO ozelkalem_peer" for table in asked}
    with pytest.raises(MissingError, match="the questions read outbox_message, which is secured"):
        rights({"outbox_message": ""}, {"outbox_message"})
