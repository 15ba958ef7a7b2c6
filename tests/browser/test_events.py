"""Events as they are used: the pages looked at, calls by one key each, check-in on a phone with the line cut."""

from __future__ import annotations

import re
from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from playwright.sync_api import Page, expect

from backend.core.session import system
from backend.events import actions, links
from backend.events.models import Arrival, Event, Guest
from backend.protocol.actions import take_snapshot
from backend.protocol.models import PrecedenceList
from tests.browser.conftest import LIGHT_NARROW, LIGHT_WIDE, NARROW, picture, until, violations
from tests.cast import Cast
from tests.factories import at, make_citizen, make_office, make_precedence, refetch

Opener = Callable[..., Page]


@pytest.fixture
def event(people: Cast) -> Event:
    """29 Ekim from its template, announced, with guests of every answer."""
    with system():
        found = actions.plan_from_template(
            people.mayors, by=people.secretary, template="republic_day", accept_unusual=True
        )
        found.precedence = take_snapshot(_order(), by=people.secretary)
        found.save(update_fields=["precedence"])
        actions.correct(found, by=people.secretary, capacity=60)
        actions.announce(found, by=people.secretary)
        group: Any = found.groups.last()
        for number, name in enumerate(("Ayşe", "İlker", "Şule", "Çağrı", "Ilgın", "Ömer")):
            person = make_citizen(name, "Işık", email=f"g{number}@example.org", phone=f"+90509000000{number}")
            facts = {"title": "Mahalle Muhtarı", "with_spouse": number % 2 == 0, "is_vip": number == 0}
            guest = actions.add_guest(found, by=people.secretary, person=person, group=group, **facts)
            if number in (1, 2):
                actions.answer(guest, by=None, answer=("COMING", "NOT_COMING")[number - 1], via="LINK")
        actions.write_note(
            found, by=people.secretary, audience="HOST", text="Rampa önündeki sıra gazilerindir."
        )
        actions.name_member(found, by=people.secretary, user=people.office_head, duty="CHIEF")
    return found


def _looks(page: Page, name: str, width: int) -> None:
    """Accessible, nothing wider than the screen, no complaint; a picture is kept."""
    picture(page, f"{name}-{width}.jpg", full_page=True)
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width, name
    assert page.complaints == []  # type: ignore[attr-defined]


@pytest.mark.full
def test_the_pages_of_an_event_are_accessible_and_fit(open_page: Opener, event: Event) -> None:
    call_command("website_client", stdout=StringIO())  # it shows the calendar
    page = open_page("secretary", NARROW)
    base = "/admin/events"
    guest = _guest(event, "Ayşe")
    addresses = {
        "events": f"{base}/event/",
        "event": f"{base}/event/{event.key}/change/",
        "event-item": f"{base}/event/{event.key}/change/?do=put_item",
        "event-group": f"{base}/event/{event.key}/change/?do=put_group",
        "event-order": f"/admin/protocol/snapshot/{_order_of(event)}/change/",
        "event-new": f"{base}/event/new/?template=republic_day",
        "event-tasks": f"{base}/eventtask/",
        "event-guests": f"{base}/guest/?event={event.key}",
        "event-guest": f"{base}/guest/{guest.key}/change/?do=answer",
        "event-guest-add": f"{base}/guest/of/{event.key}/add/",
        "event-guest-file": f"{base}/guest/of/{event.key}/file/",
        "event-twins": f"{base}/guest/of/{event.key}/twins/",
        "event-calls": f"{base}/guest/of/{event.key}/calls/",
        "event-door": f"{base}/event/{event.key}/door/?early=1",
        "event-door-early": f"{base}/event/{event.key}/door/",
        "guest-answer": f"/davet/{links.token_for(guest)}/",
        "guest-answer-wrong": "/davet/x/",
        "public-calendar": "/etkinlikler/",
    }
    for name, address in addresses.items():
        LIGHT_NARROW.take(page)
        page.goto(address)
        for view in (LIGHT_NARROW, LIGHT_WIDE):
            view.take(page)
            _looks(page, name, view.size[0])


def _order() -> PrecedenceList:
    offices = [make_office(title, institution="Sancaktepe") for title in ("Kaymakam", "Garnizon Komutanı")]
    return make_precedence([[one] for one in offices])


def _order_of(event: Event) -> str:
    with system():
        snapshot = Event.objects.select_related("precedence").get(pk=event.pk).precedence
        assert snapshot is not None
        return str(snapshot.key)


def _guest(event: Event, name: str) -> Guest:
    with system():
        return Guest.objects.select_related("person").get(event=event, person__first_name=name)


def test_a_guest_answers_without_a_script(open_page: Opener, event: Event) -> None:
    guest = _guest(event, "Ilgın")
    page = open_page("", NARROW, java_script_enabled=False)
    page.goto(f"/davet/{links.token_for(guest)}/")
    page.get_by_label("Katılacağım").check()
    page.get_by_label("Kaç refakatçi ile geleceksiniz?").select_option("1")
    page.get_by_role("button", name="Cevabı gönder").click()
    expect(page.get_by_role("status").first).to_contain_text("Teşekkür ederiz")
    assert (refetch(guest).answer, refetch(guest).companions) == ("COMING", 1)


@pytest.mark.full
def test_calls_take_one_key_each(open_page: Opener, event: Event) -> None:
    page = open_page("secretary")
    page.goto(f"/admin/events/guest/of/{event.key}/calls/")
    for key in "142":
        name = page.locator(".ok-title .ok-subject").inner_text()
        page.keyboard.press(key)
        expect(page.locator(".ok-title .ok-subject")).not_to_have_text(name)
        expect(page.get_by_text(re.compile(re.escape(name))).first).to_be_visible()
    with system():
        called = Guest.objects.filter(event=event, calls=1)
        assert sorted(called.values_list("answer", flat=True)) == ["COMING", "NOT_COMING", "WAITING"]
    assert page.complaints == []  # type: ignore[attr-defined]


def test_guests_come_in_while_the_line_is_cut_and_each_counts_once(open_page: Opener, event: Event) -> None:
    with system():
        Event.objects.filter(pk=event.pk).update(starts_at=at("2026-01-01"))
    page = open_page("secretary", NARROW)
    address = f"/admin/events/event/{event.key}/door/"
    page.goto(address)
    expect(page.locator("[data-line]")).to_have_text("bağlı")
    page.get_by_role("button", name=re.compile("Ayşe IŞIK")).click()
    expect(page.locator("[data-told]")).to_contain_text("hoş geldiniz")
    expect(page.locator("[data-count]")).to_have_text("1")
    expect(page.locator("[data-line]")).to_have_text("bağlı")  # the server took it
    page.context.set_offline(True)
    page.locator("[data-search]").fill("ilker")
    page.get_by_role("button", name=re.compile("İlker IŞIK")).click()
    expect(page.locator("[data-search]")).to_have_value("")
    page.get_by_role("button", name="Geri al").click()
    expect(page.locator("[data-told]")).to_contain_text("geri alındı")
    expect(page.locator("[data-count]")).to_have_text("1")
    page.get_by_role("button", name=re.compile("İlker IŞIK")).click()
    page.locator("[data-code]").fill(links.address_for(_guest(event, "Şule")))
    page.keyboard.press("Enter")
    expect(page.locator("[data-line]")).to_have_text(re.compile("2 okutma bekliyor"))
    expect(page.locator("[data-count]")).to_have_text("3")
    page.get_by_role("button", name=re.compile("İlker IŞIK")).click()
    expect(page.locator("[data-told]")).to_contain_text("daha önce giriş yaptı")
    with system():
        assert Arrival.objects.count() == 1
    page.context.set_offline(False)
    expect(page.locator("[data-line]")).to_have_text("bağlı", timeout=30_000)
    with system():
        assert Guest.objects.filter(event=event).arrived().count() == 3
        assert Arrival.objects.filter(is_first=True).count() == 3
        assert Arrival.objects.count() == 4
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW[0]


@pytest.mark.full
def test_the_door_opens_again_without_a_line(open_page: Opener, event: Event) -> None:
    page = open_page("secretary", NARROW)
    address = f"/admin/events/event/{event.key}/door/?early=1"
    page.goto(address)
    page.wait_for_function("navigator.serviceWorker.controller !== null")
    page.reload()
    expect(page.get_by_role("button", name=re.compile("Ömer IŞIK"))).to_be_visible()
    for kept in (address, f"/admin/events/event/{event.key}/door/list/"):
        until(page, f"caches.match('{kept}', {{ ignoreVary: true }}).then(Boolean)")
    page.context.set_offline(True)
    page.reload()
    page.get_by_role("button", name=re.compile("Ömer IŞIK")).click()
    expect(page.locator("[data-told]")).to_contain_text("hoş geldiniz")
