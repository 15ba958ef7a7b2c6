"""Retention through GraphQL: the office's alone; a list is approved by another person; no program destroys anything."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from backend.complaints.models import Complaint
from backend.core.session import system
from backend.journal.models import AccessLog
from backend.retention import erasure
from backend.retention.choices import METHODS, Kind
from backend.retention.models import ErasureJob, RetentionRule
from schema.core.nodes import global_id
from tests.factories import make_citizen, make_complaint, make_subject_request, refetch
from tests.schema.conftest import Doors

RUN = "destructionRun { id reference status items settled version viewerCan list { label kind status dueOn ground } }"


@pytest.fixture
def old_case(ask: Doors) -> Complaint:
    citizen = make_citizen("Şükran", "Iğdır")
    case = make_complaint(applicant=citizen)
    with system():
        at = timezone.now() - dt.timedelta(days=6 * 366)
        Complaint.objects.filter(pk=case.pk).update(status="CLOSED", closed_at=at)
        RetentionRule.objects.create(
            code="basvuru", kind=Kind.CASE, years=5, method=METHODS[Kind.CASE][0], source="3071"
        )
    found = refetch(case)
    found.applicant = citizen
    return found


def codes(answer: dict[str, Any]) -> list[str]:
    return [error["code"] for error in answer["errors"]]


def test_a_run_from_its_list_to_its_start(ask: Doors, old_case: Complaint) -> None:
    made = ask.secretary.does("destructionPrepare", RUN)
    run = made["destructionRun"]
    assert (made["errors"], run["items"], run["status"]) == ([], 1, "PREPARED")
    assert run["list"] == [
        {
            "label": old_case.reference,
            "kind": "CASE",
            "status": "LISTED",
            "dueOn": run["list"][0]["dueOn"],
            "ground": "3071",
        }
    ]
    assert run["viewerCan"] == ["REJECT"]
    assert codes(ask.secretary.does("destructionApprove", id=run["id"])) == ["FORBIDDEN"]
    approved = ask.office_head.does("destructionApprove", RUN, id=run["id"], version=run["version"])
    assert approved["destructionRun"]["status"] == "APPROVED"
    stale = ask.office_head.does("destructionApprove", id=run["id"], version=run["version"])
    assert codes(stale) in (["CONFLICT"], ["WRONG_STATE"])
    started = ask.secretary.does("destructionStart", RUN, id=run["id"])
    assert started["destructionRun"]["status"] == "RUNNING"
    assert codes(ask.secretary.does("destructionStart", id=run["id"])) == ["WRONG_STATE"]
    standing = "{ destructionStanding { lastDoneOn isOverdue } }"
    assert ask.secretary.data(standing)["destructionStanding"] == {"lastDoneOn": None, "isOverdue": True}
    assert ask.fen_clerk.data(standing)["destructionStanding"] is None


def test_nobody_else_sees_or_does_any_of_it(ask: Doors, old_case: Complaint) -> None:
    made = ask.secretary.does("destructionPrepare", RUN)["destructionRun"]
    lists = "{ retentionRules { totalCount } legalHolds { totalCount } destructionRuns { totalCount } }"
    none = {name: {"totalCount": 0} for name in ("retentionRules", "legalHolds", "destructionRuns")}
    for stranger in (ask.fen_clerk, ask.fen_head, ask.outsider):
        assert stranger.data(lists) == none
        assert codes(stranger.does("destructionPrepare")) == ["FORBIDDEN"]
        assert codes(stranger.does("destructionApprove", id=made["id"])) == ["NOT_FOUND"]
        assert stranger.data("query($id: ID!) { node(id: $id) { id } }", id=made["id"]) == {"node": None}
        assert codes(stranger.does("legalHoldPlace", reason="x", kind="CASE")) == ["FORBIDDEN"]


def test_a_hold_stands_on_one_thing_and_is_lifted(ask: Doors, old_case: Complaint) -> None:
    hold = "legalHold { id reason complaint { reference } liftedAt }"
    placed = ask.secretary.does("legalHoldPlace", hold, reason="Dava", complaint=global_id(old_case))
    assert placed["legalHold"]["complaint"] == {"reference": old_case.reference}
    assert codes(ask.secretary.does("legalHoldPlace", reason="Dava", complaint=global_id(old_case))) == [
        "DUPLICATE"
    ]
    both = ask.secretary.does("legalHoldPlace", reason="x", kind="CASE", complaint=global_id(old_case))
    assert codes(both) == ["INVALID"]
    assert codes(ask.secretary.does("destructionPrepare")) == ["REQUIRED"]
    lifted = ask.secretary.does("legalHoldLift", hold, id=placed["legalHold"]["id"], reason="Bitti")
    assert lifted["legalHold"]["liftedAt"]


def test_the_head_alone_forgets_a_person_and_reports_about_one(ask: Doors, old_case: Complaint) -> None:
    citizen = old_case.applicant
    assert citizen is not None
    key = global_id(citizen)
    report = (
        "query($id: ID!) { subjectReport(citizen: $id)"
        " { entries { part reference } readings { reader purpose } } }"
    )
    assert ask.secretary.data(report, id=key) == {"subjectReport": None}
    found = ask.office_head.data(report, id=key)["subjectReport"]
    assert found["entries"] == [{"part": "CASE", "reference": old_case.reference}]
    assert {"reader": "Kemal Yıldız", "purpose": "subject report"} in found["readings"]
    with system():
        assert (
            AccessLog.objects.filter(purpose="subject report").count() == 1
        )  # a refused question shows nothing
    assert codes(ask.secretary.does("citizenAnonymise", id=key, reason="Başvuru")) == ["FORBIDDEN"]
    assert codes(ask.office_head.does("citizenAnonymise", id=key, reason=" ")) == ["REQUIRED"]
    asked = "erasureJob { id status reason struck left fault request { reference } }"
    because = make_subject_request(citizen=citizen, rights=["ERASE"])
    said = {"id": key, "reason": "Başvuru", "request": global_id(because)}
    done = ask.office_head.does("citizenAnonymise", asked, **said)
    row = done["erasureJob"]
    assert (done["errors"], row["status"], row["request"]) == (
        [],
        "WAITING",
        {"reference": because.reference},
    )
    assert ask.office_head.does("citizenAnonymise", asked, **said)["erasureJob"]["id"] == row["id"]
    with system():
        erasure.carry_out(str(ErasureJob.objects.get().key))
    read = "query($id: ID!) { node(id: $id) { ... on ErasureJob { status left fault } } }"
    ended = {"node": {"status": "DONE", "left": 0, "fault": ""}}
    assert ask.secretary.data(read, id=row["id"]) == ended
    assert ask.secretary.data("{ erasureJobs { totalCount } }") == {"erasureJobs": {"totalCount": 1}}
    for stranger in (ask.fen_clerk, ask.outsider):
        assert stranger.data(read, id=row["id"]) == {"node": None}
        assert stranger.data("{ erasureJobs { totalCount } }") == {"erasureJobs": {"totalCount": 0}}
    assert codes(ask.office_head.does("citizenAnonymise", id=key, reason="Başvuru")) == ["WRONG_STATE"]


def test_the_head_changes_a_rule(ask: Doors, old_case: Complaint) -> None:
    with system():
        key = global_id(RetentionRule.objects.get())
    said = {"id": key, "years": 7, "source": "Plan"}
    assert codes(ask.secretary.does("retentionRuleSave", **said)) == ["FORBIDDEN"]
    saved = ask.office_head.does(
        "retentionRuleSave", "retentionRule { years source isActive regime }", **said
    )
    assert saved["retentionRule"] == {"years": 7, "source": "Plan", "isActive": True, "regime": None}
    assert codes(ask.office_head.does("retentionRuleSave", **said | {"years": 200})) == ["INVALID"]
