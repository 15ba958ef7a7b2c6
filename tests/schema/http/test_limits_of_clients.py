"""What a client may ask: counted in the database, told in headers, refused with 429; trusted documents."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import threading
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client as Browser
from django.test import RequestFactory
from django.utils import timezone
from graphql import GraphQLInterfaceType, GraphQLObjectType, GraphQLUnionType, get_named_type

from backend.core.errors import DomainError
from backend.core.session import system
from backend.portals import clients, trusted
from backend.portals.models import Client, ClientMinute
from permissions.portals import quota
from schema.app import schema
from schema.core.documents import PUBLIC_DATA, PUBLIC_FIELDS, documents
from schema.http import metering
from tests.cast import Cast, make_cast
from tests.databases import CommittedDatabase
from tests.schema.client import ACCEPT, Asking, errors_of
from tests.schema.complaints.test_files import picture
from tests.schema.http.test_oauth import Program

ME = "query Me { me { username } }"
OTHER = "query Other { me { scopes } }"


def sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def register(client: Client, *texts: str) -> None:
    with system():
        trusted.register_documents(client, json.dumps({sha(text): text for text in texts}, indent=2), by=None)


@pytest.fixture
def noon(monkeypatch: pytest.MonkeyPatch) -> dt.datetime:
    """The clock of the database stands at 40 seconds past noon."""
    moment = timezone.now().replace(hour=9, minute=0, second=40, microsecond=0)
    monkeypatch.setattr(quota, "moment", moment)
    return moment


def asking(cast: Cast, **more: Any) -> tuple[Asking, Program]:
    program = Program(cast, **more)
    return Asking(token=program.token()), program


def test_what_is_left_is_told_and_the_next_minute_begins_anew(
    cast: Cast, noon: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    bearer, program = asking(cast, requests_per_minute=2)
    first = bearer.post(ME)
    assert first["RateLimit-Policy"] == '"requests";q=2;w=60, "cost";q=100000;w=60'
    cost = int(first["GraphQL-Cost"])
    assert cost > 500
    assert first["RateLimit"] == f'"requests";r=1;t=20, "cost";r={100_000 - cost};t=20'
    assert bearer.post(ME).status_code == 200
    over = bearer.post(ME)
    assert (over.status_code, errors_of(over.json())) == (429, ["RATE_LIMITED"])
    assert over["Retry-After"] == "20"
    assert over["Cache-Control"] == "no-store"
    with system():
        minute = ClientMinute.objects.get()
        assert (minute.requests, minute.cost, minute.refused) == (2, 2 * cost, 1)
    monkeypatch.setattr(quota, "moment", noon + dt.timedelta(seconds=20))
    assert bearer.post(ME).status_code == 200
    assert program.client.minutes.count() == 0  # nobody sees another's figures outside a session of the house


def test_the_cost_of_a_minute_and_of_one_document_are_limits_of_their_own(
    cast: Cast, noon: dt.datetime
) -> None:
    bearer, _program = asking(cast, cost_per_minute=1000, cost_per_document=600)
    dear = bearer.post("query { a: me { username } b: me { username } }")
    assert (dear.status_code, errors_of(dear.json())) == (400, ["OVER_LIMIT"])
    assert bearer.post(ME).status_code == 200
    assert bearer.post(ME).status_code == 429


def test_what_failed_is_counted_and_so_is_what_was_taken_back(cast: Cast, noon: dt.datetime) -> None:
    bearer, _program = asking(cast)
    bearer.post("query { nothing }")
    bearer.post("query {")
    bearer.post('{ node(id: "x") { id } }')
    with system():
        minute = ClientMinute.objects.get()
    assert minute.requests == 3
    assert minute.errors >= 2


def test_people_and_tokens_of_the_house_are_not_counted(cast: Cast) -> None:
    Program(cast, requests_per_minute=1)
    for one in (Asking(cast.secretary), Asking(token=cast.portal_secret)):
        for _n in range(3):
            response = one.post(ME)
            assert response.status_code == 200
            assert "RateLimit" not in response
    with system():
        assert not ClientMinute.objects.exists()


def test_files_are_counted_too(cast: Cast, noon: dt.datetime) -> None:
    program = Program(cast, requests_per_minute=1)
    headers = {"authorization": f"Bearer {program.token()}"}
    path = "/files/00000000-0000-0000-0000-000000000000"
    first = Browser().get(path, headers=headers)
    assert (first.status_code, first["RateLimit"][:14]) == (404, '"requests";r=0')
    second = Browser().get(path, headers=headers)
    assert (second.status_code, second["Retry-After"]) == (429, "20")


def test_a_token_that_is_none_is_refused_and_counted_nowhere(cast: Cast) -> None:
    Program(cast)
    assert Asking(token="okc_wrong").post(ME).status_code == 401
    with system():
        assert not ClientMinute.objects.exists()


# -- trusted documents -------------------------------------------------------------------------------------
def posted(bearer: Asking, **body: Any) -> Any:
    return bearer.client.post(
        "/graphql/", json.dumps(body), content_type="application/json", headers=bearer.headers
    )


def test_a_registered_document_is_asked_by_its_name_alone(cast: Cast) -> None:
    bearer, program = asking(cast)
    register(program.client, ME)
    apollo = {"persistedQuery": {"version": 1, "sha256Hash": sha(ME)}}
    for body in ({"documentId": f"sha256:{sha(ME)}"}, {"documentId": sha(ME)}, {"extensions": apollo}):
        assert posted(bearer, **body).json()["data"] == {"me": {"username": "portal.153"}}
    path = f"/graphql/?documentId=sha256:{sha(ME)}"
    by_get = bearer.client.get(path, headers=bearer.headers)
    assert by_get.json()["data"]["me"]
    assert by_get["Cache-Control"] == "no-store"


def test_an_unknown_one_is_told_as_either_convention_wants_it(cast: Cast) -> None:
    bearer, program = asking(cast)
    missing = posted(bearer, documentId=f"sha256:{sha(ME)}")
    assert (missing.status_code, errors_of(missing.json())) == (400, ["PERSISTED_QUERY_NOT_FOUND"])
    apollo = {"persistedQuery": {"version": 1, "sha256Hash": sha(ME)}}
    missing = posted(bearer, extensions=apollo)
    assert missing.status_code == 200
    assert missing.json()["errors"][0]["message"] == "PersistedQueryNotFound"
    assert posted(bearer, extensions=apollo, query=ME).json()["data"]
    for wrong in ("md5:1", "x", "sha256:" + "g" * 64):
        assert errors_of(posted(bearer, documentId=wrong).json()) == ["BAD_REQUEST"]
    other = posted(bearer, documentId=f"sha256:{sha(ME)}", query=OTHER)
    assert errors_of(other.json()) == ["BAD_REQUEST"]
    # Another client's document is none of this one's; nor is one of anybody for a person or a token of the house.
    register(program.client, ME)
    for one in (Asking(cast.secretary), Asking(token=cast.portal_secret), Asking()):
        assert errors_of(posted(one, documentId=f"sha256:{sha(ME)}").json()) == ["PERSISTED_QUERY_NOT_FOUND"]


def test_a_client_limited_to_documents_asks_nothing_else(cast: Cast) -> None:
    bearer, program = asking(cast, documents_only=True)
    register(program.client, ME)
    refused = bearer.post(OTHER)
    assert (refused.status_code, errors_of(refused.json())) == (403, ["DOCUMENT_NOT_TRUSTED"])
    assert bearer.post(ME).status_code == 200  # the same text is the same document
    with system():
        trusted.retire_document(program.client.documents.get(), by=cast.administrator)
    assert bearer.post(ME).status_code == 403
    assert posted(bearer, documentId=f"sha256:{sha(ME)}").status_code == 400


def test_public_data_may_be_kept_by_everybody_and_nothing_else(cast: Cast) -> None:
    """Which root fields are public data is declared; tracking is for whoever holds the code."""
    text = "query Public { __typename publicNeighbourhoods { nodes { name } } }"
    tracking = 'query Tracking { complaintTracking(code: "x") { status } }'
    _bearer, program = asking(cast)
    path = f"/graphql/?documentId=sha256:{sha(text)}"
    assert Browser().get(path, headers={"accept": ACCEPT}).status_code == 400  # nobody registered it
    register(program.client, text, ME, tracking)
    personal = Browser().get(f"/graphql/?documentId=sha256:{sha(tracking)}")
    assert (personal.status_code, personal["Cache-Control"]) == (400, "no-store")
    first = Browser().get(path, headers={"accept": ACCEPT})
    assert first.json() == {"data": {"__typename": "Query", "publicNeighbourhoods": {"nodes": []}}}
    assert first["Cache-Control"] == "public, max-age=60"
    assert "Accept-Language" in first["Vary"]
    again = Browser().get(path, headers={"accept": ACCEPT, "if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    # With a token it is counted, and the headers of one client are not kept for all.
    program_asks = Asking(token=program.token())
    counted = program_asks.client.get(path, headers=program_asks.headers)
    assert counted["Cache-Control"] == "public, max-age=60"
    assert "RateLimit" not in counted
    wrong = Browser().get(path, headers={"accept": ACCEPT, "authorization": "Bearer okc_x"})
    assert (wrong.status_code, wrong["Cache-Control"]) == (401, "no-store")
    # What is posted, and what is not public, is nobody's to keep.
    posted_one = posted(Asking(), documentId=f"sha256:{sha(text)}")
    assert posted_one["Cache-Control"] == "no-store"
    browser = Asking(cast.secretary).client
    assert browser.get(path)["Cache-Control"] == "no-store"
    assert browser.get(f"/graphql/?documentId=sha256:{sha(ME)}").status_code == 400


def test_the_public_calendar_may_be_kept_too(cast: Cast) -> None:
    """Its name begins otherwise; whether an answer is for everybody is declared, and not read from a name."""
    text = "query Calendar { publishedEvents { totalCount nodes { title } } }"
    both = "query Both { publishedEvents { totalCount } me { username } }"
    _bearer, program = asking(cast)
    register(program.client, text, both)
    kept = Browser().get(f"/graphql/?documentId=sha256:{sha(text)}", headers={"accept": ACCEPT})
    assert kept.json() == {"data": {"publishedEvents": {"totalCount": 0, "nodes": []}}}
    assert kept["Cache-Control"] == "public, max-age=60"
    mixed = Browser().get(f"/graphql/?documentId=sha256:{sha(both)}", headers={"accept": ACCEPT})
    assert (mixed.status_code, mixed["Cache-Control"]) == (400, "no-store")


def test_nothing_that_needs_an_account_is_kept_by_everybody() -> None:
    """Of all root fields only the declared ones are, and what these reach is all of it made for everybody."""
    assert schema._schema.query_type is not None
    roots = schema._schema.query_type.fields
    may_be_kept = {name for name in roots if documents.get(f"{{ {name} {{ x }} }}").is_public}
    assert may_be_kept == PUBLIC_DATA <= PUBLIC_FIELDS
    for kind in ("mutation", "subscription"):
        assert not documents.get(f"{kind} {{ publicCategories {{ x }} }}").is_public
    reached: set[str] = set()
    waiting = [get_named_type(roots[name].type) for name in PUBLIC_DATA]
    while waiting:
        found = waiting.pop()
        if isinstance(found, GraphQLObjectType) and found.name not in reached:
            reached.add(found.name)
            waiting += [get_named_type(field.type) for field in found.fields.values()]
        assert not isinstance(found, GraphQLInterfaceType | GraphQLUnionType), found
    shells = {name for name in reached if name.endswith(("Connection", "Edge"))}
    assert reached - shells == {
        "MapBackground",
        "PublicMap",
        "PublicMapCell",
        "OpenNumber",
        "OpenNumbers",
        "PageInfo",
        "PublicCategory",
        "PublicDayPlaces",
        "PublicEventPlaces",
        "PublicMunicipality",
        "PublicNeighbourhood",
        "PublicNews",
        "PublicNewsEvent",
        "PublicNewsItem",
        "PublicNewsPhoto",
        "PublicPlace",
        "PublicPrincipal",
        "PublicPrivacyNotice",
        "PublishedEvent",
        "PublishedEventPicture",
        "TimeSpan",
    }


# -- other doors -------------------------------------------------------------------------------------------
SUBMIT = "mutation Submit($input: PortalComplaintSubmitInput!) { portalComplaintSubmit(input: $input) { reference } }"
PORTAL = ["SUBMIT", "FOLLOW"]


def sent(program: Program, token: str, path: str = "/files/portal/complaints/") -> Any:
    headers = {"authorization": f"Bearer {token}", "tracking-code": "7G2K-0QXM-4TBN"}
    return Browser().post(path, {"file": SimpleUploadedFile("a.png", picture())}, headers=headers)


def refusals_of(response: Any) -> list[tuple[str, str]]:
    return [(one["code"], one["message"]) for one in response.json()["errors"]]


def test_a_client_limited_to_documents_is_refused_at_the_other_doors(cast: Cast) -> None:
    """Open311's reads and writes, and files sent and fetched: a stolen token does nothing but what was registered."""
    _bearer, program = asking(cast, documents_only=True, scopes=["READ", "WRITE", *PORTAL])
    register(program.client, ME, "query Named { portalComplaintSubmit: me { username } }")
    token = program.token()
    headers = {"authorization": f"Bearer {token}"}
    browser = Browser()
    for response in (
        browser.get("/open311/v2/requests.json", headers=headers),
        browser.get("/open311/v2/requests/2026-1.json", headers=headers),
        browser.get("/open311/v2/services.json", headers=headers),
        browser.post("/open311/v2/requests.json", {"service_code": "x"}, headers=headers),
        browser.post("/open311/v2/requests.json", {"service_code": "x", "api_key": token}),
    ):
        assert response.status_code == 403
        assert response.json()[0]["description"].startswith("Bu istemci yalnız önceden kaydettiklerini")
    key = "00000000-0000-0000-0000-000000000000"
    for response in (
        sent(program, token),
        sent(program, token, f"/files/complaints/{key}/"),
        browser.get(f"/files/{key}", headers=headers),
    ):
        assert response.status_code == 403
        assert refusals_of(response)[0][0] == "DOCUMENT_NOT_TRUSTED"
    with system():
        assert ClientMinute.objects.get().errors == 8
    # What needs no token is for it as for anybody.
    assert browser.get("/open311/v2/services.json").status_code == 200


def test_open311_is_opened_to_such_a_client_by_itself(cast: Cast) -> None:
    _bearer, program = asking(cast, documents_only=True, open311=True, scopes=PORTAL)
    headers = {"authorization": f"Bearer {program.token()}"}
    assert Browser().get("/open311/v2/requests.json", headers=headers).status_code == 200
    assert sent(program, program.token()).status_code == 403


def test_files_follow_the_documents_that_bring_cases_in(cast: Cast) -> None:
    _bearer, program = asking(cast, documents_only=True, scopes=PORTAL)
    token = program.token()
    assert sent(program, token).status_code == 403
    register(program.client, SUBMIT)
    assert sent(program, token).status_code == 404  # no such code: it came as far as that
    with system():
        trusted.retire_document(program.client.documents.get(), by=None)
    assert sent(program, token).status_code == 403


def test_files_are_brought_where_a_document_sends_them_in(cast: Cast) -> None:
    _bearer, program = asking(cast, documents_only=True, scopes=PORTAL)
    token, door = program.token(), "/files/portal/submissions/"
    assert sent(program, token, door).status_code == 403
    register(
        program.client,
        "mutation Send($input: SubmissionFileInput!) { submissionFile(input: $input) { errors { code } } }",
    )
    assert sent(program, token, door).status_code != 403
    assert sent(program, token).status_code == 403, "to a case it adds nothing"


# -- what a file costs ---------------------------------------------------------------------------------------
class Untouched:
    """A body that nobody may read."""

    def read(self, *_size: int) -> bytes:
        raise AssertionError("the body was read before its cost was asked for")

    readline = read


def posted_file(token: str, length: str | None, body: Any = None, path: str = "portal/complaints/") -> Any:
    more = {} if length is None else {"CONTENT_LENGTH": length}
    content_type = "multipart/form-data; boundary=x"
    given = {"wsgi.input": body or BytesIO(), "CONTENT_TYPE": content_type}
    return Browser().request(
        REQUEST_METHOD="POST",
        PATH_INFO=f"/files/{path}",
        HTTP_AUTHORIZATION=f"Bearer {token}",
        **given,
        **more,
    )


@pytest.mark.parametrize(
    ("length", "cost"),
    [("0", 500), ("1", 501), ("10000", 501), ("10001", 502), ("2000000", 700), ("", 2598), ("-5", 2598)],
)
def test_a_file_costs_by_its_size_as_it_is_announced(
    cast: Cast, noon: dt.datetime, length: str, cost: int
) -> None:
    _bearer, program = asking(cast, scopes=PORTAL)
    assert posted_file(program.token(), length).status_code in {400, 413}
    with system():
        assert ClientMinute.objects.get().cost == cost


@pytest.mark.parametrize("length", [None, "", "-5", "x", "1e9", "\N{ARABIC-INDIC DIGIT THREE}", "9" * 40])
def test_who_announces_no_size_pays_for_the_largest_file(length: str | None) -> None:
    request = RequestFactory().post("/files/portal/complaints/")
    request.META.pop("CONTENT_LENGTH")
    if length is not None:
        request.META["CONTENT_LENGTH"] = length
    assert metering._size_cost(request) == 2098
    assert metering._size_cost(RequestFactory().get("/files/x")) == 0


def test_the_limit_is_asked_before_the_body_is_read(cast: Cast, noon: dt.datetime) -> None:
    _bearer, program = asking(cast, scopes=PORTAL, cost_per_minute=2500, cost_per_document=2500)
    token = program.token()
    assert sent(program, token).status_code == 404
    over = posted_file(token, "20000000", Untouched())
    assert (over.status_code, over["Retry-After"]) == (429, "20")
    large = posted_file(token, "30000000", Untouched())
    assert (large.status_code, refusals_of(large)[0][0]) == (400, "OVER_LIMIT")
    assert posted_file(cast.portal_secret, "30000000", Untouched()).status_code == 413


def test_open311_counts_what_is_sent_as_well(cast: Cast, noon: dt.datetime) -> None:
    _bearer, program = asking(cast, scopes=PORTAL)
    photo = SimpleUploadedFile("a.png", picture() + b"\0" * 300_000)
    headers = {"authorization": f"Bearer {program.token()}"}
    given = {"service_code": "none", "media": photo}
    by_header = Browser().post("/open311/v2/requests.json", given, headers=headers)
    photo.seek(0)
    in_form = Browser().post("/open311/v2/requests.json", given | {"api_key": program.token()})
    assert [int(one["GraphQL-Cost"]) > 529 for one in (by_header, in_form)] == [True, True]


def test_a_browser_runs_nothing_by_get(cast: Cast) -> None:
    browser = Asking(cast.secretary).client
    _bearer, program = asking(cast)
    register(program.client, ME)
    for query in (f"query={ME}", f"documentId=sha256:{sha(ME)}&query={ME}", "variables={}"):
        assert browser.get(f"/graphql/?{query}").status_code == 405
    assert "data" not in browser.get(f"/graphql/?documentId=sha256:{sha(ME)}").json()


# -- the file of graphql-codegen ---------------------------------------------------------------------------
def test_a_file_is_looked_through_before_it_is_registered(cast: Cast) -> None:
    program = Program(cast)
    register(program.client, ME)
    bad = "query Bad { nothing }"
    file = json.dumps({sha(ME): ME, sha(OTHER): OTHER, sha(bad): bad, sha("a"): "b", "1f" * 20: ME}, indent=2)
    with system():
        found = trusted.looked_through(program.client, file)
    assert [(one.line, one.state) for one in found] == [
        (2, "KNOWN"),
        (3, "NEW"),
        (4, "INVALID"),
        (5, "INVALID"),
        (6, "INVALID"),
    ]
    assert [one.name for one in found[:3]] == ["Me", "Other", "Bad"]
    assert "nothing" in found[2].reason
    with system(), pytest.raises(DomainError) as refused:
        trusted.register_documents(program.client, file, by=None)
    assert refused.value.field == "file"
    with system():
        assert program.client.documents.count() == 1


@pytest.mark.parametrize("file", ["", "[]", "{}", "1", "[" * 100_000, '"x"'])
def test_what_is_no_file_of_documents_is_refused(cast: Cast, file: str) -> None:
    program = Program(cast)
    with system(), pytest.raises(DomainError) as refused:
        trusted.looked_through(program.client, file)
    assert (refused.value.code, refused.value.field) == ("INVALID", "file")


# -- many at once ------------------------------------------------------------------------------------------
def test_processes_that_spend_at_once_spend_no_more_than_there_is(
    committed_db: CommittedDatabase, noon: dt.datetime
) -> None:
    """Twelve connections of one client in the same moment, of which seven may."""
    cast = make_cast()
    program = Program(cast, requests_per_minute=7)
    token = program.token()
    taken: list[bool] = []
    at_once = threading.Barrier(12)

    def spend() -> None:
        try:
            at_once.wait()
            spent = quota.consume_quota(token, 10)
            assert spent is not None
            taken.append(spent.is_taken)
        finally:
            connection.close()

    threads = [threading.Thread(target=spend) for _n in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == [False] * 5 + [True] * 7
    with system():
        minute = ClientMinute.objects.get()
        assert (minute.requests, minute.cost, minute.refused) == (7, 70, 5)


def test_a_request_that_ends_in_a_rollback_is_counted(committed_db: CommittedDatabase) -> None:
    cast = make_cast()
    bearer, _program = asking(cast)
    assert bearer.post("query { nothing }").status_code == 422
    with system():
        assert ClientMinute.objects.get().requests == 1
        clients.close_client(Client.objects.get(), by=None)
    assert bearer.post(ME).status_code == 401


def test_a_pipeline_registers_by_command(
    cast: Cast, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    program = Program(cast)
    file = tmp_path / "persisted-documents.json"
    file.write_text(json.dumps({sha(ME): ME}), encoding="utf-8")
    call_command("register_documents", program.id, str(file), "--dry-run")
    with system():
        assert not program.client.documents.exists()
    call_command("register_documents", program.id, str(file))
    with system():
        assert program.client.documents.get().name == "Me"
    file.write_text("{}", encoding="utf-8")
    with pytest.raises(CommandError):
        call_command("register_documents", program.id, str(file))
    with pytest.raises(CommandError):
        call_command("register_documents", "x", str(file))
