"""An open application of another at the same place: it affects the citizen too, without a number of their own."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.utils import timezone

from backend.complaints.actions import citizens
from backend.complaints.models import Complaint
from backend.core.session import system
from backend.organization.models import Category
from backend.outbox import actions as outbox
from backend.outbox.models import Message
from backend.submissions import jobs
from backend.submissions.affected import STAYS
from backend.submissions.models import AffectedPerson
from tests.cast import Cast
from tests.factories import make_category, make_complaint, make_neighbourhood
from tests.schema.portal_client import make_notices
from tests.website.test_apply import TEXT, Citizen

WHO = {"first_name": "İlkay", "last_name": "Işık", "email": "ilkay@example.org", "phone": ""}
SECRETS = ("Ayşe", "Gizli cümle", "İğdeli", "No: 12")


@pytest.fixture
def pavement(cast: Cast, site: None) -> Category:
    make_notices()
    return make_category(
        "kaldirim",
        "Kaldırım",
        parent=make_category("yol", "Yol"),
        keywords=["kaldırım"],
        others_may_join=True,
    )


def reported(category: Category, **fields: Any) -> Complaint:
    where = {"neighbourhood": make_neighbourhood(), "place": "İğdeli Sk. No: 12"} | fields
    return make_complaint("Kaldırım çökmüş", category=category, body="Gizli cümle", **where)


def at_the_place(place: str = "İğdeli Sokağı 4", **point: str) -> Citizen:
    citizen = Citizen()
    citizen.sends("/basvuru/ne/", kind="COMPLAINT")
    citizen.sends("/basvuru/anlat/", text=TEXT)
    citizen.sends("/basvuru/konu/", category="kaldirim")
    citizen.sends("/basvuru/yer/", neighbourhood="abdurrahmangazi", place=place, **point)
    return citizen


def choices(citizen: Citizen) -> list[str]:
    return re.findall(r'name="case" value="([^"]+)"', citizen.text)


def six_digits() -> str:
    with system():
        body = Message.objects.filter(purpose="contact_code").latest("created_at").body
    found = re.search(r"\d{3} \d{3}", body)
    assert found
    return found[0]


def joined(citizen: Citizen) -> None:
    citizen.sends("/basvuru/benzer/", case=choices(citizen)[0])
    assert citizen.at == "/basvuru/ben-de/iletisim/"
    citizen.sends("/basvuru/ben-de/iletisim/", **WHO)
    citizen.sends("/basvuru/ben-de/kontrol/")
    assert citizen.at == "/basvuru/ben-de/kod/", citizen.text
    citizen.sends("/basvuru/ben-de/kod/", code=six_digits())
    assert citizen.at == "/basvuru/ben-de/alindi/", citizen.text
    assert f"adresinizi {STAYS.days} gün sonra sileriz" in citizen.text


def people() -> list[tuple[int, str]]:
    with system():
        return list(AffectedPerson.objects.values_list("complaint", "email"))


def test_it_affects_me_too_is_joined_listed_ended_and_taken_back(pavement: Category) -> None:
    case = reported(pavement)
    citizen = at_the_place()
    assert citizen.at == "/basvuru/benzer/"
    assert "Kaldırım · " in citizen.text
    assert "tarihinden beri açık" in citizen.text
    for secret in (*SECRETS, case.reference, str(case.key), case.tracking_code):
        assert secret not in citizen.text
    joined(citizen)
    assert people() == [(case.pk, "ilkay@example.org")]
    with system():
        assert Complaint.objects.count() == 1  # no number was spent
        assert Complaint.objects.get().affected == 1
    assert "Beni de etkileyen başvurular" in citizen.get("/islerim/")
    again = at_the_place()
    assert "1 kişi daha etkileniyor" in again.text
    citizen.sends("/islerim/", deed="code", code="")  # the list stays open
    key = re.findall(r'name="token" value="([^"]+)"', citizen.get("/islerim/"))[0]
    citizen.page = citizen.browser.post("/islerim/etkilenen/", {"token": key}, follow=True)
    assert "Geri aldınız" in citizen.text
    assert people() == []
    with system():
        assert Complaint.objects.get().affected == 0


def test_a_second_click_and_the_same_person_again_are_one(pavement: Category) -> None:
    reported(pavement)
    citizen = at_the_place()
    joined(citizen)
    assert citizen.sends("/basvuru/ben-de/kod/", code=six_digits())
    assert citizen.at == "/basvuru/ben-de/alindi/"
    citizen.sends("/basvuru/benzer/")  # the application of one's own still stands, and asks again
    citizen.sends("/basvuru/benzer/", case=choices(citizen)[0])
    citizen.sends("/basvuru/ben-de/iletisim/", **WHO)
    citizen.sends("/basvuru/ben-de/kontrol/")  # proved within the hour: no second code
    assert citizen.at == "/basvuru/ben-de/alindi/"
    assert len(people()) == 1
    with system():
        assert Complaint.objects.get().affected == 1


def test_none_of_these_goes_on_with_the_own_application(pavement: Category) -> None:
    reported(pavement)
    citizen = at_the_place()
    citizen.sends("/basvuru/benzer/")
    assert citizen.page.status_code == 422
    citizen.sends("/basvuru/benzer/", case="another")
    assert citizen.at == "/basvuru/foto/"
    citizen.sends("/basvuru/foto/")
    citizen.sends("/basvuru/kim/", who="NAMELESS")
    citizen.sends("/basvuru/kontrol/")
    assert citizen.at == "/basvuru/alindi/"
    with system():
        assert Complaint.objects.count() == 2


@pytest.mark.parametrize(
    ("fields", "place", "point"),
    [
        ({"place": "Menekşe Sokak 1"}, "İğdeli Sokak 4", {}),
        ({"identity_hidden": True}, "İğdeli Sokak 4", {}),
        ({"latitude": 41.0, "longitude": 29.2}, "", {"latitude": "41.001", "longitude": "29.2"}),
        ({"kind": "THANKS"}, "İğdeli Sokak 4", {}),
    ],
)
def test_elsewhere_hidden_or_of_another_kind_is_not_shown(
    pavement: Category, fields: dict[str, Any], place: str, point: dict[str, str]
) -> None:
    reported(pavement, **fields)
    assert at_the_place(place, **point).at == "/basvuru/foto/"


def test_a_point_within_sixty_metres_is_the_same_place(pavement: Category) -> None:
    reported(pavement, place="", latitude=41.0, longitude=29.2)
    assert at_the_place("", latitude="41.0004", longitude="29.2004").at == "/basvuru/benzer/"


def test_a_topic_that_says_something_of_a_person_shows_nothing(pavement: Category) -> None:
    with system():
        Category.objects.filter(pk=pavement.pk).update(others_may_join=False)
    reported(pavement)
    assert at_the_place().at == "/basvuru/foto/"


def test_at_the_end_they_are_written_to_once_and_forgotten_a_month_later(pavement: Category) -> None:
    case = reported(pavement)
    joined(at_the_place())
    assert jobs.inform() == 0
    with system():
        citizens.withdraw(Complaint.objects.get(pk=case.pk), by=None)
    assert (jobs.inform(), jobs.inform()) == (1, 0)
    with system():
        mail = Message.objects.get(purpose="affected_person_informed")
        assert (mail.address, "Kaldırım" in mail.body) == ("ilkay@example.org", True)
        for secret in SECRETS:
            assert secret not in mail.body
        AffectedPerson.objects.update(informed_at=timezone.now() - dt.timedelta(days=29))
        assert jobs.forget_affected() == 0
        AffectedPerson.objects.update(informed_at=timezone.now() - dt.timedelta(days=31))
    assert jobs.forget_affected() == 1


@pytest.mark.parametrize(
    ("about", "sentence"),
    [
        ("Kaldırım", "bildirdiğiniz “Kaldırım” konulu başvuru sonuçlanmıştır."),
        ("", "bildirdiğiniz başvuru sonuçlanmıştır."),
    ],
)
def test_the_mail_names_the_topic_only_where_there_is_one(db: None, about: str, sentence: str) -> None:
    facts = {"joined_at": timezone.now(), "about": about, "url": "https://belediye.example/islerim/"}
    _subject, body = outbox.render("submissions/mail/affected.txt", facts)
    assert sentence in body
    assert "İşleriniz: https://belediye.example/islerim/" in body


def test_what_ended_meanwhile_says_so_and_loses_nothing(pavement: Category) -> None:
    case = reported(pavement)
    citizen = at_the_place()
    citizen.sends("/basvuru/benzer/", case=choices(citizen)[0])
    citizen.sends("/basvuru/ben-de/iletisim/", **WHO)
    with system():
        citizens.withdraw(Complaint.objects.get(pk=case.pk), by=None)
    citizen.sends("/basvuru/ben-de/kontrol/")
    citizen.sends("/basvuru/ben-de/kod/", code=six_digits())
    assert "bu arada sonuçlandı" in citizen.text
    assert TEXT.split(".")[0] in citizen.get("/basvuru/anlat/")
