"""The queue by hand: a step from the row, the keys of a page, and the way back to what waits."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from backend.complaints.models import Complaint
from backend.core.session import system
from tests.admin_ui.complaints.test_pictures import picture
from tests.cast import Cast
from tests.factories import make_complaint

Opener = Callable[..., Page]


def test_a_clerk_works_through_the_queue_by_keyboard(open_page: Opener, people: Cast) -> None:
    make_complaint("Köprü korkuluğu kırık", to=people.fen)
    page = open_page("fen_clerk")
    row = page.locator(".ok-queue-rows li", has_text="Köprü korkuluğu kırık")
    expect(row).to_have_count(1)
    page.keyboard.press("j")
    expect(row.locator(".ok-queue-what")).to_be_focused()
    row.get_by_role("button").click()
    page.wait_for_url("**/admin/#queue")
    expect(row).to_contain_text("Cevap bekliyor")
    page.locator(".ok-queue-what", has_text="Köprü korkuluğu kırık").click()
    page.wait_for_url("**/change/")
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    expect(page.locator("#keys [data-steps] li").first).to_contain_text("1")
    page.keyboard.press("Escape")
    expect(page.locator("#keys")).to_be_hidden()
    assert page.complaints == []  # type: ignore[attr-defined]


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
