"""*Sistem durumu*: for Bilgi İşlem, on the page and by `systemStatus`; for everybody else there is none."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from backend.core.session import system
from backend.portals.actions import issue_token
from backend.portals.models import Scope
from tests.backend.monitoring import waiting
from tests.cast import Cast, signed_in

PAGE = "/admin/status/"
QUERY = "query Status { systemStatus { state checkedAt checks { check title state sentence remedy } } }"


def ask(client: Client, **headers: str) -> Any:
    answer = client.post(
        "/graphql/", json.dumps({"query": QUERY}), content_type="application/json", headers=headers
    )
    return json.loads(answer.content)


def test_the_page_and_the_query_say_the_same(cast: Cast) -> None:
    waiting.heartbeat(7200)
    client = signed_in(cast.administrator)
    page = client.get(PAGE).content.decode()
    told = ask(client)["data"]["systemStatus"]
    assert told["state"] == "FAILED"
    worker = next(each for each in told["checks"] if each["check"] == "worker")
    assert (worker["title"], worker["state"]) == ("Arka plan hizmeti", "FAILED")
    for each in told["checks"]:
        assert each["title"].replace("'", "&#x27;") in page
    assert worker["remedy"] in page
    assert "Ne yapmalı" in page
    assert "Çalışmıyor" in page
    assert page.index("Arka plan hizmeti") < page.index("Sürüm")  # what has failed stands first
    assert "Sistem durumu" in client.get("/admin/").content.decode()


def test_in_english_it_is_english(cast: Cast) -> None:
    client = signed_in(cast.administrator)
    client.post("/dil/", {"language": "en"})
    page = client.get(PAGE).content.decode()
    assert "What to do" in page
    assert "Job worker" in page


@pytest.mark.parametrize("person", ["secretary", "office_head", "mayor", "fen_head", "outsider"])
def test_nobody_else_is_told(cast: Cast, person: str) -> None:
    client = signed_in(getattr(cast, person))
    missing = client.get("/admin/there-is-none/")
    answer = client.get(PAGE)
    assert answer.status_code == missing.status_code == 404
    assert "Sistem durumu" not in client.get("/admin/").content.decode()
    told = ask(client)
    assert told["data"] == {"systemStatus": None}
    assert [error["extensions"]["code"] for error in told["errors"]] == ["FORBIDDEN"]


def test_no_token_is_told_not_even_one_of_an_administrator(cast: Cast) -> None:
    later = timezone.now() + dt.timedelta(days=1)
    with system():
        _token, secret = issue_token(
            user=cast.administrator, name="izleme", scopes=[Scope.READ], expires_at=later, by=None
        )
    told = ask(Client(), authorization=f"Bearer {secret}")
    assert told["data"] == {"systemStatus": None}
    assert [error["extensions"]["code"] for error in ask(Client())["errors"]] == ["UNAUTHENTICATED"]
