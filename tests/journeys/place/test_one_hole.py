"""Ten reports of one hole, at four doors: proposed, linked, one instruction and one work for the crew, ten answers."""

from __future__ import annotations

import re
import uuid
from typing import Any

import pytest
from django.test import Client

from backend.complaints.models import Complaint, Notice
from backend.core.session import system
from backend.organization.models import Category
from schema.core.nodes import global_id
from tests.cast import Cast, signed_in
from tests.factories import make_category, make_neighbourhood
from tests.journeys.mail.test_by_mail import Post, on_the_desk, post, says, written  # noqa: F401 - `post` is a fixture
from tests.schema.client import Asking
from tests.schema.complaints.test_portal_cases import GIVEN, TAKEN
from tests.schema.portal_client import make_notices, portal
from tests.website.conftest import site  # noqa: F401 - a fixture
from tests.website.test_apply import Citizen

INTAKE = "/admin/intake/"
PROVEN = {"means": "POST", "proof": "RR 123 456 789 TR"}
WORDS = (
    "Yolda derin bir çukur açıldı.",
    "Koca bir delik var, lastiğim patladı.",
    "Asfalt çökmüş, motorlu düşecek.",
    "Kuyu gibi çukur oldu.",
    "Yol göçtü, geçemiyoruz.",
    "Çukur büyüdü, jantım eğildi.",
    "Okul servisi çukura giriyor.",
    "Geçen gün de söyledik, çukur duruyor.",
    "Aydın Sokak'ta koca çukur var.",
    "Çocuklar çukura düşüyor.",
)
PLACES = ("Aydın Sokak No: 12", "aydin sk. 12", "AYDIN SOKAĞI 12", "12 Aydın Sok.")
SIMILAR = "query S($of: ID) { similarComplaints(of: $of) { complaint { id reference } reasons score } }"
MATTER = """query M($i: ID!) { node(id: $i) { ... on Complaint { status linkedTo { id }
  linked(first: 20) { status notices { kind body } } } } }"""


@pytest.fixture
def holes(cast: Cast, site: None) -> Category:  # noqa: F811
    make_notices()
    return make_category(
        "cukur", "Çukur", parent=make_category("yol", "Yol"), keywords=["çukur"], others_may_join=True
    )


def by_portal(asking: Asking, holes: Category, number: int) -> None:
    contact = {"firstName": f"İlk{number}", "lastName": "Işık", "phone": f"053211122{number:02d}"}
    said = {"subject": "Çukur", "text": WORDS[number], "place": PLACES[number % 4], "category": holes.code}
    told = GIVEN | said | {"contact": contact | {"email": f"portal{number}@example.org"}}
    assert asking.does("portalComplaintSubmit", TAKEN, **told)["errors"] == []


def by_telephone(desk: Client, holes: Category, number: int) -> None:
    """The secretary chooses the case that is proposed while she types."""
    typed = {"subject": "Çukur", "body": WORDS[number], "place": PLACES[number % 4], "category": holes.code}
    found = desk.post(f"{INTAKE}suggest/", typed).content.decode()
    (leader, *_others) = re.findall(r'name="link_to" value="([^"]+)"', found)
    caller = {"phone": f"053233344{number:02d}", "first_name": f"Ses{number}", "last_name": "Ünal"}
    given = {"once": str(uuid.uuid4()), "kind": "COMPLAINT", "channel": "PHONE", "link_to": leader}
    assert desk.post(INTAKE, given | typed | caller).status_code == 302


def by_mail(office: Asking, post: Post, holes: Category, number: int) -> str:  # noqa: F811
    post.brings(written(f"Çukur {number}", WORDS[number]))
    item = on_the_desk(office)
    seen = "inboundMessage { complaint { id } }"
    made = says(office, "inboundMessageMakeCase", item["id"], seen, kind="COMPLAINT")
    case = str(made["inboundMessage"]["complaint"]["id"])
    facts = {"regime": "SERVICE_REQUEST", "category": global_id(holes), "place": PLACES[number % 4]}
    says(office, "complaintCorrect", case, **facts)
    return case


def at_the_site(number: int) -> str:
    """A citizen sees that it is reported already, and applies all the same."""
    citizen = Citizen()
    citizen.sends("/basvuru/ne/", kind="COMPLAINT")
    citizen.sends("/basvuru/anlat/", text=WORDS[number])
    citizen.sends("/basvuru/konu/", category="cukur")
    citizen.sends("/basvuru/yer/", neighbourhood="abdurrahmangazi", place=PLACES[number % 4])
    assert citizen.at == "/basvuru/benzer/"
    citizen.sends("/basvuru/benzer/", case="another")
    citizen.sends("/basvuru/foto/")
    citizen.sends("/basvuru/kim/", who="NAMELESS")
    citizen.sends("/basvuru/kontrol/")
    assert citizen.at == "/basvuru/alindi/"
    with system():
        return str(global_id(Complaint.objects.latest("pk")))


def test_ten_reports_of_one_hole_are_one_work_and_ten_answers(
    cast: Cast,
    holes: Category,
    post: Post,  # noqa: F811
) -> None:
    make_neighbourhood()
    office, desk, portals = Asking(cast.secretary), signed_in(cast.secretary), portal()
    for number in range(3):
        by_portal(portals, holes, number)
    with system():
        leader, *brought = (str(global_id(one)) for one in Complaint.objects.order_by("pk"))
    for number in range(3, 7):
        by_telephone(desk, holes, number)
    brought += [by_mail(office, post, holes, 7), by_mail(office, post, holes, 8), at_the_site(9)]

    for case in brought:  # what came at the other doors is proposed on its page, and linked there
        found = office.data(SIMILAR, of=case)["similarComplaints"]
        assert leader in [one["complaint"]["id"] for one in found], found
        assert "aynı adres" in found[0]["reasons"]
        says(office, "complaintLink", case, of=leader)
    with system():
        assert Complaint.objects.count() == 10
        assert Complaint.objects.filter(linked_to__isnull=True).count() == 1
        first, member = Complaint.objects.get(linked_to=None), Complaint.objects.latest("pk")

    says(office, "complaintRoute", leader, to=global_id(cast.fen))
    text = "Okulun önündeki çukur bugün kapatılsın."
    told = {"principal": global_id(cast.mayors), "text": text, "department": global_id(cast.fen)}
    given = office.does("instructionGive", "instruction { reference }", **told, complaint=leader)
    assert given["errors"] == []
    page = desk.get(f"/admin/complaints/complaint/{member.key}/change/").content.decode()
    assert "Bir konuda 10 başvuru" in page
    assert given["instruction"]["reference"] in page, "one instruction counts for all"
    crew = Asking(cast.fen_clerk).data("{ complaints(first: 20) { nodes { id } } }")
    assert [one["id"] for one in crew["complaints"]["nodes"]] == [leader], "one work for the crew"

    clerk = Asking(cast.fen_clerk)
    for step in ("complaintAccept", "complaintStart"):
        says(clerk, step, leader)
    says(clerk, "complaintDraft", leader, body="Çukur kapatılmıştır.")
    says(clerk, "complaintSubmit", leader)
    says(office, "complaintApprove", leader)
    says(office, "complaintSend", leader, means="EMAIL")
    says(office, "complaintAnswerLinked", leader)
    with system():
        waiting = [str(global_id(one)) for one in Complaint.objects.filter(status="APPROVED").order_by("pk")]
    for case in waiting:  # who left no e-mail address
        says(office, "complaintSend", case, **PROVEN)
    matter: Any = office.data(MATTER, i=leader)["node"]
    assert matter["status"] == "REPLIED"
    assert [one["status"] for one in matter["linked"]] == ["REPLIED"] * 9
    with system():
        answers = Notice.objects.filter(kind="RESULT", status="SENT", complaint__isnull=False)
        assert answers.count() == 10
        assert all("Çukur kapatılmıştır." in one.body for one in answers)
    assert first.reference in desk.get(f"/admin/complaints/complaint/{member.key}/change/").content.decode()
