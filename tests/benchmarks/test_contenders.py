"""Every contender of the benchmark can be asked, and answers what the product answers: none rots unseen. The large
sizes are copies of the demo's cases: what the tables demand, the copies keep."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest
from pytest_django import DjangoDbBlocker

from benchmarks.contenders import ALL
from benchmarks.contenders.postgraphile import ROLE, PostGraphileTuned
from benchmarks.multiplying import multiply
from benchmarks.record import Record
from benchmarks.running import Run
from benchmarks.table import unmeasured
from tests.benchmarks.conftest import OnTestDatabase
from tests.databases import CommittedDatabase, TestDatabases, pointed_at

COMPLAINTS, TIMES = 300, 3


@pytest.fixture(scope="module")
def demo(
    django_db_setup: None,
    test_databases: TestDatabases,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[OnTestDatabase]:
    """An installation with the demo's cases, which both tests have in turn."""
    with django_db_blocker.unblock():
        name = test_databases.clone()
        with pointed_at(name):
            found = OnTestDatabase(CommittedDatabase(name), tmp_path_factory.mktemp("demo"), COMPLAINTS)
            found.manage("load_demo", "--complaints", str(COMPLAINTS), "--verbosity", "0")
            yield found
        test_databases.drop(name)


@pytest.fixture
def _role(demo: OnTestDatabase) -> Iterator[None]:
    """Whatever PostGraphile was given goes with it: a role belongs to the server and not to the database."""
    yield
    with psycopg.connect(demo.address("admin")) as connection:
        if connection.execute("SELECT FROM pg_roles WHERE rolname = %s", [ROLE]).rowcount:
            connection.execute(f"DROP OWNED BY {ROLE}")
            connection.execute(f"DROP ROLE {ROLE}")


@pytest.mark.full
@pytest.mark.usefixtures("_role")
def test_every_contender_answers_as_the_product_does(demo: OnTestDatabase, tmp_path: Path) -> None:
    record = Record(tmp_path / "run.jsonl", {}, fresh=True)
    run = Run(demo, record, seconds=0, rounds=0, contenders=[kind() for kind in ALL])
    run.compare()
    faults = unmeasured(record, {kind.key: kind.title for kind in ALL})
    assert not faults, "\n".join(faults)
    asked = {(contender, viewer, question) for contender, viewer, question in run.requests}
    assert len(asked) == len(ALL) * sum(len(questions) for _viewer, questions in run.viewers.values())
    assert {contender for contender, _viewer, _question in asked} == {kind.key for kind in ALL}


@pytest.mark.full
@pytest.mark.usefixtures("_role")
def test_postgraphile_is_let_in_beside_an_analyze(demo: OnTestDatabase) -> None:
    """ANALYZE has its table's lock before it waits for whoever changed the rights of that table."""
    waits = "SELECT FROM pg_locks WHERE relation = 'complaints_complaint'::regclass AND NOT granted"
    with ThreadPoolExecutor() as pool, psycopg.connect(demo.address("admin")) as other:
        other.execute("LOCK TABLE complaints_complaint IN SHARE UPDATE EXCLUSIVE MODE")
        let_in = pool.submit(PostGraphileTuned().prepare, demo)
        while not (other.execute(waits).rowcount or let_in.done()):
            time.sleep(0.05)
        other.execute("ANALYZE complaints_complaint")
        other.commit()
        let_in.result()


@pytest.mark.full
def test_every_case_has_its_copies(demo: OnTestDatabase) -> None:
    address = demo.address("admin")
    before = _cases(address)
    multiply(address, TIMES)
    after = _cases(address)
    assert len(after) >= len(before) * TIMES
    assert len({reference for reference, _at in after.values()}) == len(after), "each has a number of its own"
    last, copies = max(before), TIMES - 1
    ages = {
        (k, at - after[last + (case - 1) * copies + k][1])
        for case, (_reference, at) in before.items()
        for k in range(1, TIMES)
    }
    assert ages == {(k, dt.timedelta(days=7) * k / TIMES) for k in range(1, TIMES)}, "spread over a week"


def _cases(address: str) -> dict[int, tuple[str, dt.datetime]]:
    """Return the reference of each case, and when it was registered."""
    with psycopg.connect(address) as connection:
        rows = connection.execute("SELECT id, reference, registered_at FROM complaints_complaint").fetchall()
    return {key: (reference, at) for key, reference, at in rows}
