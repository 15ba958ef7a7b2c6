"""A new member of staff goes through three steps and types one password: password, second factor, desk."""

from __future__ import annotations

import time
from collections.abc import Callable

from allauth.mfa.totp.internal import auth as totp
from playwright.sync_api import Page, expect

from tests.admin_ui.shell.test_sign_in import _link
from tests.cast import PASSWORD, Cast, signed_in

Opener = Callable[..., Page]
OPENING = {"first_name": "Yeni", "last_name": "Kişi", "username": "yeni"}


def test_the_first_sign_in_is_three_steps(open_page: Opener, people: Cast, settings) -> None:
    opened = signed_in(people.administrator).post("/admin/organization/user/new/", OPENING)
    link = _link(opened.content.decode())
    settings.MFA_REQUIRED_FOR_STAFF = True
    settings.MFA_TOTP_TOLERANCE = 1  # the half minute of a code may end while it is typed
    page = open_page()
    steps = page.locator(".ok-steps li")
    page.goto(link)
    expect(steps).to_have_count(3)
    expect(steps.nth(0)).to_have_attribute("aria-current", "step")
    page.fill("[name=password]", PASSWORD * 2)
    page.click("main button[type=submit]")
    page.wait_for_url("**/accounts/2fa/")
    expect(steps.nth(1)).to_have_attribute("aria-current", "step")
    page.goto("/accounts/2fa/totp/activate/")
    expect(page.locator("[name=password]")).to_have_count(0)
    secret = page.locator("#authenticator_secret").input_value()
    code = totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30))
    page.fill("[name=code]", code)
    page.click("main button[type=submit]")
    expect(steps.nth(2)).to_have_attribute("aria-current", "step")
    steps.nth(2).get_by_role("link").click()
    page.wait_for_url("**/admin/")
    expect(page.locator("#work")).to_be_visible()
    expect(steps).to_have_count(0)
    assert page.complaints == []  # type: ignore[attr-defined]
