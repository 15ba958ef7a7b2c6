"""A real browser before the real product: Chromium on a live server with a private, committed database."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
import requests
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, BrowserContext, Error, Page, expect, sync_playwright

from tests.cast import PASSWORD, Cast

SHOTS = Path(__file__).resolve().parents[2] / "var" / "screenshots"
WIDE, NARROW = (1440, 900), (390, 844)
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]

PATIENCE = 15_000  # milliseconds: a busy machine is no fault of a page
FIRST = 120  # seconds: the first request of a process loads half the product, which no page waits for
expect.set_options(timeout=PATIENCE)

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # playwright keeps an event loop in the test's thread


@pytest.fixture(scope="module")
def browser(chromium_program: str) -> Iterator[Browser]:
    """A Chromium for a file: playwright's event loop must be gone before GraphQL runs in the same process."""
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium_program, args=ARGUMENTS)
        yield launched
        launched.close()


Opener = Callable[..., Page]


@pytest.fixture
def open_page(browser: Browser, live_site: str, people: Cast) -> Iterator[Opener]:
    """`open_page("secretary")`: a page in which this person has signed in through the form."""
    contexts: list[BrowserContext] = []
    requests.get(f"{live_site}/accounts/login/", timeout=FIRST)

    def opened(
        person: str = "", size: tuple[int, int] = WIDE, scheme: str = "light", **options: object
    ) -> Page:
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            locale="tr-TR",
            color_scheme=scheme,
            base_url=live_site,
            **options,
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        watch(page)
        if person:
            page.goto("/accounts/login/")
            page.fill("[name=login]", people.people()[person].username)
            page.fill("[name=password]", PASSWORD)
            page.click("form button[type=submit]")
            page.wait_for_url("**/admin/")
        return page

    yield opened
    for context in contexts:
        context.close()


def picture(page: Page, name: str, **options: Any) -> None:
    """Keep a picture of a page in `var/screenshots`. Chromium sometimes cannot while the machine is busy: once more."""
    try:
        page.screenshot(path=SHOTS / name, **options)
    except Error:
        page.wait_for_timeout(1_000)
        page.screenshot(path=SHOTS / name, **options)


def violations(page: Page, *, of: str = "", only: Sequence[str] = ()) -> list[str]:
    """Return what axe finds on a page, or in the part `of` it: each broken rule (or `only` these) and what breaks it.

    The script comes once a page, and what passes is not reported: either takes as long as the rules do.
    """
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(AXE_SCRIPT)
    options = {"reporter": "no-passes"} | ({"runOnly": list(only)} if only else {})
    found: list[str] = page.evaluate(
        """async ([of, options]) => (await axe.run(of || document, options)).violations.map(
            (one) => `${one.id} at ${one.nodes.map((node) => node.html.slice(0, 150)).join(" · ")}`)""",
        [of, options],
    )
    return found


def watch(page: Page) -> None:
    """Remember what a page complains of: errors of scripts, and what the security policy refused."""
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "console",
        lambda message: (
            complaints.append(message.text) if message.type == "error" and _is_ours(message.text) else None
        ),
    )
    page.complaints = complaints  # type: ignore[attr-defined]


def _is_ours(text: str) -> bool:
    """A page that is meant to be refused (403, 404) is no fault of its scripts."""
    return "Failed to load resource" not in text
