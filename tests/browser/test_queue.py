"""The queue by hand: a step from the row, the keys of a page, and the way back to what waits."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

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
