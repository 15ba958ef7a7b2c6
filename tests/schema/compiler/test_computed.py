"""What Python computes first and one statement then reads: equal to the interpreter, one plan for all."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from backend.complaints.models import Complaint
from backend.core.session import system
from backend.triage import serving
from permissions.core import scope
from permissions.plans.reasons import NotCompilableError
from schema.core.nodes import global_id
from schema.http import compiled
from schema.http.compiled import Timing
from tests.cast import Cast
from tests.factories import make_category, make_complaint
from tests.schema.client import Asking
from tests.schema.compiler.equality import Comparison

CASE = """fragment Shown on Complaint { __typename id reference subject status viewerCan registeredAt
  applicant { fullName } category { name candidates { department { name } } } lines(first: 2) { verb } }"""
SIMILAR = (
    CASE
    + """ query Q($of: ID, $to: SimilarTo) { alike: similarComplaints(of: $of, to: $to) { __typename
  complaint { ...Shown } via { ...Shown } score distance days placeSimilarity textSimilarity isNear isSameCategory
  isSameAddress isSameStreet reasons } complaints(first: 1) { nodes { reference } } }"""
)
NEAR = CASE + " query Q($of: ID!) { nearComplaints(of: $of) { distance complaint { ...Shown } } }"
PROPOSED = (
    CASE
    + """ fragment All on CaseSuggestions { __typename isLearned version isOfLaw priority
  categories { category { name candidates { department { name } } } words surePercent pastCases { ...Shown } }
  departments { department { name sections { name } } words surePercent pastCases { ...Shown } } }
  query Q($text: String!, $of: ID!) { a: suggestions(text: $text, place: "Yayla Sokak") { ...All }
    b: complaintSuggestions(id: $of) { ...All } }"""
)
HERE = {"latitude": 41.0030, "longitude": 29.2310}
NEXT = {"latitude": 41.0033, "longitude": 29.2310}
WORDS = "Yolda koca bir çukur var 😀"


@pytest.fixture
def cases(cast: Cast) -> list[Complaint]:
    """Two of Fen, one of them a duplicate of the other; one of Park; a closed one of the category's words."""
    serving.forget()
    roads = make_category("yol", "Yol")
    with system():
        roads.keywords = ["çukur"]
        roads.save()
    made = [
        make_complaint("Çukur", category=roads, place="Yayla Sokak 12", body=WORDS, to=to, **at)
        for to, at in ((cast.fen, HERE), (cast.fen, NEXT), (cast.park, NEXT), (cast.fen, HERE))
    ]
    with system():
        Complaint.objects.filter(pk=made[1].pk).update(linked_to=made[0])
        Complaint.objects.filter(pk=made[3].pk).update(
            status="CLOSED", outcome="SOLVED", closed_at=made[3].registered_at
        )
    return made


def test_both_paths_are_equal_for_everybody(cast: Cast, cases: list[Complaint]) -> None:
    """Of a case that somebody does not see both are the same refusal, which the interpreter writes."""
    comparison, asked = Comparison(), 0
    to = {"subject": "Çukur", "place": "yayla sk. 12", "body": WORDS, **HERE}
    of = [global_id(one) for one in (cases[0], cases[2])]
    for user in cast.people().values():
        comparison.ask(user, SIMILAR, {"to": to})
        comparison.ask(user, SIMILAR, {"to": None})
        asked += 2
        for each in of:
            comparison.ask(user, SIMILAR, {"of": each})
            comparison.ask(user, NEAR, {"of": each})
            comparison.ask(user, PROPOSED, {"of": each, "text": WORDS})
            asked += 3
    refused = comparison.reasons.pop("computed: NOT_FOUND")
    assert not comparison.reasons
    comparison.require(at_least=asked - refused)
    found = Asking(cast.secretary).data(SIMILAR, of=of[1])["alike"]
    assert [(one["complaint"]["reference"], one["via"]["reference"]) for one in found if one["via"]] == [
        (cases[0].reference, cases[1].reference)
    ]
    past = Asking(cast.fen_clerk).data(PROPOSED, of=of[0], text=WORDS)["a"]["categories"][0]["pastCases"]
    assert [one["reference"] for one in past] == [cases[3].reference]
    near = Asking(cast.fen_clerk).data(NEAR, of=of[0])["nearComplaints"]
    assert [one["distance"] for one in near] == [33]


def test_one_statement_serves_every_place_and_text_and_answers_each_anew(
    cast: Cast, cases: list[Complaint]
) -> None:
    def asked(user: Any, **to: Any) -> list[str]:
        operation = {"query": SIMILAR, "variables": {"to": to}}
        with scope.session(user):
            text = compiled.read(operation, Timing()).text.decode()
        return [
            case.reference
            for case in cases
            if f'"reference":"{case.reference}"' in text.split('"complaints"')[0]
        ]

    assert asked(cast.fen_clerk, subject="a", **HERE)
    before = len(compiled.plans)
    assert asked(cast.fen_clerk, subject="b", latitude=40.5, longitude=29.0) == []
    assert asked(cast.fen_clerk, subject="Çukur", **NEXT)
    assert len(compiled.plans) == before
    park = asked(cast.park_clerk, subject="a", **HERE)
    assert park == [cases[2].reference]


def test_statements_are_as_few_whatever_is_found(cast: Cast, cases: list[Complaint]) -> None:
    def count(query: str, **variables: Any) -> int:
        Asking(cast.secretary).data(query, **variables)
        with scope.session(cast.secretary), CaptureQueriesContext(connection) as queries:
            compiled.read({"query": query, "variables": variables}, Timing())
        return len(queries)

    of = global_id(cases[2])
    before = [count(SIMILAR, of=of), count(NEAR, of=of), count(PROPOSED, of=of, text=WORDS)]
    for number in range(4):
        make_complaint("Çukur", place=f"Yayla Sokak {number}", body=WORDS, category=cases[0].category, **NEXT)
    assert [count(SIMILAR, of=of), count(NEAR, of=of), count(PROPOSED, of=of, text=WORDS)] == before


def test_outside_a_session_nothing_is_computed(cast: Cast, cases: list[Complaint], monkeypatch: Any) -> None:
    """A program's read in one trip has no session before its statement: it takes the usual way."""
    with scope.session(cast.secretary):
        question = compiled.asked(
            {"query": NEAR, "variables": {"of": global_id(cases[0])}}, scope.current_viewer()
        )
        statement, _parameters = compiled.plans.plan(question)
        monkeypatch.setattr(connection, "in_atomic_block", False)
        with pytest.raises(NotCompilableError, match="session"):
            statement.parameters([""] * 9)
        monkeypatch.undo()
