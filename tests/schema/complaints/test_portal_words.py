"""Beside each sentence that a portal shows stands a word to branch on, whatever language is spoken."""

from __future__ import annotations

import pytest
from django.db.models import DateTimeField, Value

from backend.appointments.choices import Status as RequestStatus
from backend.complaints import actions
from backend.complaints.choices import Status
from backend.complaints.models import Complaint
from backend.core.session import system
from permissions.appointments.portal import AppointmentStatus
from permissions.complaints.portal import brought_by
from permissions.complaints.public import STANDING, STEPS
from permissions.complaints.public_status import public_status, public_status_digest
from schema.open311.views import _request as _request_of
from tests.backend.complaints.replies.test_recalling import leave
from tests.backend.stories import say
from tests.cast import Cast
from tests.factories import refetch
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


@pytest.mark.usefixtures("held_messages")
def test_a_reply_that_still_waits_is_at_no_door(cast: Cast) -> None:
    """The portal's list, its page of a case, its subscriptions and Open311 say what `/takip/` says."""
    make_notices()
    mine, citizen = portal(), portal("vatandas")
    code = brought(mine, contact=CONTACT, privacyNotice=NOTICE)
    with system():
        case = Complaint.objects.get()
        actions.triage(case, by=cast.secretary, regime="SERVICE_REQUEST")
        actions.route(refetch(case), to=cast.fen, by=cast.secretary)
        before = public_status_digest(refetch(case))
    for verb, by in (("accept", cast.fen_clerk), ("draft", cast.fen_clerk), ("submit", cast.fen_clerk)):
        say(case, verb, by=by, **({"body": "Lamba değiştirildi."} if verb == "draft" else {}))
    say(case, "approve", by=cast.secretary)
    with system():
        prepared = public_status_digest(refetch(case))
    assert before != prepared

    def doors() -> set[str]:
        (line,) = mine.data(LINES)["portalComplaints"]["nodes"]
        page = mine.data(CASE, c=code)["portalComplaint"]
        tracked = citizen.data(TRACKED, c=code)["complaintTracking"]
        assert page["steps"][-1]["kind"] == tracked["steps"][-1]["kind"]
        with system():
            asked = (
                brought_by(refetch(case).registered_by)
                .annotate(notified_at=Value(None, DateTimeField()))
                .get()
            )
            notes = _request_of(asked)["status_notes"]
            stands = public_status(refetch(case))["statusCode"]
        assert notes == line["status"] == page["status"]
        return {line["statusCode"], page["statusCode"], tracked["statusCode"], str(stands)}

    say(case, "send", by=cast.secretary, means="EMAIL")
    assert doors() == {"REPLY_PREPARED"}
    may = mine.data("query($c: String!) { portalComplaint(code: $c) { canRate answerDueOn } }", c=code)
    assert may["portalComplaint"]["canRate"] is False, "what one has not got one does not judge"
    assert may["portalComplaint"]["answerDueOn"]
    with system():
        assert public_status_digest(refetch(case)) == prepared
    say(case, "recall", by=cast.secretary)
    assert doors() == {"REPLY_PREPARED"}
    with system():
        assert public_status_digest(refetch(case)) == prepared, "nothing happened to the citizen"
    say(case, "send", by=cast.secretary, means="EMAIL")
    leave(case)
    assert doors() == {"REPLIED"}
