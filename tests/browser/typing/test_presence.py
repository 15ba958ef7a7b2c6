"""Who has a case open sees who else has, and who writes: while they write, and no longer than that."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.cast import Cast
from tests.factories import make_complaint

Opener = Callable[..., Page]


def asked_again(page: Page) -> None:
    """What a page does by itself every twenty seconds, and when one comes back to it."""
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


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
    asked_again(head)
    expect(present).to_contain_text(f"{name} bu başvuruyu açtı.")
    with clerk.expect_response("**/presence/"):
        clerk.locator("#do [name=body]").press_sequentially("Lamba")
    asked_again(head)
    expect(present).to_contain_text(f"{name} şu anda bu başvurunun cevabını yazıyor")
    expect(clerk.locator("[data-presence]")).to_contain_text(str(people.fen_head))
    clerk.goto("/admin/")
    for _while_the_farewell_is_on_its_way in range(50):
        asked_again(head)
        head.wait_for_timeout(200)
        if name not in (present.text_content() or ""):
            break
    expect(present).not_to_contain_text(name)
    assert head.complaints == clerk.complaints == []  # type: ignore[attr-defined]
