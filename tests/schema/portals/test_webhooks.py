"""Webhooks through GraphQL: who manages them, what is shown once, and what nobody else learns."""

from __future__ import annotations

from typing import Any

import pytest

from backend.core.session import system
from backend.portals.clients import register_client
from backend.portals.webhooks.models import WebhookDelivery
from schema.core.nodes import global_id
from tests.cast import Cast
from tests.factories import make_user
from tests.schema.client import Asking

ALL = """{ webhookEndpoints(first: 5) { totalCount nodes { id url events offBecause
    deliveries(first: 5) { event status body attempts tries(first: 3) { status fault milliseconds } } } } }"""


@pytest.fixture
def account(cast: Cast) -> str:
    with system():
        client, _secret = register_client(
            account=make_user("portal.belediye", "e-Belediye", "Portalı", is_staff=False),
            name="e-Belediye",
            contact_name="Portal Ekibi",
            contact_email="portal@example.org",
            scopes=["READ"],
            by=cast.administrator,
        )
    return str(global_id(client.account))


def added(ask: Any, account: str) -> dict[str, Any]:
    return ask.administrator.does(
        "webhookEndpointAdd",
        "secret webhookEndpoint { id }",
        account=account,
        url="https://portal.example/webhook",
        events=["COMPLAINT_CHANGED"],
    )


def test_a_webhook_is_added_changed_tried_and_switched_off(ask: Any, account: str) -> None:
    told = added(ask, account)
    assert told["errors"] == []
    assert told["secret"].startswith("whsec_")
    id = told["webhookEndpoint"]["id"]
    admin = ask.office_head
    assert admin.does("webhookEndpointTest", id=id)["errors"] == []
    newer = admin.does("webhookEndpointRotateSecret", "secret", id=id, overlapDays=2)
    assert newer["secret"] not in (None, told["secret"])
    address = "https://portal.example/yeni"
    changed = admin.does("webhookEndpointChange", "webhookEndpoint { url events }", id=id, url=address)
    assert changed["webhookEndpoint"] == {"url": address, "events": ["COMPLAINT_CHANGED"]}
    off = admin.does("webhookEndpointSwitchOff", "webhookEndpoint { offBecause }", id=id)
    assert off["webhookEndpoint"] == {"offBecause": "BY_HAND"}
    refused = admin.does("webhookEndpointTest", id=id)["errors"]
    assert [error["code"] for error in refused] == ["WRONG_STATE"]
    assert admin.does("webhookEndpointSwitchOn", id=id)["errors"] == []
    found = admin.data(ALL)["webhookEndpoints"]
    assert found["totalCount"] == 1
    [delivery] = found["nodes"][0]["deliveries"]
    assert (delivery["event"], delivery["status"], delivery["tries"]) == ("TEST", "WAITING", [])
    since = {"id": id, "since": "2026-01-01T00:00:00+03:00"}
    assert admin.does("webhookEndpointReplayFailed", "count", **since)["count"] == 0
    with system():
        key = global_id(WebhookDelivery.objects.get())
    again = admin.does("webhookDeliveryReplay", "webhookDelivery { status }", id=key)
    assert again["webhookDelivery"] == {"status": "WAITING"}


def test_what_is_refused_names_its_field_in_turkish(ask: Any, account: str) -> None:
    for url, events, field in (
        ("ftp://portal.example/", ["COMPLAINT_CHANGED"], "url"),
        ("https://portal.example/#a", ["COMPLAINT_CHANGED"], "url"),
        ("https://portal.example/", [], "events"),
        ("https://portal.example/", ["TEST"], "events"),
    ):
        given = {"account": account, "url": url, "events": events}
        [error] = ask.administrator.does("webhookEndpointAdd", "secret", **given)["errors"]
        assert (error["code"], error["field"]) == ("INVALID", field)
        assert error["message"].endswith("z.") or "seçiniz" in error["message"]
    assert added(ask, account)["errors"] == []
    assert [error["code"] for error in added(ask, account)["errors"]] == ["DUPLICATE"]


@pytest.mark.parametrize("name", ["secretary", "mayor", "fen_head", "outsider", "portal"])
def test_nobody_else_sees_or_changes_one(ask: Any, account: str, name: str) -> None:
    id = added(ask, account)["webhookEndpoint"]["id"]
    other: Asking = getattr(ask, name)
    assert other.data(ALL)["webhookEndpoints"] == {"totalCount": 0, "nodes": []}
    for mutation, given in (
        ("webhookEndpointTest", {"id": id}),
        ("webhookEndpointSwitchOff", {"id": id}),
        ("webhookEndpointRotateSecret", {"id": id}),
        (
            "webhookEndpointAdd",
            {"account": account, "url": "https://b.example/", "events": ["COMPLAINT_CHANGED"]},
        ),
    ):
        assert [error["code"] for error in other.does(mutation, **given)["errors"]] == ["NOT_FOUND"]


def test_a_secret_is_not_kept_for_whoever_asks_again(ask: Any, account: str) -> None:
    query = (
        "mutation($i: WebhookEndpointAddInput!) { webhookEndpointAdd(input: $i) { secret errors { code } } }"
    )
    given = {"account": account, "url": "https://portal.example/", "events": ["COMPLAINT_CHANGED"]}
    answer = ask.administrator.post(query, {"i": given}, **{"Idempotency-Key": "bir"})
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["extensions"]["code"] == "UNSUPPORTED"
