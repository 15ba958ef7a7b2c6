"""What a portal does with cases: bring in for citizens, follow, add, withdraw, rate, have taken up again."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from freezegun import freeze_time

from backend.complaints import actions
from backend.complaints.choices import Outcome, Status
from backend.complaints.models import Attachment, Complaint, ComplaintLine
from backend.complaints.story import EventType
from backend.core.session import system
from backend.notifications.models import Notification
from backend.organization.models import User
from tests.cast import Cast
from tests.factories import make_category, make_complaint, make_neighbourhood
from tests.schema.client import Asking, errors_of
from tests.schema.complaints.test_files import picture
from tests.schema.portal_client import make_notices, make_portal, portal, token_of

NOTICE = "case-tr-1"
CONTACT = {"firstName": "İlkay", "lastName": "Işık", "phone": "0532 111 22 33", "email": "ilkay@example.org"}
GIVEN: dict[str, Any] = {
    "kind": "COMPLAINT",
    "subject": "Kaldırımda çukur",
    "text": "Üç gündür ışıklar da yanmıyor, İğdeli Sokak karanlık.",
    "contact": CONTACT,
    "privacyNotice": NOTICE,
}
SIGNED = {"signatureGiven": True, "contact": CONTACT | {"address": "İğdeli Sokak 4/2"}}
TAKEN = "reference trackingCode"
SHOWN = """{ reference kind status isAwaited rating ratingRemark canAdd canWithdraw canRate canReopen openUntil
  questions { kind body } replies { kind body } steps { label } attachments { name contentType size } }"""
CASE = f"query($c: String!) {{ portalComplaint(code: $c) {SHOWN} }}"
LIST = """query($n: Int, $a: String) { portalComplaints(first: $n, after: $a) { totalCount
  nodes { reference trackingCode kind category status isAwaited sourceNumber } pageInfo { hasNextPage endCursor } } }"""


@pytest.fixture(autouse=True)
def notices(db: None) -> None:
    make_notices()


@pytest.fixture
def mine(cast: Cast) -> Asking:
    return portal()


def brought(asking: Asking, **more: Any) -> str:
    """Bring something in; its tracking code."""
    taken = asking.does("portalComplaintSubmit", TAKEN, **(GIVEN | more))
    assert taken["errors"] == [], taken
    return str(taken["trackingCode"])


def case_of(code: str) -> Complaint:
    with system():
        return Complaint.objects.get(tracking_code=code)


def seen(asking: Asking, code: str) -> Any:
    return asking.data(CASE, c=code)["portalComplaint"]


def replied(code: str, cast: Cast, *, closed: bool = True) -> None:
    """The office has answered, and closed it."""
    with system():
        case = Complaint.objects.get(tracking_code=code)
        actions.route(case, to=cast.fen, by=cast.secretary)
        actions.accept(case, by=cast.fen_clerk)
        actions.draft(case, by=cast.fen_clerk, body="Çukur kapatıldı.")
        actions.submit(case, by=cast.fen_clerk)
        actions.approve(case, by=cast.secretary)
        actions.send(case, by=cast.secretary)
        if closed:
            actions.close(case, by=cast.secretary, outcome=Outcome.SOLVED)


def unseen(person: User) -> list[str]:
    """The kinds of what somebody has not seen yet."""
    found = Asking(person).data("{ notifications(unseen: true) { nodes { kind } } }")["notifications"]
    return [row["kind"] for row in found["nodes"]]


def test_a_portal_reads_where_to_turn_against_a_refusal(mine: Asking, cast: Cast) -> None:
    """Anayasa m.40/2, 2577 m.7."""
    code = brought(mine, **SIGNED)
    query = "query($c: String!) { portalComplaint(code: $c) { remedy { article text } } }"
    assert mine.data(query, c=code)["portalComplaint"]["remedy"] is None
    with system():
        actions.reject(case_of(code), by=cast.secretary, reason="Yol özel mülktedir.")
    remedy = mine.data(query, c=code)["portalComplaint"]["remedy"]
    assert remedy["article"] == "2577 m.7, m.11"
    assert "yetkili idare mahkemesinde" in remedy["text"]


# -- bringing in ---------------------------------------------------------------------------------------------
def test_a_case_is_registered_with_all_that_the_citizen_said(mine: Asking) -> None:
    make_category("cukur", "Çukur")
    make_neighbourhood()
    code = brought(
        mine,
        category="cukur",
        neighbourhood="abdurrahmangazi",
        place="İğdeli Sokak 4",
        latitude=41.0,
        longitude=29.2,
        identityHidden=True,
        signatureGiven=True,
        sourceNumber="EB-1",
        contact=CONTACT
        | {"address": "İğdeli Sokak 4/2", "language": "AR", "neighbourhood": "abdurrahmangazi"},
    )
    case = case_of(code)
    assert (case.subject, case.body) == (GIVEN["subject"], GIVEN["text"])
    assert (case.channel, case.regime, case.identity_hidden) == ("WEB", "PETITION_3071", True)
    assert case.category is not None
    assert case.category.code == "cukur"
    assert case.neighbourhood is not None
    assert (case.place, case.latitude) == ("İğdeli Sokak 4", 41.0)
    with system():
        who = Complaint.objects.get(pk=case.pk).applicant
        assert who is not None
        assert (who.first_name, who.last_name, who.email) == ("İlkay", "Işık", CONTACT["email"])
        assert who.languages == ["AR"]
        notice = Complaint.objects.select_related("privacy_notice").get(pk=case.pk).privacy_notice
    assert notice is not None
    assert notice.code == NOTICE
    assert not case.lacks_elements


def test_an_information_request_runs_under_its_own_law(mine: Asking) -> None:
    assert case_of(brought(mine, kind="INFORMATION_REQUEST")).regime == "INFORMATION_4982"


@pytest.mark.parametrize("channel", ["WEB", "E_MUNICIPALITY", "E_DEVLET"])
def test_whoever_gives_a_name_has_the_date_of_the_law_and_a_report_of_nobody_is_looked_after(
    mine: Asking, channel: str
) -> None:
    """3071 m.7: the earlier date is kept until a person decides; without a name there is no petition (m.4)."""
    named = case_of(brought(mine, channel=channel))
    assert (named.channel, named.regime) == (channel, "PETITION_3071")
    assert named.raw_due_on == named.registered_on + dt.timedelta(days=30)
    report = case_of(brought(mine, channel=channel, contact=None, privacyNotice=None))
    assert (report.channel, report.regime, report.legal_due_on) == (channel, "SERVICE_REQUEST", None)


def test_the_answer_holds_number_and_code_and_nothing_of_the_citizen(mine: Asking) -> None:
    answer = json.dumps(mine.does("portalComplaintSubmit", TAKEN, **GIVEN))
    assert "İlkay" not in answer
    assert "111" not in answer.replace("trackingCode", "")


def test_what_nobody_signs_is_taken_too_and_followed_by_its_code(mine: Asking) -> None:
    code = brought(mine, kind="TIP_OFF", contact=None, privacyNotice=None)
    assert case_of(code).applicant_id is None
    assert seen(mine, code)["status"] == "Alındı"


@pytest.mark.parametrize(
    ("given", "code", "field"),
    [
        ({"subject": " "}, "REQUIRED", "subject"),
        ({"subject": "ş" * 201}, "INVALID", "subject"),
        ({"text": "ş" * 10_001}, "INVALID", "text"),
        ({"privacyNotice": None}, "REQUIRED", "privacyNotice"),
        ({"privacyNotice": "yok"}, "INVALID", "privacyNotice"),
        ({"privacyNotice": "event-tr-1"}, "INVALID", "privacyNotice"),
        ({"category": "yok"}, "INVALID", "category"),
        ({"neighbourhood": "yok"}, "INVALID", "neighbourhood"),
        ({"latitude": 41.0}, "INVALID", "longitude"),
        ({"channel": "PETITION"}, "INVALID", "channel"),
        ({"contact": {"firstName": " "}}, "REQUIRED", "contact.firstName"),
        ({"contact": CONTACT | {"phone": "153"}}, "INVALID", "contact.phone"),
        ({"contact": CONTACT | {"email": "ilkay@"}}, "INVALID", "contact.email"),
        ({"contact": CONTACT | {"nationalId": "1"}}, "INVALID", "contact.nationalId"),
        ({"contact": CONTACT | {"neighbourhood": "yok"}}, "INVALID", "contact.neighbourhood"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_registered(
    mine: Asking, given: Any, code: str, field: str
) -> None:
    (error,) = mine.does("portalComplaintSubmit", TAKEN, **(GIVEN | given))["errors"]
    assert (error["code"], error["field"]) == (code, field)
    with system():
        assert not Complaint.objects.exists()


def test_a_number_of_the_portal_is_taken_once_and_tells_nothing_of_others(mine: Asking) -> None:
    brought(mine, sourceNumber="7")
    again = mine.does("portalComplaintSubmit", TAKEN, **(GIVEN | {"sourceNumber": "7"}))
    assert [error["code"] for error in again["errors"]] == ["DUPLICATE"]
    brought(portal("portal.baska"), sourceNumber="7")


def test_a_known_national_id_is_not_told(mine: Asking) -> None:
    contact = CONTACT | {"nationalId": "10000000146"}
    first, second = brought(mine, contact=contact), brought(mine, contact=contact, subject="Başka")
    assert case_of(first).applicant_id != case_of(second).applicant_id


def test_the_same_request_under_a_key_is_done_once(mine: Asking, cast: Cast) -> None:
    document = (
        "mutation M($i: PortalComplaintSubmitInput!)"
        " { portalComplaintSubmit(input: $i) { reference trackingCode errors { code } } }"
    )

    def sent(**more: Any) -> Any:
        return mine.post(document, {"i": GIVEN | more}, **{"idempotency-key": "vatandas-1"})

    first, again, other = sent(), sent(), sent(subject="Başka")
    assert first.json()["data"]["portalComplaintSubmit"]["errors"] == []
    assert again.content == first.content
    assert (other.status_code, errors_of(other.json())) == (422, ["DUPLICATE"])
    with system():
        assert Complaint.objects.count() == 1


@pytest.mark.django_db(databases=["default", "owner"])
def test_while_the_first_still_runs_the_second_waits(cast: Cast) -> None:
    account, secret = make_portal()
    asking = Asking(token=secret)
    document = (
        "mutation M($i: PortalComplaintSubmitInput!) { portalComplaintSubmit(input: $i) { errors { code } } }"
    )
    key = f"hashtextextended('idempotency {account.pk} a-1', 0)"
    with connections["owner"].cursor() as cursor:
        cursor.execute(f"SELECT pg_advisory_lock({key})")
        try:
            early = asking.post(document, {"i": GIVEN}, **{"idempotency-key": "a-1"})
        finally:
            cursor.execute(f"SELECT pg_advisory_unlock({key})")
    assert (early.status_code, early["Retry-After"]) == (409, "1")


# -- following -----------------------------------------------------------------------------------------------
def test_a_case_is_followed_by_its_code_however_it_is_written(mine: Asking) -> None:
    code = brought(mine)
    shown = seen(mine, code)
    assert (shown["status"], shown["canAdd"], shown["canWithdraw"]) == ("Alındı", True, True)
    assert (shown["canRate"], shown["canReopen"], shown["rating"]) == (False, False, None)
    assert seen(mine, code.lower().replace("-", " ")) == shown


def test_the_list_has_what_this_account_brought_in_the_newest_first(mine: Asking, cast: Cast) -> None:
    codes = [brought(mine, subject=f"Konu {number}") for number in range(3)]
    brought(portal("portal.baska"))
    make_complaint(by=cast.secretary)
    page = mine.data(LIST, n=2)["portalComplaints"]
    assert page["totalCount"] == 3
    assert [row["trackingCode"] for row in page["nodes"]] == codes[:0:-1]
    rest = mine.data(LIST, n=2, a=page["pageInfo"]["endCursor"])["portalComplaints"]
    assert [row["trackingCode"] for row in rest["nodes"]] == codes[:1]
    assert (page["pageInfo"]["hasNextPage"], rest["pageInfo"]["hasNextPage"]) == (True, False)


def test_a_list_costs_the_same_however_long_it_is(mine: Asking) -> None:
    counts = []
    for _round in range(2):
        for number in range(3):
            brought(mine, subject=f"Konu {number}")
        with CaptureQueriesContext(connection) as caught:
            mine.data(LIST, n=50)
        counts.append(len(caught))
    assert counts[0] == counts[1]


OTHERS = ["another portal", "a call centre", "a clerk's token", "SUBMIT alone", "READ alone"]


@pytest.mark.parametrize("who", OTHERS)
def test_to_everybody_else_a_case_is_as_if_it_were_not_there(mine: Asking, cast: Cast, who: str) -> None:
    code = brought(mine)
    asking = {
        "another portal": lambda: portal("portal.baska"),
        "a call centre": lambda: Asking(token=cast.portal_secret),
        "a clerk's token": lambda: Asking(token=token_of(cast.fen_clerk, ["READ", "WRITE"])),
        "SUBMIT alone": lambda: portal("portal.iletir", ["SUBMIT"]),
        "READ alone": lambda: portal("portal.okur", ["READ"]),
    }[who]()
    missing = "7G2K-0QXM-4TBN"
    asked = asking.post(CASE, {"c": code}), asking.post(CASE, {"c": missing})
    assert asked[0].content == asked[1].content
    for mutation, more in {
        "portalComplaintAdd": {"text": "Ek"},
        "portalComplaintWithdraw": {},
        "portalComplaintRate": {"rating": 5},
        "portalComplaintReopen": {"reason": "Olmadı"},
    }.items():
        there, nowhere = (
            asking.does(mutation, f"complaint {SHOWN}", code=one, **more) for one in (code, missing)
        )
        assert there == nowhere
        assert there["errors"][0]["code"] in {"NOT_FOUND", "FORBIDDEN"}
    answers = [
        asking.client.post(
            "/files/portal/complaints/",
            {"file": SimpleUploadedFile("a.png", picture())},
            headers=asking.headers | {"tracking-code": one},
        )
        for one in (code, missing)
    ]
    assert answers[0].content == answers[1].content
    assert answers[0].status_code in {403, 404}
    assert seen(mine, code)["status"] == "Alındı"


def test_nobody_asks_as_a_portal(mine: Asking) -> None:
    code = brought(mine)
    assert errors_of(Asking().answer(CASE, c=code)) == ["UNAUTHENTICATED"]
    assert errors_of(Asking().answer("{ portalComplaints { nodes { reference } } }")) == ["UNAUTHENTICATED"]
    assert Client().post("/files/portal/complaints/", {"code": code}).status_code == 403


def test_a_person_in_a_browser_is_no_portal(mine: Asking, cast: Cast) -> None:
    assert errors_of(Asking(cast.secretary).answer(CASE, c=brought(mine))) == ["FORBIDDEN"]


def test_a_right_alone_does_what_it_says(cast: Cast) -> None:
    account, secret = make_portal(scopes=["SUBMIT"])
    submits, follows = Asking(token=secret), Asking(token=token_of(account, ["FOLLOW"]))
    code = brought(submits)
    assert errors_of(submits.answer(CASE, c=code)) == ["FORBIDDEN"]
    assert seen(follows, code)["status"] == "Alındı"
    (error,) = follows.does("portalComplaintSubmit", TAKEN, **GIVEN)["errors"]
    assert error["code"] == "FORBIDDEN"
    assert "SUBMIT" in error["message"]


@pytest.mark.parametrize(
    "query",
    [
        "{ complaints { totalCount } }",
        "{ staffMembers { nodes { fullName } } }",
        "{ departments { nodes { name } } }",
        "{ me { username } }",
        '{ portalComplaints { nodes { reference } } node(id: "x") { id } }',
    ],
)
def test_a_pure_portal_reads_nothing_of_the_house(mine: Asking, query: str) -> None:
    assert errors_of(mine.answer(query)) == ["FORBIDDEN"]


def test_nothing_of_the_inside_is_shown(mine: Asking, cast: Cast) -> None:
    code = brought(mine)
    case = case_of(code)
    with system():
        actions.route(case, to=cast.fen, by=cast.secretary, note="HAVALE-NOTU")
        actions.accept(case, by=cast.fen_clerk)
        actions.comment(case, by=cast.fen_clerk, body="İÇERİDE-KALSIN")
        actions.attach(
            case, by=cast.fen_clerk, file=SimpleUploadedFile("ICERIDEN.png", picture()), name="ICERIDEN.png"
        )
        actions.message(case, by=cast.secretary, body="Sokağın numarasını yazar mısınız?")
        actions.put_on_hold(case, by=cast.fen_clerk, for_="CITIZEN", note="BEKLEME-NOTU")
    told = json.dumps(seen(mine, code), ensure_ascii=False) + json.dumps(mine.data(LIST), ensure_ascii=False)
    for inside in (
        "HAVALE-NOTU",
        "İÇERİDE-KALSIN",
        "ICERIDEN",
        "BEKLEME-NOTU",
        "Murat",
        "Zeynep",
        "Fen İşleri",
        "İlkay",
    ):
        assert inside not in told
    assert "Sokağın numarasını" in told
    assert "Beklemede" in told


# -- what the citizen does -----------------------------------------------------------------------------------
def test_what_was_asked_for_is_added_and_the_case_goes_on(mine: Asking, cast: Cast) -> None:
    code = brought(mine)
    case = case_of(code)
    with system():
        actions.route(case, to=cast.fen, by=cast.secretary)
        actions.accept(case, by=cast.fen_clerk)
        actions.message(case, by=cast.secretary, body="Hangi sokak?")
        actions.put_on_hold(case, by=cast.fen_clerk, for_="CITIZEN")
    assert seen(mine, code)["isAwaited"] is True
    for _click in range(2):
        added = mine.does(
            "portalComplaintAdd", f"complaint {SHOWN}", code=code, text="İğdeli Sokak, 4 numara."
        )
        assert added["errors"] == []
    assert added["complaint"]["isAwaited"] is False
    case = case_of(code)
    assert (case.status, case.waiting_for) == (Status.IN_PROGRESS, "")
    with system():
        lines = ComplaintLine.objects.filter(complaint=case, verb=EventType.CITIZEN_ADDED)
        assert [line.note for line in lines] == ["İğdeli Sokak, 4 numara."]
    story = Asking(cast.fen_clerk).data(
        "query($r: String!) { complaint(reference: $r) { lines { verb note } } }", r=case.reference
    )["complaint"]["lines"]
    assert {"verb": "CITIZEN_ADDED", "note": "İğdeli Sokak, 4 numara."} in story
    assert unseen(cast.fen_head) == ["CITIZEN_NEWS"], (
        "once for two clicks; the routing was settled by accepting"
    )
    with system():
        assert not Notification.objects.filter(facts__icontains="İğdeli").exists()


def test_photographs_are_sent_after_it_and_the_same_one_once(mine: Asking) -> None:
    code = brought(mine)

    def sent(content: bytes, name: str = "çukur.png", **fields: str) -> Any:
        file = SimpleUploadedFile(name, content, content_type="image/png")
        return mine.client.post(
            "/files/portal/complaints/",
            {"file": file} | fields,
            headers=mine.headers | {"tracking-code": code},
        )

    first = sent(picture())
    assert (first.status_code, first.json()["contentType"]) == (201, "image/png")
    assert sent(picture()).status_code == 201
    assert [file["name"] for file in seen(mine, code)["attachments"]] == ["çukur.png"]
    assert sent(b"MZ\x90 no picture", "virus.png").status_code == 415
    with system():
        assert Attachment.objects.count() == 1
    file = SimpleUploadedFile("b.png", picture() + b"\n")
    by_field = mine.client.post(
        "/files/portal/complaints/", {"file": file, "code": code}, headers=mine.headers
    )
    assert by_field.status_code == 201
    mine.does("portalComplaintWithdraw", code=code)
    assert sent(picture()).status_code == 409


def test_a_case_is_withdrawn_once(mine: Asking, cast: Cast) -> None:
    code = brought(mine)
    for _click in range(2):
        done = mine.does("portalComplaintWithdraw", f"complaint {SHOWN}", code=code, reason="Çözüldü")
        assert done["errors"] == []
        assert done["complaint"]["status"].startswith("Kapandı")
    with system():
        assert ComplaintLine.objects.filter(verb=EventType.WITHDRAWN).count() == 1
    assert unseen(cast.office_head) == ["CITIZEN_NEWS"]
    (error,) = mine.does("portalComplaintAdd", code=code, text="Ek")["errors"]
    assert error["code"] == "WRONG_STATE"


def test_an_answer_is_rated_and_the_rating_changed_within_the_window(mine: Asking, cast: Cast) -> None:
    with freeze_time("2026-10-05T09:00:00Z"):
        code = brought(mine, **SIGNED)
        (early,) = mine.does("portalComplaintRate", code=code, rating=5)["errors"]
        assert early["code"] == "WRONG_STATE"
        replied(code, cast)
        (wrong,) = mine.does("portalComplaintRate", code=code, rating=6)["errors"]
        assert (wrong["code"], wrong["field"]) == ("INVALID", "rating")
        for rating in (2, 4, 4):
            rated = mine.does(
                "portalComplaintRate", f"complaint {SHOWN}", code=code, rating=rating, remark="Hızlı oldu"
            )
        shown = rated["complaint"]
        assert (shown["rating"], shown["ratingRemark"], shown["openUntil"]) == (4, "Hızlı oldu", "2026-11-04")
    with system():
        assert ComplaintLine.objects.filter(verb=EventType.CITIZEN_RATED).count() == 2
    with freeze_time("2026-11-04T20:59:00Z"):
        assert mine.does("portalComplaintRate", code=code, rating=5)["errors"] == []
    with freeze_time("2026-11-04T21:01:00Z"):
        (late,) = mine.does("portalComplaintRate", code=code, rating=1)["errors"]
        assert late["code"] == "OUT_OF_TIME"
        assert seen(mine, code)["rating"] == 5


def test_a_case_is_taken_up_again_with_a_reason_within_the_window(mine: Asking, cast: Cast) -> None:
    with freeze_time("2026-10-05T09:00:00Z"):
        code = brought(mine, **SIGNED)
        (early,) = mine.does("portalComplaintReopen", code=code, reason="Acele")["errors"]
        assert early["code"] == "WRONG_STATE"
        replied(code, cast)
    with freeze_time("2026-11-04T09:00:00Z"):
        (why,) = mine.does("portalComplaintReopen", code=code, reason=" ")["errors"]
        assert (why["code"], why["field"]) == ("REQUIRED", "reason")
        for _click in range(2):
            again = mine.does(
                "portalComplaintReopen", f"complaint {SHOWN}", code=code, reason="Çukur yine açıldı"
            )
            assert again["errors"] == []
        assert again["complaint"]["canReopen"] is False
        assert case_of(code).reopened == 1
        assert unseen(cast.fen_head) == ["CITIZEN_NEWS"], "the routing of then was settled by accepting"


def test_after_the_window_it_is_said_clearly(mine: Asking, cast: Cast) -> None:
    with freeze_time("2026-10-05T09:00:00Z"):
        code = brought(mine, **SIGNED)
        replied(code, cast, closed=False)
    with freeze_time("2026-11-05T09:00:00Z"):
        assert (seen(mine, code)["canReopen"], seen(mine, code)["canRate"]) == (False, False)
        (late,) = mine.does("portalComplaintReopen", code=code, reason="Geç")["errors"]
        assert late["code"] == "OUT_OF_TIME"
        assert "Yeni bir başvuru" in late["message"]


# -- what everybody may know ---------------------------------------------------------------------------------
def test_categories_mahalle_and_the_notice_are_public(cast: Cast) -> None:
    group = make_category("yol", "Yol")
    make_category("cukur", "Çukur", parent=group)
    make_category("eski", "Eski konu", is_active=False)
    make_neighbourhood()
    nobody = Asking()
    found = nobody.data("{ publicCategories(first: 10) { totalCount nodes { code name group groupName } } }")
    assert found["publicCategories"]["nodes"] == [
        {"code": "cukur", "name": "Çukur", "group": "yol", "groupName": "Yol"},
        {"code": "yol", "name": "Yol", "group": None, "groupName": None},
    ]
    assert found["publicCategories"]["totalCount"] == 2
    assert nobody.data("{ publicNeighbourhoods { nodes { code name } } }")["publicNeighbourhoods"]["nodes"]
    asked = "{ publicPrivacyNotice(purpose: CASE) { code language text } }"
    notice = nobody.data(asked)["publicPrivacyNotice"]
    assert (notice["code"], notice["language"]) == (NOTICE, "TR")
    assert "kişisel" in notice["text"].lower()
