"""A real browser before the real product: Chromium on a live server with a private, committed database."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import pytest
import requests
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, BrowserContext, Error, Page, expect, sync_playwright

from tests.cast import Cast, signed_in
from tests.harness import chromium

SHOTS = Path(__file__).resolve().parents[2] / "var" / "screenshots"
WIDE, NARROW = (1440, 900), (390, 844)
OF_COLOURS = ("color-contrast", "link-in-text-block")
"""The rules of axe that a scheme can break where the same page keeps all of them in the other."""
AXE = (
    AXE_SCRIPT
    + """;(() => {
      const { Color } = axe.commons.color, { parseString } = Color.prototype, known = new Map();
      Color.prototype.parseString = function (text) {
        if (!known.has(text)) known.set(text, parseString.call(new Color(0, 0, 0), text));
        const { r, g, b, alpha } = known.get(text);
        return Object.assign(this, { r, g, b, alpha });
      };
    })()"""
)
"""axe, which reads each colour once: a page has a dozen, asked for a thousand times, a fifth of its time."""
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--js-flags=--no-maglev,--no-turbofan",
]
"""The optimising compilers are off: no page stays long enough to earn back what they take for axe, anew on each."""

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
        with chromium.waited_for():
            launched.close()


Opener = Callable[..., Page]


@dataclass(frozen=True)
class View:
    """A way to look at a page. The narrow one comes first: a telephone's page was never wide."""

    name: str
    size: tuple[int, int]
    scheme: Literal["light", "dark"] = "light"

    @property
    def rules(self) -> Sequence[str]:
        """What axe is asked: in the dark only colours are other ones."""
        return OF_COLOURS if self.scheme == "dark" else ()

    def take(self, page: Page) -> None:
        """Look in this way at the page that stands there, without asking for it again, and at those it opens next.

        What is so already is not set again, for each time the page is drawn anew.
        """
        if page.viewport_size != (size := {"width": self.size[0], "height": self.size[1]}):
            page.set_viewport_size(size)
        if page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches") is not (self.scheme == "dark"):
            page.emulate_media(color_scheme=self.scheme)
        # The page hears of its size later than who sets it: a busy machine read a wide one as if it were narrow.
        page.wait_for_function("(width) => window.innerWidth === width", arg=self.size[0])
        # A page of the admin reads the scheme once, when it is opened: what is open follows by its class.
        # What passes from colour to colour has passed, or axe would read one between.
        page.evaluate(
            """async (dark) => {
              document.documentElement.classList.toggle("dark", dark);
              await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(drawn))));
              document.getAnimations().forEach((one) => one instanceof CSSTransition && one.finish());
            }""",
            self.scheme == "dark",
        )


LIGHT_NARROW, LIGHT_WIDE, DARK_WIDE = View("narrow", NARROW), View("wide", WIDE), View("dark", WIDE, "dark")
DARK_NARROW = View("dark", NARROW, "dark")


@pytest.fixture
def open_page(browser: Browser, live_site: str, people: Cast) -> Iterator[Opener]:
    """`open_page("secretary")`: an empty page of this person, who has signed in.

    By the form people do it in `test_work`, `test_passkey` and `directory`: here it would take as long as many a test.
    """
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
        if person:
            cookies = signed_in(people.people()[person]).cookies
            context.add_cookies(
                [{"name": name, "value": one.value, "url": live_site} for name, one in cookies.items()]
            )
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        watch(page)
        return page

    yield opened
    for context in contexts:
        context.close()


def until(page: Page, expression: str) -> None:
    """Wait for what a script says, also by a promise: `wait_for_function` takes the promise itself for a yes.

    The policy of a citizen's page lets no text be made a script there, as that does.
    """
    page.wait_for_load_state()  # an address is there before the page's own scripts are
    for _attempt in range(PATIENCE // 100):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(100)
    raise AssertionError(expression)


def picture(page: Page, name: str, **options: Any) -> None:
    """Keep a picture of a page in `var/screenshots`, as a JPEG: a PNG takes a seventh more of the processor.

    Chromium sometimes cannot while the machine is busy: once more.
    """
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
        page.evaluate(AXE)
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
