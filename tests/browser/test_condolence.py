"""The call: somebody has died. Within two minutes the condolence is signed, on the mayor's phone, and on its way."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from backend.core.session import system
from backend.letters.actions import save_form_of_address, save_template
from backend.letters.models import Letter
from tests.browser.conftest import NARROW
from tests.cast import Cast

Opener = Callable[..., Page]


def test_a_condolence_goes_from_the_call_to_the_door(open_page: Opener, people: Cast) -> None:
    with system():
        save_form_of_address(by=None, office="Muhtar", salutation="Sayın Muhtarım,", source="Teamül")
        save_template(
            by=None,
            name="Taziye",
            kind="CONDOLENCE",
            salutation="{{hitap}}",
            body="{{vefat eden}} için Allah’tan rahmet, size sabır ve başsağlığı dilerim.",
            closing="Saygılarımla.",
        )
    page, phone = open_page("secretary"), open_page("mayor", NARROW)
    page.goto("/admin/letters/lettertemplate/")
    page.get_by_role("link", name="Taziye").first.click()
    for name, value in (("Ad", "Ali"), ("Soyad", "Işık"), ("Makam", "Emek Mahallesi Muhtarı")):
        page.get_by_label(re.compile(f"^{name}( |$)")).fill(value)
    page.get_by_label("Vefat Eden").fill("Kıymetli babanız")
    expect(page.locator("#paper")).to_contain_text("bulgu yok")
    page.get_by_role("button", name="Yazıyı başlat").click()
    expect(page.locator("[name=salutation]")).to_have_value("Sayın Muhtarım,")
    page.get_by_role("button", name="Kaydet ve yazıya git").click()
    submit = page.get_by_role("button", name=re.compile("^İmzaya sun"))
    submit.click()
    expect(submit).to_have_count(0)
    expect(page.get_by_text("İmzada", exact=True).first).to_be_visible()

    phone.goto("/admin/")
    phone.get_by_role("link", name=re.compile("Taziye")).first.click()
    phone.get_by_role("button", name=re.compile("^Yazıyı imzala|^İmzala")).first.click()
    expect(phone.get_by_text("Yazı imzalandı.")).to_be_visible()
    assert phone.evaluate("document.documentElement.scrollWidth") <= NARROW[0]

    page.reload()
    page.get_by_role("button", name=re.compile("^Sayı vererek kaydet")).click()
    page.locator(".ok-primary[href*='do=dispatch']").click()
    page.locator("[name=means]").select_option("HAND")
    page.locator("[name=proof]").fill("Zimmet 1")
    page.locator("#do button[data-main]").click()
    expect(page.locator("#do")).to_have_count(0)
    expect(page.get_by_text("Gönderildi").first).to_be_visible()
    with system():
        letter = Letter.objects.get()
    assert (letter.status, letter.salutation) == ("SENT", "Sayın Muhtarım,")
    assert page.complaints == phone.complaints == []  # type: ignore[attr-defined]
