"""Many at once in one programme: real threads, connections and commits. Nothing overlaps, nobody sees a fault."""

from __future__ import annotations

import datetime as dt
import os
import random
import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.utils import timezone

from backend.core.errors import DomainError
from backend.core.session import system
from backend.organization.models import User
from backend.programme import actions
from backend.programme.choices import BLOCKING, Kind
from backend.programme.models import Entry, EntryLine, Principal
from backend.programme.moves import Verb
from backend.programme.recurrence import Pattern
from permissions.core import scope
from permissions.core.filters import Action
from tests.cast import Cast, as_viewer, make_cast
from tests.databases import CommittedDatabase
from tests.days import date, day
from tests.factories import at, make_entry

CLIENTS, WAIT = 24, 60
ATTEMPTS = int(os.environ.get("OZELKALEM_RACE_ATTEMPTS", "960")) // CLIENTS
START = at(day(-1), "09:00")
REFUSALS = {"CONFLICT", "WRONG_STATE"}


@pytest.fixture
def house(committed_db: CommittedDatabase) -> Cast:
    return make_cast()


def _together(work: Callable[[int], list[str]], clients: int = CLIENTS) -> Counter[str]:
    """Every client in a thread and connection of its own, all starting at the same moment."""
    barrier = threading.Barrier(clients)

    def run(number: int) -> list[str]:
        try:
            barrier.wait(WAIT)
            return work(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(clients) as pool:
        return Counter(answer for answers in pool.map(run, range(clients)) for answer in answers)


def _answer(act: Callable[[], object]) -> str:
    try:
        act()
    except DomainError as error:
        return error.code
    return "done"


def _plan(user: User, principal: Principal, start: dt.datetime, minutes: int = 30) -> None:
    with (
        as_viewer(user),
        scope.authorized_to_create(Action.PLAN, Principal, principal.key, field="principal") as row,
    ):
        actions.plan(
            row,
            by=user,
            kind=Kind.APPOINTMENT,
            title="Randevu",
            starts_at=start,
            ends_at=start + dt.timedelta(minutes=minutes),
            accept_unusual=True,
        )


def _overlaps() -> int:
    """Asked of the database itself, as nobody's filter: pairs of one principal that take up one moment."""
    with system(), connection.cursor() as cursor:
        cursor.execute(
            """SELECT count(*) FROM programme_entry a JOIN programme_entry b
                 ON a.principal_id = b.principal_id AND a.id < b.id AND a.status = ANY (%s) AND b.status = ANY (%s)
                AND tstzrange(a.blocks_from, a.blocks_until) && tstzrange(b.blocks_from, b.blocks_until)""",
            [list(BLOCKING), list(BLOCKING)],
        )
        return int(cursor.fetchone()[0])


def test_of_many_who_want_one_half_hour_one_gets_it(house: Cast) -> None:
    answers = _together(
        lambda number: [_answer(lambda: _plan(house.secretary, house.mayors, START)) for _each in range(4)]
    )
    assert answers == {"done": 1, "CONFLICT": CLIENTS * 4 - 1}


@pytest.mark.full
def test_at_random_times_nothing_overlaps_and_what_was_promised_stands(house: Cast) -> None:
    """24 clients in two programmes, each as its keeper, at any minute of two days, with any length."""
    keepers = [(house.secretary, house.mayors), (house.fen_clerk, house.deputys)]

    def book(number: int) -> list[str]:
        chance, (user, principal) = random.Random(number), keepers[number % 2]
        answers = []
        for _attempt in range(ATTEMPTS):
            start = START + dt.timedelta(minutes=chance.randrange(0, 2880, 5))
            minutes = chance.choice([15, 30, 45, 60])
            answers.append(_answer(lambda s=start, m=minutes: _plan(user, principal, s, m)))
        return answers

    answers = _together(book)
    assert set(answers) == {"done", "CONFLICT"}
    assert sum(answers.values()) == CLIENTS * ATTEMPTS
    with system():
        assert Entry.objects.count() == answers["done"] == EntryLine.objects.count()
    assert _overlaps() == 0


def test_by_every_verb_at_once_nothing_overlaps(house: Cast) -> None:
    """Planning, holding, moving, cancelling and taking up again, with holds that end in between."""
    for hour in range(6):
        make_entry(house.mayors, starts_at=START + dt.timedelta(hours=hour), by=house.secretary)
    with system():
        keys = list(Entry.objects.values_list("key", flat=True))

    def say(verb: Verb, key: object, act: Callable[..., object], **given: object) -> None:
        with as_viewer(house.secretary), scope.authorized(verb, Entry, str(key)) as row:
            act(row, by=house.secretary, **given)

    def work(number: int) -> list[str]:
        chance, answers = random.Random(number), []
        for _attempt in range(ATTEMPTS // 2):
            key = chance.choice(keys)
            moment = START + dt.timedelta(minutes=chance.randrange(0, 600, 15))
            what: list[Callable[[], object]] = [
                lambda m=moment: _plan(house.secretary, house.mayors, m),
                lambda k=key, m=moment: say(Verb.MOVE, k, actions.move_to, starts_at=m, accept_unusual=True),
                lambda k=key: say(Verb.CANCEL, k, actions.cancel, reason="Vazgeçildi"),
                lambda k=key: say(Verb.RESTORE, k, actions.restore, accept_unusual=True),
            ]
            answers.append(_answer(chance.choice(what)))
            if chance.random() < 0.1:
                with system():
                    Entry.objects.filter(status="HELD").update(hold_expires_at=timezone.now())
                    actions.release_expired_holds()
        return answers

    answers = _together(work)
    assert answers["done"]
    assert set(answers) <= {"done", *REFUSALS}
    assert _overlaps() == 0


def test_two_who_move_one_series_do_not_wait_in_a_circle(house: Cast) -> None:
    pattern = Pattern("WEEKLY", date(49))
    first = make_entry(house.mayors, starts_at=START, by=house.secretary, series=pattern)
    with system():
        keys = list(Entry.objects.filter(series=first.series).values_list("key", flat=True))

    def move(number: int) -> list[str]:
        def once(attempt: int) -> None:
            key = keys[(number + attempt) % len(keys)]
            with as_viewer(house.secretary), scope.authorized(Verb.MOVE, Entry, key) as row:
                start = row.starts_at + dt.timedelta(minutes=15 if number % 2 else -15)
                actions.move_to(row, by=house.secretary, starts_at=start, reach="ALL", accept_unusual=True)

        return [_answer(lambda n=attempt: once(n)) for attempt in range(5)]

    answers = _together(move, 8)
    assert answers == {"done": 40}
    assert _overlaps() == 0
