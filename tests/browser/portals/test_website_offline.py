"""An application written without a line: kept on the telephone with its photograph, sent once when there is one."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from backend.complaints.models import Attachment, Complaint
from backend.core.session import system
from backend.submissions.models import Submission
from tests.browser.conftest import NARROW, Opener, picture
from tests.browser.phones.test_field import photo
from tests.browser.portals.test_website import HEAVIEST, installed
from tests.films.citizens import TEXT

__all__ = ["installed"]
HERE = "/basvuru/baglantisiz/"
KEPT = f"caches.match('{HERE}').then((one) => Boolean(one))"
SEND = re.compile("Bağlantı gelince gönder")


def until(page: Page, expression: str) -> None:
    """Wait for what a script says; the page's policy lets no text be made a script there."""
    for _attempt in range(150):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(100)
    raise AssertionError(expression)


def prepared(page: Page) -> None:
    """The home was opened once with a line."""
    page.goto("/")
    until(page, KEPT)


def write(page: Page) -> None:
    page.fill("#id_text", TEXT)
    page.select_option("#id_neighbourhood", label="Abdurrahmangazi")
    page.fill("#id_place", "İğdeli Sokak 4")
    page.locator("#id_camera").set_input_files(photo("gray"))
    expect(page.locator("[data-photos] li")).to_have_count(1)


@pytest.mark.usefixtures("installed")
def test_it_is_kept_without_a_line_and_sent_once(open_page: Opener) -> None:
    page = open_page(size=NARROW)
    prepared(page)
    page.context.set_offline(True)
    page.goto("/basvuru/")  # what the icon on the home screen opens
    expect(page.locator("[data-line]")).to_contain_text("İnternet bağlantısı yok")
    write(page)
    picture(page, "website-offline.png", full_page=True)
    page.goto("/basvuru/")  # the telephone was switched off meanwhile
    expect(page.locator("#id_text")).to_have_value(TEXT)
    expect(page.locator("[data-photos] li")).to_have_count(1)
    page.get_by_role("button", name=SEND).click()
    expect(page.locator("[data-rows] li")).to_contain_text("Bağlantı bekliyor")
    picture(page, "website-offline-waiting.png", full_page=True)
    with system():
        assert not Complaint.objects.exists()

    page.context.set_offline(False)
    for _event in range(3):
        page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(page).to_have_url(re.compile("/basvuru/alindi/"), timeout=40_000)
    with system():
        case = Complaint.objects.get()
        assert (case.body, case.place) == (TEXT, "İğdeli Sokak 4")
        assert Attachment.objects.filter(complaint=case).count() == 1
    expect(page.locator(".panel")).to_contain_text(case.reference)
    page.goto(HERE)  # its number was seen: the device has nothing of it any more
    expect(page.locator("[data-line]")).to_contain_text("İnternet bağlantısı var")
    expect(page.locator("[data-outbox]")).to_be_hidden()
    expect(page.locator("#id_text")).to_have_value("")
    with system():
        assert Complaint.objects.count() == 1
    assert page.complaints == []  # type: ignore[attr-defined]


@pytest.mark.usefixtures("installed")
def test_with_a_name_the_line_leads_to_the_code(open_page: Opener) -> None:
    page = open_page(size=NARROW)
    prepared(page)
    page.context.set_offline(True)
    page.goto("/basvuru/")
    page.fill("#id_text", TEXT)
    page.get_by_label("Adımı yazacağım").check()
    page.get_by_role("button", name=SEND).click()
    expect(page.locator("[data-errors]")).to_be_focused()
    for name, text in {"first_name": "İlkay", "last_name": "Işık", "email": "ilkay@example.org"}.items():
        page.fill(f"#id_{name}", text)
    page.get_by_role("button", name=SEND).click()
    page.context.set_offline(False)
    expect(page).to_have_url(re.compile("/basvuru/onay/"), timeout=40_000)
    with system():
        assert not Complaint.objects.exists()
        assert Submission.objects.get().first_name == "İlkay"


@pytest.mark.usefixtures("installed")
def test_what_was_typed_when_the_line_broke_is_there_and_goes_in_one_press(open_page: Opener) -> None:
    page = open_page(size=NARROW)
    prepared(page)
    page.goto("/basvuru/ne/")
    page.get_by_label("Sorun bildireceğim").check()
    page.locator("main form > .button").click()
    page.fill("#id_text", TEXT)
    page.context.set_offline(True)
    page.locator("main form > .button").click()
    expect(page).to_have_url(re.compile(HERE))
    expect(page.locator("#id_text")).to_have_value(TEXT)
    page.context.set_offline(False)
    page.goto("/")
    expect(
        page.locator("[data-waiting]")
    ).to_be_visible()  # whoever uses the telephone next sees that it is there
    page.get_by_role("link", name="Bak, gönder veya sil").click()
    page.get_by_role("button", name="Yazdıklarımı bu cihazdan sil").click()
    expect(page.locator("#id_text")).to_have_value("")
    page.goto("/")
    until(page, KEPT)
    expect(page.locator("[data-waiting]")).to_be_hidden()
    assert page.evaluate("kept.all()") == []
    with system():
        assert not Complaint.objects.exists()


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_is_accessible_and_light(open_page: Opener, scheme: str) -> None:
    page = open_page(size=NARROW, scheme=scheme)
    loaded: dict[str, int] = {}
    page.on("response", lambda answer: loaded.__setitem__(answer.url, len(answer.body()) if answer.ok else 0))
    page.goto(HERE, wait_until="load")
    page.get_by_label("Adımı yazacağım").check()
    expect(page.locator("[data-named]")).to_be_visible()
    assert sum(loaded.values()) < HEAVIEST, loaded
    found = Axe().run(page).response["violations"]
    assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "it scrolls sideways"
    picture(page, f"website-offline-{scheme}.png", full_page=True)
