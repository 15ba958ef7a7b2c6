"""What is typed is saved in the admin, offered again to its writer alone, and gone once its form was carried out."""

from __future__ import annotations

import pytest
from django.test import Client

from backend.core.session import system
from backend.drafts.models import Draft
from backend.organization.models import User
from tests.cast import Cast, signed_in
from tests.factories import make_complaint

DRAFTS = "/admin/drafts/"


def save(client: Client, person: User, page: str, text: str, field: str = "body"):
    return client.post(DRAFTS, {"user": person.pk, "page": page, "field": field, "text": text})


def offered(client: Client, page: str) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = client.get(DRAFTS, {"page": page}).json()["drafts"]
    return found


def test_a_draft_is_saved_offered_and_gone_when_sent(cast: Cast) -> None:
    case = make_complaint("Çukur", to=cast.fen, accepted_by=cast.fen_clerk)
    page = f"/admin/complaints/complaint/{case.key}/draft/"
    client = signed_in(cast.fen_clerk)
    answer = save(client, cast.fen_clerk, page, "Çukur kapatıl")
    assert answer.json()["words"].startswith("Taslak kaydedildi ")
    assert "no-store" in answer["Cache-Control"]
    on_another_device = signed_in(cast.fen_clerk)
    assert offered(on_another_device, page)["body"]["text"] == "Çukur kapatıl"
    assert offered(signed_in(cast.fen_head), page) == {}
    refused = client.post(page, {"version": case.version, "body": " "})
    assert refused.status_code == 200
    assert offered(client, page) != {}, "a refused form keeps it"
    sent = client.post(page, {"version": case.version, "body": "Çukur kapatıldı.", "means": "EMAIL"})
    assert sent.status_code == 302
    assert offered(client, page) == {}


def test_what_another_person_typed_is_not_saved_under_the_name_of_who_signed_in_since(cast: Cast) -> None:
    client = signed_in(cast.fen_clerk)
    assert save(client, cast.secretary, "/admin/intake/", "Başkasının metni").status_code == 409
    with system():
        assert not Draft.objects.exists()


def test_a_draft_survives_the_sign_out(cast: Cast) -> None:
    client = signed_in(cast.secretary)
    save(client, cast.secretary, "/admin/intake/", "Yarım")
    client.logout()
    lost = client.post(
        DRAFTS, {"user": cast.secretary.pk, "page": "/admin/intake/", "field": "body", "text": "x"}
    )
    assert lost.status_code == 302
    assert offered(signed_in(cast.secretary), "/admin/intake/")["body"]["text"] == "Yarım"


def test_a_refusal_says_why(cast: Cast) -> None:
    client = signed_in(cast.secretary)
    answer = save(client, cast.secretary, "/admin/intake/", "x" * 50_001)
    assert answer.status_code == 422
    assert "50000" in answer.json()["words"]


@pytest.mark.parametrize("page", ["/admin/intake/", "/admin/letters/letter/new/?kind=OFFICIAL"])
def test_long_texts_say_that_they_are_saved(cast: Cast, page: str) -> None:
    body = signed_in(cast.secretary).get(page).content.decode()
    assert "data-draft=" in body
    assert 'data-drafts="/admin/drafts/"' in body


def test_a_page_that_leads_on_with_a_refusal_keeps_the_draft(cast: Cast) -> None:
    client = signed_in(cast.secretary)
    page = "/admin/saved-filters/complaints_complaint/save/"
    save(client, cast.secretary, page, "Metin")
    assert client.post(page, {"title": ""}).status_code == 302
    assert offered(client, page) != {}
    assert client.post(f"{page}?tab=all", {"title": "Hepsi"}).status_code == 302
    assert offered(client, page) == {}


def test_the_second_window_is_told_and_does_not_overwrite(cast: Cast) -> None:
    client, page = signed_in(cast.secretary), "/admin/intake/"

    def typed(text: str, seen: str):
        values = {"user": cast.secretary.pk, "page": page, "field": "body", "text": text, "seen": seen}
        return client.post(DRAFTS, values)

    first = typed("Birinci pencere", "").json()["seen"]
    assert typed("İkinci pencere", "").status_code == 412, "it knows of no draft"
    second = typed("Birinci pencere, sürüyor", first)
    assert second.status_code == 200
    told = typed("İkinci pencere", first)
    assert (told.status_code, told.json()["text"]) == (412, "Birinci pencere, sürüyor")
    assert "başka bir pencerede" in told.json()["words"]
    assert typed("", first).status_code == 412, "emptying it would be overwriting, too"
    assert typed("Birinci pencere, sürüyor", first).status_code == 200, "the same text disturbs nobody"
    assert typed("İkinci pencere", told.json()["seen"]).status_code == 412
    assert typed("İkinci pencere", offered(client, page)["body"]["seen"]).status_code == 200
    assert offered(client, page)["body"]["text"] == "İkinci pencere"
