"""What is typed is saved while one types, stands there again on another device, and is kept while the line is dead."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Dialog, Page, Route, expect

from backend.core.session import system
from backend.drafts.models import Draft
from tests.cast import Cast

Opener = Callable[..., Page]
INTAKE = "/admin/intake/"


def test_a_text_is_saved_restored_and_kept_without_a_line(open_page: Opener, people: Cast) -> None:
    page = open_page("secretary")
    page.goto(INTAKE)
    body = page.locator("[name=body]")
    body.press_sequentially("Lamba yanmıyor")
    line = page.locator(".ok-draft")
    expect(line).to_have_text(re.compile(r"^Taslak kaydedildi \d\d\.\d\d$"))
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0 or not any(
        "Lamba" in text for text in page.evaluate("Object.values(localStorage)")
    ), "nothing personal stays on a shared PC"

    page.context.set_offline(True)
    body.press_sequentially(", üç gündür")
    expect(line).to_contain_text("Henüz kaydedilmedi")
    questions: list[str] = []

    def stay(dialog: Dialog) -> None:
        questions.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    with page.expect_event("dialog"):
        page.evaluate("window.setTimeout(() => window.location.reload())")
    expect(body).to_have_value("Lamba yanmıyor, üç gündür")
    assert questions == ["beforeunload"], "leaving with unsaved text asks"
    page.context.set_offline(False)
    expect(line).to_have_text(re.compile(r"^Taslak kaydedildi"))

    elsewhere = open_page("secretary")
    elsewhere.goto(INTAKE)
    expect(elsewhere.locator(".ok-draft")).to_contain_text("Yarım kalan metin")
    expect(elsewhere.locator("[name=body]")).to_have_value("")  # the next caller is another one
    elsewhere.locator("[name=body]").press_sequentially("Su")
    expect(elsewhere.locator(".ok-draft")).to_contain_text("Taslak kaydedildi")
    elsewhere.get_by_role("button", name="Devam et").click()
    expect(elsewhere.locator("[name=body]")).to_have_value("Lamba yanmıyor, üç gündür")
    expect(elsewhere.locator(".ok-draft")).to_contain_text("geri getirildi")
    elsewhere.get_by_role("button", name="Geri al").click()
    expect(elsewhere.locator("[name=body]")).to_have_value("")
    expect(elsewhere.locator(".ok-draft")).to_be_hidden()
    with system():
        assert not Draft.objects.exists()
    assert page.complaints == []  # type: ignore[attr-defined]


def test_leaving_with_what_was_typed_into_a_short_field_asks(open_page: Opener, people: Cast) -> None:
    page = open_page("secretary")
    page.goto(INTAKE)
    questions: list[str] = []

    def stay(dialog: Dialog) -> None:
        questions.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    subject = page.locator("[name=subject]")
    subject.press_sequentially("Çukur")
    with page.expect_event("dialog"):
        page.evaluate("window.setTimeout(() => window.location.reload())")
    expect(subject).to_have_value("Çukur")
    subject.fill("")
    page.get_by_role("link", name="Masam").first.click()
    page.wait_for_url("**/admin/")  # nothing stands there any more: no question

    page.goto(INTAKE)
    page.fill("[name=first_name]", "Ayşe")
    page.fill("[name=last_name]", "Kara")
    page.fill("[name=subject]", "Çukur")
    page.keyboard.press("Control+Enter")
    page.wait_for_url(re.compile(r"/intake/done/"))  # sent: no question either
    assert questions == ["beforeunload"]


def test_what_is_sent_leaves_no_draft(open_page: Opener, people: Cast) -> None:
    page = open_page("secretary")
    page.goto(INTAKE)
    page.fill("[name=phone]", "0555 123 45 67")
    page.fill("[name=first_name]", "Ayşe")
    page.fill("[name=last_name]", "Kara")
    page.fill("[name=subject]", "Çukur")
    page.locator("[name=body]").press_sequentially("Sokakta çukur var")
    expect(page.locator(".ok-draft")).to_contain_text("Taslak kaydedildi")
    held: list[Route] = []
    saved: list[str] = []
    page.route("**/admin/alive/", lambda route: held.append(route))
    page.on("request", lambda one: saved.append(one.url) if "/admin/drafts/" in one.url else None)
    page.keyboard.type(", derin")
    with page.expect_request("**/admin/alive/"):
        page.keyboard.press("Control+Enter")
    page.wait_for_timeout(
        2_000
    )  # longer than the pause after which a draft is saved: this one could come after the form
    assert saved == []
    held.pop().continue_()
    page.wait_for_url(re.compile(r"/intake/done/"))
    page.goto(INTAKE)
    expect(page.locator("[name=body]")).to_have_value("")
    with system():
        assert not Draft.objects.exists()
