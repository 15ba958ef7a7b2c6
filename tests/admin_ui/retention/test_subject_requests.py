"""The register of applications under KVKK m.11 as the office's pages."""

from __future__ import annotations

import datetime as dt
import io
import re
import uuid
from typing import Any

import pypdf

from backend.complaints.law.deadlines import Regime
from backend.contacts import actions as contacts
from backend.core.localtime import today
from backend.core.session import system
from backend.journal.models import AccessLog
from backend.retention.models import SubjectRequest
from backend.retention.subject_requests import actions
from tests.cast import Cast, signed_in
from tests.factories import make_citizen, make_complaint, make_subject_request, refetch

LIST = "/admin/retention/subjectrequest/"


def sent(**more: Any) -> dict[str, Any]:
    said = {
        "once": str(uuid.uuid4()),
        "requester": "Gül Tekin",
        "contact": "Barış Sokak 3",
        "received_on": str(today()),
        "channel": "IN_PERSON",
        "rights": ["KNOW", "ERASE"],
        "text": "Kaydım silinsin.",
        "identity": "",
    }
    return said | more


def test_the_register_is_the_offices_alone_with_what_is_late_first(cast: Cast) -> None:
    late = make_subject_request("Geç Kalan", received_on=today() - dt.timedelta(days=45))
    make_subject_request("Yeni Gelen")
    for stranger in (cast.fen_clerk, cast.fen_head, cast.outsider, cast.administrator):
        assert signed_in(stranger).get(LIST).status_code == 404
        assert signed_in(stranger).get(f"{LIST}{late.key}/change/").status_code == 404
    shown = signed_in(cast.secretary).get(LIST).content.decode()
    assert shown.index("Geç Kalan") < shown.index("Yeni Gelen")
    assert "gecikti" in shown
    only = signed_in(cast.mayor).get(f"{LIST}?tab=late").content.decode()
    assert "Geç Kalan" in only
    assert "Yeni Gelen" not in only


def test_from_the_counter_to_the_letter(cast: Cast) -> None:
    secretary, head = signed_in(cast.secretary), signed_in(cast.office_head)
    form = sent()
    made = secretary.post(f"{LIST}new/", form)
    assert made.status_code == 302
    assert secretary.post(f"{LIST}new/", form)["Location"] == made["Location"], "a second click"
    with system():
        row = SubjectRequest.objects.get()
    assert signed_in(cast.mayor).get(f"{LIST}new/").status_code == 403
    page = f"{LIST}{row.key}/"
    citizen = make_citizen("Gül", "Tekin")
    offered = secretary.get(f"{page}change/?do=link").content.decode()
    assert str(citizen.key) in offered
    chosen = {"citizen": "Gül Tekin", "citizen_of": "Gül Tekin", "citizen_key": str(citizen.key)}
    assert secretary.post(f"{page}link/", {"version": 1, **chosen}).status_code == 302
    assert refetch(row).citizen_id == citizen.pk
    assert "do=answer" not in secretary.get(f"{page}change/").content.decode()
    answer = {
        "outcome": "PARTLY",
        "ground": "",
        "answer": "Kapanan başvurunuz saklama süresi dolunca silinecek.",
        "answer_channel": "POST",
        "answered_on": "",
    }
    refused = head.post(f"{page}answer/", answer | {"version": 2}).content.decode()
    assert "Ret gerekçesini seçiniz" in refused
    assert "saklama süresi dolunca" in refused, "what was typed stays"
    early = head.post(f"{page}answer/", answer | {"version": 2, "ground": "LAW"}).content.decode()
    assert "kimliğin nasıl doğrulandığını" in early
    secretary.post(f"{page}identify/", {"version": 2, "identity": "DOCUMENT", "note": ""})
    assert signed_in(cast.secretary).get(f"{page}answer.pdf").status_code == 404
    assert head.post(f"{page}answer/", answer | {"version": 3, "ground": "LAW"}).status_code == 302
    shown = head.get(f"{page}change/").content.decode()
    assert "Kısmen kabul edildi" in shown
    assert f"/admin/contacts/citizen/{citizen.key}/report/" in shown
    assert f"/admin/contacts/citizen/{citizen.key}/anonymise/" in shown
    letter = head.get(f"{page}answer.pdf")
    assert (letter.status_code, letter["Content-Type"], letter.content[:4]) == (
        200,
        "application/pdf",
        b"%PDF",
    )
    assert "Tekin" not in letter["Content-Disposition"]
    # 6698 m.14: what is refused, wholly or in part, names the Board and its terms; what is granted has none.
    for outcome, ground, is_named in (
        ("PARTLY", "LAW", True),
        ("REFUSED", "LAW", True),
        ("GRANTED", "", False),
    ):
        with system():
            type(row).objects.filter(pk=row.pk).update(outcome=outcome, ground=ground)
        pages = pypdf.PdfReader(io.BytesIO(head.get(f"{page}answer.pdf").content)).pages
        text = " ".join(pages[0].extract_text().split())
        assert ("altmış gün içinde Kişisel Verileri Koruma Kuruluna" in text) is is_named, outcome
    with system():
        readings = AccessLog.objects.filter(subject_ids=[citizen.pk], purpose="admin: application under KVKK")
        assert readings.filter(reader=cast.office_head).exists()


def test_it_is_begun_from_a_person_and_from_a_case(cast: Cast) -> None:
    citizen = make_citizen("İpek", "Iğdır", address="Emek Sokak 5")
    client = signed_in(cast.secretary)
    person = client.get(f"/admin/contacts/citizen/{citizen.key}/change/").content.decode()
    address = f"{LIST}of/citizen/{citizen.key}/"
    assert address in person
    assert "Emek Sokak 5" in client.get(address).content.decode()
    assert client.post(address, sent(requester="İpek Iğdır")).status_code == 302
    case = make_complaint("Verilerim", applicant=citizen, regime=Regime.KVKK_REQUEST)
    from_case = f"{LIST}of/case/{case.key}/"
    assert case.body in client.get(from_case).content.decode()
    assert client.post(from_case, sent()).status_code == 302
    assert "zaten yer alıyor" in client.post(from_case, sent()).content.decode()
    with system():
        assert SubjectRequest.objects.filter(citizen=citizen).count() == 2
        assert SubjectRequest.objects.get(complaint=case).citizen_id == citizen.pk
    report = (
        signed_in(cast.office_head).get(f"/admin/contacts/citizen/{citizen.key}/report/").content.decode()
    )
    assert "Kaydım silinsin." in report


def test_counts_do_not_grow_with_the_register(cast: Cast, django_assert_max_num_queries: Any) -> None:
    for number in range(12):
        make_subject_request(f"Kişi {number}", citizen=make_citizen())
    client = signed_in(cast.secretary)
    client.get(LIST)
    with django_assert_max_num_queries(20):
        client.get(LIST)


def test_the_record_of_the_person_is_looked_for_as_on_the_telephone(cast: Cast) -> None:
    """By name, telephone or T.C. kimlik no: a maiden name and another spelling are found, and nothing is said of who is
    not found."""
    row = make_subject_request("Gül Tekin")
    maiden = make_citizen("Gül", "Çınar", phone="+905321234567")
    with system():
        contacts.set_national_id(maiden, by=None, number="10000000146")
    page, client = f"{LIST}{row.key}/", signed_in(cast.secretary)
    first = client.get(f"{page}change/?do=link").content.decode()
    assert str(maiden.key) not in first
    assert "bu adla kayıtlı kimse yok" not in first
    for look in ("çınar", "0532 123 45 67", "10000000146"):
        offered = client.post(f"{page}link/", {"version": 1, "citizen": look}).content.decode()
        assert f'value="{maiden.key}"' in offered, look
        assert "Kayıtlardan birini seçiniz" in offered, "a name alone identifies nobody"
    nobody = client.post(f"{page}link/", {"version": 1, "citizen": "Yokoğlu"}).content.decode()
    assert "bu ad veya numara yok" in nobody
    empty = client.post(f"{page}link/", {"version": 1}).content.decode()
    assert "Bu alan zorunludur" in empty
    for number in range(9):
        make_citizen("Işıl", f"Kalabalık{number}")
    crowd = client.post(f"{page}link/", {"version": 1, "citizen": "ışıl"}).content.decode()
    assert "Daha fazlası olabilir" in crowd
    make_citizen("Gül", "Tekin")
    assert 'type="radio"' in client.get(f"{page}change/?do=link").content.decode(), (
        "of the name that was written"
    )
    chosen = {"version": 1, "citizen": "çınar", "citizen_of": "çınar", "citizen_key": str(maiden.key)}
    stale = chosen | {"citizen": "Gül Tekin"}
    assert client.post(f"{page}link/", stale).status_code == 200, "it was chosen for another text"
    assert client.post(f"{page}link/", chosen).status_code == 302
    assert refetch(row).citizen_id == maiden.pk
    with system():
        assert AccessLog.objects.filter(subject_ids__contains=[maiden.pk], reader=cast.secretary).exists()


def test_the_page_warns_until_the_sending_is_recorded(cast: Cast) -> None:
    row = make_subject_request("Geç Kalan", identity="DOCUMENT", received_on=today() - dt.timedelta(days=31))
    with system():
        actions.answer(row, by=None, outcome="GRANTED", answer="Ektedir.", answer_channel="KEP")
    client, page = signed_in(cast.secretary), f"{LIST}{row.key}/"
    assert "gönderildiği kaydedilmedi" in client.get(f"{page}change/").content.decode()
    assert "gönderildiği kaydedilmedi" in client.get(f"{LIST}?tab=all").content.decode()
    assert "Geç Kalan" in client.get(f"{LIST}?tab=unsent").content.decode()
    form = client.get(f"{page}change/?do=send").content.decode()
    assert re.search(r'value="KEP"[^>]*checked', form), "as it was answered"
    said = {"version": refetch(row).version, "way": "KEP", "number": "", "sent_on": ""}
    assert "numarasını yazınız" in client.post(f"{page}send/", said).content.decode()
    assert client.post(f"{page}send/", said | {"number": "KEP-118402"}).status_code == 302
    shown = client.get(f"{page}change/").content.decode()
    assert "KEP-118402" in shown
    assert "1 gün geç" in shown
    assert "gönderildiği kaydedilmedi" not in shown
    assert "Geç Kalan" not in client.get(f"{LIST}?tab=unsent").content.decode()
    assert signed_in(cast.mayor).post(f"{page}send/", said).status_code == 403
