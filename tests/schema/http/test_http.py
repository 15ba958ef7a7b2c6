"""The endpoint as an HTTP server: whatever arrives, a client's fault is 4xx and tells no secrets."""

from __future__ import annotations

import json

import pytest
from django.db import connection
from django.test import Client

from schema.http.view import EXAMPLE
from tests.cast import signed_in
from tests.factories import make_citizen, make_complaint
from tests.schema.client import ACCEPT, Asking, errors_of

JSON = "application/json"
MALFORMED = {
    "utf-16": '{"query": "{ me { username } }"}'.encode("utf-16"),
    "invalid utf-8": b'{"query": "\xff\xfe"}',
    "a JSON string": b'"{ me }"',
    "a JSON number": b"1",
    "null": b"null",
    "empty": b"",
    "a batch": b'[{"query": "{ __typename }"}]',
    "brackets": b"[" * 100_000,
    "braces": b'{"a":' * 100_000,
    "lone surrogate": b'{"query": "{ complaintTracking(code: \\"\\ud800\\") { status } }"}',
    "no query": b"{}",
    "query of the wrong type": b'{"query": 1}',
    "variables of the wrong type": b'{"query": "{ __typename }", "variables": []}',
    "operationName of the wrong type": b'{"query": "{ __typename }", "operationName": 1}',
    "unknown operation": b'{"query": "query A { __typename }", "operationName": "B"}',
    "two operations": b'{"query": "query A { __typename } query B { __typename }"}',
    "syntax error": b'{"query": "{ me "}',
    "deeply nested query": json.dumps({"query": "{a" * 900}).encode(),
    "deeply nested list": json.dumps({"query": "{ nodes(ids: " + "[" * 900 + ") { id } }"}).encode(),
    "NaN": b'{"query": "{ __typename }", "variables": {"a": NaN}}',
    "subscription": b'{"query": "subscription { a }"}',
    "unknown field": b'{"query": "{ nothing }"}',
    "missing variable": b'{"query": "query($i: ID!) { complaintTracking(code: $i) { status } }"}',
}


@pytest.mark.parametrize("what", MALFORMED)
@pytest.mark.parametrize("who", ["secretary", "nobody"])
def test_a_malformed_request_is_the_clients_fault(cast, what, who):
    client = signed_in(cast.secretary) if who == "secretary" else Client()
    response = client.post("/graphql/", MALFORMED[what], content_type=JSON, headers={"accept": ACCEPT})
    assert 400 <= response.status_code < 500, response.content
    answer = json.loads(response.content)
    assert all(error["extensions"]["code"] for error in answer["errors"])
    assert "Traceback" not in response.content.decode()


@pytest.mark.parametrize(
    "content_type",
    [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/graphql",
        "",
    ],
)
def test_only_json_is_taken_so_that_no_foreign_form_can_post(cast, content_type):
    response = signed_in(cast.secretary).post(
        "/graphql/", b'{"query": "{ __typename }"}', content_type=content_type
    )
    assert response.status_code == 415


def test_another_charset_is_refused(cast):
    body = '{"query": "{ __typename }"}'.encode("utf-16")
    client = signed_in(cast.secretary)
    response = client.generic("POST", "/graphql/", body, content_type="application/json; charset=utf-16")
    assert response.status_code == 415


def test_a_body_over_the_limit_is_413(cast, settings):
    body = json.dumps(
        {"query": "{ __typename }", "variables": {"a": "x" * settings.GRAPHQL_LIMITS["body_bytes"]}}
    )
    assert signed_in(cast.secretary).post("/graphql/", body, content_type=JSON).status_code == 413


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_other_methods_are_405(cast, method):
    assert getattr(signed_in(cast.secretary), method)("/graphql/").status_code == 405


def test_get_runs_nothing_for_the_session_of_a_browser(cast):
    response = signed_in(cast.secretary).get(
        "/graphql/", {"query": "{ me { username } }"}, headers={"accept": JSON}
    )
    assert response.status_code == 405
    assert response["Allow"] == "GET, POST, QUERY"
    assert b"ozelkalem.memur" not in response.content


def test_a_program_asks_by_get_and_changes_nothing_by_it(cast):
    portal = Asking(token=cast.portal_secret)
    by_get = {"query": "query($n: Int!) { complaints(first: $n) { totalCount } }", "variables": '{"n": 1}'}
    answer = portal.client.get("/graphql/", by_get, headers=portal.headers)
    assert answer.json() == {"data": {"complaints": {"totalCount": 0}}}
    assert answer["Cache-Control"] == "no-store"
    by_get |= {"variables": "{"}
    assert portal.client.get("/graphql/", by_get, headers=portal.headers).status_code == 422
    mutation = {"query": 'mutation { apiTokenRevoke(input: {id: "x"}) { errors { code } } }'}
    assert portal.client.get("/graphql/", mutation, headers=portal.headers).status_code == 405


@pytest.mark.parametrize(
    ("accept", "content_type", "status"),
    [
        ("", "application/json", 200),
        ("*/*", "application/json", 200),
        ("application/json", "application/json", 200),
        ("application/graphql-response+json", "application/graphql-response+json", 422),
        (
            "application/graphql-response+json, application/json;q=0.9",
            "application/graphql-response+json",
            422,
        ),
        ("application/graphql-response+json;q=0.1, application/json", "application/json", 200),
    ],
)
def test_a_refused_document_is_422_only_for_whom_that_does_not_mean_a_broken_line(
    cast, accept, content_type, status
):
    headers = {"accept": accept} if accept else {}
    body = {"query": "{ nothing }"}
    response = signed_in(cast.secretary).post("/graphql/", body, content_type=JSON, headers=headers)
    assert response["Content-Type"] == f"{content_type}; charset=utf-8"
    assert response.status_code == status
    assert "Accept" in response["Vary"].split(", ")


def test_the_answer_is_of_the_graphql_type_not_cached_and_not_sniffed(ask):
    response = ask.secretary.post("{ me { username } }")
    assert response["Content-Type"] == "application/graphql-response+json; charset=utf-8"
    assert response["Cache-Control"] == "no-store"
    assert response["X-Content-Type-Options"] == "nosniff"
    plain = ask.secretary.post("{ me { username } }", accept="application/json")
    assert plain["Content-Type"] == "application/json; charset=utf-8"


def test_the_explorer_is_our_own_page_for_whoever_is_signed_in(cast):
    html = {"accept": "text/html"}
    response = signed_in(cast.secretary).get("/graphql/", headers=html)
    page = response.content.decode()
    assert response.status_code == 200
    assert "complaints(first: 10" in page
    assert "http://" not in page
    assert "https://" not in page
    assert "<script>" not in page
    assert "onload" not in page
    policy = response["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "unsafe-eval" not in policy
    turned_away = Client().get("/graphql/", headers=html)
    assert turned_away.status_code == 302
    assert turned_away["Location"].startswith("/accounts/login/")


def test_the_example_of_the_explorer_works(ask):
    assert ask.secretary.data(EXAMPLE)["complaints"]["totalCount"] == 0


def test_a_fault_of_ours_tells_nothing_and_logs_no_value(ask, monkeypatch, caplog):
    def broken(*_args, **_kwargs):
        raise RuntimeError("Ayşe Işık 10000000146")

    monkeypatch.setattr("schema.complaints.queries.figures", broken)
    answer = ask.secretary.answer("{ complaintFigures { open } }")
    assert answer["errors"][0]["extensions"] == {"code": "INTERNAL"}
    assert "Ayşe" not in str(answer)
    assert "RuntimeError" not in str(answer)
    records = [record for record in caplog.records if record.name == "schema"]
    assert records
    assert all("Ayşe" not in record.getMessage() for record in records)


def test_where_the_read_log_cannot_be_written_nothing_is_shown(ask, monkeypatch):
    """A failed statement ends the transaction; the citizen that was already read must not leave the house."""
    make_complaint(applicant=make_citizen("Gizem", "Sır"))

    def broken(*_args, **_kwargs):
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1/0")

    monkeypatch.setattr("schema.complaints.queries.figures", broken)
    response = ask.secretary.post(
        "{ complaints { nodes { applicant { fullName } } } complaintFigures { open } }"
    )
    assert response.status_code == 500
    assert errors_of(response.json()) == ["INTERNAL"]
    assert "Gizem" not in response.content.decode()


def test_errors_are_told_in_the_language_of_the_viewer(ask):
    query = '{ complaints(after: "x") { totalCount nodes { id } } }'
    turkish = ask.secretary.post(query).json()["errors"][0]["message"]
    english = ask.secretary.post(query, **{"accept-language": "en"}).json()["errors"][0]["message"]
    assert english == "This cursor is not one of this list. Begin again without it."
    assert turkish == "Bu imleç bu listenin değil. İmleçsiz yeniden başlayınız."
