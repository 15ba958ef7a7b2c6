"""The day's work by keyboard and mouse, as a secretary and a department do it."""

from __future__ import annotations

import re
from collections.abc import Callable
from threading import Thread

import pytest
from django.conf import settings
from playwright.sync_api import Page, Route, expect

from backend.complaints.models import Complaint
from backend.core.session import system
from backend.organization.models import User
from tests.backend.complaints.test_import_runs import work
from tests.browser.conftest import NARROW
from tests.cast import PASSWORD, Cast
from tests.factories import make_category, make_citizen, make_complaint, make_neighbourhood
from tests.tracking import open_site

Opener = Callable[..., Page]


def test_a_call_is_taken_by_keyboard_alone(open_page: Opener, people: Cast) -> None:
    citizen = make_citizen("İbrahim", "Ağaoğlu", phone="+905551234567")
    before = make_complaint("Açık kalan iş", applicant=citizen)
    make_category(
        "lamba", "Sokak lambası", keywords=["lamba"], parent=make_category("aydinlatma", "Aydınlatma")
    )
    make_neighbourhood()
    page = open_page("secretary")
    page.goto("/admin/intake/")
    keys = page.keyboard
    expect(page.locator("[name=phone]")).to_be_focused()
    keys.type("0 555 123 45 67")
    keys.press("Enter")
    expect(page.locator("#people")).to_contain_text("İbrahim AĞAOĞLU")
    expect(page.locator("#people")).to_contain_text(before.reference)
    expect(page.locator("[name=subject]")).to_be_focused()
    keys.type("Sokak lambası yanmıyor")
    keys.press("Tab")
    keys.type("Üç gündür karanlık.")
    expect(page.locator("#proposal")).to_contain_text("Sokak lambası")
    keys.press("Control+Enter")
    page.wait_for_url(re.compile(r"/intake/done/"))
    with system():
        taken = Complaint.objects.select_related("applicant", "category").order_by("-pk")[0]
    assert taken.applicant == citizen
    for text in (taken.reference, taken.tracking_code):
        expect(page.locator(".ok-big", has_text=text)).to_be_visible()
    expect(page.get_by_role("link", name="Sonraki çağrı")).to_be_focused()
    keys.press("Enter")
    page.wait_for_url("**/admin/intake/")
    assert page.complaints == []  # type: ignore[attr-defined]


def test_a_late_answer_about_the_number_does_not_take_the_cursor(open_page: Opener, people: Cast) -> None:
    """Who types on while the number is looked up writes where they are, and not into the subject."""
    make_citizen("İbrahim", "Ağaoğlu", phone="+905551234567")
    page = open_page("secretary")
    held: list[Route] = []
    page.route("**/intake/who/", lambda route: held.append(route))
    page.goto("/admin/intake/")
    with page.expect_request("**/intake/who/"):
        page.fill("[name=phone]", "0555 123 45 67")
        page.keyboard.press("Enter")
    page.locator("[name=body]").click()
    page.keyboard.type("Üç gündür")
    held.pop().continue_()
    expect(page.locator("#people")).to_contain_text("İbrahim AĞAOĞLU")
    page.keyboard.type(" karanlık.")
    expect(page.locator("[name=body]")).to_have_value("Üç gündür karanlık.")
    expect(page.locator("[name=subject]")).to_have_value("")


@pytest.mark.full
def test_enter_waits_for_the_answer_about_the_number(open_page: Opener, people: Cast) -> None:
    make_citizen("İbrahim", "Ağaoğlu", phone="+905551234567")
    page = open_page("secretary")
    held: list[Route] = []
    page.route("**/intake/who/", lambda route: held.append(route))
    page.goto("/admin/intake/")
    phone = page.locator("[name=phone]")
    with page.expect_request("**/intake/who/"):
        phone.fill("0555 123 45 67")  # who pauses now asks already
    phone.press("Enter")
    expect(phone).to_be_focused()
    held.pop().continue_()
    expect(page.locator("[name=subject]")).to_be_focused()


@pytest.mark.full
def test_the_chosen_person_goes_when_the_number_changes(open_page: Opener, people: Cast) -> None:
    citizen = make_citizen("İbrahim", "Ağaoğlu", phone="+905551234567")
    page = open_page("secretary", NARROW)
    page.goto("/admin/intake/")
    page.locator("[name=phone]").press_sequentially("0555 123 45 67")
    page.keyboard.press("Enter")
    expect(page.locator(f"[name=citizen][value='{citizen.key}']")).to_be_checked()
    expect(page.locator("[name=first_name]")).to_be_disabled()
    caller, name = page.locator("#people").bounding_box(), page.locator("[name=first_name]").bounding_box()
    assert caller is not None
    assert name is not None
    assert caller["y"] < name["y"], "who calls stands above the form"
    page.fill("[name=phone]", "0555 123 45 68")
    expect(page.locator("[name=citizen]")).to_have_count(0)
    expect(page.locator("[name=first_name]")).to_be_enabled()
    page.fill("[name=subject]", "Çukur")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#id_first_name_error")).to_be_visible()
    with system():
        assert Complaint.objects.count() == 0
    assert page.complaints == []  # type: ignore[attr-defined]


@pytest.mark.full
def test_one_of_several_departments_is_made_responsible_by_one_click(open_page: Opener, people: Cast) -> None:
    noise = make_category(
        "gurultu", "Gürültü", keywords=["gürültü"], is_ambiguous=True, parent=make_category("cevre", "Çevre")
    )
    with system():
        for position, department in enumerate((people.fen, people.park)):
            noise.candidate_rows.create(department=department, position=position)
    page = open_page("secretary")
    page.goto("/admin/intake/")
    page.fill("[name=subject]", "Gece gürültü var")
    park = page.locator(f"[data-to='{people.park.code}']")
    fen = page.locator(f"[name=together][value='{people.fen.code}']")
    expect(park).to_be_visible()
    held: list[Route] = []
    page.route("**/intake/suggest/", lambda route: route.continue_() if held else held.append(route))
    with page.expect_request("**/intake/suggest/"):
        page.fill("[name=subject]", "Gece gürültü var, yine")
    park.click()  # while an answer is on its way that knows of no choice
    fen.check()
    with page.expect_request("**/intake/suggest/"):  # it is asked again
        held[0].continue_()
    expect(park).to_have_attribute("aria-pressed", "true")
    expect(fen).to_be_checked()
    page.click("[data-main]")
    page.wait_for_url(re.compile(r"/intake/done/"))
    with system():
        taken = Complaint.objects.get()
    assert taken.responsible_department_id == people.park.pk
    assert taken.collaborators == [people.fen.pk]
    assert page.complaints == []  # type: ignore[attr-defined]


def test_two_quick_presses_record_one_case(open_page: Opener, people: Cast) -> None:
    page = open_page("secretary")
    page.goto("/admin/intake/")
    page.fill("[name=subject]", "Çukur")
    page.locator("[data-main]").dblclick()
    page.wait_for_url(re.compile(r"/intake/done/"))
    with system():
        assert Complaint.objects.count() == 1


def test_a_case_goes_from_the_office_to_the_department_and_back_to_the_citizen(
    open_page: Opener, people: Cast
) -> None:
    complaint = make_complaint("Sokak lambası yanmıyor")
    office, clerk = open_page("secretary"), open_page("fen_clerk")
    address = f"/admin/complaints/complaint/{complaint.key}/change/"
    office.goto(address)
    office.click("a[href*='do=route']")
    office.select_option("[name=to]", people.fen.code)
    office.click("#do [data-main]")
    expect(office.locator("#do")).to_have_count(0)
    clerk.goto("/admin/")
    clerk.click(f"a:has-text('{complaint.reference}') >> nth=0")
    clerk.get_by_role("link", name="Tam sayfa").click()
    clerk.wait_for_url(f"**{address}*")
    clerk.click("form[action*='/accept/'] button")
    clerk.click("form[action*='/start/'] button")
    expect(clerk.locator("form[action*='/start/']")).to_have_count(0)
    clerk.click("a[href*='do=draft']")
    clerk.fill("[name=body]", "Lamba değiştirilmiştir.")
    clerk.click("#do [name=preview]")
    expect(clerk.locator("#preview")).to_contain_text("Lamba değiştirilmiştir.")
    expect(clerk.locator("[name=body]")).to_have_value("Lamba değiştirilmiştir.")
    clerk.click("#do [data-main]")
    clerk.click("form[action*='/submit/'] button")
    expect(clerk.locator("form[action*='/submit/']")).to_have_count(0)
    office.goto(address)
    office.click("form[action*='/approve/'] button")
    office.click("a[href*='do=send#']")
    expect(office.locator("#preview")).to_contain_text("Lamba değiştirilmiştir.")
    office.click("#do [data-main]")
    expect(office.locator(".ok-story .ok-citizen")).to_contain_text(["Lamba değiştirilmiştir."])
    office.click("a[href*='do=close']")
    office.click("#do [data-main]")
    expect(office.locator("#do")).to_have_count(0)
    with system():
        assert Complaint.objects.get(pk=complaint.pk).closed_at is not None
    open_site()
    public = open_page()
    public.goto("/takip/")
    public.fill("[name=code]", complaint.tracking_code)
    public.click("main form > .button")
    expect(public.locator("main")).to_contain_text("Lamba değiştirilmiştir.")
    assert complaint.tracking_code not in public.url
    assert office.complaints + clerk.complaints + public.complaints == []  # type: ignore[attr-defined]


def test_the_desk_works_without_javascript(open_page: Opener, people: Cast) -> None:
    complaint = make_complaint("Lamba yanmıyor", to=people.fen)
    page = open_page("fen_clerk", java_script_enabled=False)
    page.goto("/admin/")
    page.goto(f"/admin/complaints/complaint/{complaint.key}/change/")
    page.locator("form[action*='/accept/'] button").click()
    expect(page.locator("form[action*='/accept/']")).to_have_count(0)
    with system():
        assert Complaint.objects.get(pk=complaint.pk).status == "ACCEPTED"


def sign_in_again(page: Page, person: User) -> None:
    """In another tab of the same browser."""
    tab = page.context.new_page()
    tab.goto("/accounts/login/")
    tab.fill("[name=login]", person.username)
    tab.fill("[name=password]", PASSWORD)
    tab.click("form button[type=submit]")
    tab.wait_for_url("**/admin/")
    tab.close()


def test_an_ended_session_loses_nothing_that_was_typed(open_page: Opener, people: Cast) -> None:
    complaint = make_complaint("Lamba yanmıyor", to=people.fen, accepted_by=people.fen_clerk)
    page = open_page("fen_clerk")
    page.goto(f"/admin/complaints/complaint/{complaint.key}/change/?do=draft")
    page.fill("[name=body]", "Uzun uzun yazılmış cevap")
    # That alone: with the token of forms gone too, the answer to a draft brings another than the sign-in's form has.
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    page.click("#do [data-main]")
    expect(page.locator("#signed-out")).to_be_visible()
    sign_in_again(page, people.park_clerk)
    page.click("[data-again]")
    expect(page.locator("#signed-out p[data-hindrance=other]")).to_be_visible()
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    sign_in_again(page, people.fen_clerk)
    expect(page.locator("[name=body]")).to_have_value("Uzun uzun yazılmış cevap")
    page.click("[data-again]")
    expect(page.locator(".ok-story .ok-making")).to_contain_text("Uzun uzun yazılmış cevap")
    kept = page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])")
    assert "yazılmış" not in kept
    with system():
        assert complaint.notices.get().drafted_by == people.fen_clerk
    assert page.complaints == []  # type: ignore[attr-defined]


@pytest.mark.full
def test_the_page_of_an_import_follows_the_worker_by_itself(open_page: Opener, people: Cast) -> None:
    page = open_page("secretary")
    page.goto("/admin/import/")
    table = "Başvuru No;Konu\nA-1;Lamba yanmıyor\n".encode()
    page.set_input_files("[name=file]", {"name": "liste.csv", "mimeType": "text/csv", "buffer": table})
    expect(page.locator("[name=source]")).to_have_value("cagri-merkezi")
    page.get_by_role("button", name="Dosyayı incele").click()
    page.wait_for_url("**/change/")
    expect(page.locator("#run progress")).to_be_visible()
    worker = Thread(target=work)
    worker.start()
    worker.join()
    page.get_by_role("button", name="Kesin olarak içe aktar").click()
    expect(page.locator("#run")).to_contain_text("Kesin aktarım")
    worker = Thread(target=work)
    worker.start()
    worker.join()
    expect(page.locator("#run")).to_contain_text("Dosya içe aktarıldı")
    with system():
        assert Complaint.objects.get().source == "cagri-merkezi"
    assert page.complaints == []  # type: ignore[attr-defined]


@pytest.mark.full
def test_the_state_of_a_part_of_the_system_stands_in_one_line(open_page: Opener, people: Cast) -> None:
    page = open_page("administrator")
    page.goto("/admin/status/")
    badges = page.locator(".ok-table .ok-badge")
    assert badges.count() > 5
    tall = badges.evaluate_all(
        "all => all.filter(one => one.getClientRects()[0].height > 30).map(one => one.innerText)"
    )
    assert tall == []
