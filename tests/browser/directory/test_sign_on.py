"""Signing in by the directory on a telephone: at a real provider's form, and with a password that slapd knows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from playwright.sync_api import Page, expect

from backend.organization.models import User
from permissions.core.viewer import WORK
from permissions.organization.directory import refresh
from tests.backend.organization.sign_on.conftest import _server, house  # noqa: F401 - fixtures
from tests.backend.organization.sign_on.rows import make_rule
from tests.backend.organization.sign_on.slapd import PASSWORD, Directory
from tests.browser.conftest import (
    DARK_NARROW,
    DARK_WIDE,
    LIGHT_NARROW,
    LIGHT_WIDE,
    NARROW,
    Opener,
    picture,
    violations,
)
from tests.cast import Cast
from tests.clients.conftest import Node, node  # noqa: F401 - a fixture
from tests.clients.provider import CLIENT, provider_of

pytestmark = pytest.mark.full
LIST = "/admin/organization/directoryrule/"


@pytest.fixture(autouse=True)
def _pictures() -> None:
    cache.clear()  # nobody typed a wrong password before


@pytest.fixture
def provider(live_site: str, node: Node, settings: Any) -> Iterator[str]:  # noqa: F811 - the fixture
    settings.PUBLIC_URL = live_site
    back, signed_out = f"{live_site}/accounts/directory/back/", f"{live_site}/accounts/login/"
    with provider_of(back, signed_out) as issuer:
        settings.SIGN_ON_OIDC = {**settings.SIGN_ON_OIDC, **CLIENT, "issuer": issuer}
        yield issuer


def _look(page: Page, name: str) -> None:
    """A page is whole and accessible on a telephone and on a desk, by day and in the dark; pictures are kept."""
    for view in (LIGHT_NARROW, DARK_NARROW, LIGHT_WIDE, DARK_WIDE):
        view.take(page)
        picture(page, f"{name}-{view.size[0]}-{view.scheme}.jpg", full_page=True)
        assert violations(page, only=view.rules) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "it scrolls sideways"


def _at_the_provider(page: Page, provider: str, who: str) -> None:
    """Type a name and a password into the provider's form, and agree that it names the person to us."""
    page.wait_for_url(f"{provider}/**")  # our own page has such fields too
    page.fill("[name=login]", who)
    page.fill("[name=password]", "any")
    page.click("button[type=submit]")
    page.click("button:has-text('Continue')")


def _from_the_door(open_page: Opener, address: str = "/accounts/login/") -> Page:
    page = open_page("", NARROW)
    page.route(
        re.compile(r"^https?://(?!127\.0\.0\.1)"), lambda route: route.abort()
    )  # the provider's typeface
    page.goto(address)
    return page


def test_by_the_form_of_the_provider_and_out_again(provider: str, people: Cast, open_page: Opener) -> None:
    make_rule(people.fen, "/belediye/Fen İşleri")
    page = _from_the_door(open_page, "/admin/instructions/instruction/open/")
    button = page.get_by_role("link", name="Belediye hesabıyla giriş")
    expect(button).to_be_in_viewport()

    button.click()
    _at_the_provider(page, provider, "8c1f")
    page.wait_for_url("**/admin/instructions/instruction/open/")
    assert User.objects.get(username="irmak.isik").get_full_name() == "İrmak IŞIK"

    page.goto("/accounts/logout/")
    page.locator("main form button[type=submit], form[action*=logout] button[type=submit]").first.click()
    page.wait_for_url(f"{provider}/session/end**")
    page.click("button:has-text('Yes')")
    page.wait_for_url("**/accounts/login/")
    page.goto("/admin/")
    expect(page).to_have_url(re.compile("/accounts/login/"))
    assert page.complaints == []  # type: ignore[attr-defined]


def test_whom_the_table_does_not_name_reads_why(provider: str, people: Cast, open_page: Opener) -> None:
    page = _from_the_door(open_page)
    _look(page, "directory-sign-in")
    page.get_by_role("link", name="Belediye hesabıyla giriş").click()
    _at_the_provider(page, provider, "f00d")

    expect(page.get_by_role("alert")).to_contain_text("Dizinde hesabınız var, ama burada bir göreviniz yok:")
    _look(page, "directory-refused")
    page.get_by_role("link", name="Girişe dön").click()
    page.wait_for_url("**/accounts/login/")


def test_by_the_password_of_the_directory(house: Directory, people: Cast, open_page: Opener) -> None:  # noqa: F811
    make_rule(people.fen, house.group("Fen İşleri", house.person("irmak.isik", "İrmak", "IŞIK")))
    house.person("ali", "Ali", "Can")
    page = _from_the_door(open_page)

    for name, password, sentence in (
        ("ali", PASSWORD, "Dizinde hesabınız var, ama burada bir göreviniz yok:"),
        ("irmak.isik", "yanlış", "yanlış"),
    ):
        page.fill("[name=login]", name)
        page.fill("[name=password]", password)
        page.click("form button[type=submit]")
        expect(page.locator("main, body").first).to_contain_text(sentence)
    _look(page, "directory-wrong-password")
    page.set_viewport_size({"width": NARROW[0], "height": NARROW[1]})
    page.fill("[name=login]", "irmak.isik")
    page.fill("[name=password]", PASSWORD)
    page.click("form button[type=submit]")

    page.wait_for_url("**/admin/")
    expect(page.locator("#work")).to_be_visible()
    assert page.complaints == []  # type: ignore[attr-defined]


def test_an_administrator_fills_the_table(house: Directory, people: Cast, open_page: Opener) -> None:  # noqa: F811
    """A line is looked at, kept and applied; an account is linked, and made local again."""
    fen = house.group("Fen İşleri Memurları", house.person("irmak.isik", "İrmak", "IŞIK"))
    house.person(people.fen_clerk.username, people.fen_clerk.first_name, people.fen_clerk.last_name)
    refresh()
    page = open_page("administrator")
    page.goto(f"{LIST}new/")
    page.fill("[name=group]", fen)
    page.select_option("select[name=department]", people.fen.code)
    page.check(f"[name=permission][value={WORK}]")
    page.click("button[name=look]")
    expect(page.locator("section[role=status]")).to_contain_text("İrmak IŞIK")
    _look(page, "directory-rule")
    page.click("button[data-main]")
    page.wait_for_url(re.compile(rf"{LIST}($|\?)"))  # not the form beneath it, on which it still is
    _look(page, "directory-rules")

    page.goto(f"{LIST}preview/")
    _look(page, "directory-preview")
    page.get_by_role("button", name="İkisini bağla").click()
    expect(page.get_by_text("Bundan sonra dizin ile giriş yapar")).to_be_visible()
    page.goto("/admin/status/")
    expect(page.locator("body")).to_contain_text("Acil durum")
    _look(page, "directory-status")
    page.goto(f"/admin/organization/user/{people.fen_clerk.key}/change/")
    _look(page, "directory-account")
    page.get_by_role("button", name="Yerel hesaba çevir").click()
    expect(page.get_by_text("Hesap yeniden yerel hesap oldu")).to_be_visible()
    assert page.complaints == []  # type: ignore[attr-defined]
