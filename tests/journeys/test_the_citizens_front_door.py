"""What the municipality says of citizens and the web, a journey a sentence: from the citizen's first page to the deed
of the staff, and back to what the citizen sees. The numbers are those of its list of services (heading.sentence)."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from backend.complaints.models import Attachment, Complaint
from backend.core.session import system
from schema.core.nodes import global_id
from tests.cast import Cast
from tests.days import day, spelt
from tests.factories import at, make_category, make_neighbourhood, make_public_day
from tests.journeys import test_the_citizens_events as events
from tests.journeys.visitor import PERSON, Visitor, answered, done, later
from tests.schema.client import Asking
from tests.schema.portal_client import make_notices, portal
from tests.website.conftest import site as site
from tests.website.test_apply import picture
from tests.website.test_signed_on import AWAY, signed_on

SENTENCES = ("1.2", "1.4", "1.8", "2.4", "2.5", "2.6", "3.3", "4.5", "4.7", "5.6")
"""Of the 35 sentences, those about citizens and the web."""
PAVEMENT = {
    "kind": "COMPLAINT",
    "text": "Kaldırımda derin bir çukur var. İğdeli Sokak'ta ışıklar da yanmıyor 🙂",
    "category": "kaldirim-ve-bordur",
    "neighbourhood": "abdurrahmangazi",
    "place": "İğdeli Sokak 4",
    "who": "NAMED",
}
VISIT = {"kind": "REQUEST", "subject": "Okul bahçesi", "behalf": "self", "party_size": "2"}
KNOWN = {"firstName": "Işıl", "lastName": "İnce", "email": PERSON["email"]}
REQUEST = "request { id reference }"


@pytest.fixture(autouse=True)
def installed(cast: Cast, site: None) -> None:
    make_notices()
    make_neighbourhood()
    make_category("kaldirim-ve-bordur", "Kaldırım ve bordür", keywords=["kaldırım"])


def test_each_sentence_has_its_journey() -> None:
    here = {**globals(), **vars(events)}
    found = {
        function.__doc__.split()[0]: name
        for name, function in here.items()
        if name.startswith("test_") and callable(function) and (function.__doc__ or "")[:1].isdigit()
    }
    assert tuple(sorted(found)) == SENTENCES
    for number, name in found.items():
        assert name.startswith(f"test_{number.replace('.', '_')}_"), name


def test_1_2_an_appointment_by_telephone_mail_and_web_site(cast: Cast) -> None:
    """1.2 Başkanın randevuları, vatandaşların talepleri doğrultusunda telefon (0216 311 11 11), e-posta veya belediye
    web sitesi üzerinden alınır."""
    visitor, desk = Visitor(), Asking(cast.secretary)
    words = visitor.opens("/iletisim/")
    assert "0216 311 11 11" in words
    assert "@" in words
    visitor.opens("/")
    visitor.follows("Randevu")
    words = visitor.walks(visitor.at, "/randevu/alindi/", principal=global_id(cast.mayors), **VISIT)
    found = desk.data("{ appointmentRequests { nodes { id reference channel applicant { id } } } }")
    (asked,) = found["appointmentRequests"]["nodes"]
    assert asked["reference"] in words
    known = {"principal": global_id(cast.mayors), "applicant": asked["applicant"]["id"]}
    known |= {"kind": "REQUEST", "subject": "Kurs salonu"}
    others = [
        done(desk.does("appointmentReceive", REQUEST, **known, channel=way), "request")
        for way in ("PHONE", "EMAIL")
    ]
    when = {"startsAt": at(day(1), "14:00").isoformat(), "means": "EMAIL", "place": "Makam"}
    done(desk.does("appointmentApprove", REQUEST, id=asked["id"], **when), "request")
    words = visitor.my_matters()
    for one in (asked, *others):
        assert one["reference"] in words
    visitor.follows(asked["reference"])
    assert "Makam" in visitor.words
    assert "14.00" in visitor.words


def test_1_4_an_open_process_and_an_easier_way_to_the_mayor(cast: Cast) -> None:
    """1.4 Süreç şeffaf bir şekilde yürütülür ve ilçe sakinlerinin başkana erişimi kolaylaştırılır."""
    desk, visitor = Asking(cast.secretary), Visitor()
    session = make_public_day(cast.mayors, place="Meclis salonu")
    offered = desk.does("publicDayOffer", "publicDay { placesOnline }", id=global_id(session), places=2)
    assert done(offered, "publicDay") == {"placesOnline": 2}
    later()
    assert "2 boş yer var" in visitor.opens("/randevu/kim/")
    place = {"day": global_id(session), "at": visitor.first_choice("at")}
    assert "Meclis salonu" in visitor.walks(
        "/randevu/halk-gunu/", "/randevu/halk-gunu/alindi/", **VISIT, **place
    )
    visits = desk.data("{ publicDays { nodes { visits { request { subject partySize } } } } }")
    expected = {"request": {"subject": VISIT["subject"], "partySize": 2}}
    assert visits["publicDays"]["nodes"] == [{"visits": [expected]}]

    other = Visitor(first_name="Umut", email="umut@example.org")
    other.walks("/randevu/", "/randevu/alindi/", principal=global_id(cast.mayors), **VISIT)
    number = other.number
    assert number in other.my_matters()
    before = other.follows(number)
    why = "Okul bahçeleri için sizi Fen İşleri Müdürlüğü kabul edecektir."
    refusal = {"ground": "DEPARTMENT", "reason": why, "means": "EMAIL", "body": why}
    done(desk.does("appointmentDecline", REQUEST, id=_request(desk, number), **refusal), "request")
    assert why not in before
    assert why in other.opens(other.at)


def _request(desk: Asking, number: str) -> str:
    """The id of a request for an appointment, as the desk finds it by its number."""
    found = desk.data("query($r: String!) { appointmentRequest(reference: $r) { id } }", r=number)
    return str(found["appointmentRequest"]["id"])


def test_1_8_in_person_at_the_building_or_by_platforms_online(cast: Cast) -> None:
    """1.8 Vatandaşlar, belediye binasına bizzat gelerek veya online platformlar üzerinden randevu talebinde
    bulunabilir."""
    desk, visitor = Asking(cast.secretary), Visitor()
    whom = {"principal": global_id(cast.mayors), "kind": "REQUEST", "subject": "Okul bahçesi"}
    came = desk.does("appointmentReceive", REQUEST, **whom, channel="IN_PERSON", newApplicant=KNOWN)
    online = portal().does(
        "portalAppointmentSubmit",
        "appointment { reference }",
        **whom,
        contact=KNOWN,
        privacyNotice="appointment-tr-1",
    )
    at_the_desk, by_portal = done(came, "request"), done(online, "appointment")
    words = visitor.my_matters()
    assert at_the_desk["reference"] in words
    assert by_portal["reference"] in words
    proposal = {
        "startsAt": at(day(1), "11:00").isoformat(),
        "holdUntil": (
            timezone.now() + dt.timedelta(days=2)
        ).isoformat(),  # the suite's day may lie too far ahead
        "means": "EMAIL",
        "place": "Makam",
    }
    done(desk.does("appointmentPropose", REQUEST, id=at_the_desk["id"], **proposal), "request")
    assert "Size bir saat ayrıldı" in visitor.my_matters()
    visitor.follows(at_the_desk["reference"])
    visitor.follows("Cevapla")
    assert "Randevunuz kesinleşmiştir" in visitor.presses("Evet, geleceğim")
    query = "query($i: ID!) { node(id: $i) { ... on AppointmentRequest { status } } }"
    assert desk.data(query, i=at_the_desk["id"])["node"]["status"] == "APPROVED"
    assert spelt(1) in visitor.my_matters()


def test_3_3_a_complaint_by_call_centre_web_site_mail_and_in_person(cast: Cast) -> None:
    """3.3 Şikayetler, belediyenin çağrı merkezi (0216 311 11 11), web sitesi, e-posta veya bizzat başvuru yoluyla
    iletilir."""
    desk, visitor = Asking(cast.secretary), Visitor()
    visitor.opens("/")
    visitor.follows("Sorun bildirme")
    words = visitor.walks(visitor.at, "/basvuru/alindi/", **PAVEMENT, file=lambda: [picture()])
    with system():
        case = Complaint.objects.select_related("applicant").get()
        assert Attachment.objects.get().complaint == case
        case_id, applicant = global_id(case), global_id(case.applicant)
    assert case.reference in words
    assert case.tracking_code in words
    others = []
    for channel in ("PHONE", "EMAIL", "COUNTER"):
        fields = {"channel": channel, "kind": "COMPLAINT", "subject": "Çöp alınmadı", "applicant": applicant}
        made = done(
            desk.does("complaintRegister", "complaint { reference trackingCode }", **fields), "complaint"
        )
        assert made["reference"] in visitor.with_code(made["trackingCode"])
        others.append(made["reference"])
    words = visitor.my_matters()
    assert all(reference in words for reference in (case.reference, *others))

    clerk = Asking(cast.fen_clerk)
    answered(case_id, "Çukur kapatıldı.", to=global_id(cast.fen), desk=desk, clerk=clerk)
    assert "Çukur kapatıldı." in visitor.with_code(case.tracking_code)
    assert "değerlendirmeniz alındı" in visitor.presses("Değerlendir", **{"rate-rating": "5"})
    query = "query($i: ID!) { node(id: $i) { ... on Complaint { rating } } }"
    assert clerk.data(query, i=case_id)["node"] == {"rating": 5}


def test_4_5_a_formal_request_at_the_building_or_by_e_devlet(cast: Cast, settings: Any) -> None:
    """4.5 Sancaktepe sakinleri, resmi taleplerini belediye binasına gelerek veya e-Devlet üzerinden iletebilir.

    The provider's answer is laid into the session here; a real OpenID provider is asked in tests/clients.
    """
    settings.CITIZEN_SIGN_ON = {**settings.CITIZEN_SIGN_ON, "issuer": AWAY, "client_id": "c"}
    citizen, desk = signed_on(), Asking(cast.secretary)
    citizen.answers("PETITION", address="Barış Sokak 5")
    citizen.sends("/basvuru/kontrol/")
    with system():
        case = Complaint.objects.get()
    assert case.reference in citizen.text  # at once: who it is was proved by the sign-on
    fields = "complaint { reference trackingCode regime rawDueOn }"
    person = {"firstName": "Ayşe Gül", "lastName": "Işık", "address": "Barış Sokak 5", "acceptAlike": True}
    known = {"kind": "REQUEST", "subject": "Park istiyoruz", "newApplicant": person, "signatureGiven": True}
    visitor = Visitor()
    for channel in ("PETITION", "E_DEVLET"):
        made = done(desk.does("complaintRegister", fields, **known, channel=channel), "complaint")
        assert made["regime"] == "PETITION_3071"
        assert made["rawDueOn"]
        assert made["reference"] in visitor.with_code(made["trackingCode"])
    query = "query($r: String!) { complaint(reference: $r) { signatureGiven regime applicant { lastName } } }"
    shown = desk.data(query, r=case.reference)["complaint"]
    assert shown == {"signatureGiven": True, "regime": "PETITION_3071", "applicant": {"lastName": "Işık"}}
    assert case.reference in visitor.with_code(case.tracking_code)


def test_4_7_help_by_the_contact_page_or_the_call_centre(cast: Cast) -> None:
    """4.7 Vatandaşlar, belediyenin web sitesindeki “İletişim” bölümünden veya çağrı merkezinden destek alabilir."""
    visitor, head = Visitor(), Asking(cast.administrator)
    visitor.opens("/")
    visitor.follows("İletişim")
    assert visitor.at == "/iletisim/"
    assert 'href="tel:+902163111111"' in visitor.source
    number = {"name": "MUNICIPALITY_PHONE", "value": "0216 622 33 33"}
    assert head.does("officeSettingsChange", "settings { name }", settings=[number])["errors"] == []
    later()
    assert "0216 622 33 33" in visitor.opens("/iletisim/")
    assert 'href="tel:+902166223333"' in visitor.source
    call = {"channel": "PHONE", "kind": "REQUEST", "subject": "Rampa", "newApplicant": KNOWN}
    centre = Asking(cast.secretary)
    made = done(centre.does("complaintRegister", "complaint { reference trackingCode }", **call), "complaint")
    visitor.opens("/")
    visitor.follows("Başvurumu takip et")
    assert made["reference"] in visitor.presses("", code=made["trackingCode"])
