"""What an operation may cost: refused before it is validated, quickly, with the limit named."""

from __future__ import annotations

import time

import pytest
from graphql import get_introspection_query, parse

from schema.app import schema
from schema.core.documents import documents
from schema.core.limits import LONGEST_REMEMBERED, Meter, OverLimit
from schema.http.compiled import plans
from tests.schema.client import errors_of

NAMES = "{ name }"


def chained_fragments(count: int) -> str:
    """Each fragment spreads the next one twice: 2^count fields from a kilobyte."""
    parts = [f"fragment F{i} on Department {{ ...F{i + 1} ...F{i + 1} }}" for i in range(count)]
    last = f"fragment F{count} on Department {{ name }}"
    return "{ departments { nodes { ...F0 } } } " + " ".join(parts) + last


TOO_BIG = {
    "depth": "{ departments { nodes { successor " + "{ successor " * 14 + NAMES + "} " * 14 + "} } }",
    "fields": "{ "
    + " ".join(f"d{i}: me {{ username isOffice canRegister }}" for i in range(38))
    + " departments { nodes { "
    + "name " * 300
    + "} } }",
    "aliases": "{ " + " ".join(f"a{i}: __typename" for i in range(41)) + " }",
    "directives": "{ me { " + "username @include(if: true) " * 21 + "} }",
    "fragments": "{ me { username } } "
    + " ".join(f"fragment F{i} on Viewer {{ username }}" for i in range(41)),
    "cost": "{ complaints(first: 100) { nodes { lines(first: 100) { verb } comments(first: 100) { "
    "body } } } }",
    "tokens": "{ " + "a " * 2001 + "}",
}


@pytest.mark.parametrize("limit", TOO_BIG)
def test_what_is_over_a_limit_is_refused_with_422_and_names_it(ask, limit):
    response = ask.secretary.post(TOO_BIG[limit])
    answer = response.json()
    assert response.status_code == 422
    assert errors_of(answer) == ["OVER_LIMIT"]
    assert limit in answer["errors"][0]["message"]
    assert "data" not in answer


def test_chained_fragments_are_measured_in_no_time(ask):
    """The depth and alias limiters of the library need ten seconds for 25 of these (1 kB)."""
    query = chained_fragments(35)
    started = time.process_time()
    assert errors_of(ask.secretary.answer(query)) == ["OVER_LIMIT"]
    assert time.process_time() - started < 2


def test_a_circle_of_fragments_is_refused_by_validation(ask):
    query = "{ me { ...A } } fragment A on Viewer { ...B } fragment B on Viewer { ...A }"
    assert "GRAPHQL_VALIDATION_FAILED" in errors_of(ask.secretary.answer(query))


def test_cost_counts_the_value_of_a_variable_and_its_default(ask):
    query = (
        "query($n: Int = 100) { complaints(first: $n) { nodes { lines(first: 100) { verb } "
        "comments(first: 99) { body } } } }"
    )
    assert errors_of(ask.secretary.answer(query)) == ["OVER_LIMIT"]
    assert errors_of(ask.secretary.answer(query, n=3)) == []


def test_aliases_of_lists_inside_rows_cost_what_they_do_to_the_database(ask):
    aliases = " ".join(f"a{i}: lines(first: {i}) {{ verb }}" for i in range(1, 9))
    query = f"query($n: Int) {{ complaints(first: $n) {{ nodes {{ {aliases} }} }} }}"
    assert errors_of(ask.secretary.answer(query, n=100)) == ["OVER_LIMIT"]
    assert errors_of(ask.secretary.answer(query, n=10)) == []


def test_the_standard_introspection_of_a_client_fits(ask):
    assert "errors" not in ask.secretary.answer(get_introspection_query())


def test_measuring_is_linear_in_the_text():
    def cost(count: int) -> float:
        document = parse(chained_fragments(count))
        started = time.process_time()
        for _ in range(20):
            with pytest.raises(OverLimit):
                Meter(schema._schema, document, {}).check()
        return time.process_time() - started

    assert cost(36) < 20 * max(cost(12), 0.001)


def test_more_than_five_errors_are_not_told(ask):
    answer = ask.secretary.answer("{ me { a b c d e f g h } }")
    assert len(answer["errors"]) == 5


def test_no_suggestion_tells_the_names_of_fields(ask):
    answer = ask.secretary.answer(
        "{ complaint(reference: 1) { referense } departmens { nodes { id } } me { usernam } }"
    )
    assert answer["errors"]
    assert "Did you mean" not in str(answer)
    answer = ask.secretary.answer("{ complaints(filter: {status: [NEWW], knd: 1}) { totalCount } }")
    assert "Did you mean" not in str(answer)


@pytest.mark.parametrize("arguments", ["first: 101", "first: -1", "last: 101", "last: -1"])
def test_a_page_has_at_most_a_hundred_rows(ask, arguments):
    answer = ask.secretary.answer(f"{{ complaints({arguments}) {{ totalCount }} }}")
    assert errors_of(answer) == ["OVER_LIMIT"]


def test_at_most_a_hundred_ids_at_a_time(ask):
    assert errors_of(ask.secretary.answer("query($i: [ID!]!) { nodes(ids: $i) { id } }", i=["x"] * 101)) == [
        "OVER_LIMIT"
    ]


def test_a_document_with_a_comment_as_long_as_a_request_is_answered_and_not_kept(cast, ask):
    """By nobody too: what they may not ask is parsed before it is refused."""
    before = len(documents._entries), len(plans)
    for number in range(3):
        long = "{ me { username } } # " + f"{number}" * LONGEST_REMEMBERED
        assert ask.fen_clerk.data(long)["me"]["username"] == cast.fen_clerk.username
        assert errors_of(ask.nobody.answer(long)) == ["UNAUTHENTICATED"]
    assert (len(documents._entries), len(plans)) == before


def test_of_variables_only_those_that_the_document_declares_are_kept(cast, ask):
    document = "query Mine($n: Int = 1) { complaints(first: $n) { totalCount } }"
    for number in range(3):
        ask.fen_clerk.data(document, n=1, **{f"v{number}" * 1000: number})
    assert len(documents.get(document).within) == 1
