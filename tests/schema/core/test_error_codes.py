"""Every code of a refusal is documented, with what to do then, and the server answers as the page says."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import override_settings
from django.utils import translation
from django.utils.translation import gettext

from backend.core.errors import ErrorCode
from backend.organization.models import User
from schema.core.errors import ERROR_KINDS, TOP_LEVEL, markdown
from tests.cast import Cast
from tests.factories import make_complaint
from tests.schema.client import Asking, errors_of

PAGE = Path(__file__).resolve().parents[3] / "docs" / "errors.md"


def test_the_page_is_what_the_code_says():
    assert PAGE.read_text("utf-8") == markdown()
    assert set(ERROR_KINDS) == {code.value for code in ErrorCode}
    for code in ErrorCode:
        assert f"| `{code}` |" in PAGE.read_text("utf-8")


def test_its_sentences_are_really_said_in_both_languages():
    for refusal in ERROR_KINDS.values():
        with translation.override("tr"):
            assert gettext(refusal.example) != refusal.example


@pytest.mark.parametrize(("language", "number"), [("tr", 0), ("en", 1), ("en-GB,en;q=0.9", 1), ("de", 0)])
def test_a_program_is_answered_in_the_language_it_asks_for(language: str, number: int, cast: Cast):
    said = ("Lütfen oturum açınız.", "Please sign in.")
    answer = Asking().post("{ complaints { totalCount } }", **{"Accept-Language": language})
    assert answer.json()["errors"][0]["message"] == said[number]
    query = "mutation($i: ComplaintRouteInput!) { complaintRoute(input: $i) { errors { code message } } }"
    given = {"i": {"id": "x", "to": "x"}}
    told = Asking(cast.secretary).post(query, given, **{"Accept-Language": language}).json()["data"]
    refusal = ERROR_KINDS["NOT_FOUND"].example
    with translation.override("en" if number else "tr"):
        assert told["complaintRoute"]["errors"] == [{"code": "NOT_FOUND", "message": gettext(refusal)}]


def test_codes_and_statuses_of_the_top_level(cast: Cast):
    make_complaint()
    clerk = Asking(cast.fen_clerk)
    answers = {
        "BAD_REQUEST": clerk.post(""),
        "GRAPHQL_VALIDATION_FAILED": clerk.post("{ nothing }"),
        "OVER_LIMIT": clerk.post("{ " + " ".join(f"a{n}: me {{ username }}" for n in range(200)) + " }"),
        "UNAUTHENTICATED": Asking(token="okm_wrong").post("{ me { username } }"),
        "TOO_LARGE": clerk.post("#" * 1_100_000),
    }
    with override_settings(MFA_REQUIRED_FOR_STAFF=True):
        answers["FORBIDDEN"] = clerk.post("{ me { username } }")
    statuses = {code: status for code, status, _when, _then in TOP_LEVEL}
    for code, answer in answers.items():
        assert errors_of(answer.json()) == [code], code
        assert str(answer.status_code) in statuses[code], code


def test_whoever_chose_a_language_is_answered_in_it(cast: Cast):
    query = "mutation($i: ComplaintRouteInput!) { complaintRoute(input: $i) { errors { message } } }"
    User.objects.filter(pk=cast.secretary.pk).update(language="en")
    person = Asking(User.objects.get(pk=cast.secretary.pk))
    told = person.post(query, {"i": {"id": "x", "to": "x"}}, **{"Accept-Language": "tr"}).json()["data"]
    assert told["complaintRoute"]["errors"] == [{"message": ERROR_KINDS["NOT_FOUND"].example}]
