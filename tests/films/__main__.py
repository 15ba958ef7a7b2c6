"""`python -m tests.films`: film the journeys on a running demo, as numbered pictures and a page that shows them.

Two widths each, into `docs/films`. Prints what each took: clicks, keys and seconds that were waited.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Error, sync_playwright

from tests.films.hand import Film, Hand
from tests.films.journeys import ALL
from tests.harness import chromium

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "films"
SIZES = ((1440, 900), (390, 844))
PASSWORD = "Ozelkalem-2027"
PATIENCE = 30_000


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--at", default="http://127.0.0.1:8000", help="the address of the demo")
    options.add_argument("--only", nargs="*", default=list(ALL), choices=list(ALL))
    chosen = options.parse_args()
    program = chromium.find() or sys.exit(chromium.MISSING)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        films = [_film(browser, chosen.at, name, size) for name in chosen.only for size in SIZES]
        browser.close()
    if len(chosen.only) == len(ALL):
        (FOLDER / "README.md").write_text("\n".join(_page(films)))
    sys.stdout.write("\n".join(map(str, films)) + "\n")


def _page(films: list[Film]) -> Iterator[str]:
    """Markdown that shows the films, a step a row, both widths beside one another."""
    yield "# Journeys\nFilmed on the demo by `make films`; each step at both widths."
    yield "What the tasks of a day cost is in [tasks.md](tasks.md).\n"
    for wide in films[:: len(SIZES)]:
        yield f"## {ALL[wide.name].__doc__}\n{wide.clicks} clicks and {wide.keys} keys.\n"
        yield "| step | 1440 px | 390 px |\n|---|---|---|"
        for number, caption in enumerate(wide.captions, 1):
            shown = (
                f'<img src="{wide.name}-{width}-{number}.jpg" width="{size}" alt="">'
                for width, size in ((1440, 620), (390, 180))
            )
            yield f"| {number}. {caption} | {' | '.join(shown)} |"
        yield ""


def _film(browser: Browser, address: str, name: str, size: tuple[int, int]) -> Film:
    film = Film(FOLDER, name)
    contexts: list[BrowserContext] = []

    def opened(username: str) -> Hand:
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]}, locale="tr-TR", base_url=address
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.goto("/accounts/login/")
        page.fill("[name=login]", username)
        page.fill("[name=password]", PASSWORD)
        page.click("form button[type=submit]")
        page.wait_for_url("**/admin/")
        return Hand(page, film)

    try:
        ALL[name](opened)
    except Error:
        for number, context in enumerate(contexts):
            context.pages[0].screenshot(path=FOLDER / f"fault-{name}-{size[0]}-{number}.png")
        raise
    finally:
        for context in contexts:
            context.close()
    return film


if __name__ == "__main__":
    main()
