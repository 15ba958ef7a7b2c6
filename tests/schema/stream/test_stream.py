"""Subscriptions through the real second process: who is told what, at once, without loss, and no further."""

from __future__ import annotations

import http.client
import json
import re
import signal
import socket
import time
from base64 import urlsafe_b64decode
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client

from backend.complaints import actions
from backend.complaints.models import Complaint
from backend.complaints.moves import Verb
from backend.core.session import system
from backend.organization.models import User
from backend.portals.models import ApiToken
from permissions.core import scope
from schema.core.nodes import global_id
from tests.cast import Cast, signed_in
from tests.databases import CommittedDatabase
from tests.factories import make_complaint
from tests.schema.http.test_limits_of_clients import register, sha
from tests.schema.http.test_oauth import Program
from tests.schema.stream.serving import WAIT, Forked, Server

PATH = "/graphql/stream/"
INBOX = (
    "subscription { inboxChanged { id happened complaint { subject responsibleDepartment { shortName } } } }"
)
ONE = "subscription($id: ID!) { complaintChanged(id: $id) { id happened complaint { status } } }"
CSRF = "x" * 32


@dataclass
class Event:
    id: str = ""
    event: str = ""
    data: str = ""

    @property
    def payload(self) -> Any:
        return json.loads(self.data)

    @property
    def told(self) -> Any:
        return next(iter(self.payload["data"].values()))

    @property
    def code(self) -> str:
        return str(self.payload["errors"][0]["extensions"]["code"])


class Following:
    """A client: reads the events one by one."""

    def __init__(
        self,
        port: int,
        headers: dict[str, str],
        query: str,
        last: str = "",
        document: str = "",
        **variables: Any,
    ) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=WAIT)
        asked = {"documentId": document} if document else {"query": query}
        body = json.dumps(asked | {"variables": variables})
        kinds = {"Content-Type": "application/json", "Accept": "text/event-stream"}
        self.connection.request(
            "POST", PATH, body, kinds | headers | ({"Last-Event-ID": last} if last else {})
        )
        self.response = self.connection.getresponse()
        self.heartbeats: list[float] = []

    def next(self, seconds: float = WAIT) -> Event:
        """The next event; heartbeats are passed over. An empty one where the stream has ended."""
        found, deadline = Event(), time.monotonic() + seconds
        while line := self.response.readline().decode():
            if line == ":\n":
                self.heartbeats.append(time.monotonic())
            name, _colon, value = line.rstrip("\n").partition(":")
            if line == "\n" and found.event:
                return found
            if name in {"id", "event", "data"}:
                setattr(found, name, value.removeprefix(" "))
            if time.monotonic() > deadline:
                raise TimeoutError
        return Event()

    def silent(self, seconds: float = 1.5) -> bool:
        """Whether nothing but heartbeats comes for a while."""
        try:
            return self.next(seconds) == Event()
        except TimeoutError:
            return True

    def close(self) -> None:
        self.connection.close()


def browser(user: User) -> dict[str, str]:
    """The headers of a page in which this person is signed in."""
    client: Client = signed_in(user)
    cookies = f"sessionid={client.cookies['sessionid'].value}; csrftoken={CSRF}"
    return {"Cookie": cookies, "X-CSRFToken": CSRF}


def says(user: User, verb: Verb, case: Complaint, act: Callable[[Complaint], object]) -> None:
    with scope.session(user), scope.authorized(verb, Complaint, case.key) as row:
        act(row)


@pytest.fixture
def house(committed_cast: Cast) -> Cast:
    return committed_cast


@pytest.fixture
def server(house: Cast) -> Iterator[Server]:
    """The process as most tests want it: a fork."""
    yield from _ended(Forked(heartbeat_seconds=1))


@pytest.fixture
def program(committed_db: CommittedDatabase, house: Cast) -> Iterator[Server]:
    """The process as an installation starts it."""
    yield from _ended(Server(committed_db, OZELKALEM_STREAM_HEARTBEAT_SECONDS="1"))


def _ended(server: Server) -> Iterator[Server]:
    yield server
    if server.runs():
        server.end()


def routed(house: Cast, case: Complaint, department: Any) -> None:
    says(house.secretary, Verb.ROUTE, case, lambda row: actions.route(row, to=department, by=house.secretary))


def test_a_routed_case_is_told_here_and_no_more_there(program: Server, house: Cast) -> None:
    """Two follow their inbox: when the case is routed anew the first is told that it left, and the second gets it."""
    case = make_complaint(to=house.fen)
    fen, park = (Following(program.port, browser(one), INBOX) for one in (house.fen_clerk, house.park_clerk))
    assert [one.next().told["id"] for one in (fen, park)] == [None, None]
    routed(house, case, house.park)
    got = park.next().told
    assert got["complaint"] == {
        "subject": case.subject,
        "responsibleDepartment": {"shortName": house.park.short_name},
    }
    assert got["happened"] == ["ROUTED"]
    assert fen.next().told == {"id": global_id(case), "happened": [], "complaint": None}
    says(house.park_clerk, Verb.ACCEPT, case, lambda row: actions.accept(row, by=house.park_clerk))
    assert park.next().told["happened"] == ["ACCEPTED"]
    assert fen.silent()
    hidden = make_complaint(to=house.cleaning)  # never theirs: not even that it is there is told
    says(
        house.secretary,
        Verb.COMMENT,
        hidden,
        lambda row: actions.comment(row, by=house.secretary, body="Not."),
    )
    assert fen.silent()


@pytest.mark.full
def test_who_follows_one_case_is_told_that_it_left_and_then_nothing(server: Server, house: Cast) -> None:
    case = make_complaint(to=house.fen)
    one = Following(server.port, browser(house.fen_clerk), ONE, id=global_id(case))
    assert one.next().told == {"id": global_id(case), "happened": [], "complaint": {"status": "ASSIGNED"}}
    says(house.fen_clerk, Verb.ACCEPT, case, lambda row: actions.accept(row, by=house.fen_clerk))
    assert one.next().told["complaint"] == {"status": "ACCEPTED"}
    routed(house, case, house.park)
    assert one.next().told["complaint"] is None
    assert one.next().event == "complete"
    assert one.next() == Event()
    again = Following(server.port, browser(house.fen_clerk), ONE, id=global_id(case))
    assert again.next().code == "NOT_FOUND"
    assert again.next().event == "complete"


@pytest.mark.full
def test_who_comes_again_gets_what_they_missed_once(program: Server, house: Cast) -> None:
    """Also across a process that was killed."""
    cases = [make_complaint(f"Konu {n}", to=house.fen) for n in range(4)]
    first = Following(program.port, browser(house.fen_clerk), INBOX)
    last = first.next().id
    assert last
    comment = lambda row: actions.comment(row, by=house.secretary, body="Not.")  # noqa: E731
    says(house.secretary, Verb.COMMENT, cases[0], comment)
    told = first.next()
    assert told.told["id"] == global_id(cases[0])
    program.end(signal.SIGKILL)
    for case in cases[1:]:
        says(house.secretary, Verb.COMMENT, case, comment)
    program.start()
    again = Following(program.port, browser(house.fen_clerk), INBOX, last=told.id)
    missed = [again.next() for _each in range(3)]
    assert [event.told["id"] for event in missed] == [global_id(case) for case in cases[1:]]
    assert again.silent()
    amid = Following(
        program.port, browser(house.fen_clerk), INBOX, last=missed[0].id
    )  # broken off after the first
    assert [amid.next().told["id"] for _each in range(2)] == [global_id(case) for case in cases[2:]]
    assert amid.silent()
    nothing = Following(program.port, browser(house.fen_clerk), INBOX, last="1~1:1:")  # of long ago
    assert nothing.next().code == "RESYNC_REQUIRED"
    assert nothing.next().told["id"] is None


def test_a_token_that_ends_ends_what_it_follows(server: Server, house: Cast) -> None:
    case = make_complaint(to=house.relations)
    bearer = {"Authorization": f"Bearer {house.portal_secret}"}
    one = Following(server.port, bearer, INBOX)
    assert one.next().told["id"] is None
    with system():
        ApiToken.objects.update(revoked_at="2026-11-25T00:00Z")
    says(
        house.secretary, Verb.COMMENT, case, lambda row: actions.comment(row, by=house.secretary, body="Not.")
    )
    assert one.next().code == "UNAUTHENTICATED"
    assert one.next().event == "complete"
    assert Following(server.port, bearer, INBOX).response.status == 401


@pytest.mark.full
def test_a_browser_that_is_signed_out_is_told_nothing_more(server: Server, house: Cast) -> None:
    """By the next heartbeat at the latest, whether something happens or not."""
    headers = browser(house.fen_clerk)
    one = Following(server.port, headers, INBOX)
    assert one.next().told["id"] is None
    with system():
        User.objects.filter(pk=house.fen_clerk.pk).update(is_active=False)
    assert one.next().code == "UNAUTHENTICATED"


@pytest.mark.full
def test_what_is_refused_at_the_door(server: Server, house: Cast) -> None:
    headers = browser(house.fen_clerk)
    assert Following(server.port, {"Authorization": "Bearer okm_x"}, INBOX).response.status == 401
    assert (
        Following(server.port, {"Cookie": headers["Cookie"]}, INBOX).response.status == 403
    )  # no CSRF token
    assert Following(server.port, headers | {"Accept": "application/json"}, INBOX).response.status == 406
    elsewhere = http.client.HTTPConnection("127.0.0.1", server.port, timeout=WAIT)
    elsewhere.request("GET", "/admin/")
    assert elsewhere.getresponse().status == 404
    for query, code in (
        ("{ me { id } }", "BAD_REQUEST"),
        ("subscription { nothing }", "GRAPHQL_VALIDATION_FAILED"),
        ("subscription { inboxChanged { id } other: inboxChanged { id } }", "GRAPHQL_VALIDATION_FAILED"),
        ("subscription {", "GRAPHQL_VALIDATION_FAILED"),
    ):
        told = Following(server.port, headers, query)
        assert (told.response.status, told.next().code, told.next().event) == (200, code, "complete")
    nobody = Following(server.port, {}, INBOX)
    assert nobody.next().code == "UNAUTHENTICATED"


@pytest.mark.full
def test_a_client_that_does_not_read_is_cut_off_with_a_last_word(house: Cast) -> None:
    server = Forked(heartbeat_seconds=1, slow_seconds=1)
    try:
        case = make_complaint(to=house.fen, body="ş" * 10_000)
        query = "subscription($id: ID!) { complaintChanged(id: $id) { complaint {"
        query += " ".join(f"b{n}: body" for n in range(40)) + " } } }"
        headers = browser(house.fen_clerk)
        body = json.dumps({"query": query, "variables": {"id": global_id(case)}})
        slow = socket.socket()
        slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        slow.connect(("127.0.0.1", server.port))
        lines = [f"POST {PATH} HTTP/1.1", "Host: 127.0.0.1", "Content-Type: application/json"]
        lines += ["Accept: text/event-stream", f"Content-Length: {len(body)}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        slow.sendall(("\r\n".join(lines) + "\r\n\r\n" + body).encode())
        for _each in range(3):  # the last word waits three seconds more for whoever reads late
            says(
                house.secretary,
                Verb.COMMENT,
                case,
                lambda row: actions.comment(row, by=house.secretary, body="N"),
            )
            time.sleep(0.6)
        quick = Following(server.port, headers, ONE, id=global_id(case))  # others notice nothing
        assert quick.next().told["complaint"] == {"status": "ASSIGNED"}
        slow.settimeout(WAIT)
        text, deadline = b"", time.monotonic() + 4 * WAIT
        while (part := slow.recv(65536)) and time.monotonic() < deadline:
            text += part
        assert b"TOO_SLOW" in text
        assert b"event: complete" in text
    finally:
        server.end()


@pytest.mark.full
def test_at_its_end_the_process_lets_go_and_does_not_say_that_it_is_complete(
    program: Server, house: Cast
) -> None:
    one = Following(program.port, browser(house.fen_clerk), INBOX)
    one.next()
    program.end()
    assert one.next() == Event()


def test_the_first_process_takes_no_subscription(house: Cast, committed_db: CommittedDatabase) -> None:
    client = signed_in(house.fen_clerk)
    body = json.dumps({"query": INBOX})
    here = client.post(
        "/graphql/", body, content_type="application/json", headers={"accept": "application/json"}
    )
    assert (here.status_code, here.json()["errors"][0]["extensions"]["code"]) == (405, "BAD_REQUEST")
    there = client.post(PATH, body, content_type="application/json", headers={"accept": "text/event-stream"})
    assert (there.status_code, there.headers["Retry-After"]) == (503, "10")


@pytest.mark.full
def test_a_portal_follows_what_it_brought_and_hears_nothing_of_the_house(server: Server, house: Cast) -> None:
    query = "subscription($code: String!) { portalComplaintChanged(code: $code) { status steps { label } } }"
    with system():
        ApiToken.objects.update(scopes=["FOLLOW"])
    bearer = {"Authorization": f"Bearer {house.portal_secret}"}
    mine = make_complaint(by=house.portal)
    another = make_complaint(by=house.secretary)
    one = Following(server.port, bearer, query, code=mine.tracking_code)
    assert one.next().told["status"] == "Alındı"
    says(
        house.secretary,
        Verb.COMMENT,
        mine,
        lambda row: actions.comment(row, by=house.secretary, body="İç not."),
    )
    assert one.silent()
    routed(house, mine, house.fen)
    told = one.next()
    assert told.told["steps"][-1] == {"label": "İlgili birime iletildi"}
    assert "Fen" not in told.data
    for code in (another.tracking_code, "7G2K-0QXM-4TBN"):
        assert Following(server.port, bearer, query, code=code).next().code == "NOT_FOUND"
    assert Following(server.port, bearer, INBOX).next().code == "FORBIDDEN"
    person = Following(server.port, browser(house.secretary), query, code=mine.tracking_code)
    assert person.next().code == "FORBIDDEN"


@pytest.mark.full
def test_a_client_limited_to_documents_follows_no_other(server: Server, house: Cast) -> None:
    """What a client follows is admitted and counted as what it asks; also by the name of the document alone."""
    program = Program(house, documents_only=True)
    register(program.client, INBOX)
    bearer = {"Authorization": f"Bearer {program.token()}"}
    case = make_complaint(to=house.relations)
    refused = Following(server.port, bearer, ONE, id=global_id(case)).response
    assert (refused.status, json.loads(refused.read())["errors"][0]["extensions"]["code"]) == (
        403,
        "DOCUMENT_NOT_TRUSTED",
    )
    for one in (
        Following(server.port, bearer, INBOX),
        Following(server.port, bearer, "", document=f"sha256:{sha(INBOX)}"),
    ):
        assert int(one.response.headers["GraphQL-Cost"]) > 500
        assert one.next().told["id"] is None
    assert Following(server.port, bearer, "", document=f"sha256:{sha(ONE)}").response.status == 400
    with system():
        assert program.client.minutes.get().requests == 2


@pytest.mark.full
def test_what_is_hidden_moves_no_heartbeat_and_an_id_shows_no_counter(house: Cast) -> None:
    """Whoever counts the heartbeats learns nothing of cases that they do not see: none is due here for an hour, so none
    comes between the first event and that of a case which they see."""
    server = Forked(heartbeat_seconds=3600)
    try:
        one = Following(server.port, browser(house.fen_clerk), INBOX)
        first = one.next()
        assert re.fullmatch(r"[\w=-]+", first.id)
        assert not re.search(rb"\d+:\d+:", urlsafe_b64decode(first.id))
        at_first = len(one.heartbeats)
        comment = lambda row: actions.comment(row, by=house.secretary, body="Not.")  # noqa: E731
        hidden, seen = make_complaint(to=house.cleaning), make_complaint(to=house.fen)
        assert one.next().told["id"] == global_id(seen)
        for _each in range(3):
            says(house.secretary, Verb.COMMENT, hidden, comment)
            time.sleep(0.5)  # longer than between two looks: each of them is looked at
        says(house.secretary, Verb.COMMENT, seen, comment)
        told = one.next()
        assert (told.told["id"], told.told["happened"]) == (global_id(seen), ["COMMENTED"])
        assert len(one.heartbeats) == at_first
    finally:
        server.end()


@pytest.mark.full
def test_what_is_hidden_keeps_no_heartbeat_back(server: Server, house: Cast) -> None:
    one = Following(server.port, browser(house.fen_clerk), INBOX)
    one.next()
    at_first = len(one.heartbeats)
    hidden = make_complaint(to=house.cleaning)
    comment = lambda row: actions.comment(row, by=house.secretary, body="Not.")  # noqa: E731
    for _each in range(10):  # never a second without something hidden
        says(house.secretary, Verb.COMMENT, hidden, comment)
        time.sleep(0.3)
    assert one.silent(1)
    assert len(one.heartbeats) > at_first
