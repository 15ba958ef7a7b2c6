"""Citizens sign on at a real OpenID provider (node-oidc-provider): state, nonce, PKCE, signature, user info."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import settings
from django.test import Client as Browser
from django.test import RequestFactory

from tests.clients.conftest import Node
from tests.clients.provider import CLIENT, provider_of, signed_on
from tests.website.conftest import site  # noqa: F401 - a fixture
from website import identity

pytestmark = [pytest.mark.full, pytest.mark.usefixtures("site")]
BACK = "http://127.0.0.1:8000/giris/donus/"


@pytest.fixture(scope="module")
def issuer(node: Node) -> Iterator[str]:
    """The address of a provider of its own, with one client and two citizens."""
    with provider_of(BACK) as address:
        yield address


@pytest.fixture
def provider(issuer: str, settings: Any) -> str:
    settings.PUBLIC_URL = "http://127.0.0.1:8000"
    settings.CITIZEN_SIGN_ON = {
        **settings.CITIZEN_SIGN_ON,
        **CLIENT,
        "issuer": issuer,
        "national_id_claim": "tckn",
    }
    return issuer


def _begin(browser: Browser, onward: str = "/iletisim/") -> str:
    response = browser.get("/giris/", {"next": onward})
    assert response.status_code == 302
    return response.headers["Location"]


def _returned(browser: Browser, target: str) -> Any:
    return browser.get(urlsplit(target).path, parse_qs(urlsplit(target).query))


def _known(browser: Browser) -> identity.Identity | None:
    request = RequestFactory().get("/")
    request.session = browser.session
    return identity.of(request)


def test_a_citizen_signs_on_and_is_known_for_half_an_hour(provider: str) -> None:
    browser = Browser()
    before = browser.session.session_key

    response = _returned(browser, signed_on(_begin(browser), "citizen"))

    assert response.headers["Location"] == "/iletisim/"
    found = _known(browser)
    assert found is not None
    assert (found.first_name, found.last_name, found.national_id) == ("Ayşe Gül", "Işık", "10000000146")
    assert browser.session.session_key != before

    browser.post("/giris/cikis/")
    assert _known(browser) is None


def test_who_declines_goes_on_without(provider: str) -> None:
    browser = Browser()

    response = _returned(browser, signed_on(_begin(browser), "citizen", declined=True))

    assert (response.status_code, response.headers["Location"]) == (302, "/iletisim/")
    assert _known(browser) is None


def test_an_answer_without_a_name_is_refused_in_words(provider: str) -> None:
    browser = Browser()

    response = _returned(browser, signed_on(_begin(browser), "nameless"))

    assert response.status_code == 400
    assert "kim olduğunuzu bildiremedi" in response.content.decode()
    assert _known(browser) is None


def test_another_browser_and_a_second_time_do_not_get_in(provider: str) -> None:
    browser, other = Browser(), Browser()
    target = signed_on(_begin(browser), "citizen")

    assert _returned(other, target).status_code == 400
    assert _known(other) is None
    assert _returned(browser, target).status_code == 302
    assert _returned(browser, target).status_code == 400


def test_a_forged_code_is_refused(provider: str) -> None:
    browser = Browser()
    state = parse_qs(urlsplit(_begin(browser)).query)["state"][0]

    response = browser.get("/giris/donus/", {"code": "forged", "state": state})

    assert response.status_code == 400
    assert _known(browser) is None


def test_it_leads_to_no_other_site(provider: str) -> None:
    browser = Browser()

    response = _returned(browser, signed_on(_begin(browser, "//evil.example/"), "citizen"))

    assert response.headers["Location"] == "/"


def test_a_provider_that_is_away_says_so_and_lets_go_on(provider: str, settings: Any) -> None:
    settings.CITIZEN_SIGN_ON = {**settings.CITIZEN_SIGN_ON, "issuer": "http://127.0.0.1:9"}

    response = Browser().get("/giris/", {"next": "/iletisim/"})

    assert (response.status_code, response.headers["Retry-After"]) == (503, "60")
    assert "/iletisim/" in response.content.decode()


def test_without_a_provider_there_is_no_door() -> None:
    assert settings.CITIZEN_SIGN_ON["issuer"] == ""
    assert Browser().get("/giris/").status_code == 404
