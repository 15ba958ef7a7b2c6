"""An event and what belongs to it: organisations with their part in it, letters and instructions, from both ends."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext

from backend.core.session import system
from backend.events import actions as events
from backend.events.models import Event, EventPartner
from backend.letters.models import Letter
from backend.partners import actions as partners
from backend.partners.models import Organisation
from schema.core.nodes import global_id
from tests.cast import Cast
from tests.days import day
from tests.factories import (
    at,
    make_event,
    make_instruction,
    make_letter,
    make_organisation,
    refetch,
)
from tests.schema.client import Asking

BOTH_WAYS = pytest.mark.parametrize("compiled", [True, False], ids=["compiled", "interpreted"])
ADD = """mutation($input: EventAddPartnerInput!) { eventAddPartner(input: $input) { errors { code message field }
  event { version partners { id role note organisation { name } } } } }"""
DROP = """mutation($input: EventDropPartnerInput!) { eventDropPartner(input: $input) { errors { code field }
  event { partners { role } lines { verb } } } }"""
MAKE = """mutation($input: LetterMakeInput!) { letterMake(input: $input) { errors { code field }
  letter { subject event { title letters { id } } } } }"""
GIVE = """mutation($input: InstructionGiveInput!) { instructionGive(input: $input) { errors { code field }
  instruction { setting event { title instructions { text } } } } }"""
OF_PARTNER = """query($id: ID!, $first: Int, $after: String) {
  events(first: $first, after: $after, filter: {partner: $id}) {
    totalCount pageInfo { endCursor hasNextPage } nodes { title } } }"""
OF_EVENT = "query($id: ID!) { letters(filter: {event: $id}) { nodes { subject } } }"
TIMELINE = "query($id: ID!) { timeline(organisation: $id) { nodes { kind title event { reference } } } }"


@pytest.fixture
def opening(cast: Cast) -> Event:
    """Fen İşleri has a task at it."""
    row = make_event(cast.mayors, "Park açılışı", starts_at=at(day(31), "14:00"))
    with system():
        events.add_task(refetch(row), by=None, title="Asfalt", department=cast.fen)
    return refetch(row)


@pytest.fixture
def union(cast: Cast) -> Organisation:
    return make_organisation("Yeşil Vadi Derneği", departments=(cast.fen,))


def _add(user: Any, event: Event, row: Organisation, role: str = "CO_HOST", **more: Any) -> dict[str, Any]:
    said = {"id": global_id(event), "organisation": global_id(row), "role": role, **more}
    return Asking(user).data(ADD, input=said)["eventAddPartner"]


def test_an_organisation_is_named_once_in_a_role_and_taken_off(
    cast: Cast, opening: Event, union: Organisation
) -> None:
    found = _add(cast.secretary, opening, union, note="Fidanlar onlardan")
    assert found["errors"] == []
    ((one),) = found["event"]["partners"]
    assert (one["role"], one["note"], one["organisation"]["name"]) == (
        "CO_HOST",
        "Fidanlar onlardan",
        "Yeşil Vadi Derneği",
    )
    again = _add(cast.secretary, opening, union)["errors"]
    assert [(one["code"], one["field"]) for one in again] == [("DUPLICATE", "organisation")]
    assert "Başka bir" in again[0]["message"], "it says what to do"
    assert _add(cast.secretary, opening, union, "SPONSOR")["errors"] == []
    gone = Asking(cast.secretary).data(DROP, input={"id": global_id(opening), "partner": one["id"]})
    assert gone["eventDropPartner"]["event"]["partners"] == [{"role": "SPONSOR"}]
    verbs = {line["verb"] for line in gone["eventDropPartner"]["event"]["lines"]}
    assert {"PARTNER_ADDED", "PARTNER_DROPPED"} <= verbs
    other = make_event(cast.mayors, "Sergi", starts_at=at(day(32), "14:00"))
    with system():
        row = events.add_partner(refetch(other), by=None, organisation=refetch(union), role="HOST")
    said = {"id": global_id(opening), "partner": global_id(row)}
    wrong = Asking(cast.secretary).data(DROP, input=said)["eventDropPartner"]["errors"]
    assert wrong == [{"code": "NOT_FOUND", "field": "partner"}], "of another event"


def test_only_who_manages_the_event_names_one_and_only_one_they_see(
    cast: Cast, opening: Event, union: Organisation
) -> None:
    assert _add(cast.fen_clerk, opening, union)["errors"][0]["code"] == "FORBIDDEN"
    assert _add(cast.park_clerk, opening, union)["errors"][0]["code"] == "NOT_FOUND"
    theirs = make_event(cast.deputys, "Sergi", starts_at=at(day(32), "14:00"))
    hidden = make_organisation("Uzak Vakfı", "FOUNDATION")
    found = _add(cast.fen_clerk, theirs, hidden)["errors"]
    assert [(one["code"], one["field"]) for one in found] == [("NOT_FOUND", "organisation")]
    with system():
        events.cancel(refetch(theirs), by=None, reason="Yağmur")
    assert _add(cast.fen_clerk, theirs, union)["errors"][0]["code"] == "WRONG_STATE"


@BOTH_WAYS
def test_neither_end_is_told_to_who_does_not_see_the_other(
    cast: Cast, opening: Event, union: Organisation, compiled: bool
) -> None:
    hidden = make_organisation("Uzak Vakfı", "FOUNDATION")
    unseen = make_event(cast.mayors, "Gizli sergi", starts_at=at(day(32), "14:00"))
    with system():
        for event, row in ((opening, union), (opening, hidden), (unseen, union)):
            events.add_partner(refetch(event), by=None, organisation=refetch(row), role="HOST")
    query = """query($event: ID!, $row: ID!) {
      event: node(id: $event) { ... on Event { partners { organisation { name } } } }
      row: node(id: $row) { ... on Organisation { events { event { title } } } } }"""

    def told(user: Any) -> dict[str, Any]:
        return Asking(user).data(query, event=global_id(opening), row=global_id(union))

    with override_settings(GRAPHQL_COMPILED_READS=compiled):
        assert told(cast.fen_clerk) == {
            "event": {"partners": [{"organisation": {"name": "Yeşil Vadi Derneği"}}]},
            "row": {"events": [{"event": {"title": "Park açılışı"}}]},
        }
        office = told(cast.office_head)
        assert len(office["event"]["partners"]) == len(office["row"]["events"]) == 2
        assert told(cast.park_clerk) == {"event": None, "row": None}


@BOTH_WAYS
def test_the_events_of_an_organisation_are_paged_and_in_its_timeline(
    cast: Cast, union: Organisation, compiled: bool
) -> None:
    for number in range(4):
        row = make_event(cast.mayors, f"Açılış {number}", starts_at=at(day(48 + number), "14:00"))
        with system():
            events.add_partner(refetch(row), by=None, organisation=refetch(union), role="HOST")
            events.add_partner(refetch(row), by=None, organisation=refetch(union), role="SPONSOR")
    make_event(cast.mayors, "Başkasının", starts_at=at(day(56), "14:00"))
    with override_settings(GRAPHQL_COMPILED_READS=compiled):
        asking, seen, after = Asking(cast.office_head), [], None
        while True:
            page = asking.data(OF_PARTNER, id=global_id(union), first=3, after=after)["events"]
            assert page["totalCount"] == 4, "an event counts once, whatever its roles"
            seen += [one["title"] for one in page["nodes"]]
            after = page["pageInfo"]["endCursor"]
            if not page["pageInfo"]["hasNextPage"]:
                break
        assert seen == [f"Açılış {number}" for number in range(4)]
        assert Asking(cast.fen_clerk).data(OF_PARTNER, id=global_id(union))["events"]["nodes"] == []
        other = make_organisation("Vadi Federasyonu")
        with system():
            partners.merge(refetch(union), by=None, into=refetch(other))
        moments = asking.data(TIMELINE, id=global_id(other))["timeline"]["nodes"]
        assert {one["title"] for one in moments if one["kind"] == "EVENT"} == set(seen)
        assert len(moments) == 4, "an event is one moment, whatever its roles"
        assert Asking(cast.fen_clerk).data(TIMELINE, id=global_id(other))["timeline"]["nodes"] == []


def test_an_organisation_is_taken_off_under_all_its_records(opening: Event, union: Organisation) -> None:
    twin = make_organisation("Vadi Derneği")
    with system():
        for row in (twin, union):
            shown = events.add_partner(refetch(opening), by=None, organisation=refetch(row), role="HOST")
        events.add_partner(refetch(opening), by=None, organisation=refetch(union), role="GUEST")
        partners.merge(refetch(twin), by=None, into=refetch(union))
        events.drop_partner(refetch(opening), by=None, partner=shown)
        assert [row.role for row in refetch(opening).partners.all()] == ["GUEST"]


@BOTH_WAYS
def test_an_event_that_names_both_of_two_merged_records_shows_the_organisation_once(
    cast: Cast, opening: Event, union: Organisation, compiled: bool
) -> None:
    """One in each role, in its list, in the filter and in the timeline of either record; undoing shows both again."""
    twin, third = make_organisation("Vadi Derneği"), make_organisation("Vadi Der.")
    with system():
        for row in (twin, union, third):
            events.add_partner(refetch(opening), by=None, organisation=refetch(row), role="HOST")
        events.add_partner(refetch(opening), by=None, organisation=refetch(twin), role="SPONSOR")
        partners.merge(refetch(third), by=None, into=refetch(twin))
        partners.merge(refetch(twin), by=None, into=refetch(union))
    query = """query($id: ID!) { node(id: $id) { ... on Event {
      partners { role organisation { name } } } } }"""

    def named() -> list[tuple[str, str]]:
        found = Asking(cast.office_head).data(query, id=global_id(opening))["node"]["partners"]
        return [(one["role"], one["organisation"]["name"]) for one in found]

    def told(row: Organisation) -> tuple[int, int]:
        asking = Asking(cast.office_head)
        listed = asking.data(OF_PARTNER, id=global_id(row))["events"]["totalCount"]
        return listed, len(asking.data(TIMELINE, id=global_id(row))["timeline"]["nodes"])

    with override_settings(GRAPHQL_COMPILED_READS=compiled):
        assert named() == [("HOST", union.name), ("SPONSOR", "Vadi Derneği")]
        assert told(union) == told(twin) == told(third) == (1, 1)
        with system():
            partners.undo_merge(refetch(twin), by=None)
        assert named() == [("HOST", "Vadi Derneği"), ("HOST", union.name), ("SPONSOR", "Vadi Derneği")]
        assert told(union) == told(twin) == told(third) == (1, 1)
        with system():
            partners.undo_merge(refetch(third), by=None)
        assert [name for _role, name in named()].count("Vadi Der.") == 1


def test_a_letter_is_begun_for_an_event_and_read_with_it(cast: Cast, opening: Event) -> None:
    found = Asking(cast.secretary).data(MAKE, input={"event": global_id(opening)})["letterMake"]
    assert found["errors"] == []
    assert found["letter"]["event"]["title"] == "Park açılışı"
    assert len(found["letter"]["event"]["letters"]) == 1
    listed = Asking(cast.secretary).data(OF_EVENT, id=global_id(opening))["letters"]["nodes"]
    assert [one["subject"] for one in listed] == [found["letter"]["subject"]]
    hidden = Asking(cast.park_clerk).data(MAKE, input={"event": global_id(opening)})["letterMake"]
    assert hidden["errors"] == [{"code": "NOT_FOUND", "field": "event"}]
    make_letter(cast.park, cast.mayor, by=cast.park_clerk, to=cast.cleaning, event=opening)
    seen = Asking(cast.park_clerk).data("{ letters { nodes { event { title } } } }")["letters"]["nodes"]
    assert seen == [{"event": None}], "the letter is theirs, the event is not"


def test_the_letters_of_a_template_belong_to_its_event(cast: Cast) -> None:
    with system():
        row = events.plan_from_template(
            cast.mayors,
            by=cast.secretary,
            template="republic_day",
            letters_of=cast.office,
            accept_unusual=True,
        )
        begun = Letter.objects.filter(entry__isnull=False)
        assert begun
        assert {letter.event_id for letter in begun} == {row.pk}


def test_an_instruction_is_given_for_an_event(cast: Cast, opening: Event) -> None:
    said = {
        "principal": global_id(cast.mayors),
        "department": global_id(cast.fen),
        "text": "Yol açılışa yetişsin.",
        "event": global_id(opening),
        "setting": "EVENT",
    }
    found = Asking(cast.secretary).data(GIVE, input=said)["instructionGive"]
    assert found["errors"] == []
    assert found["instruction"] == {
        "setting": "EVENT",
        "event": {"title": "Park açılışı", "instructions": [{"text": "Yol açılışa yetişsin."}]},
    }


def test_the_number_of_statements_does_not_grow_with_the_rows(
    cast: Cast, opening: Event, union: Organisation
) -> None:
    query = """query($id: ID!) { node(id: $id) { ... on Event {
      partners { organisation { name } } letters { subject event { title } }
      instructions { text event { title } } } } }"""
    counts = []
    for number in (2, 7):
        for more in range(number):
            row = make_organisation(f"Kurum {number}-{more}")
            with system():
                EventPartner.objects.create(event=opening, organisation=row, role="GUEST")
            make_letter(cast.office, cast.mayor, by=cast.secretary, to=cast.fen, event=opening)
            make_instruction(cast.mayors, cast.fen, by=cast.secretary, event=opening)
        with override_settings(GRAPHQL_COMPILED_READS=False):
            Asking(cast.office_head).data(query, id=global_id(opening))
            with CaptureQueriesContext(connection) as found:
                Asking(cast.office_head).data(query, id=global_id(opening))
        counts.append(len(found))
    assert counts[0] == counts[1]


LINK = """mutation($input: EventLinkLetterInput!) { eventLinkLetter(input: $input) {
  errors { code field } event { letters { subject event { title } } } } }"""
UNLINK = """mutation($input: EventUnlinkLetterInput!) { eventUnlinkLetter(input: $input) {
  errors { code field } event { letters { subject } } } }"""


def test_a_letter_that_is_there_already_is_put_into_the_file_of_one_event(cast: Cast, opening: Event) -> None:
    permit = make_letter(cast.office, cast.mayor, by=cast.secretary, to=cast.fen, subject="İzin Yazısı")
    said = {"id": global_id(opening), "letter": global_id(permit)}
    found = Asking(cast.secretary).data(LINK, input=said)["eventLinkLetter"]
    told = {"subject": "İzin Yazısı", "event": {"title": "Park açılışı"}}
    assert found == {"errors": [], "event": {"letters": [told]}}
    again = Asking(cast.secretary).data(LINK, input=said)["eventLinkLetter"]["errors"]
    assert again == [{"code": "DUPLICATE", "field": "letter"}]
    other = make_event(cast.mayors, "Sergi", starts_at=at(day(32), "14:00"))
    elsewhere = {"id": global_id(other), "letter": global_id(permit)}
    refused = Asking(cast.secretary).data(LINK, input=elsewhere)["eventLinkLetter"]["errors"]
    assert refused == [{"code": "WRONG_STATE", "field": "letter"}]
    wrong = Asking(cast.secretary).data(UNLINK, input=elsewhere)["eventUnlinkLetter"]["errors"]
    assert wrong == [{"code": "NOT_FOUND", "field": "letter"}]
    gone = Asking(cast.secretary).data(UNLINK, input=said)["eventUnlinkLetter"]
    assert gone == {"errors": [], "event": {"letters": []}}
    theirs = make_letter(cast.park, cast.mayor, by=cast.park_clerk, to=cast.cleaning)
    of_deputy = make_event(cast.deputys, "Panel", starts_at=at(day(33), "14:00"))
    hidden = {"id": global_id(of_deputy), "letter": global_id(theirs)}
    told = Asking(cast.fen_clerk).data(LINK, input=hidden)["eventLinkLetter"]["errors"]
    assert told == [{"code": "NOT_FOUND", "field": "letter"}], "what they do not see they do not link"
