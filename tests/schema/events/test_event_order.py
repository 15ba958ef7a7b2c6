"""Acceptance case 24 through GraphQL and the admin: an event keeps the order it took, whatever becomes of the list."""

from __future__ import annotations

from typing import Any

import pytest

from backend.core.session import system
from backend.events.models import Event, Guest
from backend.protocol import actions as protocol
from backend.protocol.models import Office, PrecedenceList
from schema.core.nodes import encode
from tests.cast import Cast, signed_in
from tests.factories import (
    LONG_AGO,
    make_citizen,
    make_event,
    make_guest,
    make_office,
    make_precedence,
    refetch,
)
from tests.schema.client import Asking
from tests.schema.conftest import Doors

HELD = {"Kaymakam": "Zülfü", "Garnizon Komutanı": "Yaman", "İlçe Müftüsü": "Veli", "Tapu Müdürü": "Ali"}
ORDER = """query ($id: ID!) { node(id: $id) { ... on Event {
  precedence { listVersion lines { place title listedPlace why } } } } }"""
GUESTS = """query ($id: ID!) { guests(filter: {event: $id, status: [LISTED]}) {
  nodes { rank title person { firstName } } } }"""
GATHER = """mutation ($input: EventSyncGuestsInput!) { eventSyncGuests(input: $input) {
  added takenOff errors { code } } }"""
REWRITE = """mutation ($input: PrecedenceRewriteInput!) { precedenceRewrite(input: $input) {
  precedence { version } errors { code } } }"""
TITLE = """mutation ($input: ProtocolOfficeSaveInput!) { protocolOfficeSave(input: $input) {
  office { title } errors { code } } }"""


def _id(row: Any, name: str) -> str:
    return str(encode(name, row.key))


@pytest.fixture
def order(db: None) -> PrecedenceList:
    """Four offices whose holders' names run against their ranks."""
    offices = [make_office(title, institution="Sancaktepe") for title in HELD]
    with system():
        for office in offices:
            person = make_citizen(HELD[office.title])
            protocol.appoint(office, by=None, person=person, valid_from=LONG_AGO)
    return make_precedence([[office] for office in offices], valid_from=LONG_AGO)


def _gathered(who: Asking, event: Event) -> None:
    given = {"title": "Protokol", "source": "OFFICES"}
    with system():
        there = event.groups.exists()
    if not there:
        who.does("eventPutGroup", id=_id(event, "Event"), **given)
    assert who.data(GATHER, input={"id": _id(event, "Event")})["eventSyncGuests"]["errors"] == []


def _guests(who: Asking, event: Event) -> list[tuple[int, str, str]]:
    rows = who.data(GUESTS, id=_id(event, "Event"))["guests"]["nodes"]
    return sorted((row["rank"], row["title"], row["person"]["firstName"]) for row in rows)


def test_a_later_change_of_the_list_does_not_reach_the_event(ask: Doors, order: PrecedenceList) -> None:
    event, office = make_event(ask.cast.mayors, "Geçmiş tören"), ask.secretary
    _gathered(office, event)
    guests = _guests(office, event)
    assert [row[2] for row in guests] == ["Zülfü", "Yaman", "Veli", "Ali"]
    taken = office.data(ORDER, id=_id(event, "Event"))["node"]["precedence"]
    with system():
        offices = list(Office.objects.order_by("pk"))
    reversed_order = [[_id(one, "ProtocolOffice")] for one in reversed(offices)]
    changed = office.data(
        REWRITE, input={"id": _id(order, "PrecedenceList"), "version": 1, "order": reversed_order}
    )["precedenceRewrite"]
    assert (changed["errors"], changed["precedence"]["version"]) == ([], 2)
    renamed = office.data(
        TITLE,
        input={"id": _id(offices[0], "ProtocolOffice"), "title": "Mülki Amir", "shortTitle": "Mülki Amir"},
    )["protocolOfficeSave"]
    assert renamed["errors"] == []
    _gathered(office, event)
    assert _guests(office, event) == guests
    assert office.data(ORDER, id=_id(event, "Event"))["node"]["precedence"] == taken
    later = make_event(ask.cast.deputys, "Sonraki tören")
    _gathered(office, later)
    assert [row[2] for row in _guests(office, later)] == ["Ali", "Veli", "Yaman", "Zülfü"]
    assert office.data(ORDER, id=_id(later, "Event"))["node"]["precedence"]["listVersion"] == 2


def test_another_place_at_one_event_asks_for_a_reason_and_stays_there(
    cast: Cast, order: PrecedenceList
) -> None:
    event, browser = make_event(cast.mayors), signed_in(cast.secretary)
    browser.post(f"/admin/events/event/{event.key}/put_group/", {"title": "Protokol", "source": "OFFICES"})
    browser.post(f"/admin/events/event/{event.key}/sync_guests/", {})
    page = browser.get(f"/admin/events/event/{event.key}/change/").content.decode()
    with system():
        snapshot = refetch(event).precedence
        mufti = Office.objects.get(title="İlçe Müftüsü")
        first = Office.objects.get(title="Kaymakam")
    assert str(snapshot.key) in page
    move = """mutation ($input: PrecedenceSnapshotMoveInput!) { precedenceSnapshotMove(input: $input) {
      snapshot { lines { place title why } } errors { code field } } }"""
    given = {
        "id": _id(snapshot, "PrecedenceSnapshot"),
        "office": _id(mufti, "ProtocolOffice"),
        "before": _id(first, "ProtocolOffice"),
    }
    asking = Asking(cast.secretary)
    refused = asking.data(move, input={**given, "reason": " "})["precedenceSnapshotMove"]
    assert refused["errors"] == [{"code": "REQUIRED", "field": "reason"}]
    moved = asking.data(move, input={**given, "reason": "Törenin ev sahibi"})["precedenceSnapshotMove"]
    assert moved["snapshot"]["lines"][0] == {"place": 1, "title": "İlçe Müftüsü", "why": "Törenin ev sahibi"}
    browser.post(f"/admin/events/event/{event.key}/sync_guests/", {})
    with system():
        assert Guest.objects.get(event=event, rank=1).title == "İlçe Müftüsü"
        assert order.entries.get(position=1).office == first
    assert (
        "Törenin ev sahibi"
        in browser.get(f"/admin/protocol/snapshot/{snapshot.key}/change/").content.decode()
    )


def test_guests_are_read_page_by_page_in_both_directions(ask: Doors) -> None:
    event = make_event(ask.cast.mayors)
    for number in range(5):
        make_guest(event, f"Davetli{number}")
    query = """query ($id: ID!, $after: String, $before: String, $first: Int, $last: Int) {
      guests(filter: {event: $id}, first: $first, after: $after, last: $last, before: $before) {
        pageInfo { hasNextPage startCursor endCursor } nodes { person { firstName } } } }"""

    def read(**place: Any) -> tuple[list[str], dict[str, Any]]:
        found = ask.secretary.data(query, id=_id(event, "Event"), **place)["guests"]
        return [row["person"]["firstName"] for row in found["nodes"]], found["pageInfo"]

    first, info = read(first=2)
    second, info = read(first=2, after=info["endCursor"])
    assert (first, second) == (["Davetli0", "Davetli1"], ["Davetli2", "Davetli3"])
    assert read(last=2, before=info["startCursor"])[0] == first
    assert read(first=2, after=info["endCursor"])[0] == ["Davetli4"]
    foreign = ask.secretary.answer(query, id=_id(event, "Event"), first=2, after="Z3Vlc3Q6MTp4")
    assert foreign["errors"][0]["extensions"]["code"] == "INVALID"
