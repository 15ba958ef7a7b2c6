"""The acceptance cases of the handbook (domain.md, section 8) through GraphQL; each test names its number."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import uuid4

import pytest
from freezegun import freeze_time

from backend.core.localtime import today
from backend.core.session import system
from backend.organization.models import Department
from backend.organization.reference import load
from schema.core.nodes import encode, global_id
from tests.factories import make_body, make_citizen, make_complaint, make_department, make_neighbourhood
from tests.schema.client import Asking

REGISTER = (
    "receipt { reference trackingCode } complaint { id reference status rawDueOn legalDueOn targetOn regime }"
)
DATES = "complaint { id rawDueOn legalDueOn targetOn lines(first: 1) { verb changedDates note } }"
PERSON = {
    "firstName": "Ayşe",
    "lastName": "Işık",
    "phone": "0532 111 22 33",
    "email": "ayse@example.org",
    "address": "Barış Sokak 5",
}


def at(day: str, hour: int = 10) -> Any:
    """The clock stands at this hour (UTC) of this day."""
    return freeze_time(f"{day}T{hour:02d}:00:00Z")


def register(asking: Asking, **fields: object) -> dict:
    given = {"kind": "COMPLAINT", "channel": "PHONE", "subject": "Çukur", "newApplicant": PERSON} | fields
    made = asking.does("complaintRegister", REGISTER, **given)
    assert made["errors"] == []
    return made["complaint"] | {"receipt": made["receipt"]}


def done(payload: dict) -> dict:
    assert payload["errors"] == []
    return payload["complaint"]


def refused(payload: dict) -> str:
    assert payload["complaint"] is None
    return payload["errors"][0]["code"]


@pytest.mark.parametrize(
    ("day", "raw", "legal", "target"),
    [
        ("2026-12-02", "2027-01-01", "2027-01-04", "2026-12-31"),
        ("2026-11-24", "2026-12-24", "2026-12-24", "2026-12-24"),
        ("2027-04-15", "2027-05-15", "2027-05-20", "2027-05-14"),
    ],
)
def test_case_1_a_petition_has_a_raw_a_legal_and_a_target_date(ask, day, raw, legal, target):
    with at(day):
        made = register(ask.secretary, channel="PETITION", kind="REQUEST", signatureGiven=True)
    assert (made["rawDueOn"], made["legalDueOn"], made["targetOn"]) == (raw, legal, target)


def test_case_2_an_information_request_counts_working_days_and_the_half_day(ask):
    with at("2026-10-12"):
        asking = ask.secretary
        made = register(asking, kind="INFORMATION_REQUEST", channel="WEB")
        assert made["legalDueOn"] == "2026-11-03"
        extended = done(
            asking.does("complaintExtend", DATES, id=made["id"], reason="Arşiv taraması sürüyor.")
        )
    assert extended["legalDueOn"] == "2026-11-24"
    assert extended["lines"][0]["changedDates"]["legal_due_on"] == ["2026-11-03", "2026-11-24"]


def test_case_3_an_extension_in_time_with_a_reason_and_only_once(ask):
    with at("2026-11-24"):
        made = register(ask.secretary, kind="INFORMATION_REQUEST", channel="WEB")
        other = register(ask.secretary, kind="INFORMATION_REQUEST", channel="WEB")
    with at("2026-12-14"):
        asking = ask.secretary
        assert refused(asking.does("complaintExtend", DATES, id=made["id"], reason="  ")) == "REQUIRED"
        assert (
            done(asking.does("complaintExtend", DATES, id=made["id"], reason="Arşiv"))["legalDueOn"]
            == "2027-01-06"
        )
        assert refused(asking.does("complaintExtend", DATES, id=made["id"], reason="Arşiv")) == "WRONG_STATE"
    with at("2026-12-16"):
        assert (
            refused(ask.secretary.does("complaintExtend", DATES, id=other["id"], reason="Arşiv"))
            == "OUT_OF_TIME"
        )


@pytest.mark.parametrize(("moves_statutory", "legal"), [(False, "2027-03-25"), (True, "2027-03-29")])
def test_case_5_administrative_leave_moves_targets_and_by_setting_the_law(
    ask, settings, moves_statutory, legal
):
    settings.LEAVE_MOVES_STATUTORY_DATES = moves_statutory
    with at("2027-03-01"):
        asking = ask.secretary
        request = register(asking, kind="INFORMATION_REQUEST", channel="WEB")
        service = register(asking)
        assert request["legalDueOn"] == "2027-03-25"
        for day in ("2027-03-08", "2027-03-12"):
            leave = asking.does(
                "administrativeLeaveSet", "leave { day } recomputed", day=day, reason="Kar tatili"
            )
            assert leave["errors"] == []
            assert leave["recomputed"] >= 1
        query = """query($i: [ID!]!) { nodes(ids: $i) { ... on Complaint {
            legalDueOn targetOn deadlineInputs lines(first: 1) { verb changedDates } } } }"""
        found, internal = asking.data(query, i=[request["id"], service["id"]])["nodes"]
    assert found["legalDueOn"] == legal
    assert found["deadlineInputs"]["leave_days"] == ["2027-03-08", "2027-03-12"]
    assert internal["targetOn"] > service["targetOn"]
    assert internal["lines"][0]["verb"] == "RECOMPUTED"
    assert internal["lines"][0]["changedDates"]["target_on"][1] == internal["targetOn"]


def test_case_7_a_petition_is_registered_whatever_it_lacks_and_ends_by_the_law(ask):
    asking = ask.secretary
    without_number = register(asking, channel="PETITION", kind="REQUEST", signatureGiven=True)
    assert without_number["receipt"]["reference"]
    lacking = register(
        asking, channel="PETITION", kind="REQUEST", newApplicant={"firstName": "Ali"}, signatureGiven=False
    )
    assert lacking["receipt"]["trackingCode"]
    for mutation, fields in [
        ("complaintDraft", {"body": "Cevap"}),
        ("complaintSubmit", {}),
        ("complaintApprove", {}),
    ]:
        done(asking.does(mutation, "complaint { status }", id=lacking["id"], **fields))
    assert (
        refused(asking.does("complaintSend", "complaint { id }", id=lacking["id"], means="POST", proof="x"))
        == "WRONG_STATE"
    )
    ended = done(
        asking.does(
            "complaintMarkNotExaminable",
            "complaint { status outcome notExaminableReason }",
            id=lacking["id"],
            reason="MISSING_ELEMENTS",
            notNotifiedReason="Adres ve telefon bildirilmemiş.",
        )
    )
    assert ended == {
        "status": "NOT_EXAMINABLE",
        "outcome": "NOT_EXAMINABLE",
        "notExaminableReason": "MISSING_ELEMENTS",
    }


def test_case_8_a_call_has_only_a_target_and_the_same_text_as_a_petition_a_limit(ask):
    asking = ask.secretary
    call, petition = register(asking), register(asking, channel="PETITION", signatureGiven=True)
    assert (call["legalDueOn"], call["regime"]) == (None, "SERVICE_REQUEST")
    assert call["targetOn"]
    assert (petition["regime"], bool(petition["legalDueOn"])) == ("PETITION_3071", True)
    query = "query($f: ComplaintFilter) { complaints(filter: $f) { nodes { reference } } }"
    both = asking.data(query, f={})["complaints"]["nodes"]
    assert {node["reference"] for node in both} == {call["reference"], petition["reference"]}
    only = asking.data(query, f={"regime": ["SERVICE_REQUEST"]})["complaints"]["nodes"]
    assert only == [{"reference": call["reference"]}]


def test_case_9_what_is_forwarded_closes_only_after_the_citizen_was_told_and_is_not_solved(ask):
    asking, iski = ask.secretary, make_body()
    made = register(asking, subject="Su borusu patladı", channel="PETITION", signatureGiven=True)
    assert (
        refused(asking.does("complaintForward", "complaint { id }", id=made["id"], to=global_id(iski)))
        == "REQUIRED"
    )
    forwarded = done(
        asking.does(
            "complaintForward",
            "complaint { status forwardings { number body { shortName } notice { kind } } }",
            id=made["id"],
            to=global_id(iski),
            number="E-1-622.03-5",
        )
    )
    assert forwarded["forwardings"] == [
        {"number": "E-1-622.03-5", "body": {"shortName": "İSKİ"}, "notice": None}
    ]
    assert refused(asking.does("complaintClose", "complaint { id }", id=made["id"])) == "WRONG_STATE"
    done(asking.does("complaintNotifyForwarding", "complaint { status }", id=made["id"]))
    closed = done(asking.does("complaintClose", "complaint { status outcome }", id=made["id"]))
    assert closed == {"status": "CLOSED", "outcome": "FORWARDED"}
    figures = asking.data("{ complaintFigures { closed solved countable solvedShare } }")["complaintFigures"]
    assert figures == {"closed": 1, "solved": 0, "countable": 0, "solvedShare": None}


@pytest.fixture
def reference_data(cast):
    """The shipped departments, categories and outside bodies."""
    with system():
        report = load()
    assert report.problems == []


SUGGESTION = """query($t: String!, $p: String! = "") { categorySuggestion(text: $t, place: $p) {
  isAmbiguous needsChoice responsible { code } candidates { code } body { code shortCode } onMainArtery } }"""


def test_case_10_a_street_lamp_is_ayedas_through_fen_isleri_and_a_park_lamp_is_the_parks(ask, reference_data):
    lamp = ask.secretary.data(SUGGESTION, t="Sokak lambası yanmıyor")["categorySuggestion"]
    assert (lamp["body"], lamp["responsible"]) == (
        {"code": "ayedas", "shortCode": "186"},
        {"code": "fen-isleri"},
    )
    park = ask.secretary.data(SUGGESTION, t="Parkın içindeki lamba yanmıyor")["categorySuggestion"]
    assert park["responsible"] == {"code": "park-ve-bahceler"}
    assert park["body"] is None


def test_case_11_noise_is_never_settled_silently_and_a_collaborator_cannot_close(ask, cast, reference_data):
    noise = ask.secretary.data(SUGGESTION, t="gürültü")["categorySuggestion"]
    assert (noise["isAmbiguous"], noise["needsChoice"], noise["responsible"]) == (True, True, None)
    codes = {row["code"] for row in noise["candidates"]}
    assert codes == {"zabita", "iklim-degisikligi-ve-sifir-atik", "yapi-kontrol"}
    asking = ask.secretary
    made = register(asking, subject="Gürültü")
    done(asking.does("complaintRoute", "complaint { id }", id=made["id"], to=global_id(cast.fen)))
    done(
        asking.does(
            "complaintAddCollaborator", "complaint { id }", id=made["id"], department=global_id(cast.park)
        )
    )
    helper = ask.park_clerk
    seen = helper.data("{ complaints { nodes { id subject viewerCan } } }")["complaints"]["nodes"]
    assert [(node["id"], node["subject"]) for node in seen] == [(made["id"], "Gürültü")]
    assert seen[0]["viewerCan"] == ["COMMENT", "ATTACH"]
    done(helper.does("complaintComment", "complaint { id }", id=made["id"], body="Ölçüm yaptık."))
    for mutation, fields in [
        ("complaintClose", {"outcome": "SOLVED"}),
        ("complaintAccept", {}),
        ("complaintSubmit", {}),
    ]:
        assert refused(helper.does(mutation, "complaint { id }", id=made["id"], **fields)) == "FORBIDDEN"


TIP = """query($f: ComplaintFilter, $s: String) { complaints(filter: $f, search: $s) { totalCount nodes {
  identityHidden applicant { id fullName phone email address nationalIdMasked openComplaints { reference } }
  onBehalfOf { fullName } notices { proof body } } } }"""


def test_case_13_a_hidden_identity_leaks_by_no_path(ask, cast):
    asking = ask.secretary
    tip = register(asking, kind="TIP_OFF", channel="WEB", identityHidden=True)
    done(
        asking.does(
            "complaintMessage",
            "complaint { id }",
            id=tip["id"],
            body="Bilgi",
            means="PHONE",
            proof="Ayşe Işık'a söylendi",
        )
    )
    done(asking.does("complaintRoute", "complaint { id }", id=tip["id"], to=global_id(cast.fen)))
    known = asking.data(TIP)["complaints"]["nodes"][0]
    assert known["applicant"]["fullName"] == "Ayşe IŞIK"
    assert known["notices"][0]["proof"] == "Ayşe Işık'a söylendi"
    citizen = known["applicant"]["id"]
    # The same person also brought a case that hides nothing: through that one the department may know them.
    open_case = register(asking, subject="Açık", newApplicant=None, applicant=citizen)
    done(asking.does("complaintRoute", "complaint { id }", id=open_case["id"], to=global_id(cast.fen)))
    for who in ("fen_clerk", "fen_head"):
        department = getattr(ask, who)
        by_kind = department.data(TIP, f={"kind": ["TIP_OFF"]})["complaints"]["nodes"][0]
        assert (by_kind["identityHidden"], by_kind["applicant"], by_kind["onBehalfOf"]) == (True, None, None)
        assert [notice["proof"] for notice in by_kind["notices"]] == [""] * len(by_kind["notices"])
        assert "Ayşe" not in str(by_kind)
        by_applicant = department.data(TIP, f={"applicant": citizen})["complaints"]
        assert [node["identityHidden"] for node in by_applicant["nodes"]] == [False]
        assert by_applicant["totalCount"] == 1
        person = by_applicant["nodes"][0]["applicant"]
        assert person["openComplaints"] == [{"reference": open_case["reference"]}]
        assert department.data(TIP, s="Ayşe")["complaints"]["totalCount"] == 0
        preview = department.data(
            'query($i: ID!) { complaintMessagePreview(of: {message: {id: $i, body: "Merhaba"}}) { '
            "subject body } }",
            i=tip["id"],
        )
        assert ("Sayın Başvuru Sahibi" in str(preview)) == (who == "fen_head")
        assert "Ayşe" not in str(preview)
        assert "IŞIK" not in str(preview)


def test_case_13_who_may_see_is_remembered_and_who_may_not_sees_null_without_error(ask, cast):
    make_complaint(to=cast.fen, applicant=make_citizen("Gizli", "Kişi"), identity_hidden=True)
    assert ask.fen_clerk.data(TIP)["complaints"]["nodes"][0]["applicant"] is None
    assert ask.park_clerk.data(TIP)["complaints"]["nodes"] == []
    before = ask.office_head.data("{ readLog { totalCount } }")["readLog"]["totalCount"]
    assert ask.secretary.data(TIP)["complaints"]["nodes"][0]["applicant"]["fullName"] == "Gizli KİŞİ"
    log = ask.office_head.data("{ readLog { totalCount nodes { count subjectKind reader { fullName } } } }")[
        "readLog"
    ]
    assert log["totalCount"] == before + 1
    assert log["nodes"][0] == {
        "count": 1,
        "subjectKind": "contacts.citizen",
        "reader": {"fullName": "Zeynep Arslan"},
    }


STORY = (
    "query($i: ID!, $r: String!) { node(id: $i) { id } complaint(reference: $r) { id } complaints { "
    "totalCount } }"
)


def test_case_14_a_returned_case_is_gone_at_once_and_the_next_department_sees_it(ask, cast):
    made = make_complaint(to=cast.fen, accepted_by=cast.fen_clerk)
    key = global_id(made)
    assert ask.fen_clerk.data(STORY, i=key, r=made.reference)["complaints"]["totalCount"] == 1
    returned = ask.fen_clerk.does(
        "complaintReturn", "complaint { id }", id=key, reason="Temizlik İşleri'nindir."
    )
    assert returned == {"errors": [], "complaint": None}
    gone = ask.fen_clerk.post(STORY, {"i": key, "r": made.reference})
    missing = ask.fen_clerk.post(STORY, {"i": encode("Complaint", uuid4()), "r": "2099/1"})
    assert gone.content == missing.content
    assert gone.json()["data"] == {"node": None, "complaint": None, "complaints": {"totalCount": 0}}
    done(
        ask.secretary.does("complaintRoute", "complaint { returnCount }", id=key, to=global_id(cast.cleaning))
    )
    overseer = ask.deputy_mayor.data(STORY, i=key, r=made.reference)
    assert overseer["node"] == {"id": key}
    assert ask.fen_clerk.post(STORY, {"i": key, "r": made.reference}).content == missing.content


def test_case_14_a_closed_departments_rights_go_to_its_successor(ask, cast):
    made = make_complaint(to=cast.fen)
    with system():
        new = make_department("altyapi", "Altyapı Müdürlüğü", valid_from=dt.date(2026, 3, 1))
        Department.objects.filter(pk=cast.fen.pk).update(valid_to=dt.date(2026, 2, 28), successor=new)
    ask.administrator.does(
        "grantGive",
        "department { name }",
        user=global_id(cast.outsider),
        department=global_id(new),
        permission="WORK",
    )
    assert ask.outsider.data(STORY, i=global_id(made), r=made.reference)["node"] == {"id": global_id(made)}
    refusal = ask.secretary.does(
        "complaintRoute", "complaint { id }", id=global_id(make_complaint()), to=global_id(cast.fen)
    )
    assert refusal["errors"][0]["code"] == "INVALID"
    assert "Altyapı Müdürlüğü" in refusal["errors"][0]["message"]


def test_case_15_a_renamed_department_keeps_its_old_name_where_it_was_written(ask, cast):
    old = make_complaint("Eski", to=cast.fen)
    with system():
        new = make_department(
            "fen-ve-altyapi", "Fen ve Altyapı İşleri Müdürlüğü", valid_from=dt.date(2026, 3, 1)
        )
        Department.objects.filter(pk=cast.fen.pk).update(valid_to=dt.date(2026, 2, 28), successor=new)
    query = """query($i: ID!) { node(id: $i) { ... on Complaint {
        responsibleDepartment { name validTo successor { name } } routings { department { name } } } } }"""
    found = ask.secretary.data(query, i=global_id(old))["node"]
    assert found["responsibleDepartment"] == {
        "name": "Fen İşleri Müdürlüğü",
        "validTo": "2026-02-28",
        "successor": {"name": "Fen ve Altyapı İşleri Müdürlüğü"},
    }
    assert found["routings"][0]["department"]["name"] == "Fen İşleri Müdürlüğü"
    names = "query($c: Boolean!) { departments(includeClosed: $c) { nodes { name } } }"
    assert "Fen İşleri Müdürlüğü" not in str(ask.secretary.data(names, c=False))
    assert "Fen İşleri Müdürlüğü" in str(ask.secretary.data(names, c=True))


def test_case_17_progress_leaves_the_result_owed_and_closing_needs_a_second_notice(ask, cast):
    asking = ask.secretary
    made = register(asking, channel="PETITION", kind="REQUEST", signatureGiven=True)
    told = done(
        asking.does(
            "complaintNotifyProgress",
            "complaint { status resultOwed }",
            id=made["id"],
            body="Keşif yapıldı, ihale aşamasındadır.",
        )
    )
    assert told == {"status": "NEW", "resultOwed": True}
    assert (
        refused(asking.does("complaintClose", "complaint { id }", id=made["id"], outcome="SOLVED"))
        == "WRONG_STATE"
    )
    for mutation, fields in [
        ("complaintDraft", {"body": "Yapıldı."}),
        ("complaintSubmit", {}),
        ("complaintApprove", {}),
        ("complaintSend", {}),
    ]:
        done(asking.does(mutation, "complaint { status }", id=made["id"], **fields))
    closed = done(
        asking.does(
            "complaintClose",
            "complaint { outcome resultOwed notices { kind status } }",
            id=made["id"],
            outcome="SOLVED",
        )
    )
    assert (closed["outcome"], closed["resultOwed"]) == ("SOLVED", False)
    assert {notice["kind"] for notice in closed["notices"]} == {"RECEIPT", "PROGRESS", "RESULT"}


def test_case_25_search_sort_masks_numbers_and_the_year_in_local_time(ask):
    asking = ask.secretary
    register(asking, subject="IŞIKLAR yanmıyor", body="şikâyet")
    query = "query($s: String!) { complaints(search: $s) { nodes { subject } } }"
    for text in ("isik", "IŞIK", "ışık", "s\u0327ikayet", "S\u0327ikayet"):
        assert asking.data(query, s=text)["complaints"]["nodes"] == [{"subject": "IŞIKLAR yanmıyor"}], text
    names = ["Cem", "Çınar", "Ilgın", "ırmak", "İlker", "irem", "Oya", "Öykü", "Sena", "Şule"]
    for number, name in enumerate(reversed(names)):
        make_neighbourhood(f"m{number}", name)
    assert [
        row["name"] for row in asking.data("{ neighbourhoods { nodes { name } } }")["neighbourhoods"]["nodes"]
    ] == names
    citizen = asking.does(
        "citizenRecord",
        "citizen { nationalIdMasked phone }",
        firstName="Fatma",
        nationalId="10000000146",
        phone="0216 311 11 11",
    )
    assert citizen["citizen"] == {"nationalIdMasked": "*********46", "phone": "+902163111111"}
    short = asking.does("citizenRecord", "citizen { phone }", firstName="Kısa", phone="153")
    assert (short["citizen"], short["errors"][0]["field"]) == (None, "phone")
    year = today().year  # its turn is still to come
    with freeze_time(f"{year}-12-31T21:05:00Z"):
        made = ask.secretary.does(
            "complaintRegister",
            "complaint { reference registeredOn registeredAt }",
            kind="COMPLAINT",
            channel="PHONE",
            subject="Yılbaşı",
        )
    assert made["complaint"]["reference"] == f"{year + 1}/1"
    assert made["complaint"]["registeredOn"] == f"{year + 1}-01-01"
