"""A citizen's suggestion about events waits for its code, and becomes a case of the office."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from backend.complaints.models import Complaint
from backend.contacts.models import Citizen
from backend.core.session import system
from backend.events import actions as events
from backend.outbox.models import Message
from backend.submissions.actions import MOST_CODES_OF_CONTACT, MOST_OF_SENDER
from backend.submissions.models import Submission
from tests.cast import Cast, signed_in
from tests.factories import make_event
from tests.tracking import tracked

pytestmark = pytest.mark.urls("tests.site_off")  # on the citizens' site it is an application
HERE = "/etkinlikler/oneri/"


@pytest.fixture(autouse=True)
def site_is_off(settings: Any) -> None:
    settings.WEBSITE = False


WRITTEN = {"text": "Kütüphanede masal saati olsun.", "first_name": "Işıl", "last_name": "İnce"}


def sent(**said: str) -> Any:
    return Client().post(HERE, WRITTEN | said)


def cases() -> list[Complaint]:
    with system():
        return list(Complaint.objects.select_related("applicant").order_by("pk"))


def waiting() -> list[Submission]:
    with system():
        return list(Submission.objects.waiting().order_by("pk"))


def code_in_the_mail() -> str:
    with system():
        body = Message.objects.get(purpose="submission_confirm").body
    match = re.search(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}", body)
    assert match
    return match[0]


@pytest.fixture
def published(cast: Cast) -> Any:
    event = make_event(cast.mayors, "Kütüphane açılışı", starts_at=timezone.now() + dt.timedelta(days=10))
    with system():
        events.announce(event, by=None)
        events.publish(type(event).objects.get(pk=event.pk), by=None, title="Kütüphane açılışı", text="")
        return type(event).objects.get(pk=event.pk).published


def test_a_suggestion_about_an_event_is_confirmed_by_its_code_and_can_be_followed(
    cast: Cast, published: Any
) -> None:
    calendar = Client().get("/etkinlikler/").content.decode()
    address = f"{HERE}?etkinlik={published.key}"
    assert address in calendar
    form = Client().get(address).content.decode()
    assert re.search(rf'<option value="{published.key}" selected>[\d.]+ Kütüphane açılışı', form)

    page = sent(event=str(published.key), email="isil@example.org").content.decode()
    assert "Doğrulama kodu" in page
    assert cases() == []
    (row,) = waiting()
    confirmed = Client().post("/onay/", {"code": code_in_the_mail().lower()}).content.decode()
    (case,) = cases()
    assert (case.kind, case.channel, case.status) == ("SUGGESTION", "WEB", "NEW")
    assert case.registered_at == row.received_at
    assert case.subject == "Etkinlik hakkında öneri: Kütüphane açılışı"
    assert (case.body, str(case.applicant)) == (WRITTEN["text"], "Işıl İNCE")
    assert case.reference in confirmed
    assert case.tracking_code in confirmed
    with system():
        assert set(Message.objects.values_list("address", flat=True)) == {"isil@example.org"}
    assert case.reference in tracked(case.tracking_code)
    listed = signed_in(cast.secretary).get("/admin/complaints/complaint/?tab=all").content.decode()
    assert case.reference in listed


def test_a_second_click_is_one_suggestion_and_too_many_of_a_line_are_refused(cast: Cast) -> None:
    for _click in range(2):
        sent(phone="0532 100 00 00")
    assert len(waiting()) == 1
    for number in range(MOST_OF_SENDER):
        page = sent(phone="+905321000000", text=f"Öneri {number}").content.decode()
    assert len(waiting()) == MOST_OF_SENDER
    assert "Daha sonra yeniden deneyiniz" in page
    assert f"Öneri {MOST_OF_SENDER - 1}" in page  # nothing that was typed is lost


def test_another_telephone_brings_no_more_mail_to_the_same_address(cast: Cast) -> None:
    for number in range(MOST_CODES_OF_CONTACT + 2):
        address = "Birisi@example.org" if number % 2 else "birisi@example.org"
        page = sent(phone=f"053210000{number:02}", email=address, text=f"Öneri {number}").content.decode()
    assert len(waiting()) == MOST_CODES_OF_CONTACT + 2
    with system():
        assert Message.objects.count() == MOST_CODES_OF_CONTACT
    assert "kod gönderilmedi" in page


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({}, "telefon numaranızı veya e-posta adresinizi yazınız"),
        ({"phone": "12"}, "telefon numarası"),
        ({"phone": "0532 100 00 00", "text": " "}, "Bu alan"),
        ({"phone": "0532 100 00 00", "event": "6a1f6c1e-7f3e-4d0e-9a51-111111111111"}, "listeden seçiniz"),
    ],
)
def test_what_is_missing_is_asked_for_and_nothing_is_kept(
    cast: Cast, said: dict[str, str], sentence: str
) -> None:
    page = sent(**said)
    assert page.status_code == 200
    assert sentence in page.content.decode()
    assert (cases(), waiting()) == ([], [])
    with system():
        assert not Citizen.objects.filter(last_name="İnce").exists()
