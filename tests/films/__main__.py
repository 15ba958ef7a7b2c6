"""`python -m tests.films`: film the journeys on a running demo, as numbered pictures and pages that show them.

Those of the desk in two widths into `docs/films`, those of citizens on a telephone into `docs/films/website`.
Prints what each took: clicks, keys and seconds that were waited.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Error, sync_playwright

from tests.films.citizens import ALL as CITIZENS
from tests.films.hand import SECONDS_A_LETTER, SECONDS_A_TAP, Film, Hand
from tests.films.journeys import ALL as DESK
from tests.harness import chromium

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "films"
SIZES = ((1440, 900), (390, 844))
A_ROW = 3
"""Pictures of a citizen's film beside one another."""
PASSWORD = "Ozelkalem-2027"
PATIENCE = 30_000


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--at", default="http://127.0.0.1:8000", help="the address of the demo")
    options.add_argument("--only", nargs="*", default=[*DESK, *CITIZENS], choices=[*DESK, *CITIZENS])
    chosen = options.parse_args()
    program = chromium.find() or sys.exit(chromium.MISSING)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        desk = [
            _film(browser, chosen.at, name, size) for name in DESK if name in chosen.only for size in SIZES
        ]
        citizens = [
            _film(browser, chosen.at, name, SIZES[1], is_citizen=True)
            for name in CITIZENS
            if name in chosen.only
        ]
        browser.close()
    if set(DESK) <= set(chosen.only):
        (FOLDER / "README.md").write_text("\n".join(_page(desk)))
    if set(CITIZENS) <= set(chosen.only):
        (FOLDER / "website" / "README.md").write_text("\n".join(_citizens_page(citizens)))
    sys.stdout.write("\n".join(map(str, [*desk, *citizens])) + "\n")


def _page(films: list[Film]) -> Iterator[str]:
    """Markdown that shows the films, a step a row, both widths beside one another."""
    yield "# Journeys\nFilmed on the demo by `make films`; each step at both widths."
    yield "What the tasks of a day cost is in [tasks.md](tasks.md).\n"
    for wide in films[:: len(SIZES)]:
        yield f"## {DESK[wide.name].__doc__}\n{wide.clicks} clicks and {wide.keys} keys.\n"
        yield "| step | 1440 px | 390 px |\n|---|---|---|"
        for number, caption in enumerate(wide.captions, 1):
            shown = (
                f'<img src="{wide.name}-{width}-{number}.jpg" width="{size}" alt="">'
                for width, size in ((1440, 620), (390, 180))
            )
            yield f"| {number}. {caption} | {' | '.join(shown)} |"
        yield ""


def _citizens_page(films: list[Film]) -> Iterator[str]:
    """Markdown that shows each film as a strip."""
    yield "# Journeys of citizens"
    yield "Filmed on the demo by `make films` at 390 px, without JavaScript."
    yield f"A person: {SECONDS_A_TAP} s a tap, {SECONDS_A_LETTER} s a letter, and the wait for the pages.\n"
    yield "| journey | taps | letters | pages waited for | a person |\n|---|---|---|---|---|"
    for film in films:
        title = (CITIZENS[film.name].__doc__ or "").rstrip(".")
        yield f"| {title} | {film.clicks} | {film.keys} | {film.waited:.1f} s | about {film.seconds:.0f} s |"
    for film in films:
        yield f"\n## {CITIZENS[film.name].__doc__}"
        steps = list(enumerate(film.captions, 1))
        for row in (steps[at : at + A_ROW] for at in range(0, len(steps), A_ROW)):
            yield f"\n| {' | '.join(f'{number}. {caption}' for number, caption in row)} |"
            yield "|---" * len(row) + "|"
            shown = (
                f'<img src="{film.name}-390-{number}.jpg" width="220" alt="{caption}">'
                for number, caption in row
            )
            yield f"| {' | '.join(shown)} |"
    yield ""


def _film(
    browser: Browser, address: str, name: str, size: tuple[int, int], *, is_citizen: bool = False
) -> Film:
    film = Film(FOLDER / "website" if is_citizen else FOLDER, name)
    contexts: list[BrowserContext] = []

    def opened(username: str) -> Hand:
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            locale="tr-TR",
            base_url=address,
            java_script_enabled=bool(username),
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        if not username:
            return Hand(page, film)
        page.goto("/accounts/login/")
        page.fill("[name=login]", username)
        page.fill("[name=password]", PASSWORD)
        page.click("form button[type=submit]")
        page.wait_for_url("**/admin/")
        return Hand(page, film)

    try:
        (CITIZENS if is_citizen else DESK)[name](opened)
    except (Error, AssertionError):
        for number, context in enumerate(contexts):
            context.pages[0].screenshot(path=FOLDER / f"fault-{name}-{size[0]}-{number}.png")
        raise
    finally:
        for context in contexts:
            context.close()
    return film


if __name__ == "__main__":
    main()
