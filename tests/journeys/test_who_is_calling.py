"""“Who is this caller?” One question over all services, in one request: asked by the office, by the department that has
the caller's case, and by another department, there are three different, right answers."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from backend.appointments import actions as appointments
from backend.contacts.models import Citizen
from backend.core.session import system
from backend.events import actions as events
from backend.events.models import Event
from backend.greetings.models import Recipient as Greeted
from backend.letters.actions.writing import Recipient
from backend.partners.models import Organisation
from backend.seating import actions as seating
from tests.cast import Cast, signed_in
from tests.days import DAY, date, day
from tests.factories import (
    at,
    make_batch,
    make_citizen,
    make_complaint,
    make_event,
    make_instruction,
    make_invitation,
    make_letter,
    make_organisation,
    make_plan,
    make_request,
    make_role,
)
from tests.schema.client import Asking

PHONE = "+905321234567"
WHO = """query Who($phone: String!) {
  citizens(phone: $phone, first: 5) { nodes {
    fullName
    openComplaints { reference subject }
    roles { title organisation { name } }
    withWhom: roles(first: 5) { organisation {
      appointmentRequests(first: 10) { subject } invitations(first: 10) { title }
      events(first: 10) { role event { title } } } }
    timeline(first: 30) { kind title seat event { title } guest { answer } greeting { outcome } } } } }"""
TIMELINE = """query About($id: ID!, $first: Int, $after: String) {
  timeline(person: $id, first: $first, after: $after) {
    totalCount pageInfo { endCursor hasNextPage }
    nodes { kind at title reference complaint { reference } letter { subject }
      request { reference partner { name } } } } }"""


@pytest.fixture
def caller(cast: Cast) -> Citizen:
    """Somebody with a case at Park ve Bahçeler, a past appointment with a promise, a letter, and a role."""
    person = make_citizen("Suna", "Ak", phone=PHONE)
    case = make_complaint("Park lambası", to=cast.park, applicant=person)
    make_complaint("İhbar", to=cast.fen, applicant=person, identity_hidden=True)
    asked = make_request(cast.mayors, "Dernek binası", applicant=person)
    with system():
        told = {"by": cast.secretary, "means": "PHONE"}
        appointments.approve(asked, starts_at=at(DAY, "10:00"), accept_unusual=True, **told)
        appointments.promise(
            asked, by=cast.secretary, text="Salon ayrılacak", due_on=date(48), department=cast.fen
        )
    to = [Recipient(citizen=person)]
    make_letter(cast.office, cast.mayor, by=cast.secretary, addressees=to, subject="Teşekkür Yazısı")
    make_instruction(cast.mayors, cast.park, "Lamba onarılsın", by=cast.secretary, complaint=case)
    union = make_organisation("Yol Sendikası", "UNION")
    make_role(union, person, title="Şube Başkanı")
    make_request(cast.mayors, "Toplu sözleşme", partner=union)
    make_invitation(cast.mayors, "Sendika yemeği", partner=union)
    _invited(cast, person)
    with system():
        opening = Event.objects.get(title="Metro açılışı")
        events.add_partner(opening, by=None, organisation=union, role="GUEST")
    _greeted(person)
    return person


def _invited(cast: Cast, person: Citizen) -> None:
    """To Friday's opening, for which Park ve Bahçeler has a task: they come, and have a seat."""
    opening = make_event(cast.mayors, "Metro açılışı", starts_at=at(day(3), "14:00"))
    plan = make_plan(opening)
    with system():
        event = Event.objects.get(pk=opening.pk)
        events.add_task(event, by=None, title="Çiçekler", department=cast.park, due_on=date(2))
        guest = events.add_guest(Event.objects.get(pk=opening.pk), by=None, person=person)
        guest = events.answer(guest, by=None, answer="COMING")
        seating.move(plan, by=None, row=plan.rows.get(label="A"), number=3, guest=guest)


def _greeted(person: Citizen) -> None:
    batch = make_batch()
    with system():
        Greeted.objects.create(
            batch=batch,
            occasion=batch.occasion,
            citizen=person,
            source="CITIZENS",
            outcome="SENT",
            channel="EMAIL",
            settled_at=at("2026-11-01"),
        )


def asked_by(user: Any) -> list[dict[str, Any]]:
    return Asking(user).data(WHO, phone="0532 123 45 67")["citizens"]["nodes"]


def moments(found: dict[str, Any]) -> set[tuple[str, str]]:
    return {(one["kind"], one["title"]) for one in found["timeline"]}


EVERYTHING = {
    ("COMPLAINT", "Park lambası"),
    ("COMPLAINT", "İhbar"),
    ("REQUEST", "Dernek binası"),
    ("APPOINTMENT", "Dernek binası"),
    ("PROMISE", "Salon ayrılacak"),
    ("LETTER", "Teşekkür Yazısı"),
    ("INSTRUCTION", "Lamba onarılsın"),
    ("ROLE", "Şube Başkanı"),
    ("ANSWERED", "Metro açılışı"),
    ("GUEST", "Metro açılışı"),
    ("GREETING", "Ramazan Bayramı 2027"),
}


@pytest.mark.parametrize("compiled", [True, False], ids=["compiled", "interpreted"])
def test_three_who_ask_get_three_right_answers(cast: Cast, caller: Citizen, compiled: bool) -> None:
    with override_settings(GRAPHQL_COMPILED_READS=compiled):
        (office,) = asked_by(cast.office_head)
        assert moments(office) == EVERYTHING
        assert [role["title"] for role in office["roles"]] == ["Şube Başkanı"]
        assert len(office["openComplaints"]) == 2
        assert office["withWhom"] == [
            {
                "organisation": {
                    "appointmentRequests": [{"subject": "Toplu sözleşme"}],
                    "invitations": [{"title": "Sendika yemeği"}],
                    "events": [{"role": "GUEST", "event": {"title": "Metro açılışı"}}],
                }
            }
        ], "and what their organisation asked for, where it invites and in what it takes part"
        (seat,) = [one for one in office["timeline"] if one["kind"] == "GUEST"]
        assert (seat["seat"], seat["event"]["title"]) == ("A-3", "Metro açılışı")
        assert seat["guest"]["answer"] == "COMING"

        (department,) = asked_by(cast.park_head)
        assert moments(department) == {("COMPLAINT", "Park lambası"), ("INSTRUCTION", "Lamba onarılsın")}
        assert department["withWhom"] == []
        assert (department["roles"], len(department["openComplaints"])) == ([], 1)
        seen = Asking(cast.park_head).data("{ events { nodes { title } } }")["events"]["nodes"]
        assert seen == [{"title": "Metro açılışı"}], "it has a task there, and no list of guests"

        assert asked_by(cast.fen_head) == [], "whose identity is hidden is nobody they know"

        (secretary,) = asked_by(cast.secretary)
        assert moments(secretary) == EVERYTHING - {("ROLE", "Şube Başkanı")}, (
            "memberships are a right of their own"
        )


def test_it_is_one_request_and_a_number_of_statements_that_does_not_grow(cast: Cast, caller: Citizen) -> None:
    with system():
        union = Organisation.objects.get(name="Yol Sendikası")
    counts = []
    for more in (0, 7):
        for number in range(more):
            make_complaint(f"Çukur {number}", to=cast.park, applicant=caller)
            make_request(cast.mayors, f"Talep {number}", partner=union)
            make_invitation(cast.mayors, f"Davet {number}", partner=union)
        asked_by(cast.office_head)
        with CaptureQueriesContext(connection) as found:
            asked_by(cast.office_head)
        counts.append(len(found))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("compiled", [True, False], ids=["compiled", "interpreted"])
def test_the_timeline_is_paged_in_time_order(cast: Cast, caller: Citizen, compiled: bool) -> None:
    from schema.core.nodes import global_id

    with override_settings(GRAPHQL_COMPILED_READS=compiled):
        asking, id = Asking(cast.office_head), global_id(caller)
        whole = asking.data(TIMELINE, id=id)["timeline"]
        assert whole["totalCount"] == len(EVERYTHING)
        assert {(one["kind"], one["title"]) for one in whole["nodes"]} == EVERYTHING
        times = [one["at"] for one in whole["nodes"]]
        assert times == sorted(times, reverse=True)
        paged, after = [], None
        while True:
            page = asking.data(TIMELINE, id=id, first=3, after=after)["timeline"]
            paged += page["nodes"]
            after = page["pageInfo"]["endCursor"]
            if not page["pageInfo"]["hasNextPage"]:
                break
        assert paged == whole["nodes"]
        seen = Asking(cast.park_head).data(TIMELINE, id=id)["timeline"]
        assert {one["kind"] for one in seen["nodes"]} == {"COMPLAINT", "INSTRUCTION"}
        assert Asking(cast.fen_head).data(TIMELINE, id=id)["timeline"]["totalCount"] == 0


def test_the_records_that_were_merged_are_in_it(cast: Cast, caller: Citizen) -> None:
    from backend.contacts import actions as contacts
    from schema.core.nodes import global_id

    twin = make_citizen("Suna", "Ak")
    make_complaint("Çukur", to=cast.park, applicant=twin)
    with system():
        contacts.merge(twin, into=Citizen.objects.get(pk=caller.pk), by=None)
    found = Asking(cast.office_head).data(TIMELINE, id=global_id(caller))["timeline"]
    assert found["totalCount"] == len(EVERYTHING) + 1


def test_each_sees_the_timeline_of_a_person_on_their_page(cast: Cast, caller: Citizen) -> None:
    url = reverse("admin:contacts_citizen_change", args=[caller.key])
    office = signed_in(cast.office_head).get(url).content.decode()
    for text in ("Park lambası", "Dernek binası", "Salon ayrılacak", "Teşekkür Yazısı", "Şube Başkanı"):
        assert text in office
    for text in ("Metro açılışı", "koltuk A-3", "Davete cevap", "Katılacak"):
        assert text in office
    department = signed_in(cast.park_head).get(url).content.decode()
    assert "Park lambası" in department
    assert "Lamba onarılsın" in department
    assert "Salon ayrılacak" not in department
    assert "Teşekkür Yazısı" not in department
    assert "Metro açılışı" not in department
    assert signed_in(cast.fen_head).get(url).status_code == 404
