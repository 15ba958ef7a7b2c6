"""Keep Python's stack of frames in one piece while a test runs.

CPython (3.11 and later) keeps frames in pieces of 16 kB, and gives a piece back to the system as soon as it is empty. A
loop whose calls cross the end of a piece maps and unmaps memory at each turn; as deep as pytest, Django and GraphQL
call, that was 158,000 times in one file of tests and a fifth of all processor time. A frame that asks for half of a
large piece leaves the other half to whatever it calls.
"""

from __future__ import annotations

from types import FunctionType
from typing import Any

import pytest
from _pytest import runner

ROOM = 2**19  # pointers: 4 MB, and as much again is left below. Untouched pages cost nothing.


def _run(item: pytest.Item, nextitem: pytest.Item | None) -> object:
    return runner.pytest_runtest_protocol(item, nextitem)


_in_one_piece: Any = FunctionType(_run.__code__.replace(co_stacksize=ROOM), globals())


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> object:
    """Run the test as pytest does, with room for the frames of all that it calls."""
    return _in_one_piece(item, nextitem)
