"""The pages for developers in both themes: accessible, whole, and quiet about scripts."""

from __future__ import annotations

import pytest

from tests.browser.conftest import NARROW, SHOTS, WIDE, Opener, picture, violations

PAGES = {
    "developers": "/gelistirici/",
    "developers-guide": "/gelistirici/rehber/",
    "developers-errors": "/gelistirici/hatalar/",
    "developers-changes": "/gelistirici/degisiklikler/",
    "developers-type": "/gelistirici/sema/Complaint/",
    "developers-mutations": "/gelistirici/sema/Mutation/",
    "developers-search": "/gelistirici/ara/?q=şikâyet",
}


@pytest.mark.full
@pytest.mark.parametrize(("size", "scheme"), [(WIDE, "light"), (WIDE, "dark"), (NARROW, "light")])
def test_pages_for_developers_are_accessible_and_whole(
    open_page: Opener, size: tuple[int, int], scheme: str
) -> None:
    page, faults = open_page(size=size, scheme=scheme), []
    SHOTS.mkdir(parents=True, exist_ok=True)
    for name, address in PAGES.items():
        page.goto(address)
        picture(page, f"{name}-{size[0]}-{scheme}.png")
        if name != "developers-mutations":  # the same as a type, three hundred times
            faults += [f"{name}: {violation}" for violation in violations(page)]
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            faults.append(f"{name}: scrolls sideways")
    assert faults == []
    assert page.complaints == []  # type: ignore[attr-defined]
