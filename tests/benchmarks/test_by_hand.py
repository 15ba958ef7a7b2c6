"""The hand-written statements, the limit that the product is measured against, answer what the product answers."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from backend.organization.models import User
from benchmarks import comparing
from benchmarks.contenders.base import Viewer
from benchmarks.contenders.by_hand import ByHand
from benchmarks.contenders.product import Compiled
from benchmarks.questions import Question, questions
from permissions.core.scope import session
from schema.app import schema
from schema.core.documents import Context
from tests.benchmarks.conftest import token_of
from tests.cast import Cast, Populated

CURSORS = """{ complaints(first: 100, orderBy: {field: REGISTERED_AT, direction: DESC}) {
  edges { cursor node { reference } } } }"""


@pytest.fixture
def doors(settings: Any) -> Client:
    settings.ROOT_URLCONF = "benchmarks.by_hand.urls"
    return Client()


def viewer_of(user: User) -> tuple[Viewer, list[Question]]:
    """Somebody with a token, asked about what the office sees: they may see less."""
    secret = token_of(user)
    with session(User.objects.get(username="ozelkalem.memur")):
        data: Any = schema.execute_sync(CURSORS, context_value=Context()).data
    edges = data["complaints"]["edges"]
    cursors = dict.fromkeys((100, 200, 300, 400), edges[-1]["cursor"]) | {2: edges[1]["cursor"]}
    reference = edges[len(edges) // 2]["node"]["reference"]
    return Viewer(user.username, "", user.pk, secret, cursors), questions(reference, 2)


def asked(client: Client, contender: Any, viewer: Viewer, question: Question) -> bytes:
    answer = client.post(
        contender.path.format(key=question.key),
        json.dumps(contender.body(question, viewer)),
        content_type="application/json",
        headers={"authorization": f"Bearer {viewer.token}"},
    )
    assert answer.status_code == 200, answer.content
    return answer.content


def test_every_question_is_answered_alike_for_the_whole_cast(
    cast: Cast, populated: Populated, doors: Client
) -> None:
    rows = 0
    for user in cast.people().values():
        viewer, all_questions = viewer_of(user)
        for question in all_questions:
            texts = [asked(doors, one(), viewer, question) for one in (Compiled, ByHand)]
            right, found = map(comparing.rows, texts)
            if (
                question.key == "flat"
            ):  # one list of five hundred, and five pages of it that begin at other places
                right["rows"], found["rows"] = right["rows"][:100], found["rows"][:100]
            assert comparing.difference(right, found) is None, (user.username, question.title)
            rows += len(found["rows"])
    assert rows > 100


def test_a_difference_is_found_and_named() -> None:
    one = b'{"data": {"complaints": {"nodes": [{"at": "2026-11-25T09:00:00Z"}], "pageInfo": {"endCursor": "x"}}}}'
    same = (
        b'{"data": {"c": {"edges": [{"node": {"at": "2026-11-25T12:00:00+03:00"}}], "pageInfo":'
        b' {"endCursor": "y"}}}}'
    )
    other = same.replace(b"12:00", b"12:01")
    assert comparing.difference(comparing.rows(one), comparing.rows(same)) is None
    assert ".rows[0].at" in str(comparing.difference(comparing.rows(one), comparing.rows(other)))
    with pytest.raises(ValueError, match="no"):
        comparing.rows(b'{"errors": [{"message": "no"}]}')
