"""The pages for developers in both themes: accessible, whole, and quiet about scripts."""

from __future__ import annotations

import pytest

from tests.browser.conftest import DARK_WIDE, LIGHT_NARROW, LIGHT_WIDE, Opener, picture, violations

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
def test_pages_for_developers_are_accessible_and_whole(open_page: Opener) -> None:
    page, faults = open_page(), []
    for name, address in PAGES.items():
        LIGHT_NARROW.take(page)
        page.goto(address)
        for view in (LIGHT_NARROW, LIGHT_WIDE, DARK_WIDE):
            view.take(page)
            picture(page, f"{name}-{view.size[0]}-{view.scheme}.jpg")
            if name != "developers-mutations":  # the same as a type, three hundred times
                faults += [f"{name}: {violation}" for violation in violations(page, only=view.rules)]
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                faults.append(f"{name}: scrolls sideways")
    assert faults == []
    assert page.complaints == []  # type: ignore[attr-defined]
