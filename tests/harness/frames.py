"""Run each test with its frames in one piece: of one file of tests, memory was mapped 158,000 times otherwise."""

from __future__ import annotations

import pytest
from _pytest import runner

from backend.core.frames import in_one_piece

_run = in_one_piece(runner.pytest_runtest_protocol)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> object:
    """Run the test as pytest does."""
    return _run(item, nextitem)
