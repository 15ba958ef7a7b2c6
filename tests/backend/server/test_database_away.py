"""The database is away, has no connection left or takes nothing: every door says 503 in its own form, and when to come
again; nothing is left half written."""

from __future__ import annotations

import io
import json
import os
import resource
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree

import psycopg
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import close_old_connections, connections
from django.test import Client
from PIL import Image
from procrastinate.exceptions import ConnectorException

from backend.complaints.models import Complaint
from permissions.core import scope
from schema.core.nodes import global_id
from schema.stream.application import Application
from tests.cast import Cast, make_cast, signed_in
from tests.databases import CommittedDatabase, TestDatabases, pointed_at
from tests.factories import make_complaint
from tests.own_server import OwnServer, own_server, pointed_at_server
from tests.schema.complaints.test_files import picture
from tests.schema.http.test_oauth import Program
from tests.schema.portal_client import make_portal

HTML = {"accept": "text/html"}
COMMENT = "mutation($input: ComplaintCommentInput!) { complaintComment(input: $input) { errors { code } } }"
WORDS = "Sisteme şu anda ulaşılamıyor."


@dataclass
class Place:
    """A server of one's own, who asks, and what about."""

    server: OwnServer
    cast: Cast
    case: Complaint
    browser: Client
    token: str
    program: Program


@pytest.fixture(scope="module")
def place(test_databases: TestDatabases, django_db_setup: None, django_db_blocker: Any) -> Iterator[Place]:
    with django_db_blocker.unblock():
        name = test_databases.clone()
        with pointed_at(name):
            cast = make_cast()
            case = make_complaint(to=cast.fen, accepted_by=cast.fen_clerk)
            browser = signed_in(cast.fen_clerk)
            browser.raise_request_exception = False
            token, program = make_portal()[1], Program(cast)
            with own_server(CommittedDatabase(name)) as server:
                yield Place(server, cast, case, browser, token, program)
        test_databases.drop(name)


@pytest.fixture
def asked(place: Place, django_db_blocker: Any, settings: Any, tmp_path: Any) -> Iterator[Place]:
    settings.MEDIA_ROOT = tmp_path
    with django_db_blocker.unblock(), pointed_at_server(place.server):
        assert place.browser.get("/admin/", headers=HTML).status_code == 200
        yield place


def graphql(place: Place) -> Any:
    return place.browser.post("/graphql/", {"query": "{ viewer { name } }"}, content_type="application/json")


def by_token(place: Place) -> Any:
    return Client(raise_request_exception=False).post(
        "/graphql/",
        {"query": '{ complaintTracking(code: "7G2K0QXM4TBN") { status } }'},
        content_type="application/json",
        headers={"authorization": f"Bearer {place.token}"},
    )


def mutation(place: Place) -> Any:
    asked = {"query": COMMENT, "variables": {"input": {"id": global_id(place.case), "body": "Arandı"}}}
    return place.browser.post("/graphql/", asked, content_type="application/json")


def page(place: Place) -> Any:
    return place.browser.get("/admin/complaints/complaint/", headers=HTML)


def sign_in(place: Place) -> Any:
    form = {"login": "kimse", "password": "yanlış"}
    return Client(raise_request_exception=False).post("/accounts/login/", form, headers=HTML)


def confirmation(place: Place) -> Any:
    return Client(raise_request_exception=False).post("/onay/", {"code": "7G2K0QXM4TBN"}, headers=HTML)


def verification(place: Place) -> Any:
    return Client(raise_request_exception=False).post("/belge/", {"code": "7G2K0QXM4TBN"}, headers=HTML)


def noise() -> bytes:
    """A picture of two megabytes."""
    result = io.BytesIO()
    Image.frombytes("RGB", (850, 850), os.urandom(850 * 850 * 3)).save(result, "PNG")
    return result.getvalue()


def upload(place: Place, content: bytes | None = None) -> Any:
    file = SimpleUploadedFile("ek.png", content or picture())
    return place.browser.post(f"/files/complaints/{global_id(place.case)}/", {"file": file})


def open311(format: str) -> Callable[[Place], Any]:
    return lambda place: Client(raise_request_exception=False).get(f"/open311/v2/services.{format}")


def oauth(place: Place) -> Any:
    return Client(raise_request_exception=False).post(
        "/oauth/token",
        "grant_type=client_credentials",
        content_type="application/x-www-form-urlencoded",
        headers={"authorization": place.program.basic()},
    )


def stream(place: Place) -> Any:
    """The first request of a subscription, as the process of the stream takes it."""
    asked = json.dumps({"query": "subscription { inboxChanged { id } }"}).encode()
    headers = {
        "host": "127.0.0.1",
        "content-type": "application/json",
        "accept": "text/event-stream",
        "content-length": str(len(asked)),
        "authorization": f"Bearer {place.token}",
    }
    asgi = {
        "type": "http",
        "method": "POST",
        "path": "/graphql/stream/",
        "query_string": b"",
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
    }
    return Application()._django(asgi, asked)


def json_error(response: Any) -> None:
    assert response.json()["errors"][0]["extensions"]["code"] == "UNAVAILABLE"
    assert WORDS in response.json()["errors"][0]["message"]


def plain_error(response: Any) -> None:
    error = response.json()["errors"][0]
    assert error["code"] == "UNAVAILABLE"
    assert WORDS in error["message"]


def a_page(response: Any) -> None:
    page = response.content.decode()
    assert WORDS in page
    assert "<h1>" in page


def open311_json(response: Any) -> None:
    assert response.json()[0]["code"] == 503
    assert WORDS in response.json()[0]["description"]


def open311_xml(response: Any) -> None:
    root = ElementTree.fromstring(response.content)  # noqa: S314 - our own answer
    assert root.tag == "errors"
    assert root.findtext("error/code") == "503"


def oauth_error(response: Any) -> None:
    assert response.json() == {"error": "temporarily_unavailable"}


def event_error(response: Any) -> None:
    assert json.loads(response.content)["errors"][0]["extensions"]["code"] == "UNAVAILABLE"


ENDPOINTS: dict[str, tuple[Callable[[Place], Any], Callable[[Any], None]]] = {
    "GraphQL in a browser": (graphql, json_error),
    "GraphQL with a token": (by_token, json_error),
    "a mutation": (mutation, json_error),
    "a list of the admin": (page, a_page),
    "signing in": (sign_in, a_page),
    "a citizen's code": (confirmation, a_page),
    "the code of a paper": (verification, a_page),
    "a file": (upload, plain_error),
    "Open311 in JSON": (open311("json"), open311_json),
    "Open311 in XML": (open311("xml"), open311_xml),
    "OAuth": (oauth, oauth_error),
    "a subscription": (stream, event_error),
}
WRITING = ("a mutation", "a file", "OAuth")


def is_told(door: str, place: Place) -> None:
    ask, is_in_its_form = ENDPOINTS[door]
    response = ask(place)
    assert response.status_code == 503, (door, response.status_code, response.content[:300])
    assert response["Retry-After"] == "10"
    is_in_its_form(response)


def health(place: Place) -> dict[str, str]:
    response = Client(raise_request_exception=False).get("/health/")
    assert response.status_code == 503
    return dict(response.json())


def files_of(settings: Any) -> list[Any]:
    return [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()]


def test_with_the_server_stopped_every_door_says_when_to_come_again(asked: Place, settings: Any) -> None:
    asked.server.stop()
    try:
        for door in ENDPOINTS:
            is_told(door, asked)
        assert health(asked)["database"] == "unreachable"
        assert files_of(settings) == []
    finally:
        asked.server.start()
    assert mutation(asked).json()["data"] == {"complaintComment": {"errors": []}}
    assert upload(asked).status_code == 201


@pytest.mark.full
def test_a_restart_costs_the_next_request_of_a_connection_nothing(asked: Place) -> None:
    asked.server.restart()
    close_old_connections()  # what Django's server does when a request begins, and its test client does not
    assert page(asked).status_code == 200


def test_a_back_end_that_is_killed_is_told_as_a_database_that_is_away(asked: Place, monkeypatch: Any) -> None:
    """Between two statements of a request, so that Django's look at its beginning does not see it."""

    def killed(*_arguments: Any, **_named: Any) -> None:
        asked.server.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'ozelkalem_app'"
        )
        Complaint.objects.count()

    monkeypatch.setattr(scope, "_require", killed)
    is_told("a mutation", asked)


@pytest.mark.full
def test_without_a_connection_left_every_door_says_when_to_come_again(asked: Place) -> None:
    connections["default"].close()
    with asked.server.used_up():
        for door in ENDPOINTS:
            connections["default"].close()
            is_told(door, asked)
        connections["default"].close()
        assert health(asked)["database"] == "no connections left"
    assert page(asked).status_code == 200


@pytest.mark.full
def test_where_nothing_can_be_written_what_writes_is_refused_and_reading_goes_on(
    asked: Place, settings: Any
) -> None:
    with asked.server.read_only():
        connections["default"].close()
        for door in WRITING:
            is_told(door, asked)
        assert files_of(settings) == []
        assert by_token(asked).status_code in {200, 503}
        assert health(asked)["database"] == "read only"
    connections["default"].close()
    assert mutation(asked).json()["data"] == {"complaintComment": {"errors": []}}


def test_a_disk_that_fills_up_under_an_upload_leaves_no_part_of_the_file(asked: Place, settings: Any) -> None:
    """No file may grow beyond a megabyte: the kernel takes so much of it and refuses the rest, as a full disk does."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2**20, before[1]))
    try:
        response = upload(asked, noise())
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert response.status_code == 503
    plain_error(response)
    assert files_of(settings) == []
    assert upload(asked, noise()).status_code == 201


def test_a_job_that_the_queue_could_not_take_is_told_as_a_full_disk(asked: Place, monkeypatch: Any) -> None:
    """The queue's own error stands between the database's and us."""

    def full(*_arguments: Any, **_named: Any) -> None:
        raise ConnectorException from psycopg.errors.DiskFull()

    monkeypatch.setattr(scope, "_require", full)
    is_told("a mutation", asked)


@pytest.mark.full
def test_a_fault_of_ours_is_told_to_programs_in_their_form_too(asked: Place, monkeypatch: Any) -> None:
    def broken(*_arguments: Any, **_named: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr("schema.open311.views._offered", broken)
    response = open311("json")(asked)
    assert response.status_code == 500
    assert response.json()[0]["code"] == 500
    assert "Retry-After" not in response
