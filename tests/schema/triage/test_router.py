"""The router in the API: suggestions of a text and of a case, versions, going back, the score."""

from __future__ import annotations

from typing import Any

import pytest

from backend.core.localtime import today
from backend.core.session import system
from backend.triage import serving, training
from backend.triage.models import RouterScore, RouterVersion
from schema.core.nodes import global_id
from tests.backend.triage.cases import LAMP, close, texts
from tests.cast import Cast
from tests.factories import make_complaint
from tests.schema.client import Asking, errors_of

OF_CASE = """query($id: ID!) { complaintSuggestions(id: $id) { isLearned
  categories { category { code } pastCases { id } }
  departments { department { code } surePercent words } } }"""
VERSIONS = """{ routerVersions(first: 5) { nodes { id number status isHeld cases rightPercent version viewerCan } } }"""


@pytest.fixture(autouse=True)
def _forgotten() -> Any:
    serving.forget()
    yield
    serving.forget()


def test_a_case_is_read_with_what_is_proposed_of_it(cast: Cast) -> None:
    close(cast, texts(130))
    assert training.learn()
    case = make_complaint(LAMP, body="", to=cast.park)
    key = global_id(case)
    found = Asking(cast.secretary).data(OF_CASE, id=key)["complaintSuggestions"]
    assert found["isLearned"]
    assert found["categories"][0]["category"]["code"] == "sokak-aydinlatmasi"
    assert found["departments"][0]["department"]["code"] == "fen-isleri"
    assert errors_of(Asking(cast.fen_clerk).answer(OF_CASE, id=key)) == ["NOT_FOUND"]
    assert errors_of(Asking().answer(OF_CASE, id=key)) == ["UNAUTHENTICATED"]
    long = Asking(cast.secretary).answer(
        "query($t: String!) { suggestions(text: $t) { isLearned } }", t="a" * 10_001
    )
    assert errors_of(long) == ["TOO_LARGE"]


def test_versions_are_listed_and_one_goes_back(cast: Cast) -> None:
    with system():
        for number, status in ((1, "KEPT"), (2, "IN_FORCE")):
            RouterVersion.objects.create(
                number=number, status=status, cases=400, categories=3, units=3, threshold=70, measured_on=80,
                right_percent=90, weights=b"x",
            )  # fmt: skip
    newest, older = Asking(cast.office_head).data(VERSIONS)["routerVersions"]["nodes"]
    assert (newest["number"], newest["viewerCan"]) == (2, [])
    assert older["viewerCan"] == ["PUT_IN_FORCE"]
    assert Asking(cast.fen_clerk).data(VERSIONS)["routerVersions"]["nodes"] == []
    refused = Asking(cast.secretary).does("routerVersionPutInForce", id=older["id"])
    assert [error["code"] for error in refused["errors"]] == ["FORBIDDEN"]
    head = Asking(cast.office_head)
    answer = head.does("routerVersionPutInForce", "routerVersion { status isHeld viewerCan }", id=older["id"])
    assert answer["errors"] == []
    assert answer["routerVersion"] == {"status": "IN_FORCE", "isHeld": True, "viewerCan": ["FOLLOW_NEWEST"]}
    again = head.does("routerVersionPutInForce", id=older["id"])  # a second click
    assert [error["code"] for error in again["errors"]] == ["WRONG_STATE"]
    assert head.does("routerVersionFollowNewest", id=older["id"])["errors"] == []
    with system():
        assert RouterVersion.objects.in_force().get().number == 2


def test_the_score_is_everybody_s_who_works_here(cast: Cast) -> None:
    with system():
        RouterScore.objects.create(
            month=today().replace(day=1), cases=50, spoke_percent=70, right_percent=91, changed_percent=9
        )
    query = (
        "{ routerScores(first: 5) { nodes { beginsOn category { code } cases spokePercent rightPercent } } }"
    )
    [row] = Asking(cast.park_clerk).data(query)["routerScores"]["nodes"]
    assert (row["category"], row["cases"], row["rightPercent"]) == (None, 50, 91)
    assert errors_of(Asking().answer(query)) == ["UNAUTHENTICATED"]
