"""Two at once over one instruction: real threads, connections and commits. One wins, the story says it once."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from backend.core.errors import DomainError
from backend.core.session import elevated, system
from backend.instructions import actions, jobs
from backend.instructions.models import Instruction, InstructionLine
from backend.instructions.moves import Verb
from backend.organization.models import User
from permissions.core import scope
from tests.cast import Cast, as_viewer, make_cast
from tests.databases import CommittedDatabase
from tests.factories import make_instruction

CLIENTS, WAIT = 16, 60


@pytest.fixture
def house(committed_db: CommittedDatabase) -> Cast:
    return make_cast()


def _together(work: Callable[[int], str]) -> Counter[str]:
    """Every client in a thread and connection of its own, all starting at the same moment."""
    barrier = threading.Barrier(CLIENTS)

    def run(number: int) -> str:
        try:
            barrier.wait(WAIT)
            return work(number)
        except DomainError as error:
            return str(error.code)
        finally:
            connection.close()

    with ThreadPoolExecutor(CLIENTS) as pool:
        return Counter(pool.map(run, range(CLIENTS)))


def _words(row: Instruction) -> Counter[str]:
    with system():
        return Counter(InstructionLine.objects.filter(instruction=row).values_list("verb", flat=True))


def test_of_many_who_acknowledge_at_once_one_does(house: Cast) -> None:
    row = make_instruction(house.mayors, house.fen, by=house.secretary)

    def acknowledge(number: int) -> str:
        user: User = house.fen_head if number % 2 else house.fen_clerk
        with as_viewer(user), scope.authorized(Verb.ACKNOWLEDGE, Instruction, row.key) as locked:
            actions.acknowledge(locked, by=user)
        return "done"

    assert _together(acknowledge) == {"done": 1, "WRONG_STATE": CLIENTS - 1}
    assert _words(row) == {"given": 1, "acknowledged": 1}


def test_who_reports_while_it_is_given_to_others_finds_it_gone_or_was_first(house: Cast) -> None:
    row = make_instruction(house.mayors, house.fen, by=house.secretary)

    def say(number: int) -> str:
        if number == 0:
            with as_viewer(house.secretary), scope.authorized(Verb.REASSIGN, Instruction, row.key) as locked:
                actions.reassign(locked, by=house.secretary, department=house.park)
            return "readdressed"
        with as_viewer(house.fen_clerk), scope.authorized(Verb.REPORT, Instruction, row.key) as locked:
            actions.report(locked, by=house.fen_clerk, result="Bitti.")
        return "reported"

    answers = _together(say)
    assert set(answers) <= {"readdressed", "reported", "NOT_FOUND", "WRONG_STATE"}
    assert answers["readdressed"] + answers["reported"] == 1
    words = _words(row)
    assert words["readdressed"] + words["reported"] == 1


def test_numbers_given_at_once_have_no_gaps(house: Cast) -> None:
    def give(_number: int) -> str:
        with as_viewer(house.secretary), elevated():
            actions.give(house.mayors, by=house.secretary, department=house.fen, text="İş")
        return "done"

    assert _together(give) == {"done": CLIENTS}
    with system():
        numbers = sorted(Instruction.objects.values_list("number", flat=True))
    assert numbers == list(range(1, CLIENTS + 1))


def test_two_workers_warn_once(house: Cast) -> None:
    with system():
        User.objects.filter(pk=house.fen_head.pk).update(email="fen@example.org")
    row = make_instruction(house.mayors, house.fen, by=house.secretary)
    secret = make_instruction(house.mayors, house.fen, by=house.secretary, is_confidential=True)
    for by, one in ((house.secretary, row), (house.secretary, secret)):
        with as_viewer(by), elevated():
            Instruction.objects.filter(pk=one.pk).update(due_on=one.said_at.date())
    answers = _together(lambda _number: str(jobs.warn()))
    assert sum(int(count) * times for count, times in answers.items()) == 2
    assert _words(row)["warned"] == 1
