"""Beside each sentence that a portal shows stands a word to branch on, whatever language is spoken."""

from __future__ import annotations

from backend.appointments.choices import Status as RequestStatus
from backend.complaints.choices import Status
from permissions.appointments.portal import AppointmentStatus
from permissions.complaints.public import STANDING, STEPS
from tests.cast import Cast
from tests.schema.complaints.test_portal_cases import CONTACT, NOTICE, brought
from tests.schema.portal_client import make_notices, portal

CASE = "query($c: String!) { portalComplaint(code: $c) { status statusCode steps { kind label } } }"
LINES = "{ portalComplaints { nodes { status statusCode } } }"
TRACKED = "query($c: String!) { complaintTracking(code: $c) { statusCode steps { kind } } }"


def test_every_status_has_its_word() -> None:
    assert set(STANDING) == set(Status)
    assert {status.value for status in AppointmentStatus} == {status.value for status in RequestStatus}
    assert len({word.value for word in STEPS.values()}) == len({str(word.label) for word in STEPS.values()})


def test_a_case_says_where_it_stands_in_a_word_that_no_language_changes(cast: Cast) -> None:
    make_notices()
    mine = portal()
    code = brought(mine, contact=CONTACT, privacyNotice=NOTICE)
    turkish = mine.data(CASE, c=code)["portalComplaint"]
    assert turkish == {
        "status": "Alındı",
        "statusCode": "RECEIVED",
        "steps": [{"kind": "RECEIVED", "label": "Alındı"}],
    }
    english = mine.post(CASE, {"c": code}, **{"accept-language": "en"}).json()["data"]["portalComplaint"]
    assert (english["status"], english["statusCode"]) == ("Received", "RECEIVED")
    assert mine.data(LINES)["portalComplaints"]["nodes"] == [{"status": "Alındı", "statusCode": "RECEIVED"}]
    assert portal("vatandas").data(TRACKED, c=code)["complaintTracking"]["statusCode"] == "RECEIVED"
    mine.does("portalComplaintWithdraw", code=code)
    ended = mine.data(CASE, c=code)["portalComplaint"]
    assert (ended["statusCode"], ended["steps"][-1]["kind"]) == ("WITHDRAWN", "CLOSED")
