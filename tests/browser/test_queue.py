"""The queue by hand: a step from the row, the keys of a page, and the way back to what waits."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, Route, expect

from backend.complaints.choices import Status
from backend.complaints.models import Complaint
from backend.core.session import system
from backend.drafts.models import Draft
from tests.admin_ui.complaints.test_pictures import picture
from tests.browser.conftest import NARROW
from tests.cast import Cast
from tests.factories import make_complaint

Opener = Callable[..., Page]


def navigations(page: Page) -> list[str]:
    """Remember from now on each whole page that the browser asks for."""
    asked: list[str] = []
    page.on("request", lambda one: asked.append(one.url) if one.is_navigation_request() else None)
    return asked


def test_a_clerk_works_through_three_rows_by_keyboard_without_a_whole_page(
    open_page: Opener, people: Cast
) -> None:
    subjects = [f"Köprü korkuluğu kırık {number}" for number in range(3)]
    rows = [make_complaint(subject, to=people.fen) for subject in subjects]
    page = open_page("fen_clerk")
    page.goto("/admin/")
    keys, pane, asked = page.keyboard, page.locator("#pane"), navigations(page)
    keys.press("j")
    expect(page.locator(".ok-queue-what").first).to_be_focused()
    keys.press("Enter")
    for number, subject in enumerate(subjects):
        expect(pane.locator(".ok-title .ok-subject")).to_have_text(subject)
        expect(pane.locator(".ok-title")).to_be_focused()
        expect(page.locator("[aria-current] .ok-subject")).to_have_text(subject)
        keys.press("1")
        expect(page.locator("#messages")).to_contain_text(f"{rows[number].reference}: Kabul edildi")
        expect(pane.get_by_role("button", name="İşe başla")).to_be_visible()
        expect(pane.locator(".ok-title")).to_be_focused()
        keys.press("n")
    expect(pane).to_contain_text("Sıranın sonuna geldiniz")
    with system():
        assert {row.status for row in Complaint.objects.all()} == {Status.ACCEPTED}
    assert asked == []
    page.go_back()
    expect(pane.locator(".ok-title .ok-subject")).to_have_text(subjects[2])
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#keys")).to_be_hidden()
    expect(pane.locator(".ok-title")).to_be_visible()
    page.keyboard.press("Escape")
    expect(pane).to_be_hidden()
    assert page.complaints == []  # type: ignore[attr-defined]


def test_a_step_of_the_list_changes_the_list_alone(open_page: Opener, people: Cast) -> None:
    for number in range(2):
        make_complaint(f"Çukur {number}", to=people.fen)
    page = open_page("fen_clerk", NARROW)
    page.goto("/admin/?show=accept")
    asked = navigations(page)
    page.get_by_role("button", name="Kabul et: Çukur 0").press("Enter")
    expect(page.locator(".ok-queue-what")).to_have_count(1)
    expect(page.locator(".ok-queue-what")).to_be_focused()
    expect(page.locator("#messages")).to_contain_text("Kabul edildi")
    assert asked == []
    page.locator(".ok-queue-what").click()
    page.wait_for_url("**/change/?from=queue*")
    asked = navigations(page)
    page.get_by_role("button", name="Kabul et").click()
    page.wait_for_url("**/admin/?show=accept")
    expect(page.locator("#queue")).to_contain_text("Bundan sizi bekleyen yoktur")
    assert asked == []
    assert page.complaints == []  # type: ignore[attr-defined]


def test_a_form_stands_beside_what_it_decides_and_keeps_what_was_typed(
    open_page: Opener, people: Cast
) -> None:
    case = make_complaint("Lamba yanmıyor", to=people.fen, accepted_by=people.fen_clerk)
    page = open_page("fen_clerk")
    page.goto(f"/admin/complaints/complaint/{case.key}/change/")
    asked = navigations(page)
    page.get_by_role("link", name="Cevap taslağı yaz").first.click()
    field = page.locator("#do [name=body]")
    expect(field).to_be_focused()
    sheet, title = page.locator("#do").bounding_box(), page.locator(".ok-title").bounding_box()
    assert sheet is not None
    assert title is not None
    assert sheet["x"] >= title["x"] + title["width"]
    assert abs(sheet["y"] - title["y"]) < 40
    assert page.evaluate("scrollY") == 0
    field.fill("Lamba değiştirilecek.")
    page.keyboard.press("Escape")
    expect(page.locator("#do")).to_have_count(0)
    expect(page.locator(".ok-verbs [data-step=draft]")).to_be_focused()
    page.keyboard.press("Enter")
    expect(field).to_have_value("Lamba değiştirilecek.")
    expect(field).to_be_focused()
    page.keyboard.press("Control+Enter")
    expect(page.locator("#messages")).to_contain_text("Cevap taslağı yazıldı")
    expect(page.locator(".ok-story .ok-making")).to_contain_text("Lamba değiştirilecek.")
    assert asked == []
    with system():
        assert Draft.objects.count() == 0
    page.set_viewport_size({"width": NARROW[0], "height": NARROW[1]})
    page.goto(f"/admin/complaints/complaint/{case.key}/change/?do=comment")
    sheet = page.locator("#do").bounding_box()
    assert sheet is not None
    assert sheet["y"] + sheet["height"] <= NARROW[1] + 1
    expect(page.locator(".ok-title")).to_be_in_viewport()
    assert page.complaints == []  # type: ignore[attr-defined]


def test_what_is_no_part_is_left_to_the_browser(open_page: Opener, people: Cast) -> None:
    """A session that ended meanwhile, and a row that has gone."""
    case = make_complaint("Lamba yanmıyor", to=people.fen)
    page = open_page("fen_clerk")
    page.goto(f"/admin/complaints/complaint/{case.key}/change/")
    with system():
        Complaint.objects.filter(pk=case.pk).update(responsible_department=people.park)
    page.get_by_role("button", name="Kabul et").click()
    expect(page.locator("main")).to_contain_text("görme yetkiniz yok")
    page.goto("/admin/")
    row = make_complaint("Çukur", to=people.fen)
    page.goto(f"/admin/complaints/complaint/{row.key}/change/")
    page.context.clear_cookies()
    page.locator("a[data-step=comment]").evaluate("link => link.click()")
    page.wait_for_url("**/accounts/login/**")


def test_the_hand_finds_what_it_reaches_for(open_page: Opener, people: Cast) -> None:
    """A row opens wherever it is pressed, no page is wider than the window, a chosen photo is sent and shown large."""
    case = make_complaint("Rögar kapağı yok")
    with system():
        Complaint.objects.filter(pk=case.pk).update(danger="Açık rögar")
    page = open_page("secretary")
    page.goto("/admin/complaints/complaint/?tab=all")
    page.locator(".ok-table tbody tr", has_text=case.reference).locator("td[data-label='Mahalle']").click(
        force=True
    )
    page.wait_for_url("**/change/")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    answers = page.locator(".ok-verbs > form, .ok-verbs > a")
    expect(answers.nth(0)).to_contain_text("Acil say")
    expect(answers.nth(1)).to_contain_text("Acil değil")
    with page.expect_navigation():
        page.set_input_files(
            "#files", {"name": "yol.png", "mimeType": "image/png", "buffer": picture().read()}
        )
    page.locator("a[data-picture]").click()
    in_the_middle(page, "#gallery")
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    in_the_middle(page, "#keys")
    assert page.complaints == []  # type: ignore[attr-defined]


def in_the_middle(page: Page, dialog: str) -> None:
    """Fail unless an open dialog stands in the middle of the window, whole."""
    expect(page.locator(f"{dialog} img" if dialog == "#gallery" else dialog)).to_be_visible()
    box = page.locator(dialog).bounding_box()
    assert box is not None
    window = page.viewport_size
    assert window is not None
    for start, length, whole in (
        (box["x"], box["width"], window["width"]),
        (box["y"], box["height"], window["height"]),
    ):
        assert abs(start + length / 2 - whole / 2) < 10, (dialog, box)
        assert start >= 0, (dialog, box)


def test_a_key_that_is_pressed_while_the_page_still_comes_is_not_lost(
    open_page: Opener, people: Cast
) -> None:
    make_complaint("Çukur", to=people.fen)
    page = open_page("fen_clerk")
    held: list[Route] = []
    page.route("**/follow.js", lambda route: held.append(route))  # the last scripts wait for this one
    with page.expect_request("**/follow.js"):
        page.goto("/admin/", wait_until="commit")
    expect(page.locator(".ok-queue-what")).to_be_visible()
    page.keyboard.press("j")
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_hidden()
    held.pop().continue_()
    expect(page.locator("#keys")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".ok-queue-what")).to_be_focused()
    assert page.complaints == []  # type: ignore[attr-defined]


def test_enter_opens_the_first_that_was_found_also_before_the_answer_is_there(
    open_page: Opener, people: Cast
) -> None:
    case = make_complaint("Kanal kapağı çöktü", to=people.fen)
    page = open_page("fen_clerk")
    for waits in (False, True):
        page.goto("/admin/")
        page.keyboard.press("Control+k")
        box = page.locator("#search-input-command")
        expect(box).to_be_focused()
        page.keyboard.type("kanal kapagi")
        if waits:
            expect(page.locator("#command-results-list li.active")).to_contain_text("Kanal kapağı")
        page.keyboard.press("Enter")
        page.wait_for_url(f"**/{case.key}/change/")
    assert page.complaints == []  # type: ignore[attr-defined]


def test_the_search_opens_out_of_a_field_and_leads_back_to_it(open_page: Opener) -> None:
    page = open_page("secretary")
    page.goto("/admin/intake/")
    field = page.locator("[name=body]")
    field.press_sequentially("Lamba yanmıyor")
    page.keyboard.press("Control+k")
    box = page.locator("#search-input-command")
    expect(box).to_be_focused()
    page.keyboard.type("kanal")
    page.keyboard.press("Escape")  # empties it
    page.keyboard.press("Escape")
    expect(box).to_be_hidden()
    expect(field).to_be_focused()
    page.keyboard.type(", üç gündür")
    expect(field).to_have_value("Lamba yanmıyor, üç gündür")
    assert page.complaints == []  # type: ignore[attr-defined]
