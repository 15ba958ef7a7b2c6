"""A guest's answer by the link of their invitation: GET shows, POST decides, without a script or an account."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from backend.core.session import system
from backend.events import actions, links
from backend.events.models import Event, Guest
from tests.cast import Cast
from tests.factories import make_citizen, make_event, refetch


@pytest.fixture
def event(cast: Cast) -> Event:
    found = make_event(cast.mayors, "Konser", invitation_text="Bekleriz.", dress_code="Koyu")
    with system():
        actions.announce(found, by=None)
    return found


@pytest.fixture
def guest(event: Event) -> Guest:
    with system():
        person = make_citizen("İlker", "Işık", email="i@example.org")
        return actions.add_guest(event, by=None, person=person, with_spouse=True)


def _path(guest: Guest) -> str:
    return f"/davet/{links.token_for(guest)}/"


def test_the_page_shows_the_invitation_and_changes_nothing(guest: Guest) -> None:
    page = Client().get(_path(guest))
    text = page.content.decode()
    assert "Sayın İlker IŞIK ve Eşi" in text
    assert "Bekleriz." in text
    assert "<script" not in text
    assert page["Referrer-Policy"] == "same-origin"
    assert "no-store" in page["Cache-Control"]
    assert "unsafe" not in page["Content-Security-Policy"].split("style-src")[0]
    assert refetch(guest).answer == "WAITING"


def test_an_answer_is_taken_and_can_be_changed(guest: Guest) -> None:
    said = {"answer": "COMING", "companions": "1", "companion_names": "Ayla Işık", "plate": "34 AB 1"}
    page = Client().post(_path(guest), said)
    assert "Teşekkür ederiz" in page.content.decode()
    found = refetch(guest)
    assert (found.answer, found.answered_via, found.companions, found.plate) == (
        "COMING",
        "LINK",
        1,
        "34 AB 1",
    )
    assert "Giriş kodu" in Client().get(_path(guest)).content.decode()
    Client().post(_path(guest), {"answer": "NOT_COMING"})
    assert (refetch(guest).answer, refetch(guest).companions) == ("NOT_COMING", 0)


def test_a_refusal_keeps_what_was_typed(guest: Guest) -> None:
    page = Client().post(_path(guest), {"answer": "REPRESENTED", "plate": "34 XYZ 9"})
    text = page.content.decode()
    assert "Yerinize kimin geleceğini yazınız." in text
    assert "34 XYZ 9" in text
    assert refetch(guest).answer == "WAITING"


def test_a_representative_who_is_named_is_asked_about_and_not_dropped(guest: Guest) -> None:
    text = Client().post(_path(guest), {"answer": "COMING", "representative": "İpek Iğdır"}).content.decode()
    assert "Temsilci adı yazılmış" in text
    assert "İpek Iğdır" in text
    assert refetch(guest).answer == "WAITING"


@pytest.mark.parametrize("answer", ["", "WAITING", "x", "COMING' --"])
def test_what_is_no_answer_changes_nothing(guest: Guest, answer: str) -> None:
    assert Client().post(_path(guest), {"answer": answer}).status_code == 200
    assert refetch(guest).answer == "WAITING"


def test_a_link_that_is_not_ours_is_out_of_date_or_of_somebody_taken_off_is_one_answer(guest: Guest) -> None:
    stranger = Client().get("/davet/x/")
    old = _path(guest)
    with system():
        actions.renew_link(guest, by=None)
    renewed = Client().get(old)
    with system():
        actions.remove_guest(guest, by=None, reason="İptal")
    gone = Client().get(_path(refetch(guest)))
    assert (stranger.status_code, renewed.status_code, gone.status_code) == (404, 404, 404)
    assert stranger.content == renewed.content == gone.content


def test_after_the_day_named_one_must_call(event: Event, guest: Guest) -> None:
    with system():
        Event.objects.filter(pk=event.pk).update(answer_by=timezone.localdate() - dt.timedelta(days=1))
    page = Client().post(_path(guest), {"answer": "COMING"})
    assert "Cevaplar artık buradan alınmıyor" in page.content.decode()
    assert refetch(guest).answer == "WAITING"
