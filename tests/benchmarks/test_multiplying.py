"""The large sizes of the benchmark are copies of the demo's cases: what the tables demand, the copies keep."""

from __future__ import annotations

import psycopg
import pytest

from benchmarks.multiplying import multiply
from tests.benchmarks.conftest import OnTestDatabase

COMPLAINTS, TIMES = 300, 3


@pytest.mark.full
def test_every_case_has_its_copies(installation: OnTestDatabase) -> None:
    installation.manage("load_demo", "--complaints", str(COMPLAINTS), "--verbosity", "0")
    address = installation.address("admin")
    before = _counts(address)
    multiply(address, TIMES)
    after = _counts(address)
    assert after[0] >= before[0] * TIMES
    assert after[1] == after[0], "each copy has a number of its own"


def _counts(address: str) -> tuple[int, int]:
    """Return the cases, and the references among them."""
    with psycopg.connect(address) as connection:
        row = connection.execute(
            "SELECT count(*), count(DISTINCT reference) FROM complaints_complaint"
        ).fetchone()
    assert row is not None
    return row[0], row[1]
