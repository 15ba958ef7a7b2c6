"""Keep Python's stack of frames in one piece while a function runs."""

from __future__ import annotations

from collections.abc import Callable
from types import FunctionType
from typing import Any, cast

ROOM = 2**19  # pointers: 4 MB, and as much again is left below. Untouched pages cost nothing.


def in_one_piece[F: Callable[..., Any]](function: F) -> F:
    """Wrap a function so that the frames of all that it calls lie in one piece of memory.

    CPython (3.11 and later) keeps frames in pieces of 16 kB and gives each back to the system as soon as it is empty: a
    loop whose calls cross the end of a piece maps and unmaps memory at each turn. As deep as Django and GraphQL call,
    one page crossed it thousands of times. The wrapper's frame asks for more than half of a large piece, and leaves the
    rest of it to those below.
    """

    def call(*args: Any, **kwargs: Any) -> Any:
        return function(*args, **kwargs)

    wide = call.__code__.replace(co_stacksize=ROOM)
    return cast(F, FunctionType(wide, call.__globals__, closure=call.__closure__))


@in_one_piece
def job_in_one_piece(run: Callable[[], Any], _context: object, _worker: object) -> Any:
    """Run a job of the worker, in its own thread (a task middleware of procrastinate)."""
    return run()
