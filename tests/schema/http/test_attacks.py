"""Small queries made to cost much: what is let through stays within the statements that its price says."""

from __future__ import annotations

import time

import pytest
from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext

from schema.core.nodes import global_id
from schema.http.view import EXAMPLE
from tests.factories import make_citizen, make_complaint
from tests.schema.client import Asking, errors_of

LONG = "x" * 64
INBOX = """{ complaints(first: 50, filter: {condition: [OPEN]}, orderBy: {field: TARGET_ON}) { totalCount nodes {
  id reference subject status targetOn category { name } neighbourhood { name } responsibleDepartment { shortName }
  applicant { fullName phone } lines(first: 3) { verb at actor { fullName } } viewerCan } } }"""
CASE = """{ complaint(reference: "2026/1") { reference subject body lines(first: 50) { verb at actor { fullName } note }
  notices { id kind } attachments { name url } comments { body author { fullName } } duplicates { reference }
  applicant { fullName phone openComplaints { reference subject } } } }"""


def aliased(count: int, field: str = "lines(first: {i}) {{ verb }}") -> str:
    return " ".join(f"a{i}: " + field.format(i=i % 2 + 1) for i in range(count))


ROWS = "{ complaints(first: 100) { nodes { %s } } }"


def on(kind: str, name: str, selection: str) -> str:
    return f" fragment {name} on {kind} {{ {selection} }}"


AMPLIFIERS = {
    "a fragment": ROWS % "...F" + on("Complaint", "F", aliased(38)),
    "fragments of fragments": ROWS % "...F"
    + on("Complaint", "F", "...G ...H")
    + on("Complaint", "G", aliased(19))
    + on("Complaint", "H", aliased(19, "notices(first: {i}) {{ id }}").replace("a", "b", 1)),
    "an inline fragment": ROWS % f"... on Complaint {{ {aliased(38)} }}",
    "a list in a list": ROWS % "...F"
    + on("Complaint", "F", "duplicates(first: 100) { ...G }")
    + on("Complaint", "G", aliased(30)),
    "a list of the citizen": ROWS % "applicant { ...F }"
    + on("Citizen", "F", aliased(30, "openComplaints(first: {i}) {{ id }}")),
    "edges": "{ complaints(first: 100) { edges { node { ...F } } } }" + on("Complaint", "F", aliased(38)),
    "node": "query($ids: [ID!]!) { nodes(ids: $ids) { ...F } }" + on("Complaint", "F", aliased(38)),
}
"""Each of about a kilobyte; the names say where the aliased lists hide."""


def asked(asking: Asking, query: str, **variables: object) -> tuple[list[str], int]:
    with override_settings(GRAPHQL_COMPILED_READS=False), CaptureQueriesContext(connection) as found:
        answer = asking.answer(query, **variables)
    return errors_of(answer), len(found)


@pytest.mark.parametrize("where", AMPLIFIERS)
def test_aliased_lists_are_priced_wherever_they_hide(ask, where):
    applicant = make_citizen()
    made = [make_complaint(applicant=applicant) for _each in range(4)]
    query = AMPLIFIERS[where]
    variables = {"ids": [global_id(made[i % 4]) for i in range(100)]} if "$ids" in query else {}
    errors, count = asked(ask.secretary, query, **variables)
    assert errors == ["OVER_LIMIT"]
    assert count < 20


def test_an_alias_that_no_column_can_bear_is_refused_by_name(ask):
    for query in (
        f"{{ {LONG}: me {{ username }} }}",
        f"{{ complaints {{ nodes {{ ...F }} }} }} fragment F on Complaint {{ {LONG}: reference }}",
        f"{{ me {{ username }} }} fragment F on Viewer {{ {LONG}: username }}",
    ):
        answer = ask.secretary.answer(query)
        assert errors_of(answer) == ["OVER_LIMIT"], query
        assert "63" in answer["errors"][0]["message"]
    assert errors_of(ask.secretary.answer(f"{{ {LONG[:63]}: me {{ username }} }}")) == []


def test_a_fragment_that_nobody_spreads_is_measured_too(ask):
    """1,900 times one field: validation compares every pair of them."""
    query = "{ me { username } } fragment F on Viewer { " + "username " * 1900 + "}"
    started = time.process_time()
    assert errors_of(ask.secretary.answer(query)) == ["OVER_LIMIT"]
    assert time.process_time() - started < 1


def test_all_operations_of_a_document_count_together(ask):
    one = "query Q%d { me { " + "username " * 120 + "} } "
    query = "".join(one % i for i in range(4))
    asking = ask.secretary
    assert errors_of(asking.answer(query)) == ["OVER_LIMIT"]


def test_a_whole_number_written_with_a_point_counts_as_that_number(ask):
    query = (
        "query($n: Int) { complaints(first: $n) { nodes { lines(first: $n) { verb } "
        "comments(first: 99) { body } } } }"
    )
    asking = ask.secretary
    assert errors_of(asking.answer(query, n=3)) == []
    assert errors_of(asking.answer(query, n=100.0)) == ["OVER_LIMIT"]
    assert errors_of(asking.answer(query, n=2.5)) == ["GRAPHQL_VALIDATION_FAILED"]


BULK = "mutation($i: ComplaintsBulkInput!) { %s }"


def test_lists_that_are_given_cost_by_their_length(ask):
    ids = ["x"] * 400
    bulk = " ".join(f"b{i}: complaintsBulkRun(input: $i) {{ errors {{ code }} }}" for i in range(4))
    given = {"ids": ids, "verb": "TAG", "add": ["a"]}
    assert errors_of(ask.secretary.answer(BULK % bulk, i=given)) == ["OVER_LIMIT"]
    assert errors_of(ask.secretary.answer(BULK % bulk, i=given | {"ids": ids[:2]})) == []
    statuses = "query($s: [ComplaintStatus!]) { complaints(filter: {status: $s}) { totalCount } }"
    assert errors_of(ask.secretary.answer(statuses, s=["NEW"] * 5000)) == ["OVER_LIMIT"]
    written = "{ complaints(filter: {status: [" + "NEW " * 1500 + "]}) { totalCount } }"
    assert errors_of(ask.secretary.answer(written)) == ["OVER_LIMIT"]


def test_the_same_document_is_measured_again_with_a_longer_list_inside_an_input(ask):
    query = BULK % "complaintsBulkRun(input: $i) { errors { code } }"
    read = "query($i: ComplaintsBulkInput!) { complaintsBulkPreview(input: $i) { done } }"
    given = {"ids": ["x"], "verb": "TAG", "add": ["a"]}
    for document in (query, read):
        assert errors_of(ask.secretary.answer(document, i=given)) == []
        assert errors_of(ask.secretary.answer(document, i=given | {"ids": ["x"] * 2000})) == ["OVER_LIMIT"]


def test_many_roots_are_dear(ask):
    def figures(count: int) -> str:
        return " ".join(f"a{i}: complaintFigures {{ open late closed }}" for i in range(count))

    assert errors_of(ask.secretary.answer(f"{{ {figures(40)} }}")) == ["OVER_LIMIT"]
    assert errors_of(ask.secretary.answer(f"{{ {figures(8)} }}")) == []


@pytest.mark.parametrize(
    "query",
    [
        "{ __schema { types { fields { type { fields { type { fields { type { fields { name } } } } } } } } } }",
        "{ me { username @defer } }",
        "{ complaints { nodes @stream(initialCount: 0) { id } } }",
        "{ me { username " + "@skip(if: false) " * 21 + "} }",
        "query @a @a @a { me { username } }",
        "{ " + "... { " * 300 + "me { username }" + " }" * 300 + " }",
        "{ complaints(filter: " + "{a: " * 400 + "1" + "}" * 400 + ") { totalCount } }",
        "{ nodes(ids: " + "[" * 600 + "]" * 600 + ") { id } }",
        "query(" + " ".join(f"$v{i}: Int = 1" for i in range(300)) + ") { me { username } }",
    ],
    ids=range(9),
)
def test_shapes_that_are_refused_quickly_and_in_words(ask, query):
    started = time.process_time()
    response = ask.secretary.post(query)
    assert response.status_code in {400, 422}
    assert set(errors_of(response.json())) <= {"OVER_LIMIT", "GRAPHQL_VALIDATION_FAILED"}
    assert time.process_time() - started < 2


def test_deep_variables_are_the_clients_fault(ask):
    deep: object = 1
    for _each in range(900):
        deep = {"a": deep}
    response = ask.secretary.post(
        "query($f: ComplaintFilter) { complaints(filter: $f) { totalCount } }", {"f": deep}
    )
    assert response.status_code == 422
    assert "INTERNAL" not in errors_of(response.json())


def test_what_the_office_asks_every_day_costs_a_fifth_of_the_limit_at_most(ask, settings):
    settings.GRAPHQL_LIMITS = settings.GRAPHQL_LIMITS | {"cost": settings.GRAPHQL_LIMITS["cost"] // 5}
    for query in (EXAMPLE, INBOX, CASE):
        assert errors_of(ask.secretary.answer(query)) == [], query


def test_relations_under_another_name_cost_no_more(ask):
    """Only a list is read row by row under an alias; the department of a case is joined once more."""
    made = " ".join(f"a{i}: responsibleDepartment {{ name }}" for i in range(30))
    assert errors_of(ask.secretary.answer(ROWS % made)) == []
