"""The order of precedence in a real browser: dragged by its handle, moved by arrows, equals kept."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from backend.core.session import system
from backend.protocol.models import PrecedenceList
from tests.browser.conftest import NARROW
from tests.cast import Cast
from tests.factories import make_office, make_precedence

Opener = Callable[..., Page]


def _order(row: PrecedenceList) -> list[tuple[int, str]]:
    with system():
        return list(row.entries.order_by("position").values_list("place", "office__title"))


def _five(people: Cast) -> PrecedenceList:
    one, two, three, four, five = (make_office(name) for name in ("Bir", "İki", "Üç", "Dört", "Beş"))
    return make_precedence([[one], [two], [three, four], [five]])


def test_a_row_is_dragged_by_its_handle_and_the_numbers_follow(open_page: Opener, people: Cast) -> None:
    row = _five(people)
    page = open_page("secretary")
    page.goto(f"/admin/protocol/precedencelist/{row.key}/change/")
    handles, rows = page.locator("[data-handle]"), page.locator("[data-row]")
    start, end = handles.nth(4).bounding_box(), rows.nth(0).bounding_box()
    assert start
    assert end
    page.mouse.move(start["x"] + 8, start["y"] + 8)
    page.mouse.down()
    page.mouse.move(end["x"] + 40, end["y"] + end["height"] / 2, steps=8)
    page.mouse.move(end["x"] + 40, end["y"] + 3, steps=4)
    page.mouse.up()
    with page.expect_navigation():
        page.click("[data-main]")
    assert _order(row) == [(1, "Beş"), (2, "Bir"), (3, "İki"), (4, "Üç"), (4, "Dört")]


@pytest.mark.full
def test_the_arrows_do_the_same_by_keyboard_on_a_phone(open_page: Opener, people: Cast) -> None:
    row = _five(people)
    page = open_page("secretary", size=NARROW)
    page.goto(f"/admin/protocol/precedencelist/{row.key}/change/")
    page.locator("[data-up]").nth(4).focus()
    page.keyboard.press("Enter")
    expect(page.locator("[data-place]").nth(3)).to_have_value("3")  # between two equals: equal to them
    with page.expect_navigation():
        page.click("[data-main]")
    assert _order(row) == [(1, "Bir"), (2, "İki"), (3, "Üç"), (3, "Beş"), (3, "Dört")]
