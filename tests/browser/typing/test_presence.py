"""Who has a case open sees who else has, and who writes: while they write, and no longer than that."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.cast import Cast
from tests.factories import make_complaint

Opener = Callable[..., Page]


def told(page: Page, is_told: Callable[[str], bool]) -> None:
    """Have a page ask again, as it does by itself every twenty seconds, until it says so: news are on their way."""
    for _round in range(100):
        with page.expect_response("**/presence/"):
            page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        if is_told(page.locator("[data-presence]").text_content() or ""):
            return
        page.wait_for_timeout(100)
    raise AssertionError(page.locator("[data-presence]").text_content())


def test_one_sees_that_another_has_the_case_open_and_writes_the_reply(
    open_page: Opener, people: Cast
) -> None:
    case = make_complaint("Lamba yanmıyor", to=people.fen, accepted_by=people.fen_clerk)
    address, name = f"/admin/complaints/complaint/{case.key}/change/", str(people.fen_clerk)
    head = open_page("fen_head")
    head.goto(address)
    present = head.locator("[data-presence]")
    expect(present).not_to_contain_text(name)
    clerk = open_page("fen_clerk")
    with clerk.expect_response("**/presence/"):
        clerk.goto(f"{address}?do=draft")
    told(head, lambda words: f"{name} bu başvuruyu açtı." in words)
    with clerk.expect_response("**/presence/"):
        clerk.locator("#do [name=body]").press_sequentially("Lamba")
    told(head, lambda words: f"{name} şu anda bu başvurunun cevabını yazıyor" in words)
    expect(clerk.locator("[data-presence]")).to_contain_text(str(people.fen_head))
    clerk.goto("/admin/")
    told(head, lambda words: name not in words)
    assert head.complaints == clerk.complaints == []  # type: ignore[attr-defined]
