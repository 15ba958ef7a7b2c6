"""A form beside what it decides: a refusal below its edge is scrolled into view, with the cursor in the field."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NARROW
from tests.cast import Cast
from tests.factories import make_complaint

Opener = Callable[..., Page]


@pytest.mark.parametrize("size", [(1440, 500), NARROW])
def test_a_refused_field_below_the_edge_is_seen(
    size: tuple[int, int], open_page: Opener, people: Cast
) -> None:
    case = make_complaint("Lamba yanmıyor", to=people.fen, accepted_by=people.fen_clerk)
    page = open_page("fen_clerk", size)
    page.goto(f"/admin/complaints/complaint/{case.key}/change/?do=draft")
    page.locator("#do [name=body]").fill("Lamba değiştirildi.\n" * 40)
    means = page.locator("#do [name=means]")
    means.evaluate("(field) => field.append(new Option('x', 'PIGEON', true, true))")
    page.locator("#do").evaluate("(form) => { form.scrollTop = 0; window.scrollTo(0, 0); }")
    page.locator("#do [data-main]").evaluate("(button) => button.click()")
    wrong = page.locator("#do .ok-wrong [name=means]")
    expect(wrong).to_be_focused()
    expect(wrong).to_be_in_viewport(ratio=1)
    expect(page.locator("#do .ok-wrong .ok-errors")).to_be_in_viewport()
    assert page.complaints == []  # type: ignore[attr-defined]
