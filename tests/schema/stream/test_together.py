"""One reading for all who see alike: the same as each one's own look, nothing lost, nothing twice, nothing too long."""

from __future__ import annotations

import datetime as dt
import json
import signal
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from itertools import batched
from typing import Any

import psycopg
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from backend.complaints.models import Complaint
from backend.complaints.story import EventType
from backend.core.session import system
from backend.core.tickets import sign
from backend.journal import change_feed
from backend.organization.models import User
from backend.portals.actions import issue_token
from backend.portals.models import ApiToken, Scope
from permissions.complaints import sharing, subscriptions
from permissions.core import grants
from permissions.core.viewer import WORK
from permissions.models import ComplaintGrant, DepartmentGrant
from schema.core.nodes import global_id
from schema.stream.subscriber import Subscriber
from schema.stream.together import Round, deliveries
from tests.cast import Cast
from tests.databases import CommittedDatabase
from tests.factories import LONG_AGO, make_citizen, make_complaint, make_user
from tests.schema.stream.serving import Server
from tests.schema.stream.test_stream import INBOX, ONE, Following, browser
from tests.schema.stream.test_stream import house as house  # the fixture
from tests.schema.stream.test_stream_bounds import happen, opened

WRITTEN = "INSERT INTO journal_changeevent (kind, subject_id, verb) VALUES ('complaint', %s, %s)"
VERBS = "subscription { inboxChanged { id happened complaint { subject viewerCan } } }"
PERSONAL = "subscription { inboxChanged { id complaint { duplicateOf { subject } } } }"
NAMED = "subscription { inboxChanged { id complaint { applicant { fullName } } } }"


def bearer(person: User) -> dict[str, str]:
    with system():
        until = timezone.now() + dt.timedelta(days=3)
        _token, secret = issue_token(
            user=person, name="Deneme", scopes=[Scope.READ], expires_at=until, by=None
        )
    return {"Authorization": f"Bearer {secret}"}


def follows(person: User, query: str, **variables: Any) -> Subscriber:
    """A subscriber of this process who has looked once, up to the place that is now."""
    found = opened(bearer(person), query, **variables)
    assert found.go_on() == b""
    return found


def colleagues(house: Cast, number: int) -> list[User]:
    found = []
    with system():
        for each in range(number):
            person = make_user(f"fen.memur.{each}", "Fen", f"Memur {each}", is_staff=False)
            grants.give(person, WORK, house.fen, by=None, valid_from=LONG_AGO)
            found.append(person)
    return found


def round_from(place: change_feed.Cursor) -> Round:
    with system():
        found = change_feed.since(place)
        assert found is not None
        return Round(place, found[1], found[0], subscriptions.audience_of(found[0]).persons)


def payloads(text: bytes) -> list[Any]:
    lines = text.decode().splitlines()
    return [json.loads(line.removeprefix("data: ")) for line in lines if line.startswith("data: ")]


@pytest.mark.parametrize(
    "query", [INBOX, ONE, VERBS, PERSONAL, NAMED], ids=["inbox", "one", "verbs", "personal", "named"]
)
def test_what_is_told_together_is_what_each_would_have_read(
    committed_db: CommittedDatabase, house: Cast, query: str
) -> None:
    """For everybody who sees the case; what depends on the person, or stands in the read log, each reads alone."""
    case = make_complaint(to=house.fen, applicant=make_citizen())
    with system():
        sharing.share(case, user=house.outsider, by=None)
    people = [house.fen_clerk, house.fen_head, house.secretary, house.outsider, *colleagues(house, 2)]
    variables = {"id": global_id(case)} if query == ONE else {}
    followers = [follows(person, query, **variables) for person in people]
    place = followers[-1].place
    happen([case], times=2)
    told = deliveries(round_from(place), followers)
    shared = {
        follower for follower, person in zip(followers, people, strict=True) if person != house.outsider
    }
    if query == PERSONAL:  # a share may decide whether the other case is seen, but for those who see all
        shared = {followers[people.index(house.secretary)]}
    assert set(told) == (set() if query == NAMED else shared)
    for each in followers:
        own = payloads(each.go_on())
        assert own
        assert each not in told or payloads(told[each].text) == own


def test_a_case_that_some_do_not_see_is_told_to_the_others_alone(
    committed_db: CommittedDatabase, house: Cast
) -> None:
    hidden, seen = make_complaint(to=house.park), make_complaint(to=house.fen)
    clerk, head = (follows(person, INBOX) for person in (house.fen_clerk, house.secretary))
    place = head.place
    happen([hidden, seen])
    told = deliveries(round_from(place), [clerk, head])
    assert (told[clerk].rows, told[clerk].hidden) == ((seen.pk,), frozenset({hidden.pk}))
    assert told[head].rows == (hidden.pk, seen.pk)


def test_who_followed_what_was_shared_with_them_looks_when_it_is_not_any_more(
    committed_db: CommittedDatabase, house: Cast
) -> None:
    case = make_complaint(to=house.fen)
    with system():
        sharing.share(case, user=house.outsider, by=None)
    one = follows(house.outsider, ONE, id=global_id(case))
    place = one.place
    with system():
        ComplaintGrant.dated.filter(user=house.outsider).delete()
    happen([case])
    assert deliveries(round_from(place), [one]) == {}
    assert payloads(one.go_on())[0]["data"]["complaintChanged"]["complaint"] is None


def test_colleagues_are_told_from_one_reading(committed_db: CommittedDatabase, house: Cast) -> None:
    """However many follow, it takes as many statements as for two."""
    followers = [follows(person, INBOX) for person in colleagues(house, 6)]
    place, counts = followers[-1].place, []
    happen([make_complaint(to=house.fen)])
    for number in (2, 2, 6):  # the first time plans are made
        with CaptureQueriesContext(connection) as asked:
            assert len(deliveries(round_from(place), followers[:number])) == number
        counts.append(len(asked))
    assert counts[1] == counts[2]


@pytest.mark.parametrize("ends", ["token", "account", "grant", "more"])
def test_who_may_no_longer_or_may_more_looks_for_themselves(
    committed_db: CommittedDatabase, house: Cast, ends: str
) -> None:
    first, second = colleagues(house, 2)
    one, other = (follows(person, INBOX) for person in (first, second))
    place = other.place
    happen([make_complaint(to=house.fen)])
    with system():
        if ends == "token":
            ApiToken.objects.filter(user=first).update(revoked_at=timezone.now())
        elif ends == "account":
            User.objects.filter(pk=first.pk).update(is_active=False)
        elif ends == "grant":
            for grant in DepartmentGrant.dated.filter(user=first):
                grants.take(grant, by=None)
        else:
            grants.give(first, WORK, house.park, by=None, valid_from=LONG_AGO)
    assert set(deliveries(round_from(place), [one, other])) == {other}


@pytest.mark.full
def test_among_many_writers_nothing_is_lost_and_nothing_told_twice(
    committed_db: CommittedDatabase, house: Cast
) -> None:
    """Two processes side by side; transactions end in another order than they began; one process is killed amid it and
    its followers come again at the other."""
    cases = [make_complaint(f"Konu {number}", to=house.fen) for number in range(4)]
    servers = [Server(committed_db) for _each in range(2)]
    headers = [browser(person) for person in (house.fen_clerk, house.fen_head)]
    verbs = EventType.values[:24]
    try:
        lines = [
            Following(server.port, each, INBOX) for server in servers for each in headers for _tab in range(2)
        ]
        marks, counts = [line.next().id for line in lines], [Counter[tuple[str, str]]() for _each in lines]
        write(committed_db, cases, verbs[:12])
        marks[0] = read(lines[0], counts[0], 20)
        servers[0].end(signal.SIGKILL)
        for number in range(4):
            lines[number].close()
            lines[number] = Following(servers[1].port, headers[number // 2], INBOX, last=marks[number])
        write(committed_db, cases, verbs[12:])
        expected = Counter((global_id(case), EventType(verb).name) for case in cases for verb in verbs)
        for line, count in zip(lines, counts, strict=True):
            read(line, count, expected.total())
            assert count == expected
        with ThreadPoolExecutor(len(lines)) as pool:
            assert all(pool.map(Following.silent, lines))
    finally:
        for server in servers:
            if server.runs():
                server.end()


def write(database: CommittedDatabase, cases: list[Complaint], verbs: list[str]) -> None:
    """All of these happen to each case, written at once: each writer has two transactions open that cross."""

    def one(case: Complaint) -> None:
        with psycopg.connect(database.url()) as early, psycopg.connect(database.url()) as late:
            for pair in batched(verbs, 2):
                for line, verb in zip((early, late), pair, strict=True):
                    line.execute("SELECT app.enter_system(%s)", [sign("system", "")])
                    line.execute(WRITTEN, [case.pk, verb])
                late.commit()
                early.commit()

    with ThreadPoolExecutor(len(cases)) as pool:
        list(pool.map(one, cases))


def read(line: Following, count: Counter[tuple[str, str]], most: int) -> str:
    """Take events until so many happenings were told. The id of the last."""
    last = ""
    while count.total() < most:
        event = line.next()
        count.update((event.told["id"], each) for each in event.told["happened"])
        last = event.id
    return last
