"""The page of a client's webhooks: added with a secret shown once, tried, switched off, sent again."""

from __future__ import annotations

import re
from typing import Any

import pytest

from backend.core.session import system
from backend.portals.clients import register_client
from backend.portals.models import Client
from backend.portals.webhooks import actions
from backend.portals.webhooks.models import DeliveryStatus, WebhookDelivery, WebhookEndpoint
from backend.portals.webhooks.sending import Answer
from tests.cast import Cast, signed_in
from tests.factories import make_user

LIST = "/admin/portals/webhookendpoint/"


@pytest.fixture
def client_row(cast: Cast) -> Client:
    with system():
        return register_client(
            account=make_user("portal.belediye", "e-Belediye", "Portalı", is_staff=False),
            name="e-Belediye",
            contact_name="Portal Ekibi",
            contact_email="portal@example.org",
            scopes=["READ"],
            by=cast.administrator,
        )[0]


def test_a_webhook_from_the_first_form_to_sending_again(cast: Cast, client_row: Client) -> None:
    browser = signed_in(cast.administrator)
    assert "Henüz hiçbir istemcinin" in browser.get(LIST).content.decode()
    given = {
        "client": client_row.pk,
        "url": "https://portal.example/webhook",
        "events": ["complaint.changed"],
    }
    wrong = browser.post(f"{LIST}add/", given | {"url": "portal.example"}).content.decode()
    assert "https:// ile ve sunucunun adıyla" in wrong
    page = browser.post(f"{LIST}add/", given).content.decode()
    secret = re.search(r"whsec_[\w+/=]{44}", page)
    assert secret
    with system():
        row = WebhookEndpoint.objects.get()
    here = f"{LIST}{row.key}/"
    assert secret[0] not in browser.get(f"{here}change/").content.decode()
    said = browser.post(f"{here}say/", {"verb": "test"}, follow=True).content.decode()
    assert "Deneme iletisi yolda" in said
    with system():
        one = WebhookDelivery.objects.get()
        for _each in range(10):
            actions.settle(one, Answer(503, 120, text="<script>alert(1)</script>"), one.created_at)
        assert one.status == DeliveryStatus.FAILED
    page = browser.get(f"{here}deliveries/{one.key}/").content.decode()
    assert "&lt;script&gt;alert(1)" in page
    with system():
        actions.settle(one, Answer(None, 40, fault="TLS"), one.created_at)
    tried = browser.get(f"{here}deliveries/{one.key}/").content.decode()
    assert "sertifikası bu ad için geçerli değil" in tried
    assert "<script>alert(1)" not in page
    assert "503" in page
    assert (
        "yeniden gönderiliyor" in browser.post(f"{here}deliveries/{one.key}/", follow=True).content.decode()
    )
    assert "Vazgeçildi" not in browser.get(f"{here}change/").content.decode()
    assert re.search(
        r"whsec_[\w+/=]{44}", browser.post(f"{here}rotate/", {"overlap_days": 2}).content.decode()
    )
    changed = {"url": "https://portal.example/yeni", "events": ["complaint.ended"]}
    assert "yeni" in browser.post(f"{here}edit/", changed, follow=True).content.decode()
    assert "kapatıldı" in browser.post(f"{here}say/", {"verb": "off"}, follow=True).content.decode()
    assert "Önce açınız" in browser.post(f"{here}say/", {"verb": "test"}, follow=True).content.decode()
    assert (
        "Olay bildirimi açıldı" in browser.post(f"{here}say/", {"verb": "on"}, follow=True).content.decode()
    )
    assert browser.post(f"{here}say/", {"verb": "nothing"}).status_code == 404


@pytest.mark.parametrize("name", ["secretary", "mayor", "fen_head"])
def test_for_nobody_else_there_is_such_a_page(cast: Cast, client_row: Client, name: str) -> None:
    with system():
        row, _secret = actions.add_endpoint(
            client_row, url="https://portal.example/", events=["complaint.changed"], by=None
        )
    browser = signed_in(getattr(cast, name))
    for address in (LIST, f"{LIST}add/", f"{LIST}{row.key}/change/", f"{LIST}{row.key}/rotate/"):
        assert browser.get(address).status_code == 404
    assert browser.post(f"{LIST}{row.key}/say/", {"verb": "off"}).status_code == 404


def test_the_form_says_which_addresses_are_taken(cast: Cast, client_row: Client, settings: Any) -> None:
    browser = signed_in(cast.administrator)
    given = {"client": client_row.pk, "url": "http://127.0.0.1:9000/", "events": ["complaint.changed"]}
    settings.WEBHOOK_LOOPBACK = False
    assert "http://127.0.0.1:9000/" not in browser.get(f"{LIST}add/").content.decode()
    assert "https:// ile ve sunucunun adıyla" in browser.post(f"{LIST}add/", given).content.decode()
    settings.WEBHOOK_LOOPBACK = True
    assert "http://127.0.0.1:9000/ gibi bu makinenin" in browser.get(f"{LIST}add/").content.decode()
    assert "whsec_" in browser.post(f"{LIST}add/", given).content.decode()
