"""Press releases on the pages: begun, filled, photographed, approved by the head, corrected."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from backend.core.session import system
from backend.news.choices import Status
from backend.news.models import Release, ReleaseMailing, ReleasePhoto
from backend.partners import lists
from tests.backend.news.test_news import photographed, picture, published
from tests.cast import Cast, signed_in
from tests.factories import make_organisation, make_release, refetch

LIST = "/admin/news/release/"


def step(client: Client, row: Release, verb: str, **values: object) -> Any:
    """Send the form of a verb."""
    url = reverse("admin:news_release_act", args=[row.key, verb.lower()])
    return client.post(url, {"version": refetch(row).version, **values})


def test_it_is_begun_once_however_often_it_is_sent(cast: Cast) -> None:
    office = signed_in(cast.secretary)
    typed = {"once": str(uuid.uuid4()), "title": "İğdeli Park açıldı 🎉", "lead": "", "text": ""}
    for _time in range(2):
        assert office.post(f"{LIST}new/", typed).status_code == 302
    with system():
        row = Release.objects.get()
    assert (row.title, row.drafted_by) == ("İğdeli Park açıldı 🎉", cast.secretary)
    assert "İğdeli Park" in office.get(LIST).content.decode()
    wrong = office.post(f"{LIST}new/", typed | {"once": str(uuid.uuid4()), "title": "", "lead": "Kalır"})
    assert "Kalır" in wrong.content.decode()


def test_a_photograph_is_added_described_and_shown(cast: Cast) -> None:
    row, office = make_release(), signed_in(cast.secretary)
    assert step(office, row, "ATTACH", file=picture(), caption="Tören").status_code == 302
    page = office.get(reverse("admin:news_release_change", args=[row.key])).content.decode()
    with system():
        photo = ReleasePhoto.objects.get()
    assert reverse("thumbnail", args=[photo.key]) in page
    assert step(office, row, "DESCRIBE", photo=str(photo.key), alternative_text="Kurdele").status_code == 302
    with system():
        assert ReleasePhoto.objects.get().alternative_text == "Kurdele"
    assert step(office, row, "DETACH", photo=str(photo.key)).status_code == 302
    with system():
        assert not ReleasePhoto.objects.exists()


def test_the_head_approves_and_the_secretary_does_not(cast: Cast) -> None:
    row, _photo = photographed()
    office, head = signed_in(cast.secretary), signed_in(cast.office_head)
    step(office, row, "PUBLISH")
    assert refetch(row).status == Status.DRAFT
    assert step(head, row, "PUBLISH").status_code == 302
    assert refetch(row).status == Status.APPROVED
    words = {"title": row.title, "lead": "Yeni", "text": row.text, "correction": "Düzeltildi."}
    assert step(head, row, "CORRECT", **words).status_code == 302
    page = office.get(reverse("admin:news_release_change", args=[row.key])).content.decode()
    assert "Düzeltildi." in page


def test_a_department_does_not_find_them(cast: Cast) -> None:
    row, clerk = make_release(), signed_in(cast.fen_clerk)
    for address in (LIST, f"{LIST}new/", reverse("admin:news_release_change", args=[row.key])):
        assert clerk.get(address).status_code in (403, 404), address


@pytest.mark.usefixtures("held_messages")
def test_a_release_is_sent_to_the_list_that_was_looked_at(cast: Cast) -> None:
    make_organisation("Sancaktepe Postası", kind="PRESS", email="haber@posta.example")
    make_organisation("Adressiz Radyo", kind="PRESS")
    with system():
        press = lists.make(by=cast.secretary, title="Yerel basın", kinds=["PRESS"])
        other = lists.make(by=cast.secretary, title="Aaa dernekler", kinds=["ASSOCIATION"])
    row, office = published(), signed_in(cast.secretary)
    page = office.get(f"{reverse('admin:news_release_change', args=[row.key])}?do=send").content.decode()
    for shown in ("Sancaktepe Postası", "haber@posta.example", "Adressiz Radyo", "Bana bir deneme gönder"):
        assert shown in page
    # Another list than the one that stands there is shown first.
    answer = step(office, row, "SEND", contact_list=str(other.key), shown=str(press.key))
    assert "Bu listeye gönderilecekler yukarıdadır" in answer.content.decode()
    with system():
        assert not ReleaseMailing.objects.exists()
    assert step(office, row, "SEND", contact_list=str(press.key), shown=str(press.key)).status_code == 302
    page = office.get(reverse("admin:news_release_change", args=[row.key])).content.decode()
    assert "1 kişiye gönderildi; 1 kişinin adresi yok" in page
    assert "Basına gönderimi geri al" in page
    assert "Gönderildiği adresler" in page
    assert "haber@posta.example" in page
    mayor = signed_in(cast.mayor).get(reverse("admin:news_release_change", args=[row.key])).content.decode()
    assert "haber@posta.example" not in mayor
    assert step(office, row, "RECALL").status_code == 302
    with system():
        assert not ReleaseMailing.objects.exists()
