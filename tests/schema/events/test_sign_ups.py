"""Citizens sign up for an event of the public calendar: places are counted with the guests', and the others wait."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from backend.contacts.models import Citizen
from backend.core.session import system
from backend.events import actions, links
from backend.events.models import Event, Guest, GuestLine, PublishedEvent
from backend.outbox.models import Message
from schema.core.nodes import global_id
from tests.cast import Cast
from tests.factories import make_event, make_guest
from tests.schema.client import Asking
from tests.schema.portal_client import make_notices, portal

WHO = {"firstName": "Işıl", "lastName": "İnce", "email": "isil@example.org"}
SIGN_UP = "signUp { title people isPlaced position token }"
PLACES = "query($e: ID!) { publicEventPlaces(event: $e) { isOpen free mostPeople closesAt } }"


@pytest.fixture(autouse=True)
def notices(cast: Cast) -> None:
    make_notices()


@pytest.fixture
def mine(cast: Cast) -> Asking:
    return portal()


def announced(cast: Cast, capacity: int | None = 3, **said: Any) -> PublishedEvent:
    """An event of the public calendar that takes sign-ups."""
    event = make_event(cast.mayors, capacity=capacity)
    with system():
        actions.announce(event, by=cast.secretary)
        actions.publish(event, by=cast.secretary, **({"takes_sign_ups": True, "most_people": 2} | said))
        return PublishedEvent.objects.select_related("event").get(event=event)


def signed(asking: Asking, event: PublishedEvent, number: int = 0, **said: Any) -> dict[str, Any]:
    contact = WHO | ({"email": f"n{number}@example.org", "firstName": f"Ad {number}"} if number else {})
    given = {"event": global_id(event), "contact": contact, "privacyNotice": "event-tr-1"} | said
    return asking.does("portalEventSignUp", SIGN_UP, **given)


def codes(answer: dict[str, Any]) -> list[str]:
    return [error["code"] for error in answer["errors"]]


def test_who_signs_up_has_a_place_until_there_is_none_and_then_waits(mine: Asking, cast: Cast) -> None:
    event = announced(cast)
    make_guest(event.event)  # who was invited holds a place
    asked = {"e": global_id(event)}
    assert Asking().data(PLACES, **asked)["publicEventPlaces"]["free"] == 2
    first = signed(mine, event, people=2)
    assert (first["errors"], first["signUp"]["isPlaced"], first["signUp"]["people"]) == ([], True, 2)
    waiting = [signed(mine, event, number)["signUp"] for number in (1, 2)]
    assert [(one["isPlaced"], one["position"]) for one in waiting] == [(False, 1), (False, 2)]
    assert Asking().data(PLACES, **asked)["publicEventPlaces"]["free"] == 0
    assert codes(mine.does("portalEventSignOff", token=first["signUp"]["token"])) == []
    with system():
        rows = Guest.objects.filter(signed_up_at__isnull=False).order_by("pk")
        assert [row.status for row in rows] == ["LISTED", "LISTED", "LISTED"]
        assert [row.answer for row in rows] == ["NOT_COMING", "WAITING", "WAITING"]
        sent = Message.objects.filter(address="n1@example.org").order_by("created_at")
        assert [row.subject.partition(":")[0] for row in sent] == ["Yedek listedesiniz", "Davetiye"]
        assert GuestLine.objects.filter(verb="signed_up").count() == 3


def test_the_same_name_and_contact_is_one_sign_up(mine: Asking, cast: Cast) -> None:
    event = announced(cast)
    before = Citizen.objects.count()
    answers = [signed(mine, event), signed(mine, event, contact=WHO | {"firstName": "IŞIL"})]
    assert answers[0]["signUp"] == answers[1]["signUp"]
    with system():
        assert Citizen.objects.count() == before + 1
        assert Guest.objects.get(signed_up_at__isnull=False).answer == "COMING"


def test_nobody_passes_by_those_who_wait(mine: Asking, cast: Cast) -> None:
    event = announced(cast, capacity=3)
    signed(mine, event, 1, people=2)
    assert signed(mine, event, 2, people=2)["signUp"]["position"] == 1  # one place is free, two are needed
    assert signed(mine, event, 3)["signUp"]["position"] == 2


def test_what_is_refused(mine: Asking, cast: Cast) -> None:
    event = announced(cast)
    assert codes(signed(mine, event, people=3)) == ["INVALID"]
    assert codes(signed(mine, event, people=0)) == ["INVALID"]
    assert codes(signed(mine, event, contact={"firstName": "Işıl"})) == ["REQUIRED"]
    assert codes(signed(mine, event, privacyNotice="case-tr-1")) == ["INVALID"]
    assert codes(signed(mine, event, session="x")) == ["WRONG_STATE"]
    assert codes(mine.does("portalEventSignOff", token="x")) == ["NOT_FOUND"]
    assert codes(signed(portal("portal.izler", ["FOLLOW"]), event)) == ["FORBIDDEN"]
    for number in (1, 2, 3):
        assert codes(signed(mine, event, contact=WHO | {"firstName": f"Ad {number}"})) == []
    assert codes(signed(mine, event)) == ["OVER_LIMIT"]  # of one contact
    guest = make_guest(event.event, answer=None)
    assert codes(mine.does("portalEventSignOff", token=links.token_for(guest))) == [
        "NOT_FOUND"
    ]  # was invited


@pytest.mark.parametrize("closed", ["not taken", "cancelled", "over", "answers are over"])
def test_an_event_that_takes_none_says_so(closed: str, mine: Asking, cast: Cast) -> None:
    event = announced(cast)
    with system():
        now = timezone.now()
        if closed == "not taken":
            actions.publish(event.event, by=cast.secretary, takes_sign_ups=False)
        elif closed == "cancelled":
            actions.cancel(event.event, by=cast.secretary, reason="Yağmur")
        elif closed == "over":
            PublishedEvent.objects.update(starts_at=now - dt.timedelta(hours=1))
        else:
            Event.objects.update(answer_by=timezone.localdate() - dt.timedelta(days=1))
    assert Asking().data(PLACES, e=global_id(event))["publicEventPlaces"]["isOpen"] is False
    assert codes(signed(mine, event)) == ["WRONG_STATE"]


def test_publishing_anew_leaves_sign_ups_as_they_were(cast: Cast) -> None:
    event = announced(cast)
    with system():
        actions.publish(event.event, by=cast.secretary, title="Başka bir ad")
        event.refresh_from_db()
    assert (event.title, event.takes_sign_ups, event.most_people) == ("Başka bir ad", True, 2)


def test_what_was_signed_up_for_is_among_ones_matters(mine: Asking, cast: Cast) -> None:
    from tests.schema.submissions.test_proofs import opened

    event = announced(cast)
    signed(mine, event, people=2)
    query = "query($s: String!) { portalMatters(session: $s) { signUps { title people isPlaced token } } }"
    (row,) = mine.data(query, s=opened(mine))["portalMatters"]["signUps"]
    assert (row["title"], row["people"], row["isPlaced"]) == (event.title, 2, True)
    mine.does("portalEventSignOff", token=row["token"])
    assert mine.data(query, s=opened(mine))["portalMatters"]["signUps"] == []
