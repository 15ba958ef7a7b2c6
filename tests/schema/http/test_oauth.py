"""A program is given a token for its secret, by the letter of RFC 6749, 7009 and 8414."""

from __future__ import annotations

import base64
import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from backend.core.session import system
from backend.core.words.addresses import line_of
from backend.portals import clients, jobs
from backend.portals.models import (
    ApiToken,
    Client,
    ClientAttempt,
    ClientHour,
    ClientSecret,
    ClientSecretQuerySet,
    Outcome,
)
from tests.cast import Cast
from tests.factories import refetch
from tests.schema.client import Asking

FORM = "application/x-www-form-urlencoded"
ME = "{ me { username scopes } }"


class Program:
    """A client that asks for tokens."""

    def __init__(self, cast: Cast, **more: Any) -> None:
        told = {"contact_name": "Işıl İnce", "contact_email": "isil@portal.example"}
        with system():
            self.client, self.secret = clients.register_client(
                account=cast.portal,
                name="e-Belediye",
                by=cast.administrator,
                **({"scopes": ["READ", "WRITE"]} | told | more),
            )
        self.id = str(self.client.key)

    def basic(self, secret: str | None = None) -> str:
        return "Basic " + base64.b64encode(f"{self.id}:{secret or self.secret}".encode()).decode()

    def asks(self, path: str = "token", secret: str | None = None, **form: str) -> Any:
        given = {"grant_type": "client_credentials"} if path == "token" else {}
        body = "&".join(f"{name}={value}" for name, value in (given | form).items())
        headers = {"authorization": self.basic(secret)}
        return Browser().post(f"/oauth/{path}", body, content_type=FORM, headers=headers)

    def token(self, **form: str) -> str:
        return str(self.asks(**form).json()["access_token"])


@pytest.fixture
def program(cast: Cast) -> Program:
    return Program(cast)


def test_a_secret_is_given_for_a_token_that_works_for_an_hour(program: Program) -> None:
    response = program.asks()
    assert response.status_code == 200
    assert response["Cache-Control"] == "no-store"
    given = response.json()
    assert (given["token_type"], given["expires_in"], given["scope"]) == ("Bearer", 3600, "READ WRITE")
    me = Asking(token=given["access_token"]).data(ME)["me"]
    assert me == {"username": "portal.153", "scopes": ["READ", "WRITE"]}
    with system():
        token = ApiToken.objects.get(client=program.client)
        assert token.expires_at - token.created_at == dt.timedelta(hours=1)
        assert given["access_token"] not in str(vars(token))
        assert ClientSecret.objects.get().last_used_at is not None


def test_the_secret_may_stand_in_the_form_and_the_scope_be_narrowed(program: Program) -> None:
    body = f"grant_type=client_credentials&scope=READ&client_id={program.id}&client_secret={program.secret}"
    response = Browser().post("/oauth/token", body, content_type=FORM)
    assert response.json()["scope"] == "READ"


@pytest.mark.parametrize(
    ("form", "status", "error"),
    [
        ({"scope": "CONTACTS"}, 400, "invalid_scope"),
        ({"scope": "READ%20ALL"}, 400, "invalid_scope"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"grant_type": ""}, 400, "invalid_request"),
        ({"client_secret": "x"}, 400, "invalid_request"),
        ({"client_id": "x"}, 400, "invalid_request"),
        ({"a": "1&a=2"}, 400, "invalid_request"),
    ],
)
def test_what_is_asked_wrongly_is_named(
    program: Program, form: dict[str, str], status: int, error: str
) -> None:
    response = program.asks(**form)
    assert (response.status_code, response.json()["error"]) == (status, error)
    assert response["Cache-Control"] == "no-store"
    with system():
        assert not ApiToken.objects.filter(client=program.client).exists()


@pytest.mark.parametrize("said", ["Basic x", "Basic ü", "Bearer x", "Basic", "Basic " + "eDp5", "Basic eA=="])
def test_whoever_proves_nothing_is_told_how_to(program: Program, said: str) -> None:
    header = said.encode().decode("latin-1")
    response = Browser().post(
        "/oauth/token", "grant_type=client_credentials", content_type=FORM, headers={"authorization": header}
    )
    assert (response.status_code, response.json()["error"]) == (401, "invalid_client")
    assert response["WWW-Authenticate"].startswith("Basic")


@pytest.mark.parametrize("content_type", ["application/json", "multipart/form-data; boundary=x"])
def test_only_a_form_is_read(program: Program, content_type: str) -> None:
    response = Browser().post("/oauth/token", "{}", content_type=content_type)
    assert (response.status_code, response.json()["error"]) == (400, "invalid_request")
    assert Browser().get("/oauth/token").status_code == 405
    large = "grant_type=client_credentials&a=" + "x" * 9000
    assert Browser().post("/oauth/token", large, content_type=FORM).status_code == 400


def test_a_wrong_an_ended_and_a_closed_one_are_one_answer(program: Program, cast: Cast) -> None:
    answers = [program.asks(secret="oks_wrong")]
    first = program.secret
    with system():
        clients.rotate_secret(program.client, by=cast.administrator, overlap_days=0)
    answers.append(program.asks(secret=first))
    with system():
        clients.close_client(program.client, by=cast.administrator)
    answers.append(program.asks())
    program.id = "00000000-0000-0000-0000-000000000000"
    answers.append(program.asks())
    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.content for answer in answers}) == 1
    with system():
        outcomes = list(ClientAttempt.objects.order_by("pk").values_list("outcome", flat=True))
    assert outcomes == ["WRONG_SECRET", "WRONG_SECRET", "CLOSED", "UNKNOWN"]


def test_during_the_overlap_both_secrets_are_taken(program: Program, cast: Cast) -> None:
    with system():
        _made, second = clients.rotate_secret(program.client, by=cast.administrator, overlap_days=1)
    assert [program.asks().status_code, program.asks(secret=second).status_code] == [200, 200]
    with system():
        ClientSecret.objects.filter(expires_at__isnull=False).update(expires_at=timezone.now())
    assert [program.asks().status_code, program.asks(secret=second).status_code] == [401, 200]


def test_a_revoked_secret_and_its_tokens_are_turned_away_at_once(program: Program, cast: Cast) -> None:
    token = program.token()
    with system():
        clients.revoke_secret(ClientSecret.objects.get(), by=cast.administrator)
    assert Asking(token=token).post(ME).status_code == 401
    assert program.asks().status_code == 401


@pytest.mark.parametrize("act", [clients.revoke_secret, clients.close_client])
def test_a_secret_that_is_revoked_while_it_is_read_gives_no_token(
    program: Program, monkeypatch: pytest.MonkeyPatch, act: Any
) -> None:
    """Between the reading of the secret and the token somebody revokes it, or closes the client."""
    update = ClientSecretQuerySet.update

    def meanwhile(rows: ClientSecretQuerySet, **values: Any) -> int:
        if "last_used_at" in values:
            act(ClientSecret.objects.get() if act is clients.revoke_secret else program.client, by=None)
        return update(rows, **values)

    monkeypatch.setattr(ClientSecretQuerySet, "update", meanwhile)
    assert program.asks().status_code == 401
    with system():
        assert not ApiToken.objects.filter(client=program.client).exists()


def test_ten_wrong_secrets_from_one_address_and_it_waits_the_others_do_not(program: Program) -> None:
    for _n in range(10):
        assert program.asks(secret="oks_wrong").status_code == 401
    waits = program.asks()
    assert (waits.status_code, waits.json()["error"]) == (429, "slow_down")
    assert 0 < int(waits["Retry-After"]) <= 901
    headers = {"authorization": program.basic()}
    body = "grant_type=client_credentials"
    elsewhere = Browser(REMOTE_ADDR="192.0.2.9").post(
        "/oauth/token", body, content_type=FORM, headers=headers
    )
    assert elsewhere.status_code == 200
    with system():
        ClientAttempt.objects.update(at=timezone.now() - dt.timedelta(minutes=16))
    assert program.asks().status_code == 200


def test_waiting_does_not_tell_known_names_from_unknown_ones(program: Program) -> None:
    """Ten wrong ones under a name and it waits, whether a client has the name or not; the other names do not."""
    known, unknown = program.id, "00000000-0000-0000-0000-000000000001"
    told: dict[str, list[Any]] = {}
    statements: dict[str, set[int]] = {}
    for name in (known, unknown, "e-belediye", "00000000-0000-0000-0000-000000000002"):
        program.id = name
        told[name] = []
        for _n in range(11):
            with CaptureQueriesContext(connection) as asked:
                answer = program.asks(secret="oks_wrong")
            if answer.status_code == 401:
                statements.setdefault(name, set()).add(len(asked))
            told[name].append((answer.status_code, answer.json()["error"]))
    assert told[known] == [(401, "invalid_client")] * 10 + [(429, "slow_down")]
    assert all(answers == told[known] for answers in told.values())
    assert statements[known] == statements[unknown] == {min(statements[known])}
    program.id = "{" + unknown.upper() + "}"  # the same name, spelled otherwise
    assert program.asks(secret="oks_wrong").status_code == 429


def test_the_addresses_of_one_line_are_counted_together(program: Program) -> None:
    """An IPv6 line has addresses without end: its /64 counts."""
    body, headers = "grant_type=client_credentials", {"authorization": program.basic("oks_wrong")}

    def asked(address: str) -> int:
        browser = Browser(REMOTE_ADDR=address)
        return browser.post("/oauth/token", body, content_type=FORM, headers=headers).status_code

    assert [asked(f"2001:db8:5:7::{n:x}") for n in range(1, 11)] == [401] * 10
    assert asked("2001:db8:5:7:ffff::1") == 429
    assert asked("2001:db8:5:8::1") == 401
    with system():
        kept = set(ClientAttempt.objects.values_list("address", flat=True))
    assert kept == {"2001:db8:5:7::", "2001:db8:5:8::"}
    assert line_of("::ffff:192.0.2.9") == line_of("192.0.2.9") == "192.0.2.9"


def test_a_client_gives_its_token_back_and_no_other_ones(program: Program, cast: Cast) -> None:
    token = program.token()
    for given, status in ((cast.portal_secret, 200), ("okc_none", 200), (token, 200), (token, 200)):
        assert program.asks("revoke", token=given).status_code == status
    assert Asking(token=token).post(ME).status_code == 401
    assert Asking(token=cast.portal_secret).post(ME).status_code == 200
    assert program.asks("revoke").json()["error"] == "invalid_request"
    assert program.asks("revoke", token=token, secret="oks_wrong").status_code == 401
    with system():
        assert ClientAttempt.objects.filter(outcome=Outcome.REVOKED).count() == 1


def test_where_all_this_is_says_the_metadata(db: None, settings: Any) -> None:
    settings.PUBLIC_URL = "https://ozelkalem.example/"
    said = Browser().get("/.well-known/oauth-authorization-server").json()
    assert said["token_endpoint"] == "https://ozelkalem.example/oauth/token"
    assert said["grant_types_supported"] == ["client_credentials"]
    assert {"READ", "WRITE", "CONTACTS"} <= set(said["scopes_supported"])


def test_what_is_over_is_forgotten_and_what_was_used_is_added_up(program: Program, cast: Cast) -> None:
    token = program.token()
    Asking(token=token).data(ME)
    long_ago = timezone.now() - dt.timedelta(days=8)
    with system():
        program.client.minutes.update(minute=timezone.now() - dt.timedelta(hours=2))
        ApiToken.objects.filter(client=program.client).update(
            created_at=long_ago - dt.timedelta(hours=1), expires_at=long_ago
        )
        ClientAttempt.objects.update(at=timezone.now() - dt.timedelta(days=31))
        old = timezone.now() - dt.timedelta(days=401)
        ClientHour.objects.create(client=program.client, hour=old, requests=1)
    assert jobs.add_up_use() == 1
    assert jobs.add_up_use() == 0
    assert jobs.forget_use() == 3
    with system():
        hour = ClientHour.objects.get()
        assert (hour.requests, hour.cost > 0) == (1, True)
        assert not program.client.minutes.exists()
        assert ApiToken.objects.count() == 1  # the cast's


def test_the_closed_account_of_a_client_is_turned_away(program: Program, cast: Cast) -> None:
    with system():
        type(cast.portal).objects.filter(pk=cast.portal.pk).update(is_active=False)
    assert program.asks().status_code == 401
    assert isinstance(refetch(program.client), Client)
