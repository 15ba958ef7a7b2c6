"""Every contender of the benchmark can be asked, and answers what the product answers: none rots unseen."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from benchmarks.contenders import ALL
from benchmarks.contenders.postgraphile import ROLE
from benchmarks.record import Record
from benchmarks.running import Run
from benchmarks.table import unmeasured
from tests.benchmarks.conftest import OnTestDatabase

COMPLAINTS = 300


@pytest.fixture
def _role(installation: OnTestDatabase) -> Iterator[None]:
    """Whatever PostGraphile was given goes with it: a role belongs to the server and not to the database."""
    yield
    with psycopg.connect(installation.address("admin")) as connection:
        if connection.execute("SELECT FROM pg_roles WHERE rolname = %s", [ROLE]).rowcount:
            connection.execute(f"DROP OWNED BY {ROLE}")
            connection.execute(f"DROP ROLE {ROLE}")


@pytest.mark.full
@pytest.mark.usefixtures("_role")
def test_every_contender_answers_as_the_product_does(installation: OnTestDatabase, tmp_path: Path) -> None:
    installation.complaints = COMPLAINTS
    installation.manage("load_demo", "--complaints", str(COMPLAINTS), "--verbosity", "0")
    record = Record(tmp_path / "run.jsonl", {}, fresh=True)
    run = Run(installation, record, seconds=0, rounds=0, contenders=[kind() for kind in ALL])
    run.compare()
    faults = unmeasured(record, {kind.key: kind.title for kind in ALL})
    assert not faults, "\n".join(faults)
    asked = {(contender, viewer, question) for contender, viewer, question in run.requests}
    assert len(asked) == len(ALL) * sum(len(questions) for _viewer, questions in run.viewers.values())
    assert {contender for contender, _viewer, _question in asked} == {kind.key for kind in ALL}
