"""Two at once over greetings: real threads, connections and commits. Everybody is greeted once."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection

from backend.core.errors import DomainError
from backend.core.session import system
from backend.greetings import actions, jobs
from backend.greetings.choices import Outcome, Status
from backend.greetings.models import Batch, BatchLine, PrintRun, Recipient
from backend.greetings.moves import Verb
from backend.outbox.models import Message
from permissions.core import scope
from permissions.greetings import access
from tests.cast import Cast, as_viewer, make_cast
from tests.databases import CommittedDatabase
from tests.factories import make_batch, make_citizen, make_occasion

CLIENTS, WAIT, PEOPLE = 4, 60, 260


@pytest.fixture
def house(committed_db: CommittedDatabase) -> Cast:
    return make_cast()


def _together(work: Callable[[int], Any], clients: int = CLIENTS) -> Counter[Any]:
    barrier = threading.Barrier(clients)

    def run(number: int) -> Any:
        try:
            barrier.wait(WAIT)
            return work(number)
        except DomainError as error:
            return str(error.code)
        finally:
            connection.close()

    with ThreadPoolExecutor(clients) as pool:
        return Counter(pool.map(run, range(clients)))


def _people() -> list[Any]:
    """Every fifth is reached on paper only."""
    return [make_citizen("Kişi", str(n), **({"email": ""} if n % 5 == 0 else {})) for n in range(PEOPLE)]


def _start(batch: Batch) -> int:
    with system():
        row = Batch.objects.get(pk=batch.pk)
        actions.start(row, by=None)
        return row.run


def _sent() -> Counter[int]:
    with system():
        return Counter(Recipient.objects.filter(outcome=Outcome.SENT).values_list("citizen", flat=True))


def test_batches_of_one_occasion_that_run_at_once_greet_everybody_once(house: Cast) -> None:
    people, occasion = _people(), make_occasion()
    batches = [make_batch(occasion, *people, title=f"{n}", by=house.secretary) for n in range(CLIENTS)]
    runs = [_start(batch) for batch in batches]
    _together(lambda n: jobs.send_batch(key=str(batches[n].key), run=runs[n]))
    sent = _sent()
    assert (len(sent), set(sent.values())) == (PEOPLE, {1})
    with system():
        assert Message.objects.filter(purpose=jobs.PURPOSE).count() == PEOPLE * 4 // 5
        assert sum(PrintRun.objects.values_list("letters", flat=True)) == PEOPLE // 5
        assert set(Batch.objects.values_list("status", flat=True)) == {Status.DONE}
        assert not Recipient.objects.filter(outcome=Outcome.PENDING).exists()


def test_workers_that_take_the_same_batch_do_its_work_once(house: Cast) -> None:
    batch = make_batch(None, *_people(), by=house.secretary)
    run = _start(batch)
    _together(lambda n: jobs.send_batch(key=str(batch.key), run=run))
    assert set(_sent().values()) == {1}
    with system():
        assert Message.objects.filter(purpose=jobs.PURPOSE).count() == PEOPLE * 4 // 5
        assert list(PrintRun.objects.values_list("letters", flat=True)) == [PEOPLE // 5]
        verbs = Counter(BatchLine.objects.filter(batch=batch).values_list("verb", flat=True))
    assert (verbs["finished"], verbs["printed"]) == (1, 1)


def test_of_many_who_press_send_at_once_one_does(house: Cast) -> None:
    batch = make_batch(None, make_citizen(), by=house.secretary)

    def press(number: int) -> str:
        user = house.office_head if number % 2 else house.secretary
        with as_viewer(user), scope.authorized(Verb.START, Batch, batch.key) as row:
            actions.start(row, by=user)
        return "started"

    assert _together(press, 8) == {"started": 1, "WRONG_STATE": 7}


def test_a_suggestion_that_many_press_at_once_becomes_one_batch(house: Cast) -> None:
    with as_viewer(house.secretary):
        code = next(one.code for one in access.coming(31) if not one.is_for_one)

    def press(number: int) -> Any:
        with as_viewer(house.office_head if number % 2 else house.secretary):
            _occasion, batch, _letter = access.begin(code)
            return batch.key if batch else None

    assert set(_together(press, 8).values()) == {8}
    with system():
        assert Batch.objects.count() == 1
