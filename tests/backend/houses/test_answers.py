"""Whatever is asked of a house among others, it answers as it does alone, byte for byte, whoever was asked before."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any
from unittest.mock import patch

import pytest
from django.test.client import ClientHandler
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from backend import houses
from backend.core.localtime import today
from backend.houses import kept
from schema.core.nodes import encode
from tests.backend.houses.pair import WORDS, Pair
from tests.harness.tiers import part, size
from tests.permissions.walls import sweep_pages
from tests.permissions.walls.asking import Ask, Heard, Person
from tests.permissions.walls.sweep_graph import Sweep

pytestmark = pytest.mark.usefixtures("unlimited")
AT_ONCE = 40
VIEWER = "secretary"
"""Who sees nearly all."""


@dataclass
class Among:
    """The two houses as the worlds of the sweep: `inside` one, in a process that serves both or that one alone."""

    pair: Pair
    cast: Any
    is_alone: bool
    moment: Any = field(default_factory=timezone.now)

    @contextmanager
    def inside(self, name: str) -> Iterator[None]:
        if self.is_alone:
            with self.pair.alone(name):
                yield
        else:
            with self.pair.wired(), houses.inside(self.pair[name]):
                yield


class Visitor(Person):
    """Somebody who asks a house by its name."""

    def _answer(self, ask: Ask) -> Any:
        assert self.client is not None
        self.client.defaults["HTTP_HOST"] = f"{self.world}.test"
        self.client.handler = HANDLER
        return super()._answer(ask)


HANDLER = ClientHandler(enforce_csrf_checks=False)
"""One application with its middleware, as a process of the web has it."""


def _asks(pair: Pair) -> list[Ask]:
    """The questions of the sweep over two worlds, with rows that both houses have under the same keys."""
    rows = list(pair.rows.values())
    ids = {name: encode("Complaint", row.key) for name, row in list(pair.rows.items())[:2]}
    sweep = Sweep(ids, [*WORDS.values()], [base64.b64encode(f"t:{rows[0].pk}:2026-11-20".encode()).decode()])
    asks = [
        *sweep.queries,
        *sweep.paths,
        *sweep_pages.pages(rows[:2]),
        *sweep_pages.searches([*WORDS.values()]),
    ]
    return [replace(ask, ids=ask.ids[:1]) if ask.ids else ask for ask in asks]


def _heard(pair: Pair, asks: Sequence[Ask], *, is_alone: bool, rounds: int) -> list[dict[str, list[Heard]]]:
    """What each house answers, asked by turns."""
    among = Among(pair, pair.cast, is_alone, pair.moment)
    people = {name: Visitor(among, name, VIEWER) for name in WORDS}
    found = []
    for _round in range(rounds):
        said: dict[str, list[Heard]] = {name: [] for name in people}
        for start in range(0, len(asks), AT_ONCE):
            for name, person in people.items():
                said[name] += [one.heard for one in person.hear(asks[start : start + AT_ONCE])]
        found.append(said)
    return found


def differing(pair: Pair, asks: Sequence[Ask]) -> list[str]:
    """What a house answers otherwise among others than alone, or with the other's word."""
    (alone,) = _heard(pair, asks, is_alone=True, rounds=1)
    faults = []
    for said in _heard(pair, asks, is_alone=False, rounds=2):
        for name, other in zip(WORDS, reversed(WORDS), strict=True):
            for ask, mine, then in zip(asks, said[name], alone[name], strict=True):
                if mine != then:
                    faults.append(f"{name} {str(ask)[:200]}\n  {_parting(mine, then)}")
                if WORDS[other] not in str(ask) and any(WORDS[other] in answer[2] for answer in mine):
                    faults.append(f"{name} {str(ask)[:200]}: {WORDS[other]}")
    return faults


def _parting(mine: Heard, then: Heard) -> str:
    a, b = next((pair for pair in zip(mine, then, strict=False) if pair[0] != pair[1]), (mine[0], then[0]))
    where = next((i for i, (x, y) in enumerate(zip(a[2], b[2], strict=False)) if x != y), 0)
    part = slice(max(0, where - 80), where + 80)
    return f"{a[0]} {b[0]} {set(a[1]) ^ set(b[1])}\n  {a[2][part]!r}\n  {b[2][part]!r}"


@pytest.fixture
def asked(made: Pair, django_db_blocker: DjangoDbBlocker) -> Iterator[Pair]:
    made.moment = timezone.now()
    with django_db_blocker.unblock():
        yield made


def test_each_house_answers_as_it_does_alone(asked: Pair) -> None:
    of = size(64, 16)  # each is asked six times: all of them within sixteen days of the full tier
    asks = part(_asks(asked), today().toordinal() % of, of)
    assert len(asks) > 10
    faults = differing(asked, asks)
    assert faults == [], f"{len(faults)} of {len(asks)}:\n" + "\n".join(faults[:5])


def test_a_memory_that_forgets_the_house_would_be_found(asked: Pair) -> None:
    home = [Ask("/"), Ask("/admin/")]
    assert differing(asked, home) == []
    with patch.object(kept, "current", lambda: None):
        assert differing(asked, home)
