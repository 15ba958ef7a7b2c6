"""Instructions as they are used: “the mayor just called” by keyboard in under a minute, and the mayor's phone."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from backend.core.session import system
from backend.instructions import actions
from backend.instructions.models import Instruction
from tests.browser.conftest import NARROW
from tests.cast import Cast
from tests.factories import make_instruction, refetch

Opener = Callable[..., Page]


def test_the_mayor_just_called_by_keyboard_alone(open_page: Opener, people: Cast) -> None:
    page = open_page("secretary")
    page.goto("/admin/instructions/instruction/new/")
    keys = page.keyboard
    expect(page.locator("[name=text]")).to_be_focused()
    keys.type("Yenidoğan parkındaki salıncak bugün onarılsın.")
    keys.press("Tab")
    expect(page.locator("[name=department]")).to_be_focused()
    keys.type("Park")
    keys.press("Control+Enter")
    page.wait_for_url(re.compile(r"/change/"))
    with system():
        row = Instruction.objects.get()
    assert (row.department, row.principal) == (people.park, people.mayors)
    assert page.complaints == []  # type: ignore[attr-defined]


def test_an_oral_instruction_goes_from_the_mayors_phone_to_the_departments_acknowledgement(
    open_page: Opener, people: Cast
) -> None:
    phone = open_page("mayor", NARROW)
    phone.goto("/admin/instructions/instruction/new/")
    phone.fill("[name=text]", "Yenidoğan parkındaki salıncak bugün onarılsın.")
    phone.select_option("[name=department]", people.park.code)
    assert phone.evaluate("document.documentElement.scrollWidth") <= NARROW[0]
    phone.locator("button[data-main]").click()
    phone.wait_for_url(re.compile(r"/change/"))
    told = phone.url
    department = open_page("park_head")
    department.goto("/admin/instructions/instruction/open/")
    department.get_by_role("link", name=re.compile("salıncak")).click()
    acknowledge = department.get_by_role("button", name="Alındığını onayla")
    acknowledge.click()
    expect(acknowledge).to_have_count(0)  # the answer is there; its words stand on the page before, too
    expect(department.get_by_text("Alındığı onaylandı").first).to_be_visible()
    phone.goto(told)
    expect(phone.get_by_text("Alındığı onaylandı").first).to_be_visible()
    with system():
        row = Instruction.objects.get()
    assert (row.status, row.department, row.form) == ("ACKNOWLEDGED", people.park, "ORAL")
    assert phone.complaints == department.complaints == []  # type: ignore[attr-defined]


@pytest.mark.full
def test_the_mayor_reads_what_is_open_on_a_phone_and_accepts_by_two_presses(
    open_page: Opener, people: Cast
) -> None:
    row = make_instruction(people.mayors, people.fen, "Göçük kapatılsın.", by=people.secretary)
    with system():
        actions.report(row, by=people.fen_clerk, result="Kapatıldı.")
    page = open_page("mayor", NARROW)
    page.goto("/admin/instructions/instruction/open/")
    page.get_by_role("link", name=re.compile("Göçük")).click()
    expect(page.get_by_text("Kapatıldı.").first).to_be_visible()
    accept = page.get_by_role("button", name="Sonucu onayla")
    accept.click()
    expect(accept).to_have_count(0)
    expect(page.get_by_text("Tamamlandı").first).to_be_visible()
    assert refetch(row).status == "ACCEPTED"
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= NARROW[0]
    assert page.complaints == []  # type: ignore[attr-defined]
