"""Posts on social media over the API: with a new case, later, and through a portal."""

from __future__ import annotations

from typing import Any

import pytest

from tests.admin_ui.complaints.test_pictures import picture
from tests.cast import Cast
from tests.factories import make_complaint
from tests.schema.client import Asking
from tests.schema.portal_client import make_notices, make_portal, portal
from tests.website.test_photos import brings_to_portal

LINK = "https://www.instagram.com/p/CxYz123/"
POST = {"link": LINK, "author": "isil.ornek", "postedAt": "2026-11-01T09:30:00+03:00"}
SHOWN = "posts { network link author text postedAt picture { name } }"
CASE = f"query($r: String!) {{ complaint(reference: $r) {{ id channel body attachments {{ id }} {SHOWN} }} }}"
NEW = {
    "kind": "COMPLAINT",
    "channel": "SOCIAL_MEDIA",
    "subject": "Kaldırım çöktü",
    "body": "Kaldırım çöktü 🌳",
}


@pytest.fixture
def desk(cast: Cast) -> Asking:
    return Asking(cast.secretary)


def case_of(desk: Asking, reference: str) -> dict[str, Any]:
    found: dict[str, Any] = desk.data(CASE, r=reference)["complaint"]
    return found


def test_a_case_comes_with_its_post(desk: Asking) -> None:
    taken = desk.does("complaintRegister", "receipt { reference }", **NEW, post=POST)
    assert taken["errors"] == []
    (post,) = case_of(desk, taken["receipt"]["reference"])["posts"]
    assert (post["network"], post["link"], post["author"]) == ("INSTAGRAM", LINK, "isil.ornek")
    assert post["text"] == NEW["body"]  # what the case says is what the post says
    assert post["picture"] is None
    (wrong,) = desk.does("complaintRegister", **NEW, post={"link": "yok"})["errors"]
    assert (wrong["code"], wrong["field"]) == ("INVALID", "post.link")


def test_a_post_is_recorded_later_with_a_picture_of_the_case(cast: Cast, desk: Asking) -> None:
    reference = make_complaint("Çukur", to=cast.fen).reference
    case = case_of(desk, reference)
    recorded = desk.does("complaintRecordPost", f"complaint {{ {SHOWN} }}", id=case["id"], link=LINK)
    assert recorded["errors"] == []
    assert recorded["complaint"]["posts"][0]["text"] == ""
    clerk = Asking(cast.fen_clerk)
    (refused,) = clerk.does("complaintRecordPost", id=case["id"], link=LINK)["errors"]
    assert refused["code"] == "FORBIDDEN"
    conversation = (
        "query($c: ID!) { complaintConversation(complaint: $c) { nodes { channel post { link } } } }"
    )
    nodes = desk.data(conversation, c=case["id"])["complaintConversation"]["nodes"]
    assert {"channel": "SOCIAL_MEDIA", "post": {"link": LINK}} in nodes


def test_a_portal_brings_a_post_with_its_picture(cast: Cast, desk: Asking) -> None:
    make_notices()
    _account, token = make_portal()
    asking = Asking(token=token)
    assert brings_to_portal(token, "a" * 22, picture()).status_code == 201
    given = {"kind": "COMPLAINT", "subject": "Kaldırım çöktü", "text": "Kaldırım çöktü", "files": "a" * 22}
    taken = asking.does("portalComplaintSubmit", "reference", **given, post=POST)
    assert taken["errors"] == []
    case = case_of(desk, taken["reference"])
    assert case["channel"] == "SOCIAL_MEDIA"
    assert case["posts"][0]["picture"] is not None
    (wrong,) = asking.does("portalComplaintSubmit", **(given | {"files": None}), channel="PHONE", post=POST)[
        "errors"
    ]
    assert wrong["field"] == "channel"


def test_the_portal_is_not_shown_whose_post_it_was(cast: Cast) -> None:
    make_notices()
    asking = portal()
    given = {"kind": "COMPLAINT", "subject": "Kaldırım çöktü", "text": "Kaldırım çöktü"}
    taken = asking.does("portalComplaintSubmit", "trackingCode", **given, post=POST)
    (wrong,) = asking.answer(
        "query($c: String!) { portalComplaint(code: $c) { posts { link } } }", c=taken["trackingCode"]
    )["errors"]
    assert "posts" in wrong["message"]
