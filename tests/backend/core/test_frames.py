"""Calls across the end of a piece of Python's frame stack map memory at each turn; in one piece they do not."""

from __future__ import annotations

import datetime as dt
import resource
import sys
from typing import Any

from freezegun import freeze_time
from procrastinate.contrib.django import app

from backend.core.frames import in_one_piece, job_in_one_piece

CALLS = 500


def leaf(first: int, second: int) -> int:
    return first + second


def at_depth(depth: int) -> None:
    if depth:
        return at_depth(depth - 1)
    for number in range(CALLS):
        leaf(number, number)
    return None


def most_faults() -> int:
    """Return the page faults of the worst of many depths, from which the same calls are made."""
    found = []
    for depth in range(600):
        before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
        at_depth(depth)
        found.append(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
    return max(found)


def test_a_loop_at_the_end_of_a_piece_maps_memory_at_each_turn_and_in_one_piece_never() -> None:
    assert in_one_piece(most_faults)() < CALLS / 5


def test_what_is_wrapped_takes_and_answers_what_it_did() -> None:
    assert in_one_piece(leaf)(1, second=2) == 3


def test_so_do_the_jobs_of_the_worker() -> None:
    assert job_in_one_piece in app.worker_defaults["task_middleware"]
    assert job_in_one_piece(most_faults, None, None) < CALLS / 5


def test_a_frozen_clock_reaches_a_name_that_a_module_got_a_moment_ago() -> None:
    here: Any = sys.modules[__name__]
    with freeze_time("2027-01-14"):
        assert dt.date.today().year == 2027  # noqa: DTZ011
    here.a_new_name = dt.date
    with freeze_time("2028-02-29"):
        assert here.a_new_name.today() == dt.date(2028, 2, 29)
    del here.a_new_name
    here.another = dt.datetime
    with freeze_time("2028-02-29"):
        assert here.another.now().year == 2028
    assert here.another is dt.datetime
