"""Events through GraphQL: national days with their facts (acceptance case 23), guests, tasks, door, calendar."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings

from backend.core.localtime import ISTANBUL
from backend.core.session import system
from backend.events import actions, links
from backend.events.choices import Answer
from backend.events.models import ElectionPeriod, Event, PublishedEvent
from backend.outbox.models import Message
from schema.core.nodes import encode
from tests.backend.news.test_news import picture
from tests.cast import Cast, signed_in
from tests.days import YEAR, day
from tests.factories import at, make_citizen, make_entry, make_event
from tests.schema.client import Asking
from tests.schema.conftest import Doors

STEPS = """event { reference startsAt parts { title startsAt steps { kind who startsAt minutes } } }
 errors { code field message }"""
PLAN = (
    f"mutation ($input: EventPlanFromTemplateInput!) {{ eventPlanFromTemplate(input: $input) {{ {STEPS} }} }}"
)


def _id(row: Any, name: str) -> str:
    return str(encode(name, row.key))


def _at(step: dict[str, Any]) -> str:
    return f"{dt.datetime.fromisoformat(step['startsAt']).astimezone(ISTANBUL):%d.%m.%Y %H:%M}"


def _from(ask: Doors, template: str, **more: Any) -> dict[str, Any]:
    given = {"principal": _id(ask.cast.mayors, "Principal"), "template": template, "acceptUnusual": True}
    return ask.secretary.data(PLAN, input={**given, **more})["eventPlanFromTemplate"]


def _steps(answer: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [step for part in answer["event"]["parts"] for step in part["steps"] if step["kind"] == kind]


def test_the_29th_of_october_begins_on_the_eve_with_the_wreaths_in_order(ask: Doors) -> None:
    answer = _from(ask, "republic_day", day=f"{YEAR}-10-29")
    assert answer["errors"] == []
    wreaths = _steps(answer, "WREATH")
    assert _at(wreaths[0]) == f"28.10.{YEAR} 13:00"
    assert [one["who"] for one in wreaths] == ["Kaymakam", "Garnizon Komutanı", "Belediye Başkanı"]


def test_the_19th_of_may_has_no_wreath_of_the_municipality(ask: Doors) -> None:
    wreaths = _steps(_from(ask, "youth_day", day=f"{YEAR}-05-19"), "WREATH")
    assert [one["who"] for one in wreaths] == ["İlçe Gençlik ve Spor Müdürü"]


def test_the_10th_of_november_has_its_minute_and_then_the_flag(ask: Doors) -> None:
    answer = _from(ask, "ataturk_memorial", day=f"{YEAR}-11-10")
    silence, anthem, flag = (_steps(answer, kind)[0] for kind in ("SILENCE", "ANTHEM", "HALF_MAST"))
    assert all(one["startsAt"] < silence["startsAt"] for one in _steps(answer, "WREATH"))
    assert (_at(silence), silence["minutes"]) == (f"10.11.{YEAR} 09:05", 2)
    assert silence["startsAt"] < anthem["startsAt"] < flag["startsAt"]


def test_an_opening_within_the_election_period_is_blocked_without_reason_and_note(ask: Doors) -> None:
    with system():
        ElectionPeriod.objects.create(
            code="x", name="Seçim", begins_on=f"{YEAR}-10-01", ends_on=f"{YEAR}-11-30", source="YSK"
        )
    refused = _from(ask, "opening", day=f"{YEAR}-10-15")
    assert [(e["code"], e["field"]) for e in refused["errors"]] == [("UNUSUAL", "overrideReason")]
    assert "298" in refused["errors"][0]["message"]
    half = _from(ask, "opening", day=f"{YEAR}-10-15", overrideReason="Zorunlu")
    assert [(e["code"], e["field"]) for e in half["errors"]] == [("REQUIRED", "legalNote")]
    done = _from(ask, "opening", day=f"{YEAR}-10-15", overrideReason="Zorunlu", legalNote="Hukuk, E-1")
    assert done["errors"] == []
    assert _from(ask, "republic_day", day=f"{YEAR}-10-29")["errors"] == []


def test_a_taken_time_names_three_free_ones_and_writes_nothing(ask: Doors) -> None:
    make_entry(ask.cast.mayors, starts_at=at(day(150), "14:30"))
    given = {
        "principal": _id(ask.cast.mayors, "Principal"),
        "title": "Konser",
        "parts": [{"title": "Konser", "startsAt": f"{day(150)}T14:00", "endsAt": f"{day(150)}T15:00"}],
    }
    answer = ask.secretary.does("eventPlan", "freeTimes { startsAt }", **given)
    assert [error["code"] for error in answer["errors"]] == ["CONFLICT"]
    assert len(answer["freeTimes"]) == 3
    with system():
        assert not Event.objects.exists()


def test_whoever_keeps_no_programme_plans_nothing(ask: Doors) -> None:
    given = {"principal": _id(ask.cast.mayors, "Principal"), "template": "opening", "day": day(150)}
    assert [e["code"] for e in ask.park_clerk.does("eventPlanFromTemplate", **given)["errors"]] == [
        "FORBIDDEN"
    ]


@pytest.fixture
def event(cast: Cast) -> Event:
    found = make_event(cast.mayors, "Konser")
    with system():
        actions.announce(found, by=None)
    return found


def test_from_the_list_to_the_door(ask: Doors, event: Event) -> None:
    person = make_citizen("İlker", "Işık", email="i@example.org")
    key = _id(event, "Event")
    ask.secretary.does("eventAddGuest", id=key, person=_id(person, "Citizen"), title="Muhtar")
    invite = """mutation ($input: EventInviteInput!) {
      eventInvite(input: $input) { sent withoutAddress errors { code } } }"""
    sent = ask.secretary.data(invite, input={"id": key})["eventInvite"]
    assert (sent["sent"], sent["withoutAddress"], sent["errors"]) == (1, 0, [])
    listing = "{ guests { nodes { id title answer person { fullName } viewerCan event { title } lines { verb } } } }"
    (guest,) = ask.secretary.data(listing)["guests"]["nodes"]
    assert guest["person"]["fullName"] == "İlker IŞIK"
    said = ask.secretary.does("guestAnswer", "guest { answer places }", id=guest["id"], answer="COMING")
    assert said["guest"] == {"answer": "COMING", "places": 1}
    with system():
        code = links.address_for(event.guests.get())
    scan = {"clientId": str(uuid.uuid4()), "code": code}
    again = {"clientId": str(uuid.uuid4()), "code": code}
    done = ask.secretary.does(
        "eventCheckIn", "people scans { outcome title }", id=key, scans=[scan, again, scan]
    )
    assert [one["outcome"] for one in done["scans"]][:2] == ["WELCOME", "AGAIN"]
    assert done["people"] == 1


def test_a_department_sees_its_task_and_no_guest(ask: Doors, event: Event) -> None:
    with system():
        actions.add_task(event, by=None, title="Çiçek", department=ask.cast.park, planned_cost="100")
        actions.add_task(event, by=None, title="Ses", department=ask.cast.fen)
        actions.add_guest(event, by=None, person=make_citizen("Nuri"))
    query = """{ events(first: 5) { nodes { title tasks { id title plannedCost viewerCan } notes { text } } }
      guests { totalCount } }"""
    found = ask.park_clerk.data(query)
    (task,) = found["events"]["nodes"][0]["tasks"]
    assert (task["title"], task["plannedCost"], task["viewerCan"]) == ("Çiçek", "100.00", ["FINISH"])
    assert found["guests"]["totalCount"] == 0
    done = ask.park_clerk.does(
        "eventTaskFinish", "task { status actualCost }", id=task["id"], actualCost="90"
    )
    assert done["task"] == {"status": "DONE", "actualCost": "90.00"}
    add = ask.park_clerk.does("eventAddTask", id=_id(event, "Event"), title="x")
    assert [error["code"] for error in add["errors"]] == ["FORBIDDEN"]


def test_the_public_calendar_is_read_by_a_portal(ask: Doors, event: Event) -> None:
    query = "{ publishedEvents { nodes { title isCancelled } } }"
    assert ask.portal.data(query)["publishedEvents"]["nodes"] == []
    ask.secretary.does("eventPublish", id=_id(event, "Event"), title="Açık hava konseri")
    assert ask.portal.data(query)["publishedEvents"]["nodes"] == [
        {"title": "Açık hava konseri", "isCancelled": False}
    ]


def test_templates_tell_their_facts_and_faults_are_told(ask: Doors) -> None:
    found = ask.secretary.data("{ eventTemplates { code kind source facts nextOn } }")["eventTemplates"]
    assert {"republic_day", "youth_day", "opening"} <= {one["code"] for one in found}
    answer = _from(ask, "youth_day", day=f"{YEAR}-05-19")
    with system():
        row = Event.objects.get(reference=answer["event"]["reference"])
        part = row.parts.get()
    ask.secretary.does(
        "eventPutItem",
        id=_id(row, "Event"),
        part=_id(part, "EventPart"),
        kind="WREATH",
        title="Belediye çelengi",
    )
    faults = ask.secretary.data("query ($id: ID!) { eventFaults(id: $id) }", id=_id(row, "Event"))
    assert any("yalnız bir çelenk" in one for one in faults["eventFaults"])


@pytest.mark.parametrize("compiled", [True, False])
def test_the_number_of_queries_does_not_depend_on_the_guests(
    ask: Doors, event: Event, compiled: bool
) -> None:
    query = "{ guests(first: 50) { nodes { answer viewerCan person { fullName } event { title } lines { verb } } } }"
    counts = []
    with override_settings(GRAPHQL_COMPILED_READS=compiled):
        for more in (2, 10):
            with system():
                for _each in range(more):
                    actions.add_guest(event, by=None, person=make_citizen("Nuri"))
            asking = Asking(ask.cast.secretary)
            asking.data(query)
            with CaptureQueriesContext(connection) as queries:
                asking.data(query)
            counts.append(len(queries))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("compiled", [True, False])
def test_what_has_nothing_to_act_upon_is_not_offered(ask: Doors, event: Event, compiled: bool) -> None:
    with system():
        guest = actions.add_guest(event, by=None, person=make_citizen("Nuri"))

    def offered(rows: str) -> set[str]:
        with override_settings(GRAPHQL_COMPILED_READS=compiled):
            (row,) = Asking(ask.cast.secretary).data(f"{{ {rows} {{ nodes {{ viewerCan }} }} }}")[rows][
                "nodes"
            ]
        return set(row["viewerCan"])

    thawed, frozen = {"SYNC_GUESTS", "FREEZE"}, {"UNFREEZE", "UNPUBLISH"}
    assert offered("events") & (thawed | frozen | {"UNLINK_LETTER", "DROP_PARTNER"}) == thawed
    assert offered("guests") & {"DEMOTE", "UNDO_ARRIVAL"} == {"DEMOTE"}
    with system():
        actions.freeze(event, by=None)
        actions.publish(event, by=None)
        actions.answer(guest, by=None, answer=Answer.COMING)
    assert offered("events") & (thawed | frozen) == frozen
    assert not offered("guests") & {"DEMOTE", "UNDO_ARRIVAL"}


@pytest.mark.usefixtures("held_messages")
def test_invitations_are_looked_at_before_and_taken_back(ask: Doors, event: Event) -> None:
    key = _id(event, "Event")
    for name, email in (("İlker", "i@example.org"), ("Ece", "")):
        person = make_citizen(name, "Işık", email=email, address="")
        ask.secretary.does("eventAddGuest", id=key, person=_id(person, "Citizen"))
    query = """query ($id: ID!) { eventInvitationsPlan(id: $id) {
      byMail bySms onPaper notReached withoutMessage samples { to isSms address body } } }"""
    plan = ask.secretary.data(query, id=key)["eventInvitationsPlan"]
    assert (plan["byMail"], plan["bySms"], plan["onPaper"], plan["notReached"]) == (1, 0, 0, 1)
    assert (plan["samples"][0]["to"], len(plan["withoutMessage"])) == ("İlker IŞIK", 1)
    assert ask.park_clerk.data(query, id=key)["eventInvitationsPlan"] is None
    sent = ask.secretary.does("eventInvite", "sent byMail leavesAt", id=key)
    assert (sent["sent"], sent["byMail"]) == (1, 1)
    assert sent["leavesAt"] is not None
    with system():
        assert Message.objects.get(purpose="event_invitation").body == plan["samples"][0]["body"]
    able = "query ($id: ID!) { node(id: $id) { ... on Event { viewerCan } } }"
    assert "RECALL" in ask.secretary.data(able, id=key)["node"]["viewerCan"]
    assert ask.secretary.does("eventRecall", id=key)["errors"] == []
    again = ask.secretary.does("eventRecall", id=key)["errors"]
    assert [error["code"] for error in again] == ["WRONG_STATE"]
    assert ask.secretary.data(query, id=key)["eventInvitationsPlan"]["byMail"] == 1


def test_one_event_of_the_public_calendar_is_read_with_its_pictures(ask: Doors, event: Event) -> None:
    query = """query($id: ID!) { publishedEvent(id: $id) { title shareUrl
      pictures { id url thumbnailUrl alternativeText } } }"""
    words = {"alternative_text": "Sahne", "permission": "Fotoğrafçı"}
    address = f"/files/events/{_id(event, 'Event')}/picture/"
    early = signed_in(ask.cast.secretary).post(address, {"file": picture(), **words})
    assert early.status_code == 409
    ask.secretary.does("eventPublish", id=_id(event, "Event"), title="Açık hava konseri")
    with system():
        published = PublishedEvent.objects.get(event=event)
    silent = signed_in(ask.cast.secretary).post(address, {"file": picture()})
    assert (silent.status_code, silent.json()["errors"][0]["field"]) == (400, "alternativeText")
    assert signed_in(ask.cast.fen_clerk).post(address, {"file": picture(), **words}).status_code == 404
    sent = signed_in(ask.cast.secretary).post(address, {"file": picture(), **words})
    assert sent.status_code == 201, sent.content
    for asking in (Asking(), ask.portal, ask.park_clerk):
        found = asking.data(query, id=_id(published, "PublishedEvent"))["publishedEvent"]
        assert found["shareUrl"] == f"/files/share/events/{published.key}.png"
        (shown,) = found["pictures"]
        assert (shown["url"], shown["alternativeText"]) == (sent.json()["url"], "Sahne")
    assert [Client().get(shown[one])["Content-Type"] for one in ("url", "thumbnailUrl")] == ["image/jpeg"] * 2
    for other in (_id(event, "Event"), "x", ""):
        assert Asking().data(query, id=other) == {"publishedEvent": None}
    changed = ask.secretary.does(
        "eventDescribePicture",
        "event { reference }",
        id=_id(event, "Event"),
        picture=shown["id"],
        alternativeText="Koro",
        permission="Koro şefi",
    )
    assert changed["errors"] == []
    gone = ask.secretary.does("eventUnpublish", id=_id(event, "Event"))
    assert gone["errors"] == []
    assert Asking().data(query, id=_id(published, "PublishedEvent")) == {"publishedEvent": None}
    assert [Client().get(shown[one]).status_code for one in ("url", "thumbnailUrl")] == [404, 404]
