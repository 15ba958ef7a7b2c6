"""A compiled answer is the interpreted answer, for everything that can be asked and everybody who asks it."""

from __future__ import annotations

import json
import os
from typing import Any

import pytest

from backend.complaints.models import Complaint
from backend.contacts.models import Citizen
from backend.core.session import system
from backend.organization.models import Category, Department, Neighbourhood
from permissions.core.scope import session
from schema.app import schema
from schema.core.documents import Context
from schema.core.nodes import encode, global_id
from tests.cast import Cast, Populated
from tests.factories import make_category, make_neighbourhood
from tests.harness.tiers import size
from tests.permissions.walls.sweep_graph import Sweep
from tests.schema.compiler.equality import Comparison
from tests.schema.compiler.generated import Generator, Known

COUNT = int(os.environ.get("OZELKALEM_EQUALITY_QUERIES", size("8", "60")))
SEED = int(os.environ.get("OZELKALEM_EQUALITY_SEED", "1"))
LISTS = (
    "complaints",
    "departments",
    "neighbourhoods",
    "categories",
    "outsideBodies",
    "staff",
    "journal",
    "readLog",
    "apiTokens",
    "fileImports",
)
CURSORS = "{ " + " ".join(f"{name}(first: 3) {{ edges {{ cursor }} }}" for name in LISTS) + " }"


@pytest.fixture
def known(cast: Cast, populated: Populated) -> Known:
    """A world with rows of every kind, and the names by which they can be asked for."""
    cases = populated
    with system():
        place = {
            "category": make_category(),
            "neighbourhood": make_neighbourhood(),
            "latitude": 41.0,
            "longitude": 29.2345,
        }
        Complaint.objects.filter(pk__in=[cases["fen"].pk, cases["park"].pk]).update(**place)
        rows = [
            *cases.values(),
            *Citizen.objects.all()[:4],
            cast.fen,
            cast.fen_head,
            Neighbourhood.objects.first(),
        ]
        rows += [model.objects.first() for model in (Category, Department)]
        rows += [
            row for case in cases.values() for row in (*case.notices.all()[:1], *case.attachments.all()[:1])
        ][:6]
        swapped = encode("Complaint", Citizen.objects.all()[0].key)
        references = [*(case.reference for case in list(cases.values())[:5]), "1999/1", " 2026 / 1", "nichts"]
    return Known(
        ids=[*(str(global_id(row)) for row in rows), swapped, "x", ""],
        references=references,
        words=[
            "ışık",
            "IŞIK yan",
            "ayse",
            "Ay",
            "%",
            "_",
            "",
            "a' OR 1=1 --",
            "\u20630\u2063",
            references[0],
            "fen",
            "+905550000001",
        ],
        cursors=_cursors(cast),
    )


def _cursors(cast: Cast) -> dict[str, list[str]]:
    with session(cast.office_head):
        data: Any = schema.execute_sync(CURSORS, context_value=Context()).data
    return {name: [edge["cursor"] for edge in page["edges"]] for name, page in data.items()}


def test_generated_queries_are_answered_alike_for_the_whole_cast(cast: Cast, known: Known) -> None:
    """At least so many; and more, where so many were refused that less is compared than is worth it."""
    generator, found = Generator(known, SEED), Comparison()
    for number in range(4 * COUNT):
        if number >= COUNT and found.equal >= COUNT * 5:
            break
        asked = generator.query()
        for user in cast.people().values():
            found.ask(user, asked.query, asked.variables)
    found.require(at_least=COUNT * 5)


def test_the_sweep_of_two_worlds_is_answered_alike(cast: Cast, known: Known) -> None:
    """As many of its questions as the generated ones, spread evenly over it."""
    cursor = known.cursors["complaints"][0]
    sweep = Sweep({str(n): key for n, key in enumerate(known.ids) if key}, known.words[:4], [cursor])
    asks, found = [one for ask in (*sweep.queries, *sweep.paths) for one in ask.each()], Comparison()
    step = max(1, len(asks) // COUNT)
    for ask in asks[SEED % step :: step]:
        asked = json.loads(ask.body or "{}")
        for user in cast.people().values():
            found.ask(user, asked["query"], asked.get("variables", {}))
    found.require(at_least=min(COUNT, len(asks) // 4))


def test_an_alias_may_be_called_like_anything_in_the_statement(cast: Cast, known: Known) -> None:
    found = Comparison()
    for alias in (
        "d",
        "o",
        "p",
        "q",
        "r",
        "t",
        "e",
        "i",
        "r0",
        "r1",
        "c0",
        "c0_",
        "place",
        "U0",
        "n",
        "key",
        "_",
        "id",
    ):
        page = (
            f"nodes {{ {alias}: reference category {{ {alias}: name }} {alias}2: lines {{ {alias}: verb }} }}"
        )
        query = f"{{ {alias}: complaints {{ {alias}: {page} edges {{ {alias}: node {{ {alias}: id }} }} }} }}"
        found.ask(cast.fen_clerk, query, {})
    found.require(at_least=17)


def test_a_list_of_a_row_that_two_ways_lead_to_is_as_long_as_each_asks(cast: Cast, known: Known) -> None:
    found = Comparison()
    for outer, inner in ((1, 2), (2, 1), (0, 3), (3, 0), (20, 1)):
        way = f"visit {{ request {{ lines(first: {inner}) {{ verb }} }} }}"
        query = (
            f"{{ appointmentRequests(last: 10) {{ nodes {{ lines(first: {outer}) {{ verb }} {way} }} }} }}"
        )
        found.ask(cast.secretary, query, {})
        found.ask(
            cast.secretary, query.replace("nodes {", f"nodes {{ {way.replace('visit', 'v: visit')}"), {}
        )
    found.require(at_least=10)
