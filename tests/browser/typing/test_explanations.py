"""The “?” at fields: each opens by keyboard, says what is declared with its article, closes, and is accessible."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import NARROW, WIDE, violations
from tests.cast import Cast
from tests.factories import make_complaint, make_instruction, make_request

Opener = Callable[..., Page]
LAWS = {
    "/admin/intake/": {"id_kind": "3071 m. 7, 4982 m. 11", "id_signature_given": "3071 m. 4, 6"},
    "/admin/letters/letter/new/?kind=OFFICIAL": {"id_subject": "Resmî Yazışma Yönetmeliği m. 13"},
    "/admin/appointments/call/": {"id_body": "6698 m. 4, 6", "id_plate": "6698 m. 4"},
    "/admin/events/event/new/?own=1": {"id_kind": "298 m. 64"},
    "/admin/instructions/instruction/new/": {"id_form": ""},
}
"""Of pages on which something new begins: fields, and the article that stands behind their “?” (none: none)."""


def _try(page: Page, laws: dict[str, str]) -> None:
    """Open each “?” of the page by keyboard and close it again; the cursor stays at it."""
    page.evaluate("document.querySelectorAll('main details').forEach((one) => { one.open = true })")
    marks = page.locator("main .ok-why:visible")
    assert marks.count() >= len(laws)
    for number in range(marks.count()):
        mark = marks.nth(number)
        text = _text_of(page, mark)
        mark.focus()
        page.keyboard.press("Enter")
        expect(text).to_be_visible()
        expect(text).to_be_in_viewport(ratio=0.99)
        assert text.locator("p").first.inner_text().strip()
        assert violations(page, of=".ok-why-text:popover-open") == []
        page.keyboard.press("Escape")
        expect(text).to_be_hidden()
        expect(mark).to_be_focused()
    for field, law in laws.items():
        shown = page.locator(f"#{field}_why")
        line = shown.locator(".ok-quiet")
        assert (line.text_content() or "").endswith(law) if law else line.count() == 0, field
    assert page.complaints == []  # type: ignore[attr-defined]


def _text_of(page: Page, mark: Locator) -> Locator:
    return page.locator(f"#{mark.get_attribute('popovertarget')}")


@pytest.mark.parametrize(
    ("size", "scheme"), [(WIDE, "light"), pytest.param(NARROW, "dark", marks=pytest.mark.full)]
)
def test_each_question_mark_of_a_new_record_opens_by_keyboard(
    size: tuple[int, int], scheme: str, open_page: Opener, people: Cast
) -> None:
    page = open_page("secretary", size, scheme)
    for address, laws in LAWS.items():
        page.goto(address)
        _try(page, laws)


def test_each_question_mark_of_a_deed_opens_beside_its_row(open_page: Opener, people: Cast) -> None:
    case = make_complaint("Lamba yanmıyor", to=people.fen, accepted_by=people.fen_clerk)
    request = make_request(people.mayors, by=people.secretary)
    instruction = make_instruction(people.mayors, people.fen, by=people.secretary)
    page = open_page("secretary")
    for address, laws in (
        (f"/admin/complaints/complaint/{case.key}/change/?do=reject", {"id_means": "3071 m. 7, 4982 m. 12"}),
        (f"/admin/appointments/appointmentrequest/{request.key}/change/?do=decline", {"id_ground": ""}),
        (f"/admin/instructions/instruction/{instruction.key}/change/?do=correct", {"id_priority": ""}),
    ):
        page.goto(address)
        _try(page, laws)
