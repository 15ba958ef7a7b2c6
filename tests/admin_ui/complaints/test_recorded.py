"""What a member of staff recorded, where the case itself lies out of their sight."""

from __future__ import annotations

import re

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from backend.complaints.models import Complaint
from backend.contacts.models import Citizen
from backend.core.session import system
from backend.journal.models import AccessLog, AuditLog
from tests.cast import Cast, signed_in
from tests.factories import make_citizen, make_complaint, refetch
from tests.schema.client import Asking, errors_of
from tests.schema.portal_client import portal, token_of

PAGE = "/admin/recorded/"
LIST = """query($a: String, $r: String! = "") { recordedComplaints(first: 2, after: $a, reference: $r) {
  nodes { reference trackingCode statusCode } pageInfo { endCursor hasNextPage } } }"""


def called(client: Client, subject: str, **more: str) -> Complaint:
    form = client.get("/admin/intake/").context["form"]
    sent = {"once": str(form.initial["once"]), "channel": "PHONE", "kind": "COMPLAINT", "subject": subject}
    sent |= {"body": "Üç gündür böyle.", "phone": "", "priority": "NORMAL", **more}
    answer = client.post("/admin/intake/", sent)
    assert answer.status_code == 302, answer.content.decode()
    with system():
        return Complaint.objects.get(subject=subject)


def test_one_finds_again_what_one_recorded_though_the_case_is_another_departments(cast: Cast) -> None:
    mine = called(signed_in(cast.fen_clerk), "Lamba yanmıyor")
    other = make_complaint("Başkasının kaydı", to=cast.park)
    later = signed_in(cast.fen_clerk)  # with a new session
    listed = later.get(PAGE).content.decode()
    assert mine.reference in listed
    assert mine.tracking_code in listed
    assert "Alındı" in listed
    assert other.reference not in listed
    assert later.get(f"/admin/complaints/complaint/{mine.key}/change/").status_code == 404, "the wall stands"
    read = later.get(f"/admin/intake/done/{mine.key}/").content.decode()
    assert mine.tracking_code in read
    assert "Üç gündür" not in read
    assert later.get(f"/admin/intake/done/{other.key}/").status_code == 404
    assert signed_in(cast.park_clerk).get(f"/admin/intake/done/{mine.key}/").status_code == 404
    assert mine.reference not in signed_in(cast.park_clerk).get(PAGE).content.decode()
    assert signed_in(cast.administrator).get(PAGE).status_code == 403
    assert mine.reference in later.get(PAGE, {"q": mine.reference}).content.decode()
    assert "kaydettiğiniz bir başvuru yok" in later.get(PAGE, {"q": other.reference}).content.decode()
    assert later.get(PAGE, {"before": "x\x00"}).status_code == 200


def test_the_list_goes_on_behind_a_page_and_its_reading_is_noted(cast: Cast) -> None:
    for number in range(52):
        make_complaint(
            f"Kayıt {number}",
            by=cast.fen_clerk,
            applicant=make_citizen() if number == 51 else None,
            recorder_has_code=True,
        )
    clerk = signed_in(cast.fen_clerk)
    first = clerk.get(PAGE)
    assert len(first.context["rows"]) == 50
    rest = clerk.get(PAGE, {"before": first.context["before"]})
    shown = [item["row"].pk for page in (first, rest) for item in page.context["rows"]]
    assert len(set(shown)) == len(shown) == 52
    assert rest.context["before"] is None
    with system():
        assert AccessLog.objects.filter(purpose="recorded by the viewer").exists()


def test_graphql_lists_the_same_for_staff_alone(cast: Cast) -> None:
    rows = [called(signed_in(cast.fen_clerk), subject) for subject in ("Bir", "İki", "Üç")]
    clerk = Asking(cast.fen_clerk)
    page = clerk.data(LIST)["recordedComplaints"]
    rest = clerk.data(LIST, a=page["pageInfo"]["endCursor"])["recordedComplaints"]
    assert [one["trackingCode"] for one in page["nodes"] + rest["nodes"]] == [
        row.tracking_code for row in rows[::-1]
    ]
    assert {one["statusCode"] for one in page["nodes"]} == {"RECEIVED"}
    other = make_complaint("Başkasının kaydı", to=cast.fen)
    for number, found in [(rows[1].reference, [rows[1].reference]), (other.reference, []), ("yok", [])]:
        named = clerk.data(LIST, r=number)["recordedComplaints"]["nodes"]
        assert [one["reference"] for one in named] == found, number
    assert Asking(cast.park_clerk).data(LIST)["recordedComplaints"]["nodes"] == []
    assert errors_of(Asking(cast.administrator).answer(LIST)) == ["FORBIDDEN"]
    assert errors_of(Asking().answer(LIST)) == ["UNAUTHENTICATED"]
    assert errors_of(portal().answer(LIST)) == ["FORBIDDEN"]
    assert errors_of(Asking(token=token_of(cast.fen_clerk, ["WRITE"])).answer(LIST)) == ["FORBIDDEN"]


def test_what_one_only_accepted_or_what_was_anonymised_is_not_followed(cast: Cast) -> None:
    """Its code was never theirs: a file brought it, or it came in by a form."""
    accepted = make_complaint("Formdan gelen", by=cast.fen_clerk)
    erased = called(signed_in(cast.fen_clerk), "Anonim")
    with system():
        Complaint.objects.filter(pk=erased.pk).update(anonymised_at=timezone.now())
    clerk = signed_in(cast.fen_clerk)
    for case in (accepted, erased):
        assert case.tracking_code not in clerk.get(PAGE).content.decode()
        assert clerk.get(f"/admin/intake/done/{case.key}/").status_code == 404
    assert Asking(cast.fen_clerk).data(LIST)["recordedComplaints"]["nodes"] == []


WHO_READS = "Hatice IŞIK"
WHO = {"first_name": "Hatice", "last_name": "Işık", "phone": "0509 000 99 77"}


def test_who_calls_twice_is_one_person_also_where_the_recorder_does_not_see_them(cast: Cast) -> None:
    one = called(signed_in(cast.fen_clerk), "Bir", **WHO)
    two = called(
        signed_in(cast.fen_clerk), "İki", **(WHO | {"last_name": "IŞIK", "phone": "+90 509 000 99 77"})
    )
    assert one.applicant_id == two.applicant_id
    with system():
        assert Citizen.objects.filter(phone="+905090009977").count() == 1
        assert AuditLog.objects.filter(verb="record_taken", actor=cast.fen_clerk).count() == 1


def test_a_first_name_and_a_number_are_not_yet_one_person(cast: Cast) -> None:
    one, two = (
        called(signed_in(cast.fen_clerk), subject, first_name="Hatice", phone=WHO["phone"])
        for subject in ("Bir", "İki")
    )
    assert one.applicant_id != two.applicant_id


def test_a_record_that_says_more_or_less_than_was_typed_is_not_taken(cast: Cast) -> None:
    """With the case it would come into the recorder's sight; and nothing is written on a record out of sight."""
    with system():
        known = make_citizen("Hatice", "Işık", phone="0509 000 99 77", email="hatice@example.org")
    fewer = called(signed_in(cast.fen_clerk), "Bir", **WHO)
    other = called(signed_in(cast.fen_clerk), "İki", **(WHO | {"email": "baska@example.org"}))
    nameless = called(signed_in(cast.fen_clerk), "Üç", first_name="Hatice", last_name="Işık")
    assert len({known.pk, fewer.applicant_id, other.applicant_id, nameless.applicant_id}) == 4
    with system():
        known.refresh_from_db()
    assert known.email == "hatice@example.org"


def test_graphql_takes_the_same_person_and_leaves_one_that_the_viewer_sees(cast: Cast) -> None:
    person = {"firstName": "Hatice", "lastName": "Işık", "phone": "0509 000 99 77"}
    more = {"kind": "COMPLAINT", "channel": "PHONE", "body": "Üç gündür."}
    calls = [
        ("Bir", cast.fen_clerk, False),
        ("İki", cast.fen_clerk, False),
        ("Torunu", cast.fen_clerk, True),
        ("Üç", cast.secretary, False),
    ]
    for subject, by, is_another in calls:
        applicant = person | {"acceptAlike": is_another}
        Asking(by).does("complaintRegister", subject=subject, newApplicant=applicant, **more)
    with system():
        rows = {row.subject: row.applicant_id for row in Complaint.objects.all()}
    assert rows["Bir"] == rows["İki"]
    assert rows["Torunu"] != rows["Bir"], "a grandson of the same name in the same household"
    assert rows["Üç"] not in (rows["Bir"], rows["Torunu"]), (
        "the office sees them, and said that it is another"
    )


def test_the_office_puts_a_case_on_another_person(cast: Cast) -> None:
    """Two of one name in one household were taken for one; nothing else of the case changes, nor anybody's record."""
    case = called(signed_in(cast.fen_clerk), "Bir", **WHO)
    with system():
        grandson, grandmother = make_citizen("Hatice", "Işık", email="torun@example.org"), case.applicant
    office, page = signed_in(cast.secretary), f"/admin/complaints/complaint/{case.key}"
    assert grandmother is not None
    picker = re.search(
        r"<input[^>]*name=\"applicant\"[^>]*>", office.get(f"{page}/change/?do=correct").content.decode()
    )
    assert picker is not None
    assert 'value="Hatice IŞIK"' in picker[0]
    names = ("body", "kind", "channel", "regime", "matter", "priority", "place")
    typed = {name: getattr(case, name) for name in names} | {
        "applicant": WHO_READS,
        "applicant_of": WHO_READS,
    }
    for person, changed in ((grandmother, "subject"), (grandson, "applicant")):
        typed |= {"applicant_key": str(person.key), "subject": "İki", "version": refetch(case).version}
        assert (
            office.post(
                reverse("admin:complaints_complaint_act", args=[case.key, "correct"]), typed
            ).status_code
            == 302
        )
        with system():
            assert case.lines.filter(verb="corrected").latest("pk").details["fields"] == [changed]
    assert refetch(case).applicant_id == grandson.pk
