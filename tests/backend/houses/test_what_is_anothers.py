"""What belongs to one house is nothing in another: it answers as to what there never was, byte for byte."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import json
import re
import secrets
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import pytest
from django.core.files.base import ContentFile
from django.core.handlers.wsgi import WSGIHandler
from django.test import RequestFactory
from django.utils import timezone

from backend import houses
from backend.calendars import actions as calendars
from backend.complaints.models import Complaint
from backend.core import checks
from backend.core.session import elevated, system
from backend.houses.web import ByHost
from backend.invitations.models import Invitation, InvitationAttachment
from backend.portals import clients, trusted
from backend.portals.actions import issue_token
from backend.portals.models import Client, Scope
from permissions.core import scope
from tests.backend.houses.pair import Pair
from tests.cast import signed_in
from tests.factories import make_user
from tests.schema.http.test_limits_of_clients import sha

A, B = "ankara", "bursa"
OWN = "{ me { username } }"
APPLICATION = ByHost(WSGIHandler(), checks.refuse_unsafe_start)
VOLATILE = {"X-Request-ID"}
REGISTER = """mutation($i: ComplaintRegisterInput!) {
  complaintRegister(input: $i) { receipt { reference } errors { code } } }"""
# nonces, sessions and what the clock says: a second may pass between two answers
OWN_OF_AN_ANSWER = re.compile(r"(nonce-|sessionid=|;t=)[\w+/=-]+|expires=[^;]+")
CONTENT = b"%PDF-1.4"


@dataclass
class Request:
    """What is sent."""

    path: str
    body: str | None = None
    kind: str = "application/json"
    headers: dict[str, str] | None = None


Heard = tuple[int, dict[str, str], bytes]


def ask(house: str, request: Request) -> Heard:
    """Ask a house, as the web does; status, headers and body of the answer."""
    factory = RequestFactory(headers={"host": f"{house}.test", **(request.headers or {})})
    if request.body is None:
        asked = factory.get(request.path)
    else:
        asked = factory.post(request.path, request.body, content_type=request.kind)
    begun: list[tuple[str, list[tuple[str, str]]]] = []
    answer = APPLICATION(asked.environ, lambda status, headers, _fault=None: begun.append((status, headers)))
    body = b"".join(answer)
    answer.close()  # type: ignore[attr-defined]
    ((status, headers),) = begun
    kept = {name: OWN_OF_AN_ANSWER.sub("", value) for name, value in headers if name not in VOLATILE}
    return int(status[:3]), kept, body


def _tomorrow() -> dt.datetime:
    return timezone.now() + dt.timedelta(days=1)


def token(pair: Pair, name: str, *scopes: Scope) -> str:
    """A token of the secretary of a house."""
    with houses.inside(pair[name]), system():
        return issue_token(
            user=pair.cast.secretary,
            name="Deneme",
            scopes=scopes or [Scope.READ],
            expires_at=_tomorrow(),
            by=None,
        )[1]


def _program(pair: Pair) -> tuple[Client, str]:
    """A program of the present house with an account of its own, and its secret."""
    account = make_user(f"program.{secrets.token_hex(4)}", "e-Belediye", "Program", is_staff=False)
    with system():
        return clients.register_client(
            account=account,
            name="e-Belediye",
            scopes=["READ"],
            contact_name="Işıl İnce",
            contact_email="isil@portal.example",
            by=pair.cast.administrator,
        )


def _client(pair: Pair) -> str:
    client, secret = _program(pair)
    return f"{client.key}:{secret}"


def _feed(pair: Pair) -> str:
    with scope.session(pair.cast.secretary), elevated():
        return calendars.make_feed(by=pair.cast.secretary, name="Telefonum", view="FULL")[1]


def _file(pair: Pair) -> str:
    with system():
        row = InvitationAttachment.objects.create(
            invitation=Invitation.objects.order_by("pk")[0],
            file=ContentFile(CONTENT, name="a.pdf"),
            name="davetiye.pdf",
            content_type="application/pdf",
            size=len(CONTENT),
            sha256=hashlib.sha256(CONTENT).hexdigest(),
            uploaded_by=pair.cast.secretary,
        )
        return str(row.key)


def _document(pair: Pair) -> str:
    """A document of a program, and a token of that program."""
    client, _secret = _program(pair)
    text = f"query Q{secrets.token_hex(4)} {OWN}"
    with system():
        trusted.register_documents(client, json.dumps({sha(text): text}), by=None)
    return f"{sha(text)} {_bearer(pair, client)}"


def _bearer(pair: Pair, client: Client) -> str:
    more = {"scopes": [Scope.READ], "expires_at": _tomorrow(), "by": pair.cast.administrator}
    with system():
        return issue_token(user=client.account, name="Deneme", **more)[1]


def _by_id(pair: Pair, house: str, text: str) -> Request:
    digest, _space, bearer = text.partition(" ")
    if house == B:  # where its own program asks for it
        with houses.inside(pair[house]):
            bearer = _bearer(pair, _program(pair)[0])
    return _graphql("", bearer, documentId=f"sha256:{digest}")


@dataclass
class Kind:
    """`make` one in the present house, name one that is `unknown`, and `use` it at a house."""

    make: Callable[[Pair], str]
    unknown: Callable[[], str]
    use: Callable[[Pair, str, str], Request]


def _graphql(query: str, bearer: str, **more: Any) -> Request:
    body = json.dumps({"query": query, **more} if query else more)
    return Request("/graphql/", body, headers={"authorization": f"Bearer {bearer}"})


def _as_client(pair: Pair, house: str, text: str) -> Request:
    basic = base64.b64encode(text.encode()).decode()
    form = urlencode({"grant_type": "client_credentials"})
    kind = "application/x-www-form-urlencoded"
    return Request("/oauth/token", form, kind, {"authorization": f"Basic {basic}"})


def _with_cookie(pair: Pair, house: str, path: str) -> Request:
    with houses.inside(pair[house]):
        browser = signed_in(pair.cast.secretary)
    cookie = "; ".join(f"{name}={morsel.value}" for name, morsel in browser.cookies.items())
    return Request(path, headers={"cookie": cookie})


KINDS = {
    "token": Kind(
        lambda pair: token(pair, houses.name()),
        lambda: secrets.token_urlsafe(32),
        lambda _pair, _house, text: _graphql(OWN, text),
    ),
    "client": Kind(_client, lambda: f"{uuid.uuid4()}:{secrets.token_urlsafe(32)}", _as_client),
    "feed": Kind(
        _feed,
        lambda: secrets.token_urlsafe(32),
        lambda _pair, _house, text: Request(f"/takvim/{text}.ics"),
    ),
    "file": Kind(
        _file, lambda: str(uuid.uuid4()), lambda pair, house, key: _with_cookie(pair, house, f"/files/{key}")
    ),
    "document": Kind(
        _document,
        lambda: sha("{ none }"),
        _by_id,
    ),
}


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_anothers_is_answered_as_what_there_never_was(pair: Pair, kind: str) -> None:
    of = KINDS[kind]
    with houses.inside(pair[A]):
        known = of.make(pair)
    status, _headers, body = ask(A, of.use(pair, A, known))
    assert status == 200, body
    for _again in range(2):  # also from whatever was kept of the first answer
        theirs, nobodys = (ask(B, of.use(pair, B, text)) for text in (known, of.unknown()))
        assert theirs == nobodys
        assert theirs[0] in (400, 401, 404)


def test_a_key_of_one_house_repeats_nothing_in_another(pair: Pair) -> None:
    """The same account, request and key: each house does it once."""
    given = {"kind": "COMPLAINT", "channel": "WEB", "subject": f"Kaldırım {secrets.token_hex(4)}"}

    def cases(house: str) -> int:
        with houses.inside(pair[house]), system():
            return Complaint.objects.filter(subject=given["subject"]).count()

    answers: dict[str, bytes] = {}
    for house in (A, B, A, B):
        request = _graphql(REGISTER, token(pair, house, Scope.READ, Scope.WRITE), variables={"i": given})
        request.headers = {**(request.headers or {}), "idempotency-key": "anahtar"}
        status, _headers, body = ask(house, request)
        assert status == 200
        assert json.loads(body)["data"]["complaintRegister"]["errors"] == []
        assert answers.setdefault(house, body) == body
    assert [cases(A), cases(B)] == [1, 1]
