"""Two houses as an installation serves them: a real gunicorn, and PgBouncer in transaction mode."""

from __future__ import annotations

import json
import socket
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from backend import houses, postgres_system
from backend.portals.models import Scope
from tests.backend.houses.pair import WORDS, Pair
from tests.backend.houses.test_what_is_anothers import token
from tests.backend.server.running import Web, running_web
from tests.databases import CommittedDatabase
from tests.harness import debian, memory

pytestmark = [pytest.mark.full, pytest.mark.waits]

A, B = "ankara", "bursa"
STRANGERS = ("bursa.test.evil.example", "ankara.test,bursa.test", "127.0.0.1", "nobody.test", "")
SUBJECTS = json.dumps({"query": "{ complaints(first: 5) { nodes { subject } } }"})
ROUNDS, THREADS = 12, 4


@pytest.fixture
def environment(pair: Pair) -> dict[str, str]:
    """That of a process of this installation."""
    database = CommittedDatabase(pair.databases[A])
    with houses.inside(pair[A]):
        urls = {"DATABASE_URL": database.url(), "DATABASE_OWNER_URL": database.url("owner")}
    return {**urls, "OZELKALEM_HOUSES": str(pair.file), "OZELKALEM_LOG_LEVEL": "WARNING"}


@pytest.fixture
def web(pair: Pair, environment: dict[str, str], tmp_path: Path) -> Iterator[Web]:
    with running_web(CommittedDatabase(pair.databases[A]), tmp_path, environment) as web:
        yield web


def raw(port: int, text: str) -> tuple[str, str]:
    """Send a request as it is written; the status line and all that followed but for the date and the request's id."""
    with socket.create_connection(("127.0.0.1", port), timeout=60) as line, line.makefile("rb") as answer:
        line.sendall(text.encode())
        status = answer.readline().decode()
        rest = answer.read().decode()
    kept = [each for each in rest.splitlines() if not each.lower().startswith(("date:", "x-request-id:"))]
    return status, "\n".join(kept)


def get(host: str, path: str, *more: str) -> str:
    return "\r\n".join([f"GET {path} HTTP/1.1", f"Host: {host}", "Connection: close", *more, "", ""])


def test_a_name_leads_to_its_house_and_any_other_name_to_nothing(web: Web) -> None:
    for name, word in WORDS.items():
        other = next(each for each in WORDS.values() if each != word)
        for request in (
            get(f"{name}.test", "/"),
            get(f"{name.upper()}.TEST:{web.port}", "/"),
            get(f"{name}.test", "/", f"X-Forwarded-Host: {A if name == B else B}.test"),
        ):
            status, page = raw(web.port, request)
            assert " 200 " in status
            assert f"{word} Belediyesi" in page
            assert other not in page
    answers = {raw(web.port, get(host, "/")) for host in STRANGERS}
    ((status, page),) = answers  # the same, byte for byte, whoever is meant
    assert " 400 " in status
    assert not any(word in page or name in page for name, word in WORDS.items())
    # Of two names, and of one in the line of the request, the answer is one house's own or none's.
    for text in (
        get(f"{A}.test", "/", f"Host: {B}.test"),
        get(f"{A}.test", f"http://{B}.test/"),
    ):
        _status, page = raw(web.port, text)
        assert sum(word in page for word in WORDS.values()) <= 1
        assert WORDS[B] not in page


def asked(web: Web, house: str, bearer: str) -> tuple[int, str]:
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {bearer}"}
    return web.ask("/graphql/", SUBJECTS, Host=f"{house}.test", **headers)


def mixed(pair: Pair, web: Web) -> list[str]:
    """What is wrong when many ask both houses at once, each time another one."""
    bearers = {name: token(pair, name, Scope.READ) for name in WORDS}
    alone = {name: asked(web, name, bearers[name]) for name in WORDS}
    faults: list[str] = []

    def go(first: int) -> None:
        names = [*WORDS]
        for turn in range(ROUNDS):
            name, other = names[(first + turn) % 2], names[(first + turn + 1) % 2]
            if (answer := asked(web, name, bearers[name])) != alone[name]:
                faults.append(f"{name}: {answer}")
            if (answer := asked(web, name, bearers[other]))[0] != 401:
                faults.append(f"{name} with the token of {other}: {answer}")

    threads = [threading.Thread(target=go, args=[number]) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for name, word in WORDS.items():
        status, text = alone[name]
        assert status == 200
        assert word in text
        assert not any(each in text for each in WORDS.values() if each != word)
    return faults


def test_who_asks_both_at_once_mixes_nothing(pair: Pair, web: Web) -> None:
    assert mixed(pair, web) == []


@contextmanager
def pooled(url: str) -> Iterator[str]:
    """The address of a PgBouncer in transaction mode with two connections to each database, whichever is asked for."""
    memory.folder("tmp").mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="ozelkalem-pooler-", dir=memory.folder("tmp")) as place:
        yield from _pooled(Path(place), url)


def _pooled(folder: Path, url: str) -> Iterator[str]:
    program = debian.required(debian.daemon(debian.POOLER), debian.missing(debian.POOLER))
    to = psycopg.conninfo.conninfo_to_dict(url)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    (folder / "users.txt").write_text(f'"{to["user"]}" "{to["password"]}"\n')
    (folder / "pgbouncer.ini").write_text(
        f"[databases]\n* = host={to['host']} port={to.get('port', 5432)}\n"
        f"[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\nunix_socket_dir =\n"
        f"auth_type = scram-sha-256\nauth_file = {folder / 'users.txt'}\n"
        "pool_mode = transaction\nmax_prepared_statements = 200\ndefault_pool_size = 2\n"
        "ignore_startup_parameters = extra_float_digits,options\nlog_connections = 0\nlog_disconnections = 0\n"
    )
    user = postgres_system.server_user(folder)
    for each in (folder, *folder.iterdir()):
        postgres_system.give(each, user)
    with subprocess.Popen(
        [program, "-q", str(folder / "pgbouncer.ini")],
        user=user.pw_uid if user else None,
        group=user.pw_gid if user else None,
        extra_groups=[] if user else None,
    ) as pooler:
        try:
            address = f"postgresql://{to['user']}:{to['password']}@127.0.0.1:{port}/{to['dbname']}"
            while True:
                try:
                    psycopg.connect(address, connect_timeout=10).close()
                    break
                except psycopg.OperationalError:
                    assert pooler.poll() is None
            yield address
        finally:
            pooler.terminate()
            pooler.wait(30)


def test_through_a_pooler_of_transactions_each_house_keeps_its_own_statements_and_seal(
    pair: Pair, environment: dict[str, str], tmp_path: Path
) -> None:
    database = CommittedDatabase(pair.databases[A])
    with (
        pooled(environment["DATABASE_URL"]) as address,
        running_web(database, tmp_path, {**environment, "DATABASE_URL": address}) as web,
    ):
        assert mixed(pair, web) == []
