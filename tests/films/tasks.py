"""`python -m tests.films.tasks`: do tasks of a day on a running demo and count them, for docs/films/tasks.md.

Each is done the shortest way that the pages offer, from the home of who does it; signing in is not counted. What a
person reads off the page is asserted, so that a task that takes a detour fails instead of costing less.
"""

from __future__ import annotations

import argparse
import re
import sys
import time
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.films.hand import Film, Hand
from tests.films.journeys import leave_draft
from tests.harness import chromium

PASSWORD = "Ozelkalem-2027"
Open = Callable[[str], Hand]
Task = Callable[[Open, "Count"], None]


class Count:
    """What each of the hands of a task cost."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def add(self, who: str, hand: Hand) -> None:
        film = hand.film
        self.lines.append(f"{who}: {film.clicks} clicks, {film.keys} keys, {film.waited:.2f} s")
        film.clicks, film.keys, film.waited = 0, 0, 0.0


def morning(opened: Open, count: Count) -> None:
    """1. Morning desk."""
    desk = opened("sekreter")
    desk.go("/admin/")
    expect(desk.page.locator("#queue li").first).to_be_visible()
    count.add("secretary", desk)


def instruction(opened: Open, count: Count) -> None:
    """7. An oral instruction, the unit, the office."""
    desk = opened("sekreter")
    desk.go("/admin/instructions/instruction/new/")
    leave_draft(desk, "text")
    desk.film.clicks = 0
    text = f"Parktaki salıncak cuma gününe kadar onarılsın {time.time():.0f}"
    desk.type(text)
    desk.press("Tab")
    expect(desk.page.locator("[name=department]")).to_be_focused()
    desk.type("Park")
    desk.press("Control+Enter")
    desk.page.wait_for_url(re.compile("/change/"))
    page = desk.page.url
    count.add("secretary", desk)
    unit = opened("park")
    unit.go(page)
    unit.press_button("Alındığını onayla")
    expect(unit.page.get_by_role("button", name="Alındığını onayla")).to_have_count(0)
    count.add("unit, acknowledged", unit)
    if not unit.page.locator("#do [name=result]").count():
        unit.click("a[href*='do=report']")
    unit.type("Salıncak onarıldı.", into="#do [name=result]")
    unit.press("Control+Enter")
    expect(unit.page.locator("#do")).to_have_count(0)
    count.add("unit, reported", unit)
    desk.go(page)
    desk.press_button("Sonucu onayla")
    expect(desk.page.get_by_text("Tamamlandı").first).to_be_visible()
    count.add("office", desk)


def public_day(opened: Open, count: Count) -> None:
    """8. A place on a halk günü."""
    desk = opened("sekreter")
    page = desk.page
    desk.go("/admin/appointments/board/")
    card = page.locator("article", has=page.locator("a[href*='do=assign_to_public_day']")).first
    desk.click(card.locator("summary"))
    desk.click(card.locator("a[href*='do=assign_to_public_day']"))
    desk.click("#do [data-main]")
    expect(page.locator("#do")).to_have_count(0)
    count.add("secretary", desk)
    sys.stdout.write(f"   {page.locator('.ok-messages, [role=status]').first.inner_text()[:150]}\n")


def report(opened: Open, count: Count) -> None:
    """9. The year's report and its Excel."""
    desk = opened("sekreter")
    desk.go("/admin/reports/")
    with desk.page.expect_download() as file:
        began = time.monotonic()
        desk.film.clicks += 1
        desk.page.get_by_role("link", name="Excel").first.click()
    file.value.path()
    desk.film.waited += time.monotonic() - began
    count.add("secretary", desk)


def account(opened: Open, count: Count) -> None:
    """11. An account and the way to its permissions."""
    desk = opened("bilgiislem")
    page = desk.page
    name = f"d{time.time():.0f}"[-6:]
    desk.go("/admin/organization/user/new/")
    desk.type(name)
    desk.press("Tab")
    desk.type("Ayla")
    desk.press("Tab")
    desk.type("Demir")
    desk.type(f"{name}@example.org", into="[name=email]")
    desk.press("Control+Enter")
    expect(page.get_by_text(name).first).to_be_visible()
    desk.click(page.get_by_role("link", name="Yetki ver"))
    expect(page.locator("[name=user]")).not_to_have_value("")
    count.add("administrator", desk)


ALL: dict[str, Task] = {
    "morning": morning,
    "instruction": instruction,
    "public_day": public_day,
    "report": report,
    "account": account,
}


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--at", default="http://127.0.0.1:8000", help="the address of the demo")
    options.add_argument("--only", nargs="*", default=list(ALL), choices=list(ALL))
    chosen = options.parse_args()
    program = chromium.find() or sys.exit(chromium.MISSING)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        for name in chosen.only:
            sys.stdout.write(f"{ALL[name].__doc__}\n")
            for line in _counted(browser, chosen.at, ALL[name]):
                sys.stdout.write(f"   {line}\n")
        browser.close()


def _counted(browser: Browser, address: str, task: Task) -> list[str]:
    contexts: list[BrowserContext] = []

    def opened(username: str) -> Hand:
        context = browser.new_context(
            viewport={"width": 1440, "height": 900}, locale="tr-TR", base_url=address
        )
        contexts.append(context)
        page: Page = context.new_page()
        page.goto("/accounts/login/")
        page.fill("[name=login]", username)
        page.fill("[name=password]", PASSWORD)
        page.click("form button[type=submit]")
        page.wait_for_url("**/admin/")
        return Hand(page, Film(Path(), task.__name__))

    count = Count()
    try:
        task(opened, count)
    finally:
        for context in contexts:
            context.close()
    return count.lines


if __name__ == "__main__":
    main()
