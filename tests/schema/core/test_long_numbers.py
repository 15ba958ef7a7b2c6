"""A number of a hundred thousand digits is the client's fault at every door: Python reads no integer so long."""

from __future__ import annotations

import pytest
from django.http import QueryDict

from admin_ui.seating.venues import rows_of
from backend.core.errors import DomainError, ErrorCode
from backend.protocol.importing import _place
from schema.core.nodes import global_id
from tests.cast import signed_in
from tests.factories import make_complaint
from tests.schema.client import errors_of

LONG = "9" * 100_000
DOCUMENTS = {
    "an argument": "{ complaints(first: %s) { totalCount } }",
    "an id": "{ node(id: %s) { id } }",
    "a text": "{ complaint(reference: %s) { id } }",
    "a directive": "{ complaints @include(if: %s) { totalCount } }",
    "a default": "query($n: Int = %s) { complaints(first: $n) { totalCount } }",
    "an input": 'mutation { complaintComment(input: {id: "x", body: "x", version: %s}) { errors { code } } }',
}


@pytest.mark.parametrize("number", [LONG, f"-{LONG}", f"0.{LONG}", f"1e{LONG}"], ids=["+", "-", ".", "e"])
@pytest.mark.parametrize("where", DOCUMENTS)
def test_in_a_document(ask, where, number):
    response = ask.secretary.post(DOCUMENTS[where] % number)
    assert response.status_code < 500
    assert errors_of(response.json()) == ["OVER_LIMIT"]


def test_in_the_variables(ask):
    body = f'{{"query": "query($n: Int) {{ complaints(first: $n) {{ totalCount }} }}", "variables": {{"n": {LONG}}}}}'
    response = ask.secretary.client.post("/graphql/", body, content_type="application/json")
    assert response.status_code == 400
    assert errors_of(response.json()) == ["BAD_REQUEST"]


def test_a_text_of_digits_among_the_variables_is_a_text(ask):
    made = make_complaint()
    query = (
        "mutation($i: ID!, $b: String!) { complaintComment(input: {id: $i, body: $b}) { errors { code } } }"
    )
    answer = ask.secretary.answer(query, i=global_id(made), b=LONG)
    assert "INTERNAL" not in errors_of(answer)


def test_in_forms(cast):
    client = signed_in(cast.administrator)
    assert client.post("/admin/organization/departmentgrant/take/", {"grant": LONG}).status_code < 500
    with pytest.raises(DomainError) as refused:
        rows_of(QueryDict(f"row_count={LONG}&seat_count=9"))
    assert refused.value.code is ErrorCode.INVALID


def test_in_a_file():
    with pytest.raises(ValueError, match="Sıra"):
        _place("000001" + LONG)
