"""Appointments as the secretary and the hall use them: by keyboard in under a minute, and by two tablets at once."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from backend.appointments import actions
from backend.appointments.models import AppointmentRequest, PublicDaySession
from backend.core.localtime import today
from backend.core.session import system
from tests.browser.conftest import NARROW, WIDE, picture, violations
from tests.browser.test_screens import foreign
from tests.cast import Cast
from tests.days import day, dotted
from tests.factories import at, make_citizen, make_complaint, make_entry, make_public_day, make_request

Opener = Callable[..., Page]


def test_a_new_caller_gets_thursday_half_past_ten_by_keyboard_alone(open_page: Opener, people: Cast) -> None:
    page = open_page("secretary")
    page.goto("/admin/appointments/call/")
    keys = page.keyboard
    expect(page.locator("[name=phone]")).to_be_focused()
    keys.type("0 555 123 45 67")
    keys.press("Enter")
    expect(page.locator("[name=first_name]")).to_be_focused()
    keys.type("Şule")
    keys.press("Tab")
    keys.type("Çınar")
    for _field in ("email", "home", "address", "subject"):
        keys.press("Tab")
    expect(page.locator("[name=subject]")).to_be_focused()
    keys.type("Okul bahçesi")
    keys.press("Tab")
    expect(page.locator("[name=starts_at]")).to_be_focused()
    keys.type(f"{dotted(2)} 10:30")
    keys.press("Control+Enter")
    page.wait_for_url(re.compile(r"/call/done/"))
    expect(page.locator(".ok-big", has_text=f"{dotted(2)} Perşembe 10.30")).to_be_visible()
    with system():
        assert AppointmentRequest.objects.get().status == "APPROVED"
    expect(page.get_by_role("link", name="Sonraki talep")).to_be_focused()
    keys.press("Enter")
    page.wait_for_url("**/admin/appointments/call/")
    assert page.complaints == []  # type: ignore[attr-defined]


def test_a_taken_time_leads_to_a_free_one_by_one_press_and_nothing_typed_is_lost(
    open_page: Opener, people: Cast
) -> None:
    citizen = make_citizen("İbrahim", "Ağaoğlu", phone="+905551234567")
    complaint = make_complaint("Açık kalan iş", applicant=citizen)
    make_entry(people.mayors, "Encümen", at(day(2), "10:00"), 60)
    page = open_page("secretary", NARROW)
    page.goto("/admin/appointments/call/")
    page.locator("[name=phone]").press_sequentially("0555 123 45 67")
    page.keyboard.press("Enter")
    expect(page.locator("#people")).to_contain_text(complaint.reference)
    page.fill("[name=subject]", "Okul bahçesi")
    page.fill("[name=starts_at]", f"{dotted(2)} 10:30")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#id_starts_at_error")).to_contain_text("Encümen")
    expect(page.locator("[name=subject]")).to_have_value("Okul bahçesi")
    expect(page.locator("#free button")).to_have_count(3)
    chosen = page.locator("#free button").first.get_attribute("data-at") or ""
    page.locator("#free button").first.click()
    expect(page.locator("[name=starts_at]")).to_have_value(chosen)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/call/done/"))
    expect(page.locator(".ok-big", has_text=chosen)).to_be_visible()
    with system():
        assert AppointmentRequest.objects.get().applicant == citizen


@pytest.mark.full
def test_two_tablets_in_the_hall_follow_one_another(open_page: Opener, people: Cast) -> None:
    session = make_public_day(people.mayors)
    row = make_request(people.mayors, "Okul bahçesi", applicant=make_citizen("İsmail", "Iğdır"))
    with system():
        actions.assign_to_public_day(row, by=None, session=session, means="UNTOLD")
        PublicDaySession.objects.filter(pk=session.pk).update(day=today())
    address = f"/admin/appointments/publicdaysession/{session.key}/hall/"
    door, desk = open_page("secretary", (1024, 768)), open_page("office_head", (1024, 768))
    for page in (door, desk):
        page.goto(address)
    door.click("button[value=arrive]")
    expect(door.locator("button[value=arrive]")).to_have_count(0)
    expect(desk.locator("button[value=arrive]")).to_have_count(0, timeout=15_000)
    desk.click("button[value=call_in]")
    expect(desk.locator("button[value=PROMISED]")).to_be_visible()
    desk.fill("[name=note]", "Park yapılacak")
    desk.click("button[value=PROMISED]")
    expect(desk.locator("[name=note]")).to_have_count(0)
    expect(door.locator("#hall")).to_contain_text("Söz", timeout=15_000)
    with system():
        now = AppointmentRequest.objects.get(pk=row.pk)
    assert (now.status, now.outcome_note) == ("SETTLED", "Park yapılacak")
    assert door.complaints == desk.complaints == []  # type: ignore[attr-defined]


@pytest.mark.full
@pytest.mark.parametrize("size", [WIDE, NARROW])
def test_what_a_public_day_tells_is_looked_at_first_and_what_the_hall_promises_is_typed_there(
    open_page: Opener, people: Cast, size: tuple[int, int]
) -> None:
    session = make_public_day(people.mayors)
    silent = make_citizen("Telefonlu", "Kişi", email="")
    placed = [make_request(people.mayors, "Okul"), make_request(people.mayors, "Park", applicant=silent)]
    make_request(people.mayors, "Spor salonu")
    with system():
        for row in placed:
            actions.assign_to_public_day(row, by=None, session=session, means="UNTOLD")
    page = open_page("secretary", size)
    faults: list[str] = []

    def look(name: str) -> None:
        page.wait_for_load_state()
        picture(page, f"{name}-{size[0]}.jpg", full_page=True)
        faults.extend(f"{name}: {violation}" for violation in violations(page))
        faults.extend(f"{name}: not Turkish: {text}" for text in foreign(page))
        if page.evaluate("document.documentElement.scrollWidth") > size[0]:
            faults.append(f"{name}: too wide")

    address = f"/admin/appointments/publicdaysession/{session.key}/"
    page.goto(f"{address}change/")
    page.get_by_role("button", name="Önizle").first.click()
    expect(page.locator("#preview")).to_contain_text("Sayın")
    look("public-day-preview")
    page.locator("summary", has_text="Kapat").click()
    page.fill("#cancel-reason", "Resmî ziyaret")
    page.locator("button[value=cancel]").click()
    expect(page.locator("#do")).to_contain_text(str(silent.phone))
    look("public-day-cancel")
    with system():
        PublicDaySession.objects.filter(pk=session.pk).update(day=today())
        actions.call_in(AppointmentRequest.objects.get(pk=placed[0].pk), by=None)
    page.goto(f"{address}hall/")
    page.locator("summary", has_text="Verilen sözü").click()
    page.locator("textarea[name=promised]").fill("Bank konulacak")
    look("public-day-hall-promise")
    page.click("button[value=PROMISED]")
    expect(page.locator(".ok-errors")).to_contain_text("ne zamana kadar")
    expect(page.locator("textarea[name=promised]")).to_have_value("Bank konulacak")
    assert not faults, "\n".join(faults)
