"""The statuses of GraphQL over HTTP: of its own media type as its text of 2026 has them, of plain JSON as before."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.handlers.wsgi import LimitedStream
from django.test import Client

from backend.core.errors import DomainError, ErrorCode
from tests.cast import Cast
from tests.schema.client import ACCEPT, Asking, errors_of

JSON = "application/json"
PARTIAL = '{ __typename complaints(after: "x") { totalCount nodes { id } } }'
REPORT = """
mutation Report($input: ComplaintRegisterInput!) {
  complaintRegister(input: $input) { complaint { reference } errors { code } }
}
"""
NEEDS_ID = "query($id: ID!) { node(id: $id) { id } }"
REFUSED = {
    "no JSON": (b'{"query": ', 400, 400),
    "a batch": (b'[{"query": "{ __typename }"}]', 422, 400),
    "no query": (b'{"qeury": "{ __typename }"}', 422, 400),
    "variables of the wrong type": (b'{"query": "{ __typename }", "variables": [7]}', 422, 400),
    "a name that is none": (b'{"documentId": "sha256:7"}', 422, 400),
    "a document that does not parse": (b'{"query": "{"}', 400, 200),
    "a document that does not validate": (b'{"query": "{ nothing }"}', 422, 200),
    "a document over the limits": (json.dumps({"query": "{a" * 60 + "}" * 60}).encode(), 422, 200),
    "two operations": (b'{"query": "query A { __typename } query B { __typename }"}', 422, 200),
    "an operation that is not there": (
        b'{"query": "query A { __typename }", "operationName": "B"}',
        422,
        400,
    ),
    "a variable that cannot be coerced": (json.dumps({"query": NEEDS_ID}).encode(), 422, 200),
}


def _sent(body: bytes, token: str, accept: str, method: str = "POST", **more: str) -> Any:
    headers = {"accept": accept, "authorization": f"Bearer {token}", **more}
    return Client().generic(method, "/graphql/", body, content_type=JSON, headers=headers)


@pytest.mark.parametrize("method", ["POST", "QUERY"])
@pytest.mark.parametrize("what", REFUSED)
def test_a_refusal_has_the_status_of_its_reason(cast: Cast, what: str, method: str) -> None:
    body, own, plain = REFUSED[what]
    response = _sent(body, cast.portal_secret, ACCEPT, method)
    assert (response.status_code, response["Content-Type"]) == (own, f"{ACCEPT}; charset=utf-8")
    assert "data" not in response.json()
    response = _sent(body, cast.portal_secret, JSON, method)
    assert (response.status_code, response["Content-Type"]) == (plain, f"{JSON}; charset=utf-8")


def test_a_partial_answer_is_294_of_its_own_type_alone(ask: Any) -> None:
    own, plain = ask.secretary.post(PARTIAL), ask.secretary.post(PARTIAL, accept=JSON)
    assert (own.status_code, own.reason_phrase, plain.status_code) == (294, "Partial Success", 200)
    assert own.json() == plain.json()
    assert errors_of(own.json()) == ["INVALID"]
    nothing = ask.secretary.post('{ complaints(after: "x") { totalCount nodes { id } } }')
    assert (nothing.status_code, nothing.json()["data"]) == (294, None)
    assert ask.secretary.post("{ __typename }").status_code == 200


def test_a_partial_answer_is_given_again_under_its_key_to_each_in_its_way(
    cast: Cast, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fault(_model: object) -> None:
        raise DomainError(ErrorCode.OUT_OF_TIME, "It is over.")

    settings.GRAPHQL_COMPILED_READS = False
    monkeypatch.setattr("schema.core.nodes.rows_of", fault)
    given = {"kind": "COMPLAINT", "channel": "WEB", "subject": "Kaldırım çöktü"}
    key = {"idempotency-key": "a-1"}
    asking = Asking(cast.secretary)
    first = asking.post(REPORT, {"input": given}, **key)
    assert errors_of(first.json()) == ["OUT_OF_TIME"]
    again, plain = (
        asking.post(REPORT, {"input": given}, **key),
        asking.post(REPORT, {"input": given}, **key, accept=JSON),
    )
    assert (first.status_code, again.status_code, plain.status_code) == (294, 294, 200)
    assert first.content == again.content == plain.content


def test_a_query_is_asked_by_query_and_nothing_is_changed_by_it(cast: Cast) -> None:
    asked = json.dumps(
        {"query": "query($n: Int!) { complaints(first: $n) { totalCount } }", "variables": {"n": 1}}
    )
    response = _sent(asked.encode(), cast.portal_secret, ACCEPT, "QUERY")
    assert (response.status_code, response.json()) == (200, {"data": {"complaints": {"totalCount": 0}}})
    assert response["Cache-Control"] == "no-store"
    changes = b'{"query": "mutation { apiTokenRevoke(input: {id: \\"x\\"}) { errors { code } } }"}'
    response = _sent(changes, cast.portal_secret, ACCEPT, "QUERY")
    assert (response.status_code, "data" in response.json()) == (422, False)
    untyped = Client().generic("QUERY", "/graphql/", asked, content_type="", headers={"accept": ACCEPT})
    assert untyped.status_code == 415


def test_query_needs_the_token_of_the_page_where_a_browser_asks(cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.secretary)
    response = client.generic("QUERY", "/graphql/", b'{"query": "{ me { username } }"}', content_type=JSON)
    assert errors_of(response.json()) == ["FORBIDDEN"]


def test_what_is_not_taken_says_what_is(cast: Cast) -> None:
    response = Client().put("/graphql/", b"{}", content_type=JSON)
    assert (response.status_code, response["Allow"]) == (405, "GET, POST, QUERY")
    assert response["Accept-Query"] == f'"{JSON}"'


def test_a_request_that_does_not_arrive_is_408(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def late(*_args: Any) -> bytes:
        raise TimeoutError

    monkeypatch.setattr(LimitedStream, "read", late)
    response = _sent(b'{"query": "{ __typename }"}', cast.portal_secret, ACCEPT)
    assert (response.status_code, errors_of(response.json())) == (408, ["BAD_REQUEST"])
