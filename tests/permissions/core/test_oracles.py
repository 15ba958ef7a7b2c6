"""What an answer gives away by refusing: to somebody who may not see it, a known number and a new one are alike."""

from __future__ import annotations

from typing import Any

import pytest

from backend.complaints.models import Complaint
from backend.contacts import actions as contacts
from backend.contacts.models import Citizen
from backend.core.session import system
from backend.journal.models import AuditLog
from permissions.core import grants
from permissions.core.viewer import CONTACTS
from schema.core.nodes import global_id
from tests.cast import Cast, signed_in
from tests.factories import make_complaint
from tests.schema.client import Asking

KNOWN, NEW = "10000000146", "12345678950"
CASE = {"kind": "COMPLAINT", "channel": "PHONE", "subject": "Park karanlık"}
CIMER = CASE | {"channel": "CIMER", "cimerDueOn": "2026-12-24"}


@pytest.fixture
def known(cast: Cast) -> Citizen:
    """Somebody whom only the office knows."""
    with system():
        return contacts.record(first_name="Saliha", last_name="Gizli", national_id=KNOWN, by=cast.secretary)


def _register(asking: Asking, **fields: Any) -> tuple[list[Any], Any]:
    """(errors, whether there is a receipt, the case as the asker sees it)"""
    done = asking.does("complaintRegister", "receipt { reference } complaint { id }", **fields)
    return done["errors"], (bool(done["receipt"]), done["complaint"])


@pytest.mark.parametrize("who", ["park_clerk", "fen_clerk", "fen_head", "portal"])
def test_a_known_national_id_is_answered_to_a_department_like_a_new_one(
    cast: Cast, known: Citizen, who: str
) -> None:
    asking = Asking(token=cast.portal_secret) if who == "portal" else Asking(getattr(cast, who))
    answers = [
        (
            asking.does("citizenRecord", "citizen { id }", firstName="Bir", nationalId=number),
            _register(asking, **CASE, newApplicant={"firstName": "Bir", "nationalId": number}),
        )
        for number in (KNOWN, NEW)
    ]
    assert answers[0] == answers[1]
    assert answers[0][0]["errors"] == []


def test_also_when_the_case_comes_back_to_whoever_recorded_it(cast: Cast, known: Citizen) -> None:
    """Mask, look-up and all else of the new record are those of a number that nobody had; nobody else appears."""
    asking = Asking(cast.fen_clerk)
    query = """query($r: String!, $n: String!) {
      complaint(reference: $r) { applicant { firstName nationalIdMasked mergedInto { firstName } merged { id } } }
      citizens(nationalId: $n) { totalCount nodes { firstName } } }"""
    seen = []
    for number in (KNOWN, NEW):
        made = asking.does(
            "complaintRegister",
            "receipt { reference }",
            **CASE,
            newApplicant={"firstName": "Bir", "nationalId": number},
        )
        reference = made["receipt"]["reference"]
        with system():
            case = Complaint.objects.get(reference=reference)
        routed = Asking(cast.secretary).does("complaintRoute", id=global_id(case), to=global_id(cast.fen))
        assert routed["errors"] == []
        answer = asking.data(query, r=reference, n=number)
        answer["complaint"]["applicant"]["nationalIdMasked"] = answer["complaint"]["applicant"][
            "nationalIdMasked"
        ].endswith(number[-2:])
        second = asking.does("citizenRecord", "citizen { id }", firstName="Bir", nationalId=number)
        seen.append((answer, second))
    assert seen[0] == seen[1]
    assert seen[0][0]["citizens"] == {"totalCount": 1, "nodes": [{"firstName": "Bir"}]}


def test_the_office_is_told_finds_both_and_makes_one_person_of_them(cast: Cast, known: Citizen) -> None:
    Asking(cast.park_clerk).does("citizenRecord", firstName="Salihe", nationalId=KNOWN)
    with system():
        assert AuditLog.objects.filter(verb="national_id_repeated", actor=cast.park_clerk).count() == 1
        repeated = Citizen.objects.get(first_name="Salihe")
    asking, query = (
        Asking(cast.secretary),
        "query($n: String!) { citizens(nationalId: $n) { nodes { firstName } } }",
    )
    both = asking.data(query, n=KNOWN)["citizens"]["nodes"]
    assert sorted(node["firstName"] for node in both) == ["Saliha", "Salihe"]
    page = signed_in(cast.secretary).get(f"/admin/contacts/citizen/{repeated.key}/change/").content.decode()
    assert "GİZLİ" in page
    assert asking.does("citizenMerge", id=global_id(known), into=global_id(repeated))["errors"] == []
    assert asking.data(query, n=KNOWN)["citizens"]["nodes"] == [{"firstName": "Salihe"}]
    again = asking.does("citizenRecord", firstName="Üçüncü", nationalId=KNOWN)["errors"]
    assert [(error["code"], error["field"]) for error in again] == [("DUPLICATE", "nationalId")]
    assert asking.does("citizenUndoMerge", id=global_id(known))["errors"][0]["code"] == "CONFLICT"


def test_whoever_sees_the_other_record_is_told_of_it(cast: Cast, known: Citizen) -> None:
    make_complaint(to=cast.fen, applicant=known)
    told = Asking(cast.fen_clerk).does("citizenRecord", firstName="Bir", nationalId=KNOWN)["errors"]
    assert [error["code"] for error in told] == ["DUPLICATE"]
    hidden = Asking(cast.park_clerk).does("citizenRecord", firstName="Bir", nationalId=KNOWN)["errors"]
    assert hidden == []


@pytest.mark.parametrize("named", [{"source": "e-belediye"}, {}])
@pytest.mark.parametrize("who", ["park_clerk", "fen_head"])
def test_a_number_of_another_system_is_answered_to_a_department_like_a_new_one(
    cast: Cast, who: str, named: dict[str, str]
) -> None:
    """By hand, with CİMER's number, and under a program's own source."""
    made = named or {"source": ""}
    assert _register(Asking(cast.secretary), **CIMER, **named, sourceNumber="2600111")[0] == []
    assert _register(Asking(token=cast.portal_secret), **CASE, **made, sourceNumber="77")[0] == []
    asking = Asking(getattr(cast, who))
    for fields, known in [(CIMER, "2600111"), (CASE, "77")]:
        answers = [
            _register(asking, **fields, **named, sourceNumber=number) for number in (known, f"{known}0")
        ]
        assert answers[0] == answers[1] == ([], (True, None))
        again = _register(asking, **fields, **named, sourceNumber=known)[0]
        assert [error["code"] for error in again] == ["DUPLICATE"], "their own number they know"


def test_a_programs_own_number_is_taken_once_and_the_office_hears_of_every_second(cast: Cast) -> None:
    portal, office = Asking(token=cast.portal_secret), Asking(cast.secretary)
    fields = CASE | {"source": "e-belediye", "sourceNumber": "5"}
    assert _register(portal, **fields)[0] == []
    for asking in (portal, office):
        assert [error["code"] for error in _register(asking, **fields)[0]] == ["DUPLICATE"]
    with system():
        assert Complaint.objects.filter(source="e-belediye").count() == 1


def test_the_intake_page_answers_a_known_number_like_a_new_one(cast: Cast) -> None:
    _register(Asking(cast.secretary), **CIMER, sourceNumber="2600222")
    pages = []
    for number in ("2600222", "2600223"):
        call = {
            "once": f"00000000-0000-4000-8000-{number:0>12}",
            "subject": "Gürültü",
            "kind": "COMPLAINT",
            "channel": "CIMER",
            "source_number": number,
            "cimer_due_on": "24.12.2026",
        }
        pages.append(signed_in(cast.park_clerk).post("/admin/intake/", call))
    assert [page.status_code for page in pages] == [302, 302]


# -- the tracking code ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("hidden", [False, True])
@pytest.mark.parametrize("who", ["fen_clerk", "fen_head", "deputy_mayor"])
def test_no_department_reads_the_tracking_code_of_a_case_it_has(cast: Cast, who: str, hidden: bool) -> None:
    """Not as a field, in a preview, on the page, in a notice or in a draft."""
    case = make_complaint(to=cast.fen, accepted_by=cast.fen_clerk, identity_hidden=hidden)
    Asking(cast.secretary).does("complaintMessage", id=global_id(case), body="Bilginize.", means="EMAIL")
    Asking(cast.fen_clerk).does("complaintDraft", id=global_id(case), body="Yapıldı.")
    asking, browser = Asking(getattr(cast, who)), signed_in(getattr(cast, who))
    preview = """query($i: ID!, $m: DeliveryMethod!) {
      complaintMessagePreview(of: {draft: {id: $i, body: "x", means: $m}}) { body errors { code } } }"""
    field = """query($i: ID!) { node(id: $i) { ... on Complaint {
      trackingCode notices { body } lines { note changedValues } } } }"""
    page = f"/admin/complaints/complaint/{case.key}/"
    shown = [
        asking.post(field, {"i": global_id(case)}).content,
        *(asking.post(preview, {"i": global_id(case), "m": means}).content for means in ("EMAIL", "SMS")),
        browser.get(f"{page}change/").content,
        browser.get(f"{page}change/?do=DRAFT").content,
        browser.post(f"{page}draft/", {"body": "Yapıldı.", "preview": "1"}).content,
        browser.post(f"{page}message/", {"body": "Bilginize.", "means": "EMAIL", "preview": "1"}).content,
    ]
    assert not [answer for answer in shown if case.tracking_code.encode() in answer]
    assert asking.data(field, i=global_id(case))["node"]["trackingCode"] is None
    told = asking.data(preview, i=global_id(case), m="EMAIL")["complaintMessagePreview"]
    assert "••••" in (told["body"] or "") or told["errors"] == [{"code": "FORBIDDEN"}]
    assert (told["body"] is None) == (who == "deputy_mayor")


def test_the_office_reads_it(cast: Cast) -> None:
    case = make_complaint(to=cast.fen, accepted_by=cast.fen_clerk)
    with system():
        grants.give(cast.outsider, CONTACTS, cast.office, by=None)
    field = "query($i: ID!) { node(id: $i) { ... on Complaint { trackingCode } } }"
    for who in (cast.secretary, cast.mayor):
        assert Asking(who).data(field, i=global_id(case))["node"]["trackingCode"] == case.tracking_code
        page = signed_in(who).get(f"/admin/complaints/complaint/{case.key}/change/").content.decode()
        assert case.tracking_code in page
    preview = 'query($i: ID!) { complaintMessagePreview(of: {draft: {id: $i, body: "x"}}) { body } }'
    told = Asking(cast.secretary).data(preview, i=global_id(case))["complaintMessagePreview"]["body"]
    assert case.tracking_code in told
