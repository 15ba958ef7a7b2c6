"""What a subscriber is told no longer, not too much of at once, and nothing of what was before them."""

from __future__ import annotations

import asyncio
import gc
import json
import socket
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpRequest
from django.test import RequestFactory

from backend.appointments import actions as appointments
from backend.complaints import actions
from backend.complaints.models import Complaint
from backend.core.session import system
from backend.journal.change_feed import News
from backend.journal.models import ChangeEvent
from backend.portals.models import ApiToken
from permissions.complaints import sharing, subscriptions
from permissions.core import grants, scope
from permissions.core.viewer import KEEP, WORK
from permissions.models import DepartmentGrant, PrincipalGrant
from schema.core.nodes import global_id
from schema.stream.endpoint import Opened, stream
from schema.stream.hub import WORK_THREADS, Hub
from schema.stream.subscriber import EVENTS_AT_ONCE, Subscriber
from tests.cast import Cast, as_viewer
from tests.databases import CommittedDatabase
from tests.factories import LONG_AGO, make_citizen, make_complaint, make_public_day, make_request, refetch
from tests.schema.stream.serving import Forked, Server
from tests.schema.stream.test_stream import INBOX, ONE, PATH, Following, browser, routed
from tests.schema.stream.test_stream import house as house  # the fixtures
from tests.schema.stream.test_stream import server as server

WAITING_ROOM = "subscription($id: ID!) { waitingRoomChanged(id: $id) { publicDay { id } } }"
PORTAL = (
    "subscription($code: String!) { portalComplaintChanged(code: $code)"
    " { status isAwaited steps { label } questions { body } } }"
)


# -- a portal is told what the citizen reads -----------------------------------------------------------------
def follows(house: Cast) -> dict[str, str]:
    """The headers of a portal with the right FOLLOW."""
    with system():
        ApiToken.objects.update(scopes=["FOLLOW"])
    return {"Authorization": f"Bearer {house.portal_secret}"}


def test_a_portal_is_told_of_a_question_and_not_of_a_passing_on(server: Server, house: Cast) -> None:
    bearer = follows(house)
    mine = make_complaint(by=house.portal, applicant=make_citizen(email="i@example.org"), to=house.fen)
    one = Following(server.port, bearer, PORTAL, code=mine.tracking_code)
    first = one.next()
    assert first.told["isAwaited"] is False
    routed(house, mine, house.park)  # a step each time, of which the citizen reads the first
    with system():
        actions.accept(refetch(mine), by=house.secretary)
    assert one.silent()
    with system():
        actions.message(refetch(mine), by=house.secretary, body="Hangi sokak?", means="PHONE", proof="Arandı")
        actions.put_on_hold(refetch(mine), by=house.secretary, for_="CITIZEN")
    told = one.next()
    assert (told.told["isAwaited"], told.told["status"]) == (True, "Beklemede")
    with system():
        actions.resume(refetch(mine), by=house.secretary)
    assert one.next().told["isAwaited"] is False


@pytest.mark.full
def test_who_comes_again_is_told_only_if_the_citizen_reads_something_else(
    server: Server, house: Cast
) -> None:
    bearer = follows(house)
    mine = make_complaint(by=house.portal, to=house.fen)
    one = Following(server.port, bearer, PORTAL, code=mine.tracking_code)
    last = one.next().id
    one.close()
    routed(house, mine, house.park)
    again = Following(server.port, bearer, PORTAL, last=last, code=mine.tracking_code)
    assert again.silent()
    again.close()
    with system():
        actions.accept(refetch(mine), by=house.secretary)
        actions.put_on_hold(refetch(mine), by=house.secretary, for_="CITIZEN")
    again = Following(server.port, bearer, PORTAL, last=last, code=mine.tracking_code)
    assert again.next().told["isAwaited"] is True
    assert again.silent()


@pytest.mark.full
def test_a_case_of_a_portal_is_looked_up_once_for_an_event(
    committed_db: CommittedDatabase,
    house: Cast,
    django_assert_max_num_queries: Callable[..., Any],
) -> None:
    mine = make_complaint(by=house.portal, to=house.fen)
    one = opened(follows(house), PORTAL, code=mine.tracking_code)
    routed(house, mine, house.park)
    with django_assert_max_num_queries(200) as asked:
        assert one.go_on() == b""
    looked_up = [each for each in asked.captured_queries if 'tracking_code" =' in each["sql"]]
    assert len(looked_up) == 1


# -- rights that end -----------------------------------------------------------------------------------------
@pytest.mark.full
@pytest.mark.parametrize("something_happens", [True, False])
def test_a_hall_is_told_once_more_when_the_grant_ends(
    server: Server, house: Cast, something_happens: bool
) -> None:
    session = make_public_day(house.deputys)
    one = Following(server.port, browser(house.fen_clerk), WAITING_ROOM, id=global_id(session))
    assert one.next().told["publicDay"] == {"id": global_id(session)}
    with system():
        for grant in PrincipalGrant.dated.filter(user=house.fen_clerk, permission__codename=KEEP):
            grants.take(grant, by=None)
        if something_happens:
            row = make_request(house.deputys, "Okul bahçesi", applicant=make_citizen())
            appointments.assign_to_public_day(row, by=None, session=session, means="UNTOLD")
    assert one.next().told["publicDay"] is None
    assert one.next().event == "complete"
    assert one.next().event == ""


@pytest.mark.full
def test_who_sees_nobody_on_a_day_is_not_told_of_its_hall(server: Server, house: Cast) -> None:
    """That there is such a day everybody knows; who comes and goes, and when, they do not."""
    session = make_public_day(house.deputys)
    row = make_request(house.deputys, "Okul bahçesi", applicant=make_citizen())
    refused = Following(server.port, browser(house.park_clerk), WAITING_ROOM, id=global_id(session))
    assert (refused.next().code, refused.next().event) == ("FORBIDDEN", "complete")
    with system():
        appointments.assign_to_public_day(row, by=None, session=session, means="UNTOLD")
        type(row).objects.filter(pk=row.pk).update(department=house.park)
    sees_one = Following(server.port, browser(house.park_clerk), WAITING_ROOM, id=global_id(session))
    assert sees_one.next().told["publicDay"] == {"id": global_id(session)}


@pytest.mark.full
def test_a_case_is_told_once_more_when_the_grant_ends(server: Server, house: Cast) -> None:
    """Although nothing happens to it."""
    case = make_complaint(to=house.fen)
    one = Following(server.port, browser(house.fen_clerk), ONE, id=global_id(case))
    assert one.next().told["complaint"] == {"status": "ASSIGNED"}
    with system():
        for grant in DepartmentGrant.dated.filter(user=house.fen_clerk, permission__codename=WORK):
            grants.take(grant, by=None)
    assert one.next().told["complaint"] is None
    assert one.next().event == "complete"


@pytest.mark.full
def test_a_portal_without_its_right_is_refused_once(server: Server, house: Cast) -> None:
    mine = make_complaint(by=house.portal, to=house.fen)
    one = Following(server.port, follows(house), PORTAL, code=mine.tracking_code)
    one.next()
    with system():
        ApiToken.objects.update(scopes=["SUBMIT"])
        actions.accept(mine, by=house.secretary)
    assert one.next().code == "FORBIDDEN"
    assert one.next().event == "complete"


# -- not too much at once ------------------------------------------------------------------------------------
def opened(headers: dict[str, str], query: str, last: str = "", **variables: Any) -> Subscriber:
    """A subscriber in this process, its first events taken."""
    given = {"HTTP_AUTHORIZATION": headers["Authorization"], "HTTP_ACCEPT": "text/event-stream"}
    if last:
        given["HTTP_LAST_EVENT_ID"] = last
    body = json.dumps({"query": query, "variables": variables})
    request = RequestFactory().post(PATH, body, content_type="application/json", **given)
    request.follows = True  # type: ignore[attr-defined]
    response = stream(request)
    assert isinstance(response, Opened)
    response.subscriber.first = b""
    return response.subscriber


def happen(cases: list[Complaint], times: int = 1) -> None:
    with system():
        for _each in range(times):
            ChangeEvent.objects.bulk_create(
                ChangeEvent(kind="complaint", subject_id=case.pk) for case in cases
            )


def pieces(one: Subscriber) -> list[int]:
    """How many events each piece of work told, until all is told."""
    found = []
    while True:
        found.append(one.go_on().count(b"event: next"))
        if not one.is_behind:
            return found


@pytest.mark.full
def test_a_long_absence_is_caught_up_with_in_pieces(committed_db: CommittedDatabase, house: Cast) -> None:
    bearer = {"Authorization": f"Bearer {house.portal_secret}"}
    cases = [make_complaint(f"Konu {n}", to=house.relations) for n in range(12)]
    one = opened(bearer, INBOX)
    happen(cases, times=10)
    assert pieces(one) == [EVENTS_AT_ONCE, EVENTS_AT_ONCE, 20, 0]
    happen(cases)
    assert pieces(one) == [12]


@pytest.mark.full
def test_large_events_are_told_a_megabyte_at_once(committed_db: CommittedDatabase, house: Cast) -> None:
    bearer = {"Authorization": f"Bearer {house.portal_secret}"}
    cases = [make_complaint(f"Konu {n}", to=house.relations, body="a" * 10_000) for n in range(8)]
    many = " ".join(f"b{n}: body" for n in range(40))
    one = opened(bearer, f"subscription {{ inboxChanged {{ complaint {{ {many} }} }} }}")
    happen(cases)
    assert pieces(one) == [3, 3, 2, 0]


def test_who_comes_does_not_wait_for_what_others_missed() -> None:
    async def come() -> int:
        hub, end = Hub(), threading.Event()
        busy = [asyncio.create_task(hub.run_working(end.wait, 20)) for _each in range(3 * WORK_THREADS)]
        try:
            await asyncio.sleep(0.1)
            return await asyncio.wait_for(hub.run_accepting(lambda: 7), 10)
        finally:
            end.set()
            await asyncio.gather(*busy)
            await hub.stop()

    assert asyncio.run(come()) == 7


@pytest.mark.full
def test_one_more_than_may_follow_is_told_to_come_again(house: Cast) -> None:
    """Also one who only holds a connection: those are refused before anything is read."""
    one_may = Forked(connections=1)
    try:
        headers = browser(house.fen_clerk)
        first = Following(one_may.port, headers, INBOX)
        first.next()
        refused = Following(one_may.port, headers, INBOX).response
        assert (refused.status, refused.headers["Retry-After"]) == (503, "5")
        error = json.loads(refused.read())["errors"][0]
        assert (error["extensions"]["code"], error["message"]) == (
            "BUSY",
            "Şu anda çok fazla izleyen var. Birazdan yeniden deneyiniz.",
        )
        english = Following(one_may.port, headers | {"Accept-Language": "en"}, INBOX).response
        assert json.loads(english.read())["errors"][0]["message"].startswith("Too many follow already.")
        held = [socket.create_connection(("127.0.0.1", one_may.port)) for _each in range(64)]
        assert Following(one_may.port, headers, INBOX).response.status == 503
        for each in held:
            each.close()
        routed(house, make_complaint(to=house.relations), house.fen)  # who follows notices nothing
        assert "ROUTED" in first.next().told["happened"]
    finally:
        one_may.end()


@pytest.mark.full
@pytest.mark.parametrize("chunked", [False, True])
def test_a_large_body_is_refused_before_it_is_read(server: Server, house: Cast, chunked: bool) -> None:
    lines = [f"POST {PATH} HTTP/1.1", "Host: 127.0.0.1", "Content-Type: application/json"]
    lines += ["Accept: text/event-stream", f"Authorization: Bearer {house.portal_secret}"]
    lines += ["Transfer-Encoding: chunked"] if chunked else [f"Content-Length: {16 * 1024 + 1}"]
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as asking:
        asking.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        if chunked:
            for _each in range(17):
                asking.sendall(b"400\r\n" + b" " * 1024 + b"\r\n")
        text = b""
        while part := asking.recv(65536):
            text += part
    head, _blank, body = text.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 413 ")
    error = json.loads(body[body.index(b"{") : body.rindex(b"}") + 1])["errors"][0]
    assert error["extensions"]["code"] == "TOO_LARGE"
    assert error["message"] == (
        "Abonelik isteğinin gövdesi en çok 16 kB olabilir. Daha az gönderiniz veya kayıtlı bir belgenin adını veriniz."
    )


@pytest.mark.full
def test_a_follower_keeps_neither_the_request_nor_the_secret(
    committed_db: CommittedDatabase, house: Cast
) -> None:
    one = opened({"Authorization": f"Bearer {house.portal_secret}"}, INBOX)
    found: list[Any] = []
    waiting: list[Any] = [one]
    while waiting:
        each = waiting.pop()
        if any(each is other for other in found) or isinstance(each, type):
            continue
        found.append(each)
        waiting += [
            other
            for other in gc.get_referents(each)
            if not callable(other) and type(other).__name__ != "module"
        ]
    assert not [each for each in found if isinstance(each, HttpRequest)]
    assert not [each for each in found if isinstance(each, str) and house.portal_secret in each]
    assert one.go_on() == b""  # and goes on all the same


# -- nothing of what was before them -------------------------------------------------------------------------
@pytest.mark.full
def test_who_joined_today_is_told_of_no_case_that_was_lost_before(server: Server, house: Cast) -> None:
    """An old id is no key to what a department had once."""
    last = Following(server.port, browser(house.outsider), INBOX).next().id
    assert last
    before, after = (make_complaint(f"Konu {n}", to=house.fen) for n in range(2))
    routed(house, before, house.park)
    with system():
        grants.give(house.outsider, WORK, house.fen, by=None)
    one = Following(server.port, browser(house.outsider), INBOX, last=last)
    told = one.next()  # the second case, which is there: nothing of the first
    assert told.told["id"] == global_id(after)
    assert one.silent()
    routed(house, after, house.park)
    left = one.next()
    assert left.told == {"id": global_id(after), "happened": [], "complaint": None}


@pytest.mark.full
def test_who_was_there_is_told_what_left_while_they_were_away(server: Server, house: Cast) -> None:
    """Although this connection never showed it: their page still does."""
    case = make_complaint(to=house.fen)
    one = Following(server.port, browser(house.fen_clerk), INBOX)
    last = one.next().id
    one.close()
    routed(house, case, house.park)
    again = Following(server.port, browser(house.fen_clerk), INBOX, last=last)
    assert again.next().told == {"id": global_id(case), "happened": [], "complaint": None}


@pytest.mark.full
def test_a_grant_that_was_given_late_counts_from_when_it_was_given(server: Server, house: Cast) -> None:
    """Not from the day that was written into it."""
    last = Following(server.port, browser(house.outsider), INBOX).next().id
    case = make_complaint(to=house.fen)
    routed(house, case, house.park)
    with system():
        grants.give(house.outsider, WORK, house.fen, by=None, valid_from=LONG_AGO)
    assert Following(server.port, browser(house.outsider), INBOX, last=last).silent()


# -- nobody looks at what does not concern them --------------------------------------------------------------
def test_whoever_sees_a_case_is_among_those_who_are_woken(cast: Cast) -> None:
    """The hint is no narrower than the rule, by whatever way somebody sees the case."""
    collaborating = make_complaint(to=cast.fen, accepted_by=cast.fen_clerk, collaborators=(cast.park,))
    shared, cleaning = make_complaint(to=cast.fen), make_complaint(to=cast.cleaning)
    with system():
        sharing.share(shared, user=cast.outsider, by=None)
    seen = set()
    for case in (make_complaint(), shared, collaborating, cleaning):
        reach = subscriptions.audience_of(
            [News(1, "complaint", case.pk, "", frozenset(), case.registered_at)]
        )
        for name, person in cast.people().items():
            with as_viewer(person):
                if subscriptions.visible_key(Complaint, case.pk):
                    seen.add((name, case.pk))
                    assert reach.includes(scope.current_viewer()), (name, case.subject)
                elif not scope.current_viewer().sees_all:
                    assert not reach.includes(scope.current_viewer()), (name, case.subject)
    assert {name for name, _case in seen} > {"outsider", "park_clerk", "fen_head", "deputy_mayor", "mayor"}


@pytest.mark.full
def test_what_is_hidden_is_looked_through_at_once(
    committed_db: CommittedDatabase, house: Cast, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    one = opened({"Authorization": f"Bearer {house.portal_secret}"}, INBOX)
    hidden = [make_complaint(f"Konu {n}", to=house.fen) for n in range(3)]
    happen(hidden, times=60)
    with django_assert_max_num_queries(12):
        assert one.go_on() == b""
    assert not one.is_behind
    rows = frozenset(case.pk for case in hidden)
    assert not one.is_concerned(
        "complaint", rows, subscriptions.Audience(rows, frozenset({house.fen.pk}), frozenset())
    )
    mine = frozenset({house.relations.pk})
    assert one.is_concerned("complaint", rows, subscriptions.Audience(rows, mine, frozenset()))


@pytest.mark.full
def test_a_right_that_begins_meanwhile_is_noticed_by_the_next_heartbeat(server: Server, house: Cast) -> None:
    """Whoever was not woken looks from the same place: nothing is missed."""
    one = Following(server.port, browser(house.outsider), INBOX)
    one.next()
    case = make_complaint(to=house.fen)
    with system():
        grants.give(house.outsider, WORK, house.fen, by=None)
        actions.comment(case, by=house.secretary, body="Not.")
    assert one.next().told["id"] == global_id(case)
