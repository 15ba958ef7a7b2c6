"""Signing on by SAML on a telephone, at the page of a real provider on another site, and out again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from playwright.sync_api import expect

from backend.organization.models import User
from tests.backend.organization.sign_on.rows import make_rule
from tests.browser.conftest import NARROW, Opener
from tests.browser.directory.test_sign_on import _from_the_door, _look, _pictures  # noqa: F401 - a fixture
from tests.cast import Cast
from tests.clients.conftest import Node, node  # noqa: F401 - a fixture
from tests.clients.saml import provider_of

pytestmark = pytest.mark.full


@pytest.fixture
def provider(live_site: str, node: Node, tmp_path: Path, settings: Any) -> Iterator[str]:  # noqa: F811 - the fixture
    """A provider that the browser takes for another site: `localhost` is none of 127.0.0.1."""
    settings.PUBLIC_URL = live_site
    back = f"{live_site}/accounts/directory/saml/"
    with provider_of(tmp_path, f"{back}metadata/", back, f"{back}out/") as issuer:
        elsewhere = issuer.replace("127.0.0.1", "localhost")
        (tmp_path / "provider.xml").write_bytes(requests.get(f"{elsewhere}/metadata", timeout=60).content)
        files = {"metadata": "provider.xml", "key": "ours-key.pem", "certificate": "ours.pem"}
        named = {key: str(tmp_path / name) for key, name in files.items()}
        settings.SIGN_ON_SAML = {**settings.SIGN_ON_SAML, **named}
        yield elsewhere


def test_by_the_form_of_the_provider_and_out_again(provider: str, people: Cast, open_page: Opener) -> None:
    make_rule(people.fen, "/belediye/Fen İşleri")
    page = _from_the_door(open_page, "/admin/instructions/instruction/open/")
    page.unroute_all()
    expect(page.get_by_role("link", name="Belediye hesabıyla giriş")).to_be_in_viewport()

    page.get_by_role("link", name="Belediye hesabıyla giriş").click()
    page.wait_for_url(f"{provider}/sso**")
    page.fill("[name=login]", "8c1f")
    page.click("button")
    page.wait_for_url(
        "**/admin/instructions/instruction/open/"
    )  # sent once more from our own page, with our cookies
    assert User.objects.get(username="irmak.isik").get_full_name() == "İrmak IŞIK"

    page.goto("/accounts/logout/")
    page.locator("main form button[type=submit], form[action*=logout] button[type=submit]").first.click()
    page.wait_for_url("**/accounts/login/")  # by the provider, which signed out too
    page.goto("/admin/")
    expect(page).to_have_url(re.compile("/accounts/login/"))
    assert page.complaints == []  # type: ignore[attr-defined]


def test_without_scripts_a_button_goes_on_and_who_is_refused_reads_why(
    provider: str, people: Cast, open_page: Opener
) -> None:
    page = _from_the_door(open_page)
    page.unroute_all()
    page.route("**/onward*.js", lambda route: route.abort())
    page.get_by_role("link", name="Belediye hesabıyla giriş").click()
    page.wait_for_url(f"{provider}/sso**")
    page.fill("[name=login]", "f00d")
    page.click("button")
    expect(page.get_by_text("Dizinden geri dönüyorsunuz.")).to_be_visible()
    _look(page, "saml-onward")
    page.set_viewport_size({"width": NARROW[0], "height": NARROW[1]})
    page.get_by_role("button", name="Devam").click()
    expect(page.get_by_role("alert")).to_contain_text("Dizinde hesabınız var, ama burada bir göreviniz yok:")
