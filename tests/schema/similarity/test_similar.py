"""Programs ask what may be the same matter, before a case is recorded and after: only what the viewer sees."""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from schema.core.nodes import global_id
from tests.cast import Cast
from tests.factories import make_category, make_complaint
from tests.schema.client import errors_of

TO = """query Similar($to: SimilarTo) { similarComplaints(to: $to) {
  complaint { reference subject category { name } } score distance days reasons isNear isSameAddress isSameStreet
  isSameCategory placeSimilarity textSimilarity via { reference } } }"""
OF = "query Similar($of: ID) { similarComplaints(of: $of) { complaint { reference } } }"
APART = "complaint { lines { verb } viewerCan }"


def references(answer: dict[str, Any]) -> list[str]:
    return [row["complaint"]["reference"] for row in answer["similarComplaints"]]


def test_similar_cases_are_told_as_far_as_the_viewer_sees_them(
    ask: Any, cast: Cast, django_assert_max_num_queries: Any
) -> None:
    roads = make_category("yol", "Yol")
    theirs = make_complaint("Çukur", place="Yayla Sokak No: 12", category=roads, to=cast.fen)
    other = make_complaint("Çukur", place="Yayla Sokak 12", category=roads, to=cast.park)
    to = {"to": {"place": "Merve Mahallesi, yayla sk. 12", "category": global_id(roads), "subject": "Çukur"}}
    found = ask.secretary.data(TO, **to)
    assert references(found) == [theirs.reference, other.reference], "the earliest first"
    (first, _second) = found["similarComplaints"]
    assert (first["isSameAddress"], first["isSameCategory"], first["distance"]) == (True, True, None)
    assert first["reasons"][:1] == ["aynı adres"]
    assert references(ask.fen_clerk.data(TO, **to)) == [theirs.reference]
    with CaptureQueriesContext(connection) as two:
        ask.secretary.data(TO, **to)
    make_complaint("Çukur", place="Yayla Sokak 12", category=roads, to=cast.park)
    with django_assert_max_num_queries(len(two)):
        assert len(references(ask.secretary.data(TO, **to))) == 3


def test_a_pair_is_set_apart_and_taken_back(ask: Any, cast: Cast) -> None:
    roads = make_category("yol", "Yol")
    first, second = (make_complaint("Çukur", place="Yayla Sokak 12", category=roads) for _each in range(2))
    desk, pair = ask.secretary, {"id": global_id(second), "of": global_id(first)}
    assert references(desk.data(OF, of=global_id(first))) == [second.reference]
    done = desk.does("complaintSetApart", APART, **pair)
    assert (done["errors"], done["complaint"]["lines"][0]["verb"]) == ([], "SET_APART")
    assert "UNSET_APART" in done["complaint"]["viewerCan"]
    assert references(desk.data(OF, of=global_id(first))) == []
    assert desk.does("complaintUnsetApart", APART, **pair)["errors"] == []
    assert references(desk.data(OF, of=global_id(second))) == [first.reference]
    (refused,) = desk.does("complaintUnsetApart", APART, **pair)["errors"]
    assert (refused["code"], refused["field"]) == ("INVALID", "of")
    (itself,) = desk.does("complaintSetApart", APART, **pair | {"of": pair["id"]})["errors"]
    assert itself["code"] == "INVALID"


def test_what_is_hidden_or_wrong_is_refused_as_everywhere(ask: Any, cast: Cast) -> None:
    hidden = make_complaint("Çukur", to=cast.park)
    assert errors_of(ask.fen_clerk.answer(OF, of=global_id(hidden))) == ["NOT_FOUND"]
    assert errors_of(ask.secretary.answer(TO, to={"latitude": 41.0})) == ["INVALID"]
    assert errors_of(ask.secretary.answer(TO, to={"place": "a" * 301})) == ["TOO_LARGE"]
    assert ask.secretary.data(TO, to={})["similarComplaints"] == []
