"""Approved phrases are put in where one writes: by a / and the keyboard, or chosen from the list; no page is loaded."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.admin_ui.complaints.test_phrases import keep
from tests.cast import Cast
from tests.factories import make_complaint

Opener = Callable[..., Page]


def test_a_slash_opens_the_phrases_and_the_keyboard_puts_one_in(open_page: Opener, people: Cast) -> None:
    keep(people, "Işıklandırma onarıldı: {{başvuru no}}.")
    keep(people, "Çukur kapatıldı.")
    case = make_complaint("Lamba yanmıyor", to=people.fen, accepted_by=people.fen_clerk)
    page = open_page("fen_clerk")
    page.goto(f"/admin/complaints/complaint/{case.key}/change/?do=draft")
    field, options = page.locator("#do [name=body]"), page.locator("#do [role=option]")
    field.click()
    page.keyboard.type("Sayın ilgili, ve/veya /")
    expect(options).to_have_count(2)
    page.keyboard.type("ISIK")  # I of a Turkish keyboard and of another one find ı
    expect(options).to_have_count(1)
    page.keyboard.press("Escape")
    expect(options.first).to_be_hidden()
    expect(field).to_have_value("Sayın ilgili, ve/veya /ISIK")
    page.keyboard.type("l")
    expect(options.first).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    expect(field).to_have_value(f"Sayın ilgili, ve/veya Işıklandırma onarıldı: {case.reference}.")
    expect(field).to_be_focused()
    page.locator("#do select[name=body_phrase]").select_option(index=1)
    chosen = page.locator("#do select[name=body_phrase] option:checked").get_attribute("data-text")
    page.locator("#do button[name=phrase]").click()
    expect(field).to_have_value(f"Sayın ilgili, ve/veya Işıklandırma onarıldı: {case.reference}. {chosen}")
    assert page.complaints == []  # type: ignore[attr-defined]


def test_what_the_case_does_not_say_is_marked_and_typed_over(open_page: Opener, people: Cast) -> None:
    keep(people, "Ekiplerimiz {{yer}} adresinde inceledi.")
    case = make_complaint("Lamba yanmıyor", to=people.fen, accepted_by=people.fen_clerk)
    page = open_page("fen_clerk")
    page.goto(f"/admin/complaints/complaint/{case.key}/change/?do=draft")
    field = page.locator("#do [name=body]")
    field.click()
    page.keyboard.type("Sayın ilgili, /ekip")
    page.keyboard.press("Enter")
    page.keyboard.type("Gül Sokak")
    expect(field).to_have_value("Sayın ilgili, Ekiplerimiz Gül Sokak adresinde inceledi.")
    assert page.complaints == []  # type: ignore[attr-defined]
