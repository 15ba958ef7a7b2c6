"""The seating plan in a real browser: a name dragged onto a seat, and by keyboard chosen first and then the seat."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from backend.core.session import system
from backend.seating import actions
from backend.seating.models import PlanSeat, SeatingPlan
from tests.browser.conftest import NARROW, WIDE
from tests.cast import Cast
from tests.factories import make_event, make_guest, make_plan, refetch

Opener = Callable[..., Page]


def _plan(people: Cast) -> SeatingPlan:
    event = make_event(people.mayors, "Resepsiyon", kind="RECEPTION")
    for n, name in enumerate(("Bir", "İki", "Üç"), start=1):
        make_guest(event, name, "Şen", rank=n)
    plan = make_plan(event, hosts=False)
    with system():
        actions.seat_by_rule(refetch(plan), by=None)
    return plan


def _seats(plan: SeatingPlan) -> dict[str, str]:
    with system():
        rows = PlanSeat.objects.filter(plan=plan).select_related("row", "guest__person")
        return {one.guest.person.first_name: f"{one.row.label}{one.number}" for one in rows if one.guest}


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_a_name_is_dragged_onto_a_seat_and_the_rule_is_told(
    open_page: Opener, people: Cast, size: tuple[int, int]
) -> None:
    plan = _plan(people)
    page = open_page("secretary", size=size)
    page.goto(f"/admin/seating/seatingplan/{plan.key}/change/")
    page.drag_and_drop('[aria-label^="A-5:"]', '[aria-label^="B-1:"]')
    page.wait_for_selector('[aria-label^="B-1:"][data-who]')
    assert _seats(plan) == {"Bir": "B1", "İki": "A6", "Üç": "A4"}
    expect(page.locator(".ok-seat-faults")).to_contain_text("Bir ŞEN")


@pytest.mark.full
def test_by_keyboard_the_name_is_chosen_first_and_then_the_seat(open_page: Opener, people: Cast) -> None:
    plan = _plan(people)
    page = open_page("secretary", size=NARROW)
    page.goto(f"/admin/seating/seatingplan/{plan.key}/change/")
    page.locator('[aria-label^="A-4:"]').focus()
    page.keyboard.press("Enter")
    expect(page.locator('[aria-label^="A-4:"]')).to_have_attribute("aria-pressed", "true")
    page.locator('[aria-label^="A-6:"]').focus()
    page.keyboard.press("Enter")
    page.wait_for_selector('[aria-label^="A-6:"][aria-label*="Üç"]')
    assert _seats(plan) == {"Bir": "A5", "İki": "A4", "Üç": "A6"}
