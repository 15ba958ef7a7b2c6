"""What anybody is advised before they send something, and the right to follow every case by its code."""

from __future__ import annotations

import pytest

from backend.core.session import system
from backend.organization.models import BodyMatter
from tests.cast import Cast
from tests.factories import make_body, make_category, make_complaint
from tests.schema.client import Asking
from tests.schema.portal_client import portal

ADVICE = (
    "query A($text: String!, $place: String!) { publicAdvice(text: $text, place: $place)"
    " { calls { say body { shortName shortCode } } categories { code name groupName } body { shortName isPublic } } }"
)
FOLLOW = "query F($code: String!) { portalComplaint(code: $code) { reference canAdd } }"


@pytest.fixture
def catalogue(cast: Cast) -> None:
    iski = make_body("iski", "İstanbul Su ve Kanalizasyon İdaresi", "İSKİ", short_code="185")
    gas = make_body("igdas", "İstanbul Gaz Dağıtım", "İGDAŞ", short_code="187", is_public=False)
    roads = make_category("yol", "Yol")
    make_category("kaldirim", "Kaldırım ve bordür", parent=roads, keywords=["kaldırım"])
    make_category("rogar", "Rögar kapağı", keywords=["rögar"], body=iski)
    with system():
        BodyMatter.objects.create(
            code="acil-gaz",
            body=gas,
            name="Gaz kaçağı",
            keywords=["gaz koku"],
            say_at_once="187'yi arayınız.",
        )


def test_anybody_is_advised_by_their_words(catalogue: None) -> None:
    found = Asking().data(ADVICE, text="KALDIRIMDA derin bir çukur var", place="")["publicAdvice"]
    assert found == {
        "calls": [],
        "categories": [{"code": "kaldirim", "name": "Kaldırım ve bordür", "groupName": "Yol"}],
        "body": None,
    }


def test_danger_is_said_first_and_whose_it_is(catalogue: None) -> None:
    found = Asking().data(ADVICE, text="Rögarın yanında gaz kokusu var", place="")["publicAdvice"]
    assert found["calls"] == [{"say": "187'yi arayınız.", "body": {"shortName": "İGDAŞ", "shortCode": "187"}}]
    assert found["body"] == {"shortName": "İSKİ", "isPublic": True}


@pytest.mark.parametrize("text", ["", "🙂", "a" * 20_000, "\u0000 x"])
def test_odd_words_propose_nothing(catalogue: None, text: str) -> None:
    answer = Asking().answer(ADVICE, text=text, place="")
    assert "errors" in answer or answer["data"]["publicAdvice"]["categories"] == []


def test_a_portal_follows_its_own_cases_and_with_track_every_one_by_its_code(cast: Cast) -> None:
    case = make_complaint()
    assert portal("portal.own").data(FOLLOW, code=case.tracking_code)["portalComplaint"] is None
    site = portal("portal.site", scopes=("SUBMIT", "FOLLOW", "TRACK"))
    assert site.data(FOLLOW, code=case.tracking_code)["portalComplaint"]["reference"] == case.reference
    added = site.does(
        "portalComplaintAdd", "complaint { reference }", code=case.tracking_code, text="Büyüdü."
    )
    assert added["errors"] == []
    assert site.data(FOLLOW, code="0000-0000-0000")["portalComplaint"] is None


def test_track_alone_follows_nothing(cast: Cast) -> None:
    case = make_complaint()
    answer = portal("portal.track", scopes=("TRACK",)).answer(FOLLOW, code=case.tracking_code)
    assert [one["extensions"]["code"] for one in answer["errors"]] == ["FORBIDDEN"]
