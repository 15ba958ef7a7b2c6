"""The pages of clients: for Bilgi İşlem and the head of the office; a secret is shown once."""

from __future__ import annotations

import json
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from backend.core.session import system
from backend.portals.models import Client, ClientSecret
from tests.cast import Cast, signed_in
from tests.permissions.walls.world import make_client
from tests.schema.http.test_limits_of_clients import ME, sha

LIST = "/admin/portals/client/"
GIVEN = {
    "account": "portal.153",
    "name": "e-Belediye",
    "contact_name": "Işıl İnce",
    "contact_email": "isil@portal.example",
    "contact_phone": "0216 311 11 11",
    "scopes": ["READ"],
    "requests_per_minute": "120",
    "cost_per_minute": "100000",
    "cost_per_document": "10000",
}


def _secret(body: str) -> str:
    return re.search(r'class="ok-secret">(oks_[\w-]+)<', body)[1]  # type: ignore[index]


@pytest.mark.parametrize("who", ["administrator", "office_head"])
def test_a_client_is_registered_and_its_secret_shown_once(who: str, cast: Cast) -> None:
    browser = signed_in(cast.people()[who])
    assert "Henüz üçüncü taraf programı kaydedilmedi" in browser.get(LIST).content.decode()
    secret = _secret(browser.post(f"{LIST}new/", GIVEN).content.decode())
    with system():
        client = Client.objects.get()
        assert ClientSecret.objects.bearing(secret).exists()
    page = browser.get(f"{LIST}{client.key}/change/").content.decode()
    assert secret not in page
    assert secret[:10] in page
    assert str(client.key) in page


def test_what_is_wrong_is_told_at_its_field(cast: Cast) -> None:
    browser = signed_in(cast.administrator)
    body = browser.post(
        f"{LIST}new/", GIVEN | {"cost_per_minute": "5", "contact_email": "x"}
    ).content.decode()
    assert "Bu geçerli bir e-posta adresi değil." in body or "e-posta" in body
    body = browser.post(f"{LIST}new/", GIVEN | {"cost_per_minute": "5"}).content.decode()
    assert "Bir dakikalık sınır, tek belgenin maliyet sınırından küçük olamaz." in body
    with system():
        assert not Client.objects.exists()


def test_nobody_else_learns_that_there_are_clients(cast: Cast) -> None:
    client = make_client(cast, "e-Belediye", cast.portal)
    for who in ("secretary", "mayor", "fen_clerk", "fen_head", "outsider"):
        browser = signed_in(cast.people()[who])
        for tail in (
            "",
            "new/",
            f"{client.key}/change/",
            f"{client.key}/rotate/",
            f"{client.key}/documents/",
        ):
            assert browser.get(LIST + tail).status_code == 404, (who, tail)
        assert "İstemciler" not in browser.get("/admin/").content.decode()


def test_it_is_changed_rotated_revoked_closed_and_opened_again(cast: Cast) -> None:
    client = make_client(cast, "e-Belediye", cast.portal)
    browser, base = signed_in(cast.administrator), f"{LIST}{client.key}/"
    changed = {name: value for name, value in GIVEN.items() if name != "account"} | {"documents_only": "on"}
    assert browser.post(f"{base}correct/", changed).status_code == 302
    assert "Yalnız güvenilen belgeler</dd>" in browser.get(f"{base}change/").content.decode()
    assert browser.post(f"{base}correct/", changed | {"open311": "on"}).status_code == 302
    assert "Yalnız güvenilen belgeler ve Open311</dd>" in browser.get(f"{base}change/").content.decode()
    secret = _secret(browser.post(f"{base}rotate/", {"overlap_days": "3"}).content.decode())
    with system():
        assert Client.objects.get().documents_only
        first = ClientSecret.objects.exclude(pk=ClientSecret.objects.bearing(secret).get().pk).get()
        assert first.expires_at is not None
    assert browser.post(f"{base}revoke/{first.key}/").status_code == 302
    assert browser.post(f"{base}close/now/").status_code == 302
    page = browser.get(f"{base}change/").content.decode()
    assert "kapalı" in page
    again = _secret(browser.post(f"{base}reopen/now/").content.decode())
    with system():
        assert ClientSecret.objects.live().get() == ClientSecret.objects.bearing(again).get()
    assert browser.get(f"{base}close/now/").status_code == 302
    with system():
        assert Client.objects.get().closed_at is None


def test_a_file_of_documents_is_looked_through_and_then_registered(cast: Cast) -> None:
    client = make_client(cast, "e-Belediye", cast.portal)
    browser, path = signed_in(cast.administrator), f"{LIST}{client.key}/documents/"
    bad = "query Kötü { nothing }"
    for text, is_valid in ((bad, False), (ME, True)):
        file = json.dumps({sha(text): text}, ensure_ascii=False).encode()
        body = browser.post(
            path, {"file": SimpleUploadedFile("persisted-documents.json", file)}
        ).content.decode()
        assert ('name="register"' in body) == is_valid
    with system():
        assert client.documents.filter(sha256=sha(ME)).count() == 0
    sent = {"text": json.dumps({sha(ME): ME}), "register": "1"}
    assert browser.post(path, sent).status_code == 302
    with system():
        document = client.documents.get(sha256=sha(ME))
    assert browser.post(f"{LIST}{client.key}/retire/{document.key}/").status_code == 302
    with system():
        assert client.documents.get(sha256=sha(ME)).retired_at is not None
    wrong = browser.post(path, {"file": SimpleUploadedFile("a.json", b"\xff\xfe")}).content.decode()
    assert "UTF-8" in wrong


def test_its_use_is_drawn_and_stands_in_a_table(cast: Cast) -> None:
    client = make_client(cast, "e-Belediye", cast.portal)
    page = signed_in(cast.office_head).get(f"{LIST}{client.key}/change/").content.decode()
    assert 'aria-labelledby="chart-use-title' in page
    assert page.count('<th scope="row">') > 30
    assert "192.0.2.7" in page


def test_its_webhooks_stand_on_its_page_and_one_is_added_from_there(cast: Cast) -> None:
    browser = signed_in(cast.administrator)
    client = make_client(cast, "e-Belediye", cast.portal)
    with system():
        endpoint = client.webhook_endpoints.get()
    page = browser.get(f"{LIST}{client.key}/change/").content.decode()
    assert f"webhookendpoint/{endpoint.key}/change/" in page
    assert "İstemciler" in page
    assert "Istemciler" not in page
    add = re.search(r'href="([^"]*webhookendpoint/add/[^"]*)"', page)[1]  # type: ignore[index]
    assert f'value="{client.pk}" selected' in browser.get(add).content.decode()
