"""An application from the home to its number and its end, as a citizen does it: without JavaScript."""

from __future__ import annotations

import datetime as dt
import re
from io import BytesIO
from typing import Any

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client as Browser
from django.utils import timezone
from freezegun import freeze_time
from PIL import Image

from backend.complaints.models import Attachment, Complaint, ComplaintLine
from backend.core.session import system
from backend.events import actions as events
from backend.events.models import PublishedEvent
from backend.organization.models import BodyMatter
from backend.outbox.models import Message
from backend.submissions.models import Submission
from tests.cast import Cast
from tests.factories import make_body, make_category, make_complaint, make_event, make_neighbourhood
from tests.schema.portal_client import make_notices
from website.draft import SECONDS
from website.forms import PhoneField

TEXT = "Kaldırımda derin bir çukur var. İğdeli Sokak'ta ışıklar da yanmıyor 🙂"
NAMED = {"first_name": "İlkay", "last_name": "Işık", "email": "ilkay@example.org", "phone": "", "address": ""}


@pytest.fixture(autouse=True)
def installed(cast: Cast, site: None) -> None:
    make_notices()
    make_neighbourhood()
    make_category(
        "kaldirim-ve-bordur", "Kaldırım ve bordür", parent=make_category("yol", "Yol"), keywords=["kaldırım"]
    )
    gas = make_body("igdas", "İstanbul Gaz Dağıtım", "İGDAŞ", short_code="187", is_public=False)
    with system():
        BodyMatter.objects.create(
            code="acil-gaz",
            body=gas,
            name="Gaz kaçağı",
            keywords=["gaz koku"],
            say_at_once="187'yi arayınız.",
        )


class Citizen:
    """Somebody with an old browser: follows redirects, sends what stands in the forms."""

    def __init__(self, language: str = "tr") -> None:
        self.browser = Browser(headers={"accept-language": language})
        self.page: Any = None

    @property
    def text(self) -> str:
        return str(self.page.content.decode())

    @property
    def at(self) -> str:
        chain = self.page.redirect_chain
        return str(chain[-1][0] if chain else self.page.request["PATH_INFO"])

    def get(self, address: str) -> str:
        self.page = self.browser.get(address, follow=True)
        return self.text

    def sends(self, address: str, /, **fields: Any) -> str:
        """Post, with what the page holds in hidden fields."""
        hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', self.get(address)))
        self.page = self.browser.post(address, hidden | fields, follow=True)
        return self.text

    def answers(self, kind: str = "COMPLAINT", who: str = "NAMELESS", **contact: str) -> None:
        """Answer all questions, up to the page that shows them."""
        self.sends("/basvuru/ne/", kind=kind)
        self.sends("/basvuru/anlat/", text=TEXT)
        if kind in {"COMPLAINT", "REQUEST", "SUGGESTION", "PETITION"}:
            self.sends("/basvuru/konu/", category="kaldirim-ve-bordur")
            self.sends("/basvuru/yer/", neighbourhood="abdurrahmangazi", place="İğdeli Sokak 4")
        if "foto" in self.at:
            self.sends("/basvuru/foto/")
        if "kim" in self.at:
            self.sends("/basvuru/kim/", who=who)
        if "iletisim" in self.at:
            self.sends("/basvuru/iletisim/", **(NAMED | contact))


def picture(colour: str = "red") -> SimpleUploadedFile:
    found = BytesIO()
    Image.new("RGB", (40, 30), colour).save(found, "PNG")
    return SimpleUploadedFile("çukur.png", found.getvalue(), "image/png")


def the_case() -> Complaint:
    with system():
        return Complaint.objects.select_related("applicant", "category", "neighbourhood").get()


def mailed_code() -> str:
    with system():
        body = Message.objects.filter(purpose="submission_confirm").latest("created_at").body
    found = re.search(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}", body)
    assert found
    return found[0]


def test_a_broken_pavement_with_photographs_without_a_name() -> None:
    citizen = Citizen()
    assert "/basvuru/" in citizen.get("/")
    citizen.answers()
    assert citizen.at == "/basvuru/kontrol/"
    assert "Kaldırım ve bordür" in citizen.text
    assert "İğdeli Sokak 4" in citizen.text
    citizen.sends("/basvuru/kontrol/")
    case = the_case()
    assert case.reference in citizen.text
    assert (case.applicant, case.body, case.neighbourhood.code) == (None, TEXT, "abdurrahmangazi")  # type: ignore[union-attr]
    assert case.subject == "Kaldırımda derin bir çukur var"
    citizen.sends("/basvuru/alindi/", file=[picture(), picture("blue")])
    assert "2 dosya eklendi" in citizen.text
    with system():
        assert Attachment.objects.filter(complaint=case).count() == 2
    assert case.reference in citizen.get("/basvuru/takip/durum/")


def test_with_a_name_the_code_comes_before_the_number() -> None:
    citizen = Citizen()
    citizen.answers(who="NAMED")
    assert "kişisel verileriniz bu amaçla işlenir" in citizen.get("/basvuru/iletisim/")
    citizen.sends("/basvuru/kontrol/")
    assert citizen.at == "/basvuru/onay/"
    with system():
        assert Complaint.objects.count() == 0
    citizen.sends("/basvuru/onay/", code="0000-0000-0000")
    assert citizen.page.status_code == 422
    citizen.sends("/basvuru/onay/", code=mailed_code().lower())
    case = the_case()
    assert case.reference in citizen.text
    assert (case.applicant.first_name, case.regime) == ("İlkay", "PETITION_3071")  # type: ignore[union-attr]
    assert case.privacy_notice_id


@pytest.mark.parametrize(
    ("kind", "stored"), [("INFORMATION_REQUEST", "INFORMATION_REQUEST"), ("PETITION", "REQUEST")]
)
def test_what_the_law_wants_is_asked_for(kind: str, stored: str) -> None:
    citizen = Citizen()
    citizen.answers(kind)
    assert citizen.page.status_code == 422
    assert "kanun bu tür başvuruda adres ister" in citizen.text
    assert "İlkay" in citizen.text
    citizen.sends("/basvuru/iletisim/", **(NAMED | {"address": "Barış Sokak 5"}))
    citizen.sends("/basvuru/kontrol/")
    citizen.sends("/basvuru/onay/", code=mailed_code())
    assert (the_case().kind, the_case().applicant.address) == (stored, "Barış Sokak 5")  # type: ignore[union-attr]


def test_a_second_click_registers_one() -> None:
    citizen = Citizen()
    citizen.answers()
    kept = dict(citizen.browser.session.items())
    citizen.sends("/basvuru/kontrol/")
    session = citizen.browser.session
    session.update(kept)  # the second click left before the first was answered
    session.save()
    citizen.browser.post("/basvuru/kontrol/", {})
    citizen.browser.post("/basvuru/kontrol/", {})
    with system():
        assert Complaint.objects.count() == 1


def test_danger_is_said_at_once() -> None:
    citizen = Citizen()
    citizen.sends("/basvuru/ne/", kind="COMPLAINT")
    text = citizen.sends("/basvuru/anlat/", text="Apartmanda gaz kokusu var")
    assert "Hemen arayın" in text
    assert 'href="tel:187"' in text


def test_more_files_than_are_taken_at_once_are_refused_and_not_dropped() -> None:
    citizen = Citizen()
    citizen.answers()
    citizen.sends("/basvuru/kontrol/")
    files = [SimpleUploadedFile(f"{number}.jpg", b"x", "image/jpeg") for number in range(11)]
    page = citizen.browser.post("/basvuru/alindi/", {"file": files})
    assert page.status_code == 422
    assert "en çok on dosya" in page.content.decode()


def test_a_changed_answer_leads_back_to_all_of_them() -> None:
    citizen = Citizen()
    citizen.answers()
    citizen.sends("/basvuru/yer/", neighbourhood="", place="Barış Sokak 5")
    assert citizen.at == "/basvuru/kontrol/"
    assert "Barış Sokak 5" in citizen.text
    citizen.sends("/basvuru/kim/", who="NAMED")
    assert citizen.at == "/basvuru/iletisim/"


@pytest.mark.parametrize("text", ["", " ", "a", "x" * 10_001, "\x00", "🙂"])
def test_bad_words_are_refused_at_their_field_and_stay(text: str) -> None:
    citizen = Citizen()
    citizen.sends("/basvuru/ne/", kind="COMPLAINT")
    citizen.sends("/basvuru/anlat/", text=text)
    assert citizen.page.status_code == 422
    assert 'href="#id_text"' in citizen.text
    assert text.strip(" \x00") in citizen.text


@pytest.mark.parametrize("phone", ["12345", "abc", "+90 5", "0532 123 45 67 89 01", "112"])
def test_what_is_no_telephone_number_is_refused_where_it_was_typed(phone: str) -> None:
    citizen = Citizen()
    citizen.answers(who="NAMED", phone=phone, email="")
    assert (citizen.at, citizen.page.status_code) == ("/basvuru/iletisim/", 422)
    assert "05xx xxx xx xx" in citizen.text
    assert f'value="{phone}"' in citizen.text


def test_who_has_a_telephone_alone_gets_number_and_code_by_sms(settings: Any) -> None:
    settings.SMS_GATEWAY_URL = "http://127.0.0.1:9/"
    citizen = Citizen()
    citizen.answers(who="NAMED", email="", phone="0532 123 45 67")
    citizen.sends("/basvuru/kontrol/")
    citizen.sends("/basvuru/onay/", code=mailed_code())
    case = the_case()
    with system():
        receipt = Message.objects.get(purpose="complaint_receipt")
    assert receipt.channel == "SMS"
    assert case.reference in receipt.body
    assert case.tracking_code in receipt.body


def test_what_the_api_refuses_stands_at_its_field_and_nothing_is_lost(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(PhoneField, "validate", forms.CharField.validate)
    citizen = Citizen()
    citizen.answers(who="NAMED", phone="12", email="")
    citizen.sends("/basvuru/kontrol/")
    assert citizen.at == "/basvuru/iletisim/"
    assert 'href="#id_phone"' in citizen.text
    assert 'value="12"' in citizen.text
    assert 'value="İlkay"' in citizen.text
    citizen.sends("/basvuru/iletisim/", **(NAMED | {"phone": "0532 123 45 67"}))
    assert citizen.at == "/basvuru/kontrol/"


def test_after_an_hour_the_answers_are_gone_and_the_page_says_so() -> None:
    citizen = Citizen()
    with freeze_time("2028-03-01 09:00:00", real_asyncio=True) as clock:
        citizen.sends("/basvuru/ne/", kind="COMPLAINT")
        clock.tick(SECONDS + 1)
        assert "Cevaplarınız artık burada değil" in citizen.get("/basvuru/anlat/")
        assert "Cevaplarınız artık burada değil" in citizen.get("/basvuru/kontrol/")


def test_nothing_of_an_application_stands_in_an_address() -> None:
    citizen = Citizen()
    citizen.answers(who="NAMED")
    citizen.sends("/basvuru/kontrol/")
    assert all("?" not in url for url, _status in citizen.page.redirect_chain)


def test_without_a_way_to_send_a_code_the_office_looks(settings: Any) -> None:
    settings.SMS_GATEWAY_URL = ""
    citizen = Citizen()
    citizen.answers(who="NAMED", email="", phone="0532 123 45 67")
    citizen.sends("/basvuru/kontrol/")
    assert "Özel Kalem başvurunuzu inceler" in citizen.text
    with system():
        assert Submission.objects.get().status == "WAITING"


def test_it_is_followed_by_its_code_wherever_it_came_from() -> None:
    case = make_complaint("Işıklar yanmıyor")
    citizen = Citizen()
    citizen.sends("/basvuru/takip/", code="0000-0000-0000")
    assert citizen.page.status_code == 422
    citizen.sends("/basvuru/takip/", code=case.tracking_code.lower().replace("-", " "))
    assert case.reference in citizen.text
    citizen.sends("/basvuru/takip/durum/", **{"do": "add", "add-text": "Dün daha da karanlıktı."})
    assert "Eklediğiniz alındı" in citizen.text, re.sub(r"<[^>]+>|\s+", " ", citizen.text)
    citizen.sends("/basvuru/takip/durum/", **{"do": "add", "add-text": ""})
    assert citizen.page.status_code == 422
    with system():
        assert ComplaintLine.objects.filter(complaint=case, note__contains="karanlıktı").exists()
    citizen.sends("/basvuru/takip/durum/", **{"do": "withdraw", "withdraw-reason": ""})
    assert "vazgeçtiniz" in citizen.text
    with system():
        assert Complaint.objects.get(pk=case.pk).status == "WITHDRAWN"
    citizen.browser.post("/basvuru/takip/birak/")
    citizen.get("/basvuru/takip/durum/")
    assert citizen.at == "/basvuru/takip/"


def test_in_english_too() -> None:
    citizen = Citizen("en")
    assert "What would you like to do?" in citizen.get("/")
    assert "Report a problem" in citizen.get("/basvuru/ne/")


def test_another_browser_knows_nothing_of_it() -> None:
    citizen = Citizen()
    citizen.answers()
    assert "Cevaplarınız artık burada değil" in Citizen().get("/basvuru/kontrol/")


def test_a_suggestion_about_an_event_asks_for_no_place_and_names_the_event(cast: Cast) -> None:
    event = make_event(cast.mayors, "Kütüphane açılışı", starts_at=timezone.now() + dt.timedelta(days=10))
    with system():
        events.announce(event, by=None)
        events.publish(event, by=None, title="Kütüphane açılışı", text="")
        key = PublishedEvent.objects.get(event=event).key
    citizen = Citizen()
    assert "Kütüphane açılışı" in citizen.get(f"/etkinlikler/oneri/?etkinlik={key}")
    assert citizen.at == "/basvuru/anlat/"
    citizen.sends("/basvuru/anlat/", text="Masal saati olsun.")
    assert citizen.at == "/basvuru/kim/"
    citizen.get("/etkinlikler/oneri/")  # what was written is offered first
    assert citizen.at == "/basvuru/"
    citizen.sends("/basvuru/kim/", who="NAMELESS")
    assert "Kütüphane açılışı" in citizen.text
    citizen.sends("/basvuru/kontrol/")
    case = the_case()
    assert (case.kind, case.body) == ("SUGGESTION", "Masal saati olsun.")
    assert case.subject == "Etkinlik hakkında öneri: Kütüphane açılışı"


def test_a_link_to_suggest_something_leaves_the_number_of_what_was_sent() -> None:
    citizen = Citizen()
    citizen.answers()
    citizen.sends("/basvuru/kontrol/")
    number = the_case().reference
    citizen.get("/etkinlikler/oneri/")
    assert citizen.at == "/basvuru/anlat/"
    assert number in citizen.get("/basvuru/alindi/")


@pytest.mark.parametrize("query", ["", "?etkinlik=x", "?etkinlik=6a1f6c1e-7f3e-4d0e-9a51-111111111111"])
def test_a_suggestion_for_an_event_to_come_says_so(query: str) -> None:
    citizen = Citizen("en")
    assert "suggestion for our calendar" in citizen.get(f"/etkinlikler/oneri/{query}")
    citizen.sends("/basvuru/anlat/", text="Concert in the park")
    citizen.sends("/basvuru/kim/", who="NAMELESS")
    citizen.sends("/basvuru/kontrol/")
    assert the_case().subject == "Etkinlik önerisi"


def test_a_changed_answer_says_why_it_asks_more() -> None:
    citizen = Citizen()
    citizen.answers()
    why = "Bir cevabınızı değiştirdiğiniz için"
    assert why not in citizen.text
    citizen.sends("/basvuru/ne/", kind="PETITION")
    assert citizen.at == "/basvuru/iletisim/"
    assert why in citizen.text
    citizen.sends("/basvuru/iletisim/", **(NAMED | {"address": "Barış Sokak 5"}))
    assert citizen.at == "/basvuru/kontrol/"
    citizen.sends("/basvuru/iletisim/", **NAMED)  # an address that is wrong is said at its field
    assert "Adresinizi yazınız" in citizen.text
    assert why not in citizen.text
