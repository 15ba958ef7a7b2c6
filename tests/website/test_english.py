"""A visitor who reads English: what is asked, refused, sent and counted is English, and what is Turkish says so."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.test import Client as Browser
from django.utils.formats import date_format
from django.utils.translation import override

from backend.appointments.models import AppointmentRequest
from backend.complaints.models import Complaint
from backend.complaints.reporting import publishing
from backend.core.localtime import midnight, today
from backend.core.session import system
from backend.outbox import mail
from backend.outbox.models import Message
from tests.cast import Cast
from tests.factories import make_complaint
from tests.schema.portal_client import make_notices
from tests.website.test_citizens_pages import (
    WHO,
    announced,
    answered,
    code_in_the_mail,
    send,
    signed_up,
    text_of,
)

pytestmark = pytest.mark.usefixtures("site")


@pytest.fixture(autouse=True)
def notices(cast: Cast) -> None:
    make_notices()


def english() -> Browser:
    return Browser(headers={"accept-language": "en"})


@pytest.mark.parametrize("number", ["0", "51", "-3", "iki", ""])
def test_how_many_come_is_refused_in_our_own_words(cast: Cast, number: str) -> None:
    for browser, words in ((english(), "Write "), (Browser(), "yazınız")):
        page = text_of(send(browser, "/randevu/kisi/", party_size=number))
        error = re.search(r'<div class="errors".*?</div>', page, re.DOTALL)
        assert error, page
        assert words in error[0]
        assert "Ensure" not in page


def test_the_code_comes_in_their_language(cast: Cast) -> None:
    browser = english()
    answered(browser, cast)
    send(browser, "/randevu/kontrol/")
    with system():
        message = Message.objects.get(purpose="contact_code")
    assert message.subject == "Your verification code"
    assert "valid for 15 minutes" in message.body
    assert "kodunuz" not in message.body
    page = mail.html_of(message)
    assert '<html lang="en">' in page
    assert "Your reply to this message goes to" in page
    assert "vereceğiniz" not in page


def test_what_they_signed_up_for_is_confirmed_in_their_language(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    event = announced(cast)
    signed_up(english(), event, 2)
    for field, value in (("first_name", "Ayşe"), ("email", "ayse@example.org")):
        monkeypatch.setitem(WHO, field, value)
    signed_up(english(), event)  # waits
    with system():
        messages = list(Message.objects.filter(purpose="event_sign_up").order_by("-subject"))
    assert [one.subject for one in messages] == ["You are signed up", "You are on the waiting list"]
    for message in messages:
        assert event.title in message.body
        assert "Sayın" not in message.body
        assert '<html lang="en">' in mail.html_of(message)


def test_a_day_is_named_as_the_language_does_and_the_office_reads_turkish(cast: Cast) -> None:
    browser = english()
    summary = text_of(answered(browser, cast))
    first = re.search(r'name="days" value="([0-9-]+)"', text_of(browser.get("/randevu/zaman/")))
    assert first
    day = dt.date.fromisoformat(first[1])
    with override("en"):
        assert date_format(day, "l j F") in summary
    send(browser, "/randevu/kontrol/")
    send(browser, "/randevu/kod/", code=code_in_the_mail())
    with system(), override("tr"):
        assert AppointmentRequest.objects.get().wish == f"{date_format(day, 'j F l')}; Öğleden sonra"


def test_a_share_is_written_as_the_language_does(cast: Cast) -> None:
    last = (today().replace(day=1) - dt.timedelta(days=1)).replace(day=1)
    for number in range(24):
        make_complaint(f"Konu {number}", applicant=None)
    with system():
        Complaint.objects.update(
            registered_at=midnight(last), closed_at=midnight(last), status="CLOSED", outcome="SOLVED"
        )
        publishing.publish()
    assert "<td>100%</td>" in text_of(english().get(f"/sayilar/{last.year}/"))
    assert "<td>%100</td>" in text_of(Browser().get(f"/sayilar/{last.year}/"))


def test_a_text_that_is_in_force_in_turkish_only_says_so() -> None:
    assert "in force in Turkish only" in text_of(english().get("/aydinlatma/"))
    assert "yalnızca Türkçe" not in text_of(Browser().get("/aydinlatma/"))
