"""Guests from lists of partners, through GraphQL and the admin: as far as whoever gathers them sees those people."""

from __future__ import annotations

from typing import Any

import pytest

from backend.contacts import actions as contacts
from backend.contacts.models import Citizen
from backend.core.session import system
from backend.events import actions, jobs
from backend.events.models import Event, Guest, GuestGroup, GuestOrigin
from backend.partners import lists
from backend.partners.models import ContactList, Role
from schema.core.nodes import encode
from tests.cast import Cast, signed_in
from tests.factories import make_citizen, make_event, make_organisation, make_role, refetch
from tests.schema.client import Asking
from tests.schema.conftest import Doors


def _id(row: Any, name: str) -> str:
    return str(encode(name, row.key))


@pytest.fixture
def event(cast: Cast) -> Event:
    return make_event(cast.mayors)


@pytest.fixture
def partners(db: None) -> ContactList:
    """A chamber with two people, a school with one, and an association, all on one list by themselves."""
    chamber = make_organisation("Işıklar Odası", "CHAMBER")
    school = make_organisation("Çınar İlkokulu", "SCHOOL")
    association = make_organisation("Yeşil Vadi Derneği", "ASSOCIATION")
    empty = make_organisation("Boş Kooperatif", "COOPERATIVE")
    make_role(chamber, make_citizen("Sekreter"), "SECRETARY", title="Genel Sekreter")
    make_role(chamber, make_citizen("İlker"), "HEAD", title="Oda Başkanı")
    make_role(school, make_citizen("Müdür"), "MANAGER", title="Okul Müdürü")
    make_role(association, make_citizen("Üye"), "HEAD", title="Dernek Başkanı")
    with system():
        row = lists.make(by=None, title="Paydaşlar")
        for one in (chamber, school, association, empty):
            lists.add(row, by=None, organisation=one)
            row.refresh_from_db()
    return row


def _gathered(who: Asking, event: Event) -> dict[str, Any]:
    gather = """mutation ($input: EventSyncGuestsInput!) {
      eventSyncGuests(input: $input) { added takenOff goneButInvited errors { code } } }"""
    done: dict[str, Any] = who.data(gather, input={"id": _id(event, "Event")})["eventSyncGuests"]
    return done


def _put(who: Asking, event: Event, **more: Any) -> dict[str, Any]:
    given = {"title": "Paydaşlar", "source": "PARTNERS", **more}
    fields = "event { groups { source contactList { title } } }"
    return who.does("eventPutGroup", fields, id=_id(event, "Event"), **given)


def _guests(event: Event) -> set[tuple[str, str, str]]:
    with system():
        rows = Guest.objects.filter(event=event).listed()
        return set(rows.values_list("person__first_name", "title", "organisation"))


CHAMBER = {("İlker", "Oda Başkanı", "Işıklar Odası"), ("Sekreter", "Genel Sekreter", "Işıklar Odası")}
SCHOOL = {("Müdür", "Okul Müdürü", "Çınar İlkokulu")}
ASSOCIATION = {("Üye", "Dernek Başkanı", "Yeşil Vadi Derneği")}


def test_who_has_a_role_at_a_listed_organisation_becomes_a_guest(
    ask: Doors, event: Event, partners: ContactList
) -> None:
    put = _put(ask.office_head, event, contactList=_id(partners, "ContactList"))
    assert put["errors"] == []
    assert put["event"]["groups"] == [{"source": "PARTNERS", "contactList": {"title": "Paydaşlar"}}]
    assert _gathered(ask.office_head, event)["added"] == 4
    assert _guests(event) == CHAMBER | SCHOOL | ASSOCIATION
    assert _gathered(ask.office_head, event)["added"] == 0


def test_what_whoever_gathers_may_not_see_is_not_gathered_and_not_taken_off(
    ask: Doors, event: Event, partners: ContactList
) -> None:
    """Who is what at an association is for whoever may know memberships (KVKK m.6)."""
    _put(ask.secretary, event, contactList=_id(partners, "ContactList"))
    assert _gathered(ask.secretary, event)["added"] == 3
    assert _guests(event) == CHAMBER | SCHOOL
    _gathered(ask.office_head, event)
    again = _gathered(ask.secretary, event)
    assert (again["added"], again["takenOff"]) == (0, 0)
    assert _guests(event) == CHAMBER | SCHOOL | ASSOCIATION
    with system():
        jobs.gather_open()
    assert _guests(event) == CHAMBER | SCHOOL | ASSOCIATION


def test_who_left_the_organisation_leaves_unless_they_were_invited(
    ask: Doors, event: Event, partners: ContactList
) -> None:
    _put(ask.office_head, event, contactList=_id(partners, "ContactList"))
    _gathered(ask.office_head, event)
    with system():
        actions.answer(Guest.objects.get(event=event, person__first_name="Müdür"), by=None, answer="COMING")
        Role.objects.filter(title__in=["Okul Müdürü", "Genel Sekreter"]).update(valid_to="2020-01-01")
    again = _gathered(ask.office_head, event)
    assert (again["takenOff"], again["goneButInvited"]) == (1, 1)


def test_a_person_of_two_groups_is_one_guest_as_the_record_that_stands_for_them(
    ask: Doors, event: Event, partners: ContactList
) -> None:
    with system():
        twice, known = Citizen.objects.get(first_name="İlker"), make_citizen("İlker", "Işık")
        actions.add_guest(event, by=None, person=known, title="Muhtar")
        contacts.merge(twice, into=known, by=None)
    _put(ask.office_head, event, contactList=_id(partners, "ContactList"))
    assert _gathered(ask.office_head, event)["added"] == 3
    with system():
        assert Guest.objects.get(event=event, person=known).origins.count() == 1


def test_a_list_is_named_in_use_and_seen(ask: Doors, event: Event, partners: ContactList) -> None:
    def fault(who: Asking, **more: Any) -> list[tuple[str, str]]:
        return [(error["code"], error["field"]) for error in _put(who, event, **more)["errors"]]

    assert fault(ask.secretary) == [("REQUIRED", "contactList")]
    with system():
        lists.archive(refetch(partners), by=None)
    assert fault(ask.secretary, contactList=_id(partners, "ContactList")) == [("INVALID", "contactList")]
    others = make_event(ask.cast.deputys)
    unseen = _put(ask.fen_clerk, others, contactList=_id(partners, "ContactList"))
    assert [(error["code"], error["field"]) for error in unseen["errors"]] == [("NOT_FOUND", "contactList")]
    with system():
        assert not GuestGroup.objects.exists()


def test_the_form_of_a_group_offers_the_lists(cast: Cast, event: Event, partners: ContactList) -> None:
    browser, address = signed_in(cast.office_head), f"/admin/events/event/{event.key}"
    assert "Paydaşlar" in browser.get(f"{address}/change/?do=put_group").content.decode()
    said = {"title": "Paydaşlar", "source": "PARTNERS"}
    refused = browser.post(f"{address}/put_group/", said).content.decode()
    assert "Paydaş listesini seçiniz" in refused
    browser.post(f"{address}/put_group/", said | {"contact_list": str(partners.key)})
    browser.post(f"{address}/sync_guests/", {})
    assert _guests(event) == CHAMBER | SCHOOL | ASSOCIATION


def test_who_is_perhaps_twice_on_the_list_is_told_in_both_interfaces(ask: Doors, event: Event) -> None:
    with system():
        groups = [actions.put_group(event, by=None, title=title) for title in ("Muhtarlar", "Gaziler")]
        first = actions.add_guest(event, by=None, person=make_citizen("İlker", "Işık"), group=groups[0])
        twin = actions.add_guest(event, by=None, person=make_citizen("ILKER", "ışık", phone="+905090000044"))
        actions.add_guest(event, by=None, person=make_citizen("Başka", "Biri", phone="+905090000055"))
        GuestOrigin.objects.create(guest=first, group=groups[1])
    query = "query ($id: ID!) { eventGuestsAlike(id: $id) { alike } }"
    found = ask.secretary.data(query, id=_id(event, "Event"))["eventGuestsAlike"]
    assert found == [{"alike": [_id(first, "Guest"), _id(twin, "Guest")]}]
    assert ask.park_clerk.data(query, id=_id(event, "Event"))["eventGuestsAlike"] == []
    address = f"/admin/events/guest/of/{event.key}/twins/"
    page = signed_in(ask.cast.secretary).get(address).content.decode()
    assert str(first.key) in page
    assert str(twin.key) in page
    assert "Muhtarlar, Gaziler" in page
    assert "Başka BİRİ" not in page
    assert signed_in(ask.cast.park_clerk).get(address).status_code == 404


def test_delegation_companions_representative_and_what_was_changed_stand_at_the_guest(
    ask: Doors, event: Event
) -> None:
    with system():
        guest = actions.add_guest(
            event, by=None, person=make_citizen("İlker", "Işık"), companions_allowed=2, title="Muhtar"
        )
    key = _id(guest, "Guest")
    facts = "guest { delegation companionsAllowed answer companions representative plate diet note lines { verb } }"
    said = ask.secretary.does(
        "guestCorrect", facts, id=key, delegation="Lindenau heyeti", companionsAllowed=3
    )
    assert (said["errors"], said["guest"]["delegation"]) == ([], "Lindenau heyeti")
    more = {"companions": 3, "plate": "34 ABC 01", "diet": "et yemiyor", "note": "Geç gelecek"}
    said = ask.secretary.does("guestAnswer", facts, id=key, answer="COMING", **more)
    assert {name: said["guest"][name] for name in more} == more
    many = ask.secretary.does("guestAnswer", facts, id=key, answer="COMING", companions=4)
    assert [error["code"] for error in many["errors"]] == ["OVER_LIMIT"]
    dropped = ask.secretary.does("guestAnswer", facts, id=key, answer="COMING", representative="Vekil")
    assert [(error["code"], error["field"]) for error in dropped["errors"]] == [("INVALID", "representative")]
    said = ask.secretary.does(
        "guestAnswer", facts, id=key, answer="REPRESENTED", representative="Müdür Yardımcısı"
    )
    found = said["guest"]
    assert (found["answer"], found["representative"]) == ("REPRESENTED", "Müdür Yardımcısı")
    assert [line["verb"] for line in found["lines"]].count("ANSWERED") >= 1
    with system():
        task = actions.add_task(event, by=None, title="Ses sistemi")
    noted = ask.secretary.does(
        "eventTaskCorrect", "task { note }", id=_id(task, "EventTask"), note="İki mikrofon"
    )
    assert noted["task"] == {"note": "İki mikrofon"}
    weather = "event { weatherPlace }"
    kept = ask.secretary.does("eventCorrect", weather, id=_id(event, "Event"), weatherPlace="Kapalı salon")
    assert kept["event"] == {"weatherPlace": "Kapalı salon"}
