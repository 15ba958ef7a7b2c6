"""The citizens' site on an old telephone: by keyboard, without JavaScript, at 320 px, and nothing that axe finds."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator
from io import BytesIO, StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from PIL import Image
from playwright.sync_api import Page, expect

from backend.complaints.models import Attachment, Complaint
from backend.core.session import system
from tests.browser.conftest import DARK_NARROW, LIGHT_NARROW, NARROW, Opener, picture, violations
from tests.cast import Cast
from tests.factories import make_category, make_neighbourhood
from tests.films.citizens import TEXT, report, unseen
from tests.films.hand import Film, Hand
from tests.schema.portal_client import make_notices
from website import api

HEAVIEST = 100_000  # bytes of a page with all that it loads, before photographs
STEPS = ("ne", "anlat", "konu", "yer", "foto", "kim", "kontrol")


@pytest.fixture
def installed(people: Cast) -> Iterator[None]:
    make_notices()
    make_neighbourhood()
    make_category(
        "kaldirim-ve-bordur",
        "Kaldırım ve bordür",
        parent=make_category("yol-ve-kaldirim", "Yol ve kaldırım"),
        keywords=["kaldırım"],
    )
    api.forget()
    call_command("website_client", stdout=StringIO())
    yield
    api.forget()


def _accessible(page: Page, name: str = "") -> None:
    """By day and in the dark; a picture of both is kept under a name."""
    for view in (LIGHT_NARROW, DARK_NARROW):
        view.take(page)
        assert violations(page, only=view.rules) == []
        if name:
            picture(page, f"{name}-{view.scheme}.jpg", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "it scrolls sideways"


def _photo() -> bytes:
    found = BytesIO()
    Image.frombytes("RGB", (600, 800), os.urandom(600 * 800 * 3)).save(found, "JPEG")
    return found.getvalue()


@pytest.mark.usefixtures("installed")
def test_a_broken_pavement_with_a_photograph_in_less_than_a_minute(open_page: Opener, tmp_path: Path) -> None:
    """Without JavaScript, at 390 px: the hand of the film (tests/films)."""
    page = open_page(size=NARROW, java_script_enabled=False)
    hand = Hand(page, Film(tmp_path, "pavement"))
    photo = tmp_path / "çukur.jpg"
    photo.write_bytes(_photo())
    began = time.monotonic()
    report(hand, unseen, photo)
    hand.click(page.get_by_role("button", name="Başvurumu gönder"))
    took = time.monotonic() - began
    hand.click(page.get_by_role("link", name="Başvurumu takip et"))
    with system():
        case = Complaint.objects.get()
        assert Attachment.objects.filter(complaint=case).count() == 1
    expect(page.locator("h1")).to_contain_text(case.reference)
    print(f"{hand.film}, {took:.0f} s from the home to the number")  # noqa: T201 - what the film says
    assert hand.film.clicks <= 25


@pytest.mark.usefixtures("installed")
def test_every_page_is_accessible_and_light(open_page: Opener, tmp_path: Path) -> None:
    page = open_page(size=NARROW)
    loaded: dict[str, int] = {}
    page.on("response", lambda answer: loaded.__setitem__(answer.url, len(answer.body()) if answer.ok else 0))
    report(Hand(page, Film(tmp_path, "axe")), unseen)
    for address in ("/", "/iletisim/", "/basvuru/takip/", *(f"/basvuru/{step}/" for step in STEPS)):
        loaded.clear()
        page.goto(address, wait_until="load")
        _accessible(page, "website-check" if "kontrol" in address else "")
        assert sum(loaded.values()) < HEAVIEST, (address, loaded)
    page.goto("/basvuru/anlat/")
    page.fill("#id_text", "")
    page.locator("main form > .button").click()
    expect(page.get_by_role("alert")).to_be_focused()
    _accessible(page, "website-error")
    page.goto("/basvuru/kontrol/")
    page.get_by_role("button", name="Başvurumu gönder").click()
    page.wait_for_url("**/basvuru/alindi/")
    _accessible(page, "website-done")
    with page.expect_navigation():
        page.get_by_role("link", name="Başvurumu takip et").click()
    _accessible(page, "website-case")
    assert page.complaints == []  # type: ignore[attr-defined]


@pytest.mark.usefixtures("installed")
def test_by_keyboard_alone_and_at_320_px(open_page: Opener) -> None:
    page = open_page(size=(320, 640))
    page.goto("/basvuru/ne/")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.locator(".back")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/basvuru/anlat/"))
    page.locator("#id_text").focus()
    page.keyboard.type(TEXT)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/basvuru/konu/"))
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.usefixtures("installed")
def test_the_own_place_is_an_addition(open_page: Opener) -> None:
    where = {"latitude": 41.0021, "longitude": 29.2311}
    page = open_page(size=NARROW, geolocation=where, permissions=["geolocation"])
    page.goto("/basvuru/ne/")
    page.get_by_label("Sorun bildireceğim").check()
    page.locator("main form > .button").click()
    page.fill("#id_text", TEXT)
    page.locator("main form > .button").click()
    page.locator("main form > .button").click()
    page.get_by_role("button", name="Konumumu kullan").click()
    expect(page.get_by_role("status")).to_have_text("Konumunuz eklendi.")
    page.get_by_role("button", name="Devam et").click()
    page.get_by_role("button", name="Devam et").click()  # no photograph
    page.get_by_label("İsimsiz").check()
    page.locator("main form > .button").click()
    expect(page.locator("main")).to_contain_text("41.00210, 29.23110")
