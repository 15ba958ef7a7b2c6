"""The staff signs on at a real provider of SAML: its metadata is taken, its answers are read, and both sign out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from django.test import Client as Browser

from backend.organization.models import User
from backend.organization.sign_on.saml import provider as saml
from tests.backend.organization.sign_on.rows import make_rule
from tests.cast import Cast
from tests.clients.conftest import Node
from tests.clients.saml import provider_of, signed_on

pytestmark = pytest.mark.full
HOME = "http://127.0.0.1:8000"
US = f"{HOME}/accounts/directory/saml/metadata/"
BACK, OUT = f"{HOME}/accounts/directory/saml/", f"{HOME}/accounts/directory/saml/out/"
FEN = "/belediye/Fen İşleri"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("saml")


@pytest.fixture(scope="module")
def address(node: Node, folder: Path) -> Iterator[str]:
    with provider_of(folder, US, BACK, OUT) as issuer:
        (folder / "provider.xml").write_bytes(requests.get(f"{issuer}/metadata", timeout=60).content)
        yield issuer


@pytest.fixture
def provider(address: str, folder: Path, settings: Any) -> str:
    settings.PUBLIC_URL = HOME
    files = {
        "metadata": str(folder / "provider.xml"),
        "key": str(folder / "ours-key.pem"),
        "certificate": str(folder / "ours.pem"),
    }
    settings.SIGN_ON_SAML = {**settings.SIGN_ON_SAML, **files}
    return address


def _come(browser: Browser, who: str) -> Any:
    where = browser.get("/accounts/directory/", {"next": "/admin/intake/"})["Location"]
    return browser.post("/accounts/directory/saml/", {"SAMLResponse": signed_on(where, who)})


def _follow(browser: Browser, where: str) -> Any:
    """Follow the provider as long as it leads to itself, then to us."""
    response = requests.get(where, allow_redirects=False, timeout=60)
    assert response.status_code == 302, response.text
    target = response.headers["Location"]
    assert target.startswith(HOME)
    return browser.get(f"{urlsplit(target).path}?{urlsplit(target).query}")


def test_its_metadata_names_it(provider: str) -> None:
    found = saml.provider()
    assert (found.name, found.sign_in, found.sign_out) == (provider, f"{provider}/sso", f"{provider}/slo")


def test_a_person_signs_on_and_both_sign_out(provider: str, cast: Cast) -> None:
    make_rule(cast.fen, FEN)
    browser = Browser()

    assert _come(browser, "8c1f")["Location"] == "/admin/intake/"
    assert User.objects.get(username="irmak.isik").get_full_name() == "İrmak IŞIK"

    page = browser.post("/accounts/logout/").content.decode()
    where = page.partition("url=")[2].partition('"')[0].replace("&amp;", "&")
    assert where.startswith(f"{provider}/slo?SAMLRequest=")
    assert _follow(browser, where)["Location"] == "/accounts/login/"
    assert browser.get("/admin/").status_code == 302


def test_who_signs_out_there_is_signed_out_here(provider: str, cast: Cast) -> None:
    make_rule(cast.fen, FEN)
    browser = Browser()
    _come(browser, "8c1f")
    assert browser.get("/admin/").status_code == 200

    told = _follow(browser, f"{provider}/everywhere")

    assert told["Location"].startswith(f"{provider}/slo?SAMLResponse=")
    assert requests.get(told["Location"], timeout=60).status_code == 200
    assert browser.get("/admin/").status_code == 302


def test_the_provider_looks_at_our_signature(provider: str, cast: Cast, settings: Any) -> None:
    """Else it would say who somebody is to whoever asks in our name."""
    settings.SIGN_ON_SAML = {**settings.SIGN_ON_SAML, "key": ""}
    where = Browser().get("/accounts/directory/")["Location"]
    assert requests.post(where, data={"login": "8c1f"}, timeout=60).status_code == 400


def test_who_has_no_duty_here_reads_it(provider: str, cast: Cast) -> None:
    response = _come(Browser(), "f00d")
    assert response.status_code == 403
    assert "Dizinde hesabınız var, ama burada bir göreviniz yok:" in response.content.decode()
