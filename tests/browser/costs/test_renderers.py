"""What a browser costs is counted whole: the processes in which its pages run, too (tests/harness/costs.py)."""

from __future__ import annotations

import os
import resource
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.browser.conftest import ARGUMENTS
from tests.harness import chromium

PAGE = "() => { let sum = 0; for (let number = 0; number < 1e7; number++) sum += number % 7; return sum }"
TICKS = os.sysconf("SC_CLK_TCK")


def _counted() -> float:
    below = resource.getrusage(resource.RUSAGE_CHILDREN)
    return below.ru_utime + below.ru_stime


def _running(process: int) -> float:
    """The seconds of a process and of all below it, as the system keeps them while they run."""
    times = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[11:15]
    below = (
        int(child)
        for children in Path(f"/proc/{process}/task").glob("*/children")
        for child in children.read_text().split()
    )
    return sum(map(int, times)) / TICKS + sum(map(_running, below))


def test_what_pages_took_is_counted_when_their_browser_ends(chromium_program: str) -> None:
    others, before = chromium.children(), _counted()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_program, args=ARGUMENTS)
        page = browser.new_page()
        page.evaluate(PAGE)
        took = sum(map(_running, chromium.children() - others))
        with chromium.waited_for():
            browser.close()
    assert _counted() - before >= took > 0
    assert chromium.children() <= others
