"""The composer in a real browser: the checker and the paper follow what is typed, rows grow, a phrase is pressed."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from backend.core.session import system
from backend.letters.actions import save_phrase
from tests.browser.conftest import WIDE
from tests.cast import Cast
from tests.factories import make_body, make_file_code

Opener = Callable[..., Page]


def test_the_paper_and_the_checker_follow_the_keys(open_page: Opener, people: Cast) -> None:
    make_body("kaymakamlik", "Sancaktepe Kaymakamlığı", "Kaymakamlık", is_public=True)
    make_file_code()
    with system():
        kept = {"part": "CLOSING", "closing": "ARZ_VE_RICA", "source": "m.16/12"}
        save_phrase(by=None, text="Gereğini arz ve rica ederim.", **kept)
    page = open_page("secretary", WIDE, "light")
    page.goto("/admin/letters/letter/new/?kind=OFFICIAL")
    checker = page.locator("#paper")
    expect(checker).not_to_contain_text(
        "Yazının muhatabı yok."
    )  # nothing is wrong with a sheet that is empty
    page.fill("[name=subject]", "Park Talebi.")
    expect(checker).to_contain_text("Yazının muhatabı yok.")
    expect(checker).to_contain_text("Konunun sonuna nokta konmaz.")
    drawn = page.locator("#paper img").first
    before = drawn.get_attribute("src") or ""
    page.fill("[name=subject]", "Park Talebi")
    expect(checker).not_to_contain_text("Konunun sonuna nokta konmaz.")
    expect(drawn).not_to_have_attribute("src", before)

    page.fill("[name=addressees-0-who]", "Kaymakamlık")
    expect(page.locator("[name=addressees-1-who]")).to_be_visible()
    page.fill("[name=addressees-1-who]", people.fen.name)
    expect(page.locator("[name=addressees-2-who]")).to_be_visible()
    expect(checker).to_contain_text("Arz ve rica ederim.")
    page.get_by_role("button", name="Gereğini arz ve rica ederim.").click()
    expect(page.locator("[name=closing]")).to_have_value("Gereğini arz ve rica ederim.")
    page.fill("[name=body]", "Yer tahsisi talep edilmektedir.")
    expect(checker).to_contain_text("bulgu yok")
    page.select_option("[name=file_code]", "752")
    page.get_by_role("button", name="Kaydet ve yazıya git").click()
    expect(page.locator(".ok-title")).to_contain_text("Park Talebi")
    expect(page.locator(".ok-case-side")).to_contain_text(people.fen.name)
    assert page.complaints == []  # type: ignore[attr-defined]
