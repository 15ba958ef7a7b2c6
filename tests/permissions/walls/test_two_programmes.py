"""Two worlds that differ only in a confidential entry look alike to the secretary who keeps the programme, to the head
of the office and to Bilgi İşlem: in every question about programmes, on every page, in what a collision says."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from pytest_django import DjangoDbBlocker

from backend.appointments import actions as appointments
from backend.complaints.models import Complaint
from backend.core.localtime import today
from backend.core.session import elevated
from backend.programme.models import Entry
from permissions.appointments import rules as appointment_rules
from permissions.core import scope
from permissions.core.filters import EVERYTHING
from permissions.programme import rules as programme_rules
from schema.core import connection
from schema.core.nodes import encode
from schema.programme import types as programme_types
from tests.cast import Cast
from tests.databases import TestDatabases
from tests.days import DAY
from tests.factories import at, make_complaint, make_entry
from tests.harness.tiers import part, shards
from tests.permissions.walls import sweep_pages
from tests.permissions.walls import worlds as making
from tests.permissions.walls.asking import PATH, Ask, differing, first_difference, reading
from tests.permissions.walls.sweep_graph import Sweep
from tests.permissions.walls.test_two_worlds import Loose, forget_plans
from tests.permissions.walls.worlds import WORDS, Worlds

pytestmark = pytest.mark.usefixtures("unlimited")

ASKED = re.compile(
    r"programme|departmentNote|promise|press|busy|free|principal|appointment|publicDay", re.IGNORECASE
)
WITHHELD = ("secretary", "office_head", "administrator")
SHARDED = pytest.mark.parametrize("shard", shards())


@pytest.fixture(scope="module")
def worlds(
    test_databases: TestDatabases, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[Worlds]:
    with django_db_blocker.unblock():
        made = making.build(test_databases, _common, _differ)
        yield made
        made.drop(test_databases)


def _common(cast: Cast) -> dict[str, Complaint]:
    make_entry(cast.mayors, "Encümen", at(DAY, "09:00"), 60, by=cast.secretary)
    make_entry(cast.mayors, "Gizli", at(DAY, "10:00"), 30, by=cast.mayor, readers=(cast.fen_head,))
    make_entry(cast.mayors, "Kurul", at(DAY, "14:00"), 60, by=cast.secretary)
    return {"case": make_complaint(to=cast.park)}


def _differ(worlds: Worlds, world: str) -> None:
    """The same busy time: one long appointment in A; in B another kind, and a second entry right behind it."""
    cast, word = worlds.cast, WORDS[world]
    with scope.session(cast.mayor), elevated():
        secret = Entry.objects.filter(title="Gizli")
        if world == "A":
            secret.update(ends_at=at(DAY, "11:00"), title=word, kind="APPOINTMENT", place=word)
            entry = Entry.objects.get(title=word)
            due = today() + dt.timedelta(days=5)
            promised = appointments.promise_at(entry, by=cast.mayor, text=word, due_on=due)
            worlds.hidden_programme += [entry, promised]
        else:
            secret.update(title=word, kind="PRIVATE", description=word)
    if world == "B":
        make_entry(cast.mayors, word, at(DAY, "10:30"), 30, by=cast.mayor, readers=(cast.mayor,))


def _sweep(worlds: Worlds) -> Sweep:
    ids = {
        "principal": encode("Principal", worlds.cast.mayors.key),
        "secret": encode("ProgrammeEntry", worlds.hidden_programme[0].key),
        "promise": encode("Promise", worlds.hidden_programme[1].key),
        "person": encode("StaffMember", worlds.cast.mayor.key),
    }
    return Sweep(ids, [*WORDS.values(), "gizli"], [])


@cache
def _asks(worlds: Worlds) -> list[Ask]:
    sweep = _sweep(worlds)
    asked = [ask for ask in sweep.queries if ASKED.search(str(ask))]
    return [*asked, *(ask for ask in sweep.paths if ASKED.search(str(ask)))]


def _collisions(worlds: Worlds) -> list[Ask]:
    """Planning over what is hidden, before it, into it, and on the day around it."""
    query = """mutation ($input: ProgrammeEntryPlanInput!) { programmeEntryPlan(input: $input) {
      errors { code message field } freeTimes { startsAt endsAt } entry { startsAt } } }"""
    principal = encode("Principal", worlds.cast.mayors.key)
    spans = [
        ("10:00", "10:15"),
        ("10:15", "10:45"),
        ("10:30", "11:30"),
        ("10:45", "11:00"),
        ("09:30", "16:00"),
    ]
    base = {"principal": principal, "kind": "APPOINTMENT", "title": "Yeni"}
    return [
        Ask(
            PATH,
            json.dumps(
                {
                    "query": query,
                    "variables": {
                        "input": base | {"startsAt": f"{DAY}T{start}:00", "endsAt": f"{DAY}T{end}:00"}
                    },
                }
            ),
        )
        for start, end in spans
    ]


@SHARDED
@pytest.mark.parametrize("viewer", WITHHELD)
@pytest.mark.parametrize("compiled", [False, True], ids=["interpreted", "compiled"])
def test_nothing_that_can_be_asked_tells_of_it(
    viewer: str, compiled: bool, shard: int, worlds: Worlds
) -> None:
    with reading(is_compiled=compiled):
        asks = [*part(_asks(worlds), shard), *_collisions(worlds)]
        found = differing(worlds, viewer, asks)
    assert not found, f"{len(found)} of {len(asks)} differ:\n" + "\n".join(found[:6])


@SHARDED
@pytest.mark.parametrize("viewer", WITHHELD)
def test_nothing_that_can_be_said_to_it_tells_of_it(viewer: str, shard: int, worlds: Worlds) -> None:
    own = encode("Principal", worlds.cast.mayors.key)
    entry, promised = worlds.hidden_programme
    hidden = [encode("ProgrammeEntry", entry.key), encode("Promise", promised.key)]
    asks = _sweep(worlds).mutations(own, hidden)
    asks = part([ask for ask in asks if ASKED.search(str(ask))], shard)
    assert not differing(worlds, viewer, asks)


@SHARDED
@pytest.mark.parametrize("viewer", ["secretary"])
def test_no_page_tells_of_it(viewer: str, shard: int, worlds: Worlds) -> None:
    """The others also read journals, whose moments differ between any two databases."""
    keys = [str(row.key) for row in worlds.hidden_programme]
    asks = [*sweep_pages.pages(keys), *sweep_pages.searches([*WORDS.values()])]
    assert not differing(worlds, viewer, part(asks, shard))


def test_a_named_reader_sees_the_difference(worlds: Worlds) -> None:
    """So the worlds do differ."""
    assert first_difference(worlds, "mayor", _asks(worlds))


# -- each wall holds alone, and a fault would be seen ---------------------------------------------------------
@pytest.fixture
def unplanned() -> Iterator[None]:
    forget_plans()
    yield
    forget_plans()


@SHARDED
def test_the_first_wall_holds_alone(shard: int, worlds: Worlds) -> None:
    with making.without_the_second_wall(worlds):
        assert not differing(worlds, "secretary", part(_asks(worlds), shard))


@SHARDED
def test_the_second_wall_holds_alone(
    shard: int, worlds: Worlds, monkeypatch: pytest.MonkeyPatch, unplanned: None
) -> None:
    monkeypatch.setattr(scope, "visible", Loose().visible)
    assert not differing(worlds, "secretary", part(_asks(worlds), shard))


def _rule_that_forgets(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(programme_rules, "_open", lambda viewer: EVERYTHING)


def _promises_that_forget(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(appointment_rules, "is_open_entry", lambda: EVERYTHING)


def _type_without_get_queryset(patch: pytest.MonkeyPatch) -> None:
    unscoped = classmethod(lambda cls, queryset, info: queryset)
    patch.setattr(programme_types.ProgrammeEntry, "get_queryset", unscoped, raising=False)


def _list_that_forgets_the_scope(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(connection, "scope", Loose())


@pytest.mark.parametrize(
    ("plant", "words"),
    [
        (_rule_that_forgets, "principals"),
        (_promises_that_forget, "promises"),
        (_type_without_get_queryset, "... on ProgrammeEntry"),
        (_list_that_forgets_the_scope, "principals"),
    ],
)
def test_a_planted_fault_is_found(
    plant: Any, words: str, worlds: Worlds, monkeypatch: pytest.MonkeyPatch, unplanned: None
) -> None:
    asked = [ask for ask in _asks(worlds) if words in str(ask)]
    with making.without_the_second_wall(worlds):
        plant(monkeypatch)
        assert first_difference(worlds, "secretary", asked)
