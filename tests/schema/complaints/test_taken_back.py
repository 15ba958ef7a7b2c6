"""A result recorded by mistake is taken back, for a reason; a case and the request it came of know of each other."""

from __future__ import annotations

from typing import Any

import pytest
from freezegun import freeze_time

from backend.appointments import actions
from backend.appointments.models import AppointmentRequest, Visit
from backend.complaints import actions as complaints
from backend.core.session import system
from backend.programme.models import Entry
from schema.core.nodes import encode
from tests.cast import Cast
from tests.days import DAY, day
from tests.factories import at, make_entry, make_public_day, make_request, refetch
from tests.schema.client import Asking

AFTERWARDS = freeze_time(f"{DAY}T15:00:00+03:00")
FIELDS = "request { status outcome outcomeNote viewerCan lines(first: 1) { verb note fromStatus toStatus } }"


OVER = "2026-11-02"
"""A day that has passed by the clock of the database too, which says what may be done now."""


def _approved(cast: Cast, on: str = DAY, **facts: Any) -> AppointmentRequest:
    request = make_request(cast.mayors, **facts)
    with system():
        actions.approve(
            request, by=cast.secretary, means="PHONE", starts_at=at(on, "10:00"), accept_unusual=True
        )
    return refetch(request)


def _undo(user: Any, request: AppointmentRequest, reason: str = "Yanlış satır") -> dict[str, Any]:
    id = encode("AppointmentRequest", request.key)
    return Asking(user).does("appointmentUndo", FIELDS, id=id, reason=reason)


def test_somebody_who_was_recorded_as_absent_has_come_after_all(cast: Cast) -> None:
    request = _approved(cast, OVER)
    with AFTERWARDS:
        with system():
            actions.mark_no_show(request, by=cast.secretary)
        (error,) = _undo(cast.secretary, request, " ")["errors"]
        assert (error["code"], error["field"]) == ("REQUIRED", "reason")
        answer = _undo(cast.secretary, request)
        assert answer["errors"] == []
        assert answer["request"]["status"] == "APPROVED"
        assert "COMPLETE" in answer["request"]["viewerCan"]
        assert answer["request"]["lines"] == [
            {"verb": "UNDONE", "note": "Yanlış satır", "fromStatus": "NO_SHOW", "toStatus": "APPROVED"}
        ]
        assert refetch(Entry(pk=request.entry_id)).status == "CONFIRMED"
        (error,) = _undo(cast.secretary, request)["errors"]
        assert error["code"] == "WRONG_STATE"


def test_what_was_settled_by_mistake_loses_its_outcome_and_the_story_keeps_it(cast: Cast) -> None:
    request = _approved(cast)
    with AFTERWARDS:
        with system():
            actions.complete(request, by=cast.secretary, outcome="SOLVED", note="Çözüldü")
        answer = _undo(cast.secretary, request)["request"]
    assert (answer["status"], answer["outcome"], answer["outcomeNote"]) == ("APPROVED", None, "")
    entry = refetch(Entry(pk=request.entry_id))
    assert (entry.status, entry.outcome) == ("CONFIRMED", "")
    with system():
        assert request.lines.filter(verb="settled", note="Çözüldü").exists()


def test_a_missed_time_that_was_given_away_stays_missed(cast: Cast) -> None:
    request = _approved(cast)
    with AFTERWARDS:
        with system():
            actions.mark_no_show(request, by=cast.secretary)
        make_entry(cast.mayors, "Başkası", at(DAY, "10:00"), by=cast.secretary)
        (error,) = _undo(cast.secretary, request)["errors"]
    assert error["code"] == "CONFLICT"
    assert refetch(request).status == "NO_SHOW"


@pytest.mark.parametrize(("ended", "stands"), [("miss", "EXPECTED"), ("see_out", "IN")])
def test_a_visitor_of_the_public_day_stands_where_they_stood(cast: Cast, ended: str, stands: str) -> None:
    session, request = make_public_day(cast.mayors), make_request(cast.mayors)
    with freeze_time(f"{day(2)}T11:00:00+03:00"):
        with system():
            actions.assign_to_public_day(request, session=session, by=cast.secretary, means="PHONE")
            if ended == "see_out":
                actions.call_in(request, by=cast.secretary)
                actions.complete_visit(request, by=cast.secretary, outcome="SOLVED")
            else:
                actions.mark_no_show(request, by=cast.secretary)
        assert _undo(cast.office_head, request)["request"]["status"] == "ON_PUBLIC_DAY"
    with system():
        visit = Visit.objects.get(request=request)
    assert (visit.status, visit.out_at) == (stands, None)


def test_a_department_takes_back_its_own_result_and_no_other_sees_it(cast: Cast) -> None:
    request = make_request(cast.mayors)
    with system():
        actions.redirect(request, by=cast.secretary, department=cast.park, means="PHONE")
        actions.complete(request, by=cast.park_clerk, outcome="INFORMED")
    (error,) = _undo(cast.fen_clerk, request)["errors"]
    assert error["code"] == "NOT_FOUND"
    assert _undo(cast.park_clerk, request)["request"]["status"] == "REDIRECTED"


def test_an_entry_nobody_asked_for_is_taken_back_with_a_reason(cast: Cast) -> None:
    entry = make_entry(cast.mayors, "Encümen", at(DAY, "10:00"), by=cast.secretary)
    id = encode("ProgrammeEntry", entry.key)
    with AFTERWARDS:
        asking = Asking(cast.secretary)
        done = asking.does("programmeEntryFinish", "entry { status }", id=id, outcome="Karar alındı")
        assert done["entry"] == {"status": "DONE"}
        (error,) = asking.does("programmeEntryRestore", id=id)["errors"]
        assert (error["code"], error["field"]) == ("REQUIRED", "note")
        fields = "entry { status outcome lines(first: 1) { note details } }"
        answer = asking.does("programmeEntryRestore", fields, id=id, note="Toplanmadı")["entry"]
    assert (answer["status"], answer["outcome"]) == ("CONFIRMED", "")
    assert answer["lines"] == [
        {"note": "Toplanmadı", "details": {"values": {"outcome": ["Karar alındı", ""]}}}
    ]


BOTH = """
query ($case: ID!, $request: ID!) {
  case: node(id: $case) { ... on Complaint { reference appointmentRequests { reference } } }
  request: node(id: $request) { ... on AppointmentRequest { reference complaint { reference } } }
}
"""


def test_a_case_and_its_request_are_linked_for_whoever_sees_the_other(cast: Cast) -> None:
    request = make_request(cast.mayors)
    with system():
        complaint = actions.convert_to_complaint(request, by=cast.secretary).complaint
        assert complaint is not None
        complaints.route(complaint, to=cast.park, by=cast.secretary)
    ids = {
        "case": encode("Complaint", complaint.key),
        "request": encode("AppointmentRequest", request.key),
    }
    office = Asking(cast.secretary).data(BOTH, **ids)
    assert office["case"]["appointmentRequests"] == [{"reference": request.reference}]
    assert office["request"]["complaint"] == {"reference": complaint.reference}
    park = Asking(cast.park_clerk).data(BOTH, **ids)
    assert park == {"case": {"reference": complaint.reference, "appointmentRequests": []}, "request": None}
