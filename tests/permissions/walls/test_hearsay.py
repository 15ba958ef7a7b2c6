"""What the sweep takes for the other world's answer: only what its database says again, word for word."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

import pytest
from django.db import Error, connection, connections
from django.test import Client

from backend.core.postgresql.trips import trip
from backend.core.session import elevated, system
from backend.organization.models import Department
from permissions.core import scope
from tests.cast import Cast, make_cast
from tests.databases import CommittedDatabase
from tests.permissions.walls.asking import Ask, Heard, Hearing, Person
from tests.permissions.walls.hearsay import Steps, is_said_again, listening


@pytest.fixture
def house(committed_db: CommittedDatabase) -> Cast:
    return make_cast()


def taken_down(deed: Callable[[], object]) -> Steps | None:
    with listening() as listener:
        listener.begin()
        deed()
        return listener.end()


def rename(department: Department, name: str) -> None:
    with system():
        Department.objects.filter(pk=department.pk).update(name=name)


def names() -> list[str]:
    with system():
        return list(Department.objects.order_by("pk").values_list("name", flat=True))


def test_a_word_that_differs_is_heard_and_nothing_of_it_is_written(house: Cast) -> None:
    def look() -> None:
        with scope.session(house.secretary), elevated():
            assert len(Department.objects.all()) == 5

    def rename_and_look() -> None:
        rename(house.fen, "Bir")
        names()

    look()  # the statement is kept from the second time on
    read, written = taken_down(look), taken_down(rename_and_look)
    assert read
    assert written
    assert [purpose for step in read for purpose, _payload in step.signed.values()] == [
        "enter",
        "assume",
        "assume",
    ]
    assert not is_said_again(read), "it has another name since"
    assert is_said_again(taken_down(look) or ())
    assert is_said_again(taken_down(lambda: rename(house.fen, "İki")) or ())
    assert names()[1] == "İki"
    assert not is_said_again(written), "an earlier transaction wrote, and would stand if the later one parted"
    assert names()[1] == "İki"
    again = taken_down(names)
    rename(house.park, "Üç")
    assert not is_said_again(again or ())
    assert connection.connection.info.transaction_status == 0, "idle"


def test_what_is_not_followed_is_not_taken_down(house: Cast) -> None:
    def fail() -> None:
        with suppress(Error), connection.cursor() as cursor:
            cursor.execute("SELECT 1 / 0")

    def ask_elsewhere() -> None:
        with connections["owner"].cursor() as cursor:
            cursor.execute("SELECT 1")

    def travel() -> None:
        with trip() as way:
            way.send("SELECT 1", [])

    def go_through() -> None:
        with system():
            list(Department.objects.iterator())

    for deed in (fail, ask_elsewhere, travel, go_through):
        assert taken_down(deed) is None, deed


def test_a_browser_that_sends_other_cookies_is_asked_and_one_that_does_not_keeps_what_it_got(
    house: Cast,
) -> None:
    class Asked(Person):
        def _heard(self, ask: Ask) -> Heard:
            return [(200, (), "asked")]

    person = object.__new__(Asked)
    person.client = Client()
    told: Heard = [(200, (), "told")]
    first = Hearing(told, (), {}, {"messages": "Kaydedildi"})
    assert person._heard_after(Ask("/"), first) == told
    assert person._cookies() == {"messages": "Kaydedildi"}
    assert person._heard_after(Ask("/"), first) == [(200, (), "asked")]
