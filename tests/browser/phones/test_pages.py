"""The pages of both phones, with rows: nothing wider than the phone, nothing that axe finds, light and dark."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from backend.complaints import actions
from backend.core.localtime import today
from backend.core.session import elevated, system
from backend.letters import actions as letters
from permissions.core import scope
from tests.browser.conftest import View, picture, violations
from tests.cast import Cast
from tests.factories import at, make_complaint, make_entry, make_instruction, make_letter

Opener = Callable[..., Page]
SMALL = (360, 800)
PAGES = (("fen_clerk", "/admin/field/"), ("mayor", "/admin/"), ("mayor", "/admin/folder/"))


@pytest.fixture
def rows(people: Cast) -> None:
    case = make_complaint(
        "Okulun önünde çukur", to=people.fen, accepted_by=people.fen_clerk, place="Yayla Sokak 12"
    )
    with system():
        actions.take_over(case, by=people.fen_clerk)
    soon = today() + dt.timedelta(days=2)
    make_entry(people.mayors, "Muhtarlar toplantısı", starts_at=at(soon.isoformat()), place="Kültür Merkezi")
    make_instruction(people.mayors, people.fen, "Meydandaki aydınlatma yenilensin.", by=people.secretary)
    letter = make_letter(people.office, people.mayor, by=people.secretary)
    with scope.session(people.secretary), elevated():
        letters.submit(letter, by=people.secretary)


@pytest.mark.parametrize(("person", "address"), PAGES)
def test_the_page_fits_and_is_accessible(open_page: Opener, rows: None, person: str, address: str) -> None:
    page = open_page(person, SMALL)
    page.goto(address)
    if "field" in address:
        page.locator(".ok-crew-head").first.click()
    for view in (View("light", SMALL), View("dark", SMALL, "dark")):
        view.take(page)
        picture(
            page, f"phone-{person}-{address.strip('/').replace('/', '-')}-{view.scheme}.jpg", full_page=True
        )
        assert page.evaluate("document.documentElement.scrollWidth") <= SMALL[0]
        assert violations(page, only=view.rules) == []
    assert page.complaints == []  # type: ignore[attr-defined]
