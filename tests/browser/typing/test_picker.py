"""The picker by keyboard, and on a telephone: it finds while one types, takes with Enter, and records in a dialog."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from backend.appointments.models import Promise
from backend.core.session import system
from backend.partners.models import Organisation
from tests.browser.conftest import NARROW, WIDE, picture, violations
from tests.cast import Cast
from tests.days import date
from tests.factories import make_organisation, make_request

Opener = Callable[..., Page]
CALL = "/admin/appointments/call/"


def test_an_organisation_is_found_by_keyboard_and_its_card_stands_there(
    open_page: Opener, people: Cast
) -> None:
    firm = make_organisation("Ilıca Yapı A.Ş.", "COMPANY")
    make_organisation("Ilıca Spor Kulübü", "SPORTS_CLUB")
    row = make_request(people.mayors, "Okul", partner=firm)
    with system():
        Promise.objects.create(request=row, text="Okul bahçesine iki bank", due_on=date(30))
    for size in (WIDE, NARROW):
        page = open_page("secretary", size)
        page.goto(CALL)
        field = page.get_by_role("combobox", name="Kurum")
        field.press_sequentially("ilica")
        options = page.locator(".ok-picker-list [role=option]")
        expect(options).to_have_count(3)  # two, and a new one
        expect(field).to_have_attribute("aria-expanded", "true")
        page.keyboard.press("Escape")
        expect(field).to_have_attribute("aria-expanded", "false")
        page.keyboard.press("ArrowDown")
        expect(field).to_have_attribute("aria-expanded", "true")
        expect(options).to_have_count(3)
        page.keyboard.press("ArrowDown")
        chosen = page.locator("[role=option][aria-selected=true]")
        expect(chosen).to_contain_text("Ilıca Yapı")
        expect(field).to_have_attribute("aria-activedescendant", chosen.get_attribute("id") or "")
        assert violations(page) == []
        picture(page, f"picker-open-{size[0]}.jpg")
        page.keyboard.press("Enter")
        expect(field).to_have_value("Ilıca Yapı A.Ş.")
        expect(page.locator("[name=partner_key]")).to_have_value(str(firm.key))
        expect(page.locator(".ok-picker .ok-party")).to_contain_text("Okul bahçesine iki bank")
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        field.press("End")
        page.keyboard.type(" x")
        expect(page.locator("[name=partner_key]")).to_have_value("")
        assert page.complaints == []  # type: ignore[attr-defined]


def test_a_new_organisation_is_recorded_in_a_dialog_and_one_like_it_is_asked(
    open_page: Opener, people: Cast
) -> None:
    known = make_organisation("Işık Derneği", "ASSOCIATION")
    page = open_page("secretary", NARROW)
    page.goto("/admin/engagements/engagement/new/")
    field = page.get_by_role("combobox", name="Hangi kuruluşla")
    field.press_sequentially("IŞIK DERNEĞİ")
    new = page.get_by_role("option", name="yeni kurum")
    expect(new).to_be_visible()
    new.click()
    dialog = page.get_by_role("dialog")
    dialog.locator("[name=kind]").select_option("ASSOCIATION")
    dialog.locator("[data-main]").click()
    expect(dialog.get_by_role("button", name="Bu kayıt")).to_be_visible()
    assert violations(page) == []
    picture(page, "picker-new-390.jpg")
    dialog.get_by_role("button", name="Bu kayıt").click()
    expect(field).to_have_value("Işık Derneği")
    expect(page.locator("[name=organisation_key]")).to_have_value(str(known.key))
    with system():
        assert Organisation.objects.count() == 1
    expect(field).to_be_focused()
    assert page.complaints == []  # type: ignore[attr-defined]


def test_one_of_many_readers_is_found_by_name(open_page: Opener, people: Cast) -> None:
    page = open_page("secretary", NARROW)
    page.goto("/admin/instructions/instruction/new/")
    page.locator("details summary").first.click()
    name = people.fen_clerk.first_name
    page.get_by_role("searchbox", name="Adıyla bul").fill(name)
    readers = page.locator("[data-finds] label:visible")
    expect(readers).to_have_count(1)
    page.keyboard.press("Enter")
    chosen = page.locator("[data-finds] label:has(:checked)")
    expect(chosen).to_have_count(1)
    expect(chosen).to_contain_text(name)
    assert violations(page) == []
    assert page.complaints == []  # type: ignore[attr-defined]
