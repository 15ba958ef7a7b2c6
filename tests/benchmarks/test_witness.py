"""graphene-django as a witness: other resolvers, guardian and the ORM instead of permissions and row security, over the
same rows, and the same lists of complaints for every member of the cast."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.test import Client

from backend.complaints.models import Complaint
from backend.core.session import system
from backend.organization.models import Department
from benchmarks import comparing
from benchmarks.client import ask
from benchmarks.contenders.base import Server, Viewer
from benchmarks.contenders.graphene import Graphene, GrapheneTuned, GrapheneTutorial
from benchmarks.contenders.product import Compiled
from benchmarks.questions import CASE, Question
from tests.benchmarks.conftest import OnTestDatabase, token_of
from tests.cast import Cast, make_cast
from tests.permissions.walls.world import populate

FIELDS = CASE.partition("complaint(reference: $reference)")[2].strip()[:-1]
"""Everything that is asked of a case, in the words of both."""
OURS = f"""{{ complaints(first: 50, orderBy: {{field: REGISTERED_AT, direction: DESC}}) {{
  totalCount nodes {FIELDS} pageInfo {{ hasNextPage }} }} }}"""
THEIRS = f"""{{ complaints(first: 50, orderBy: ["-registered_at", "-id"]) {{
  totalCount edges {{ node {FIELDS} }} pageInfo {{ hasNextPage }} }} }}"""
SEE_NOTHING = {"administrator"}
SEE_ALL = {"secretary", "office_head", "mayor"}

Lists = dict[str, dict[str, Any]]
"""Name in the cast -> the answer (`comparing.rows`)."""


@pytest.fixture
def people(committed_db: Any, settings: Any) -> tuple[Cast, dict[str, Viewer]]:
    """The cast in a world with rows that they see and do not see, each with a token."""
    settings.GRAPHQL_LIMITS = settings.GRAPHQL_LIMITS | {"tokens": 10**6, "fields": 10**6, "cost": 10**9}
    cast = make_cast()
    populate(cast)
    return cast, {
        name: Viewer(user.username, "", user.pk, token_of(user)) for name, user in cast.people().items()
    }


def ours(viewers: dict[str, Viewer]) -> Lists:
    client = Client()
    found = {}
    for name, viewer in viewers.items():
        answer = client.post(
            Compiled.path,
            json.dumps({"query": OURS}),
            content_type="application/json",
            headers={"authorization": f"Bearer {viewer.token}"},
        )
        found[name] = comparing.rows(answer.content)
    return found


def theirs(witness: Graphene, server: Server, viewers: dict[str, Viewer]) -> Lists:
    question = Question("witness", "", THEIRS)
    return {
        name: comparing.rows(ask(server.port, witness.request(viewer, question, {})))
        for name, viewer in viewers.items()
    }


def differences(one: Lists, other: Lists) -> dict[str, str]:
    """Name in the cast -> where the lists differ first: in number, order or a field."""
    found = {name: comparing.difference(one[name], other[name]) for name in one}
    return {name: difference for name, difference in found.items() if difference}


@pytest.fixture(params=[GrapheneTuned, GrapheneTutorial])
def witness(request: Any, people: Any, installation: OnTestDatabase) -> Iterator[tuple[Graphene, Server]]:
    found = request.param()
    found.prepare(installation)
    with found.serving(installation, 1) as server:
        yield found, server


@pytest.mark.full
def test_graphene_lists_the_same_complaints_for_every_member_of_the_cast(
    people: tuple[Cast, dict[str, Viewer]], witness: tuple[Graphene, Server], installation: OnTestDatabase
) -> None:
    cast, viewers = people
    right = ours(viewers)
    with system():
        everything = Complaint.objects.count()
    seen = {name: len(answer["rows"]) for name, answer in right.items()}
    assert {name for name, number in seen.items() if not number} == SEE_NOTHING
    assert {name for name, number in seen.items() if number == everything} == SEE_ALL
    assert not any(answer["pageInfo"]["hasNextPage"] for answer in right.values())
    assert differences(right, theirs(*witness, viewers)) == {}

    # Planted: to the product's readers, and to them alone, the cases of one department are gone.
    with psycopg.connect(installation.address("owner"), autocommit=True) as owner:
        owner.execute(
            "CREATE POLICY planted ON complaints_complaint AS RESTRICTIVE TO ozelkalem_app"
            f" USING (responsible_department_id IS DISTINCT FROM {cast.fen.pk})"
        )
        concerned = {name for name, answer in right.items() if cases_of(cast.fen, answer)} - SEE_ALL
        assert concerned == {"fen_clerk", "fen_head", "park_clerk", "park_head", "deputy_mayor"}
        assert differences(ours(viewers), theirs(*witness, viewers)).keys() == concerned
        owner.execute("DROP POLICY planted ON complaints_complaint")
    assert differences(ours(viewers), theirs(*witness, viewers)) == {}


def cases_of(department: Department, answer: dict[str, Any]) -> list[Any]:
    return [row for row in answer["rows"] if row["responsibleDepartment"] == {"name": department.name}]


@pytest.mark.parametrize(
    ("plant", "named"),
    [
        (lambda rows: rows.pop(), "2 and 1 rows"),
        (lambda rows: rows.append(rows[0]), "2 and 3 rows"),
        (lambda rows: rows.reverse(), ".rows[0]"),
        (lambda rows: rows[1].update(applicant={"lastName": "Kurt"}), ".rows[1].applicant"),
        (lambda rows: rows[1]["lines"].clear(), ".rows[1].lines"),
    ],
    ids=["a row less", "a row more", "another order", "a citizen more", "a line less"],
)
def test_whatever_differs_in_a_list_is_found_and_named(plant: Any, named: str) -> None:
    def lists() -> Lists:
        rows = [{"reference": f"2027/{n}", "applicant": None, "lines": [{"verb": "ROUTE"}]} for n in (2, 1)]
        return {"fen_clerk": {"rows": rows}, "outsider": {"rows": []}}

    planted = lists()
    plant(planted["fen_clerk"]["rows"])
    found = differences(lists(), planted)
    assert found.keys() == {"fen_clerk"}
    assert named in found["fen_clerk"]
