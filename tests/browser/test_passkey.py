"""Signing in without a password: a passkey is added and used, with the browser's own virtual authenticator."""

from __future__ import annotations

from playwright.sync_api import Browser

from tests.browser.conftest import WIDE
from tests.cast import PASSWORD, Cast

AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def test_a_passkey_is_added_and_signs_in(browser: Browser, live_site: str, people: Cast) -> None:
    site = live_site.replace("127.0.0.1", "localhost")  # a passkey belongs to a name, never to an address
    context = browser.new_context(
        viewport={"width": WIDE[0], "height": WIDE[1]}, locale="tr-TR", base_url=site
    )
    page = context.new_page()
    page.set_default_timeout(15_000)
    devices = context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    device = devices.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    page.goto("/accounts/login/")
    page.fill("[name=login]", people.secretary.username)
    page.fill("[name=password]", PASSWORD)
    page.click("form button[type=submit]")
    page.wait_for_url("**/admin/")
    page.goto("/accounts/2fa/webauthn/add/")
    page.fill("[name=password]", PASSWORD)  # who is already signed in proves it again
    page.click("main button[type=submit]")
    page.wait_for_url(
        f"{site}/accounts/2fa/webauthn/add/"
    )  # whole: the page before names it as what comes next
    for box in page.query_selector_all("main input[type=checkbox]"):
        box.check()
    page.click("main button")
    page.wait_for_url("**/recovery-codes/")
    held = devices.send("WebAuthn.getCredentials", {"authenticatorId": device["authenticatorId"]})
    assert len(held["credentials"]) == 1

    context.clear_cookies()
    page.goto("/accounts/login/")
    page.get_by_role("button", name="Geçiş anahtarıyla giriş yap").click()
    page.wait_for_url("**/admin/")
    assert "Masam" in page.title()
    context.close()
