"""One person at the product: what is clicked, typed and waited for is counted, and each step has its picture."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Locator, Page, TimeoutError

SECONDS_A_TAP, SECONDS_A_LETTER = 1.2, 0.33
"""To point and tap (keystroke-level model), and to write on a telephone: 36 words a minute, the mean of 37,000 people
(Palin and others 2019)."""
QUALITY = 60
"""Of the pictures, JPEG: they go into the repository."""


SHEET_COMES = 5_000  # milliseconds


@dataclass
class Film:
    """The numbered pictures of a journey, and what its people's hands did together."""

    folder: Path
    name: str
    clicks: int = 0
    keys: int = 0
    waited: float = 0.0
    captions: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return f"{self.name}: {self.clicks} clicks, {self.keys} keys, {self.waited:.1f} s waited"

    @property
    def seconds(self) -> float:
        """What it takes a person on a telephone: their hand, by the rates below, and the wait for the pages."""
        return self.clicks * SECONDS_A_TAP + self.keys * SECONDS_A_LETTER + self.waited


@dataclass
class Hand:
    """One person's hand and eye in one window; several of a journey share a film."""

    page: Page
    film: Film

    def go(self, path: str) -> None:
        """Open a page as the first of a task, which counts as no click."""
        with _Waiting(self.film):
            self.page.goto(path)

    def click(self, target: Locator | str) -> None:
        locator = self.page.locator(target).first if isinstance(target, str) else target.first
        self.film.clicks += 1
        opens_sheet = "do=" in (locator.get_attribute("href") or "")
        with _Waiting(self.film):
            locator.click()
            self.page.wait_for_load_state()
            if opens_sheet:
                self._await_sheet(locator)

    def _await_sheet(self, link: Locator) -> None:
        """htmx brings it, which is no load of the page; the page of the deed before may come only now: once more."""
        try:
            self.page.locator("#do").wait_for(timeout=SHEET_COMES)
        except TimeoutError:
            link.click()
            self.page.locator("#do").wait_for()

    def press_button(self, name: str) -> None:
        """Press a button, and wait until its deed is done."""
        self.click(self.page.get_by_role("button", name=re.compile(f"^{name}")))
        self.page.wait_for_timeout(300)

    def type(self, text: str, into: Locator | str = "") -> None:
        if into:
            locator = self.page.locator(into).first if isinstance(into, str) else into.first
            locator.click()
            self.film.clicks += 1
        self.film.keys += len(text)
        self.page.keyboard.type(text)

    def press(self, key: str) -> None:
        self.film.keys += 1
        with _Waiting(self.film):
            self.page.keyboard.press(key)
            self.page.wait_for_load_state()

    def look(self, caption: str) -> None:
        """Keep what stands in the window now, under the next number of the film."""
        film = self.film
        film.captions.append(caption)
        width = (self.page.viewport_size or {"width": 0})["width"]
        name = re.sub(r"[^a-z0-9]+", "-", film.name.lower()).strip("-")
        film.folder.mkdir(parents=True, exist_ok=True)
        self.page.wait_for_timeout(150)  # what slides in has come
        path = film.folder / f"{name}-{width}-{len(film.captions)}.jpg"
        self.page.screenshot(path=path, type="jpeg", quality=QUALITY, animations="disabled")


class _Waiting:
    """Adds the seconds of a block to what was waited."""

    def __init__(self, film: Film) -> None:
        self.film = film

    def __enter__(self) -> None:
        self.began = time.monotonic()

    def __exit__(self, *_fault: object) -> None:
        self.film.waited += time.monotonic() - self.began
