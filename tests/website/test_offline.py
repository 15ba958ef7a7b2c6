"""What a device sends once it has a line again: one application, however often it is sent, and nothing of others."""

from __future__ import annotations

import json
import time
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


def opened(browser: Browser, key: str, result: dict[str, Any]) -> str:
    """Have the page of what came of it shown: its address."""
    facts = {name: str(value or "") for name, value in result.items()}
    return str(told(browser.post(f"{HERE}ac/", {"key": key, **facts}))["url"])


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
    url = opened(browser, key, first)
    assert url == "/basvuru/alindi/"
    page = browser.get(url).content.decode()
    assert first["code"] in page
    assert f'data-seen="{key}"' in page  # so the device knows which one it need not keep
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
    assert (answer["code"], answer["way"], answer["is_code_sent"]) == ("", "email", True)
    assert told(sends(citizen.browser, key, privacy_notice=notice, **CONTACT)) == answer
    with system():
        assert not Complaint.objects.exists()
        assert Submission.objects.count() == 1
    assert opened(citizen.browser, key, answer) == "/basvuru/onay/"
    page = citizen.get("/basvuru/onay/")
    assert "kodu yazınız" in page
    assert 'value="again"' in page  # the receipt came along: another code may be asked for
    citizen.sends("/basvuru/onay/", code=mailed_code())
    assert citizen.at == "/basvuru/alindi/"


def test_what_is_being_answered_meanwhile_is_not_given_up() -> None:
    citizen = Citizen()
    citizen.sends("/basvuru/ne/", kind="REQUEST")
    citizen.sends("/basvuru/anlat/", text="Parka bank konulsun")
    key = str(uuid.uuid4())
    answer = told(sends(citizen.browser, key))
    url = opened(citizen.browser, key, answer)
    assert answer["code"] in citizen.get(url)
    assert "Parka bank konulsun" in citizen.get("/basvuru/anlat/")


def test_what_is_sent_leaves_the_session_as_it_is() -> None:
    """The page is filled in at this moment, perhaps by another person: signed on, and from a scanned place."""
    citizen = Citizen()
    citizen.sends("/basvuru/ne/", kind="REQUEST")
    session = citizen.browser.session
    session["website.place"] = {"at": time.time(), "code": "K7", "neighbourhood": None, "place": "Park"}
    session["website.identity"] = {"first_name": "Nil", "last_name": "Başka", "national_id": "", "until": 0}
    session.save()
    before = dict(citizen.browser.session)
    assert sends(citizen.browser, str(uuid.uuid4())).status_code == 200
    assert dict(citizen.browser.session) == before
    with system():
        assert Complaint.objects.get().place == "İğdeli Sokak 4"


def test_two_of_a_device_are_shown_each_as_it_is() -> None:
    citizen = Citizen()
    notice = citizen.get(HERE).split('name="privacy_notice" value="')[1].split('"')[0]
    keys = [str(uuid.uuid4()) for _one in range(2)]
    nameless = told(sends(citizen.browser, keys[0]))
    named = told(sends(citizen.browser, keys[1], text="Lamba yanmıyor", privacy_notice=notice, **CONTACT))
    assert "kodu yazınız" in citizen.get(opened(citizen.browser, keys[1], named))
    assert nameless["reference"] in citizen.get(opened(citizen.browser, keys[0], nameless))
    page = citizen.get("/basvuru/onay/")  # the mail's link: the code counts, whatever was shown last
    assert "kod gönderemedik" not in page
    assert 'name="code"' in page


def test_only_the_steps_of_a_problem_are_kept_by_the_device() -> None:
    citizen, other = Citizen(), Citizen()
    named = []
    for one in (citizen, other):
        one.sends("/basvuru/ne/", kind="COMPLAINT")
        page = one.get("/basvuru/anlat/")
        named.append(page.split('name="on_device" value="')[1].split('"')[0])
    assert named[0] != named[1]
    citizen.sends("/basvuru/anlat/", text=TEXT)
    assert f'name="on_device" value="{named[0]}"' in citizen.get("/basvuru/yer/")
    for kind in ("PETITION", "INFORMATION_REQUEST", "REQUEST", "SUGGESTION", "THANKS"):
        citizen.sends("/basvuru/ne/", kind=kind)
        assert "on_device" not in citizen.get("/basvuru/anlat/"), kind


@pytest.mark.parametrize(
    ("fields", "at", "sentence"),
    [
        ({"text": "x"}, "id_text", "Biraz daha yazınız"),
        ({"who": "NAMED", "email": "ilkay@example.org"}, "id_first_name", "Adınızı yazınız"),
        ({"who": "NAMED", "first_name": "İlkay", "last_name": "Işık"}, "id_email", "telefon"),
        ({"neighbourhood": "yok"}, "id_neighbourhood", ""),
        ({"key": "1"}, "", ""),
        ({"bundle": "kısa"}, "", ""),
        ({**CONTACT, "privacy_notice": "eski"}, "", ""),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_registered(
    fields: dict[str, str], at: str, sentence: str
) -> None:
    answer = sends(Browser(), fields.pop("key", str(uuid.uuid4())), **fields)
    assert answer.status_code == 422
    where, why = told(answer)["errors"][0]
    assert where == at
    assert sentence in why
    with system():
        assert not Complaint.objects.exists()
        assert not Submission.objects.exists()


def test_another_text_under_a_key_that_was_taken_registers_nothing() -> None:
    key = str(uuid.uuid4())
    sends(Browser(), key)
    assert told(sends(Browser(), key, text="Bambaşka bir konu var burada"))["errors"] == [["", "known"]]
    with system():
        assert Complaint.objects.count() == 1


def test_a_photograph_that_is_none_is_refused_in_words() -> None:
    answer = Browser().post(f"{HERE}foto/", {"bundle": BUNDLE})
    assert answer.status_code == 422
    with open(__file__, "rb") as file:
        answer = Browser().post(f"{HERE}foto/", {"bundle": BUNDLE, "file": file})
    assert answer.status_code == 422
    assert "test_offline.py" in told(answer)["errors"][0][1]


def test_a_device_that_sends_says_who_it_is_by_a_token() -> None:
    browser = Browser(enforce_csrf_checks=True)
    assert sends(browser, str(uuid.uuid4())).status_code == 403
    token = told(browser.get(f"{HERE}hazir/"))["token"]
    sent = {"key": str(uuid.uuid4()), "text": TEXT, "who": "NAMELESS"}
    answer = browser.post(f"{HERE}gonder/", sent, headers={"X-CSRFToken": token})
    assert answer.status_code == 200
