"""Place, likeness and routing by GraphQL alone: what the office's own pages do, a program of the house does too.

A file of addresses is brought in the admin, as every large file is; the order of a crew's visits is reckoned on their
phone (`visits.js`), where the position stays. All else is asked and done here.
"""

from __future__ import annotations

import datetime as dt
import io
import json
from typing import Any

import pytest

from backend.complaints.models import Complaint
from backend.core.localtime import midnight, today
from backend.core.session import system
from backend.documents.importing import runs as import_runs
from backend.map import publishing
from backend.organization.models import Category
from backend.places.importing import jobs as register_jobs
from backend.places.importing import runs as register_runs
from backend.places.models import RegisterImport
from backend.routing import jobs as routing_jobs
from backend.routing.models import RuleTrial
from backend.triage import jobs as router_jobs
from backend.triage import runs, serving
from backend.triage.models import RouterVersion
from schema.core.nodes import global_id
from tests.backend.places.rows import make_boundary
from tests.backend.places.test_importing import ROWS, table
from tests.backend.triage.cases import LAMP, close, texts
from tests.backend.triage.test_scoring import proposals
from tests.cast import Cast
from tests.factories import make_category, make_neighbourhood
from tests.journeys.mail.test_by_mail import says
from tests.schema.client import Asking
from tests.schema.open311.test_open311 import Standard
from tests.schema.portal_client import make_notices, make_portal, portal
from tests.schema.submissions.test_proofs import opened

HOLE = (41.00210, 29.23110)
SIMILAR = """query S($to: SimilarTo, $of: ID) { similarComplaints(to: $to, of: $of) {
  complaint { id } score distance reasons isNear } }"""
OPEN = "query O($at: PortalOpenCasesInput!) { portalOpenCases(at: $at) { ticket about affected } }"
MATTER = """query M($i: ID!) { node(id: $i) { ... on Complaint { status affected instructions { reference }
  linked(first: 20) { status notices { kind body } } notices { kind body } } } }"""
RULES = "{ routingRules(first: 9) { nodes { name position validUntil } } }"
CONFLICTS = "{ routingConflicts { isHidden earlier { name } later { name } hidingRules { name } } }"
PROPOSAL = """query P($t: String!) { routingProposal(text: $t) { department { code } departmentRule
  priority priorityRule } }"""
RESULT = """query R($i: ID!) { node(id: $i) { ... on RuleTrial { status concerned changed } }
  ruleTrialResult(id: $i) { ways { toDepartment { code } count } sample { complaint { id } rule { name } } } }"""
SUGGESTED = """query G($i: ID!) { complaintSuggestions(id: $i) { isLearned version
  categories { category { code } words surePercent pastCases { id } }
  departments { department { code } words surePercent pastCases { responsibleDepartment { code } } } } }"""
VERSIONS = "{ routerVersions(first: 5) { nodes { id number status isHeld cases rightPercent } } }"
SCORES = "{ routerScores(first: 5) { nodes { category { code } cases spokePercent rightPercent changedPercent } } }"
IMPORTS = "{ registerImports(first: 1) { nodes { id status isDryRun isWritten counts refused reasons } } }"
ADDRESS = "query A($t: String!) { addressOf(text: $t) { place pointSource latitude longitude confidence } }"
AT = "query B($a: Float!, $o: Float!) { placeAt(latitude: $a, longitude: $o) { street neighbourhood } }"
CELLS = '{ mapCells(bbox: "29.1,40.9,29.4,41.1", zoom: 14) { total onWay } }'
PUBLIC = "{ publicMap { smallest cells { received } } }"
NEAR = "query N($i: ID!) { nearComplaints(of: $i) { distance complaint { id } } }"
POINT = "query P($i: ID!) { node(id: $i) { ... on Complaint { place pointSource pointAccuracy latitude } } }"


def taken_down(office: Asking, **facts: Any) -> str:
    """The id of an application that came by telephone."""
    said = {"kind": "COMPLAINT", "channel": "PHONE", "regime": "SERVICE_REQUEST"} | facts
    made = office.does("complaintRegister", "complaint { id }", **said)
    assert made["errors"] == []
    return str(made["complaint"]["id"])


@pytest.fixture
def holes(cast: Cast) -> Category:
    make_notices()
    return make_category("cukur", "Çukur", others_may_join=True)


@pytest.mark.full
def test_ten_reports_of_one_hole(cast: Cast, holes: Category) -> None:
    """Near and alike with distance and rank; linked, a duplicate, apart; one instruction, one answer, ten notices."""
    office, clerk = Asking(cast.secretary), Asking(cast.fen_clerk)
    about = {"subject": "Çukur", "category": global_id(holes)}
    reports: list[str] = []
    for number in range(10):
        spot = {"latitude": HOLE[0] + number * 0.00001, "longitude": HOLE[1]}
        asked = about | spot | {"place": "Aydın Sokak 12", "body": "Yolda derin bir çukur açıldı."}
        found = office.data(SIMILAR, to=asked)["similarComplaints"]
        assert [one["score"] for one in found] == sorted((one["score"] for one in found), reverse=True)
        who = {"firstName": f"İlk{number}", "lastName": "Işık", "phone": f"053211122{number:02d}"}
        reports.append(taken_down(office, **asked, newApplicant=who))
        if number:
            leader = next(one for one in found if one["complaint"]["id"] == reports[0])
            assert (leader["distance"], leader["isNear"]) == (1, True), "from the nearest one of the matter"
            assert "aynı adres" in leader["reasons"]
            says(office, "complaintLink", reports[-1], of=reports[0])
    again, lamp = (taken_down(office, **asked) for _each in range(2))
    says(office, "complaintMarkDuplicate", again, of=reports[0], notNotifiedReason="İsim ve adres bırakmadı.")
    assert reports[0] in [
        one["complaint"]["id"] for one in office.data(SIMILAR, of=lamp)["similarComplaints"]
    ]
    says(office, "complaintSetApart", lamp, of=reports[0])
    assert reports[0] not in [
        one["complaint"]["id"] for one in office.data(SIMILAR, of=lamp)["similarComplaints"]
    ]

    citizens = portal()
    (first, *_others) = citizens.data(OPEN, at={"category": "cukur", "place": "Aydın Sok. 12"})[
        "portalOpenCases"
    ]
    joined = {"ticket": first["ticket"], "session": opened(citizens), "privacyNotice": "case-tr-1"}
    assert citizens.does("portalCaseJoin", "joined { about }", **joined)["errors"] == []

    says(office, "complaintRoute", reports[0], to=global_id(cast.fen))
    told = {
        "principal": global_id(cast.mayors),
        "text": "Çukur kapatılsın.",
        "department": global_id(cast.fen),
    }
    given = office.does("instructionGive", "instruction { reference }", **told, complaint=reports[0])
    assert given["errors"] == []
    crew = clerk.data("{ complaints(first: 20) { nodes { id } } }")["complaints"]["nodes"]
    assert [one["id"] for one in crew] == [reports[0]], "one work for the crew"
    for step in ("complaintAccept", "complaintStart"):
        says(clerk, step, reports[0])
    says(clerk, "complaintDraft", reports[0], body="Çukur kapatılmıştır.")
    says(clerk, "complaintSubmit", reports[0])
    says(office, "complaintApprove", reports[0])
    proven = {"means": "POST", "proof": "RR 123 456 789 TR"}
    says(office, "complaintSend", reports[0], **proven)
    says(office, "complaintAnswerLinked", reports[0])
    for case in reports[1:]:
        says(office, "complaintSend", case, **proven)
    matter = office.data(MATTER, i=reports[0])["node"]
    assert matter["affected"] == 1
    assert matter["instructions"] == [given["instruction"]]
    replies = [*matter["notices"], *(notice for one in matter["linked"] for notice in one["notices"])]
    assert [one["body"] for one in replies if one["kind"] == "RESULT"].count("Çukur kapatılmıştır.") == 10


def test_a_report_by_open311_has_the_place_and_is_found_beside_the_others(
    cast: Cast, holes: Category
) -> None:
    office, first = Asking(cast.secretary), Standard(make_portal()[1])
    spot = {"lat": str(HOLE[0]), "long": str(HOLE[1]), "address_string": "Aydın Sokak 12"}
    told = first.reported(service_code="cukur", **spot)
    (known,) = json.loads(first.get(f"requests/{told['service_request_id']}.json").content)
    assert (float(known["lat"]), float(known["long"]), known["address"]) == (*HOLE, "Aydın Sokak 12")
    about = {"latitude": HOLE[0], "longitude": HOLE[1], "category": global_id(holes), "place": "aydın sk. 12"}
    (found,) = office.data(SIMILAR, to=about)["similarComplaints"]
    assert (found["distance"], found["isNear"]) == (0, True)


def test_rules_are_ordered_edited_limited_in_time_and_tried(cast: Cast) -> None:
    administrator, office = Asking(cast.administrator), Asking(cast.secretary)

    def saved(name: str, **fields: Any) -> str:
        made = administrator.does("routingRuleSave", "routingRule { id }", name=name, **fields)
        assert made["errors"] == []
        return str(made["routingRule"]["id"])

    park, fen = global_id(cast.park), global_id(cast.fen)
    wide = saved("Çukurlar", words=["çukur"], department=fen)
    narrow = saved("Parktaki çukurlar", words=["çukur", "park"], department=park, priority="HIGH")
    said = office.data(PROPOSAL, t="parkta çukur var")["routingProposal"]
    assert (said["departmentRule"], said["priorityRule"]) == ("Çukurlar", "Parktaki çukurlar")
    administrator.does("routingRuleMove", "routingRule { position }", id=narrow, before=wide)
    assert [row["name"] for row in office.data(RULES)["routingRules"]["nodes"]] == [
        "Parktaki çukurlar",
        "Çukurlar",
    ]
    (conflict,) = office.data(CONFLICTS)["routingConflicts"]
    assert (conflict["isHidden"], conflict["later"], conflict["hidingRules"]) == (
        True,
        {"name": "Çukurlar"},
        [{"name": "Parktaki çukurlar"}],
    )

    case = taken_down(office, subject="Parkta çukur", body="Çocuk düştü.")
    says(office, "complaintRoute", case, to=fen)
    period = {"fromOn": str(today()), "untilOn": str(today())}
    trial = administrator.does("ruleTrialStart", "ruleTrial { id }", **period)["ruleTrial"]["id"]
    with system():
        key = str(RuleTrial.objects.get().key)
    routing_jobs.try_rules(key)
    seen = office.data(RESULT, i=trial)
    assert seen["node"] == {"status": "DONE", "concerned": 1, "changed": 1}
    assert seen["ruleTrialResult"] == {
        "ways": [{"toDepartment": {"code": "park-ve-bahceler"}, "count": 1}],
        "sample": [{"complaint": {"id": case}, "rule": {"name": "Parktaki çukurlar"}}],
    }

    yesterday = str(today() - dt.timedelta(days=1))
    saved("Parktaki çukurlar", id=narrow, words=["çukur", "park"], department=park, validUntil=yesterday)
    said = office.data(PROPOSAL, t="parkta çukur var")["routingProposal"]
    assert (said["departmentRule"], said["priority"]) == ("Çukurlar", None), "its time is over"
    assert office.data(CONFLICTS)["routingConflicts"] == []


@pytest.mark.full
def test_the_router_is_trained_heard_rolled_back_silenced_and_scored(cast: Cast) -> None:
    administrator, head, office = (
        Asking(one) for one in (cast.administrator, cast.office_head, cast.secretary)
    )
    close(cast, texts(130))
    for _each in range(2):
        assert administrator.does("routerTrain", "routerVersion { status }")["errors"] == []
        with system():
            waiting = str(RouterVersion.objects.get(status="WAITING").key)
        assert runs.train(waiting)
    serving.forget()

    case = taken_down(office, subject=LAMP[:60], body=LAMP)
    says(office, "complaintRoute", case, to=global_id(cast.park))
    found = office.data(SUGGESTED, i=case)["complaintSuggestions"]
    category, unit = found["categories"][0], found["departments"][0]
    assert (found["isLearned"], category["category"]["code"]) == (True, "sokak-aydinlatmasi")
    assert (unit["department"]["code"], unit["surePercent"] > 0) == ("fen-isleri", True)
    assert category["words"]
    assert unit["pastCases"], "the cases it rests on"
    changed = [{"name": "ROUTER_FOR_UNITS", "value": "true"}]
    assert administrator.does("officeSettingsChange", settings=changed)["errors"] == []
    heard = Asking(cast.park_clerk).data(SUGGESTED, i=case)["complaintSuggestions"]
    assert [one["department"]["code"] for one in heard["departments"]] == ["fen-isleri"]
    assert heard["version"] is None
    assert (heard["departments"][0]["surePercent"], heard["departments"][0]["pastCases"]) == (None, [])

    newest, older = head.data(VERSIONS)["routerVersions"]["nodes"]
    assert (newest["status"], older["status"]) == ("IN_FORCE", "KEPT")
    says(head, "routerVersionPutInForce", older["id"])
    assert office.data(SUGGESTED, i=case)["complaintSuggestions"]["version"] == older["number"]
    changed = [{"name": "ROUTER_SILENT_UNITS", "value": "fen-isleri"}]
    assert administrator.does("officeSettingsChange", settings=changed)["errors"] == []
    silent = office.data(SUGGESTED, i=case)["complaintSuggestions"]
    assert (silent["departments"], bool(silent["categories"])) == ([], True)

    with system():
        in_force = RouterVersion.objects.get(status="IN_FORCE")
    proposals(cast, right=36, wrong=24, router=in_force)
    router_jobs.score_at_night()
    whole = office.data(SCORES)["routerScores"]["nodes"][0]
    assert (whole["cases"], whole["rightPercent"], whole["changedPercent"]) == (60, 60, 40)
    told = administrator.data("{ notifications(first: 9) { nodes { text } } }")["notifications"]["nodes"]
    assert {"text": "triage/drift"} in told
    serving.forget()


def test_the_register_an_address_the_map_and_what_is_near(
    cast: Cast, holes: Category, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_runs, "TELL_SECONDS", 3600.0)  # it looks on a connection of its own
    administrator, office = Asking(cast.administrator), Asking(cast.secretary)
    merve = make_neighbourhood("merve", "Merve")
    make_boundary(merve, 29.25, 41.015)
    with system():
        file = io.BytesIO(table(*ROWS[:4]).encode())
        row = register_runs.bring(file, name="a.csv", kind="ADDRESSES", source="MAKS", by=cast.administrator)
    register_jobs.import_register(str(row.key), row.run)
    (looked,) = administrator.data(IMPORTS)["registerImports"]["nodes"]
    assert (looked["isDryRun"], looked["isWritten"], looked["refused"]) == (True, False, 1)
    assert looked["counts"]["doors"] == {"new": 2, "changed": 0, "same": 0}
    says(administrator, "registerImportStart", looked["id"])
    with system():
        row = RegisterImport.objects.get()
    register_jobs.import_register(str(row.key), row.run)
    (written,) = administrator.data(IMPORTS)["registerImports"]["nodes"]
    assert written["isWritten"]

    best = office.data(ADDRESS, t="Merve mah. Aydın sk. 12 önünde çukur")["addressOf"][0]
    assert (best["pointSource"], best["confidence"] > 0.85) == ("DOOR", True)
    here = {"a": best["latitude"], "o": best["longitude"]}
    assert office.data(AT, **here)["placeAt"] == {"street": "Aydın Sokak", "neighbourhood": "merve"}
    assert office.data(AT, a=41.3, o=29.3)["placeAt"] is None, "outside the district"
    about = {
        "subject": "Çukur",
        "body": "Çukur.",
        "category": global_id(holes),
        "neighbourhood": global_id(merve),
    }
    first = taken_down(office, **about, place="Aydın Sokak 12")
    second = taken_down(office, **about, place="Aydın Sokak 12/A")
    pinned = taken_down(office, **about, latitude=best["latitude"], longitude=best["longitude"])
    point = office.data(POINT, i=first)["node"]
    assert (point["pointSource"], point["pointAccuracy"], point["latitude"]) == ("DOOR", 10, best["latitude"])
    near = office.data(NEAR, i=pinned)["nearComplaints"]
    assert [one["complaint"]["id"] for one in near] == [first, second]
    assert near[0]["distance"] < near[1]["distance"] < 30
    assert sum(cell["total"] for cell in office.data(CELLS)["mapCells"]) == 3
    assert Asking(cast.park_clerk).data(CELLS)["mapCells"] == []

    with system():
        last = midnight(today().replace(day=1) - dt.timedelta(days=5))
        Complaint.objects.update(registered_at=last)
        publishing.publish()
    assert Asking().data(PUBLIC)["publicMap"] == {"smallest": 5, "cells": []}, "three are too few"
