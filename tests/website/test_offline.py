"""What a device sends once it has a line again: one application, however often it is sent, and nothing of others."""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest
from django.test import Client as Browser

from backend.complaints.models import Attachment, Complaint
from backend.core.session import system
from backend.submissions.models import Submission, SubmissionFile
from tests.website.test_apply import TEXT, Citizen, installed, mailed_code, picture

__all__ = ["installed"]
HERE = "/basvuru/baglantisiz/"
BUNDLE = "a" * 40
CONTACT = {"who": "NAMED", "first_name": "İlkay", "last_name": "Işık", "email": "ilkay@example.org"}


def told(answer: Any) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(answer.content)
    return found


def sends(browser: Browser, key: str, **fields: str) -> Any:
    sent = {"text": TEXT, "place": "İğdeli Sokak 4", "neighbourhood": "abdurrahmangazi", "who": "NAMELESS"}
    return browser.post(f"{HERE}gonder/", {"key": key, **sent, **fields})


def test_the_page_holds_nothing_of_the_visitor_and_the_device_may_keep_it() -> None:
    citizen = Citizen()
    citizen.sends("/basvuru/ne/", kind="COMPLAINT")
    citizen.sends("/basvuru/anlat/", text="Gizli kalsın")
    page = citizen.get(HERE)
    assert page == Citizen().get(HERE)
    assert "csrfmiddlewaretoken" not in page
    assert "data-kept hidden" in page
    assert (
        "Tarayıcınız yazdıklarınızı bu cihazda saklayamıyor" in page
    )  # without JavaScript: the way to the form
    assert 'rel="manifest"' in page
    manifest = told(citizen.browser.get("/basvuru/uygulama.webmanifest"))
    assert (manifest["start_url"], manifest["scope"], manifest["lang"]) == ("/basvuru/", "/basvuru/", "tr")
    worker = citizen.browser.get("/basvuru/isci.js")
    assert worker["Content-Type"].startswith("text/javascript")
    assert "worker-src 'self'" in worker["Content-Security-Policy"]


def test_one_key_is_one_application_with_its_photographs() -> None:
    browser, key = Browser(), str(uuid.uuid4())
    for _line_broke in range(2):
        answer = browser.post(f"{HERE}foto/", {"bundle": BUNDLE, "file": picture()})
        assert answer.status_code == 201, told(answer)
    first = told(sends(browser, key, bundle=BUNDLE))
    assert first["url"] == "/basvuru/alindi/"
    assert first["code"] in browser.get(first["url"]).content.decode()
    with system():
        case = Complaint.objects.get()
        assert (case.reference, case.body, case.place) == (first["reference"], TEXT, "İğdeli Sokak 4")
        assert Attachment.objects.filter(complaint=case).count() == 1
    assert told(sends(Browser(), key, bundle=BUNDLE)) == first  # the answer was lost, and the cookie too
    with system():
        assert Complaint.objects.count() == 1
        assert not SubmissionFile.objects.filter(submission=None).exists()


def test_with_a_name_the_code_comes_before_the_number() -> None:
    citizen, key = Citizen(), str(uuid.uuid4())
    page = citizen.get(HERE)
    notice = page.split('name="privacy_notice" value="')[1].split('"')[0]
    answer = told(sends(citizen.browser, key, privacy_notice=notice, **CONTACT))
    assert (answer["url"], answer["code"]) == ("/basvuru/onay/", "")
    assert told(sends(citizen.browser, key, privacy_notice=notice, **CONTACT)) == answer
    with system():
        assert not Complaint.objects.exists()
        assert Submission.objects.count() == 1
    citizen.sends("/basvuru/onay/", code=mailed_code())
    assert citizen.at == "/basvuru/alindi/"


def test_what_is_being_answered_meanwhile_is_not_given_up() -> None:
    citizen = Citizen()
    citizen.sends("/basvuru/ne/", kind="REQUEST")
    citizen.sends("/basvuru/anlat/", text="Parka bank konulsun")
    answer = told(sends(citizen.browser, str(uuid.uuid4())))
    assert answer["url"] == "/basvuru/takip/"
    assert answer["code"]
    assert "Parka bank konulsun" in citizen.get("/basvuru/anlat/")


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"text": "x"}, "Biraz daha yazınız"),
        ({"who": "NAMED", "email": "ilkay@example.org"}, "Adınızı yazınız"),
        ({"who": "NAMED", "first_name": "İlkay", "last_name": "Işık"}, "telefon"),
        ({"neighbourhood": "yok"}, ""),
        ({"key": "1"}, ""),
        ({"bundle": "kısa"}, ""),
        ({**CONTACT, "privacy_notice": "eski"}, ""),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_registered(fields: dict[str, str], sentence: str) -> None:
    answer = sends(Browser(), fields.pop("key", str(uuid.uuid4())), **fields)
    assert answer.status_code == 422
    assert sentence in " ".join(told(answer)["errors"])
    with system():
        assert not Complaint.objects.exists()
        assert not Submission.objects.exists()


def test_another_text_under_a_key_that_was_taken_registers_nothing() -> None:
    key = str(uuid.uuid4())
    sends(Browser(), key)
    assert told(sends(Browser(), key, text="Bambaşka bir konu var burada"))["errors"] == ["known"]
    with system():
        assert Complaint.objects.count() == 1


def test_a_photograph_that_is_none_is_refused_in_words() -> None:
    answer = Browser().post(f"{HERE}foto/", {"bundle": BUNDLE})
    assert answer.status_code == 422
    with open(__file__, "rb") as file:
        answer = Browser().post(f"{HERE}foto/", {"bundle": BUNDLE, "file": file})
    assert answer.status_code == 422
    assert "test_offline.py" in told(answer)["errors"][0]


def test_a_device_that_sends_says_who_it_is_by_a_token() -> None:
    browser = Browser(enforce_csrf_checks=True)
    assert sends(browser, str(uuid.uuid4())).status_code == 403
    token = told(browser.get(f"{HERE}hazir/"))["token"]
    sent = {"key": str(uuid.uuid4()), "text": TEXT, "who": "NAMELESS"}
    answer = browser.post(f"{HERE}gonder/", sent, headers={"X-CSRFToken": token})
    assert answer.status_code == 200
