"""What a mutation answers with is read by the compiled path too, and put where the interpreter left room."""

from __future__ import annotations

import json
from unittest import mock

import pytest
from django.test import override_settings

from permissions.plans.reasons import NotCompilableError
from permissions.plans.statement import Statement
from schema.core.nodes import global_id
from schema.http import compiled
from schema.http.compiled import OPERATIONS
from tests.factories import make_citizen, make_complaint
from tests.schema.client import Asking, errors_of

COMMENT = """
mutation Comment($input: ComplaintCommentInput!, $lines: Int = 2, $short: Boolean!) {
  first: complaintComment(input: $input) {
    errors { code }
    complaint { ...Facts again: reference ... @include(if: $short) { status } __typename }
  }
  second: complaintComment(input: $input) { complaint { comments(first: 5) { body } } complaint { reference } }
}
fragment Facts on Complaint { id reference applicant { firstName } lines(first: $lines) { verb note } viewerCan }
"""


def compiled_payloads() -> float:
    return OPERATIONS.labels(path="payload compiled", reason="")._value.get()


def commented(asking: Asking, row, **more):
    given = {"id": global_id(row), "body": "Yerinde bakıldı."}
    return asking.answer(COMMENT, input=given, short=True, **more)


def test_a_payload_is_the_databases_text_and_says_the_same(cast, ask):
    one, other = (
        make_complaint(to=cast.fen, applicant=make_citizen(first_name="Ayşe")) for _each in range(2)
    )
    before = compiled_payloads()
    text = commented(ask.secretary, one)
    assert compiled_payloads() == before + 2
    with override_settings(GRAPHQL_COMPILED_READS=False):
        interpreted = commented(ask.secretary, other)
    assert compiled_payloads() == before + 2
    assert "errors" not in text
    expected = json.dumps(interpreted).replace(other.reference, one.reference)
    assert json.dumps(text).replace(global_id(one), "id") == expected.replace(global_id(other), "id")
    assert [line["body"] for line in text["data"]["second"]["complaint"]["comments"]] == [
        "Yerinde bakıldı."
    ] * 2


def test_who_is_shown_in_a_payload_is_in_the_read_log(cast, ask):
    citizen = make_citizen()
    row = make_complaint(to=cast.fen, applicant=citizen)
    with mock.patch("schema.http.pipeline.scope.log_access") as noted:
        commented(ask.secretary, row)
    assert set(noted.call_args.args[0]) == {citizen.pk}


def test_a_row_that_left_the_viewers_sight_is_null(cast, ask):
    row = make_complaint(to=cast.fen)
    fields = "complaint { reference }"
    answer = ask.fen_clerk.does("complaintReturn", fields, id=global_id(row), reason="Bizim işimiz değil.")
    assert answer == {"errors": [], "complaint": None}


def test_a_refused_mutation_shows_nothing(cast, ask):
    row = make_complaint(to=cast.fen)
    assert commented(ask.park_clerk, row)["data"]["first"]["complaint"] is None


@pytest.mark.parametrize("fault", [NotCompilableError("too_large"), Statement("SELECT 1 / 0", ())])
def test_what_cannot_be_compiled_is_interpreted_and_nothing_of_the_mutation_is_lost(cast, ask, fault):
    row = make_complaint(to=cast.fen)
    planned = [(fault, [])] * 2 if isinstance(fault, Statement) else fault
    with mock.patch.object(compiled.plans, "plan", side_effect=planned):
        answer = commented(ask.secretary, row)
    assert errors_of(answer) == []
    assert answer["data"]["second"]["complaint"]["reference"] == row.reference
    assert len(answer["data"]["second"]["complaint"]["comments"]) == 2


def test_two_operations_of_one_document_are_answered_each_with_what_it_asked(cast, ask):
    row = make_complaint(to=cast.fen)
    document = """
    mutation Shortly($input: ComplaintCommentInput!) { complaintComment(input: $input) { complaint { status } } }
    mutation Fully($input: ComplaintCommentInput!) { complaintComment(input: $input) { complaint { reference } } }
    """
    given = {"id": global_id(row), "body": "Yerinde bakıldı."}
    for name, expected in (("Shortly", {"status": "ASSIGNED"}), ("Fully", {"reference": row.reference})):
        body = {"query": document, "variables": {"input": given}, "operationName": name}
        answer = ask.secretary.client.post("/graphql/", body, content_type="application/json").json()
        assert answer["data"]["complaintComment"]["complaint"] == expected


def test_a_plan_for_a_payload_serves_other_rows_and_other_viewers_of_a_kind(cast, ask):
    rows = [make_complaint(to=cast.fen) for _each in range(3)]
    commented(ask.fen_clerk, rows[0])
    known = len(compiled.plans)
    assert [commented(ask.fen_clerk, row)["data"]["first"]["complaint"]["reference"] for row in rows[1:]] == [
        row.reference for row in rows[1:]
    ]
    assert len(compiled.plans) == known
