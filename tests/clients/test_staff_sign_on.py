"""The staff signs on at a real OpenID provider: PKCE, state, nonce, issuer, the second factor, and the way out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.mfa.totp.internal import auth as totp
from django.test import Client as Browser

from backend.core.session import system
from backend.organization.models import DirectoryPerson, User
from backend.organization.sign_on import actions, oidc
from permissions.models import DepartmentGrant
from permissions.organization import directory
from tests.admin_ui.shell.test_own_account import _code
from tests.backend.organization.sign_on.rows import make_rule
from tests.cast import Cast, signed_in
from tests.clients.conftest import Node
from tests.clients.provider import CLIENT, provider_of, signed_on

pytestmark = pytest.mark.full
HOME = "http://127.0.0.1:8000"
BACK, OUT = f"{HOME}/accounts/directory/back/", f"{HOME}/accounts/login/"
FEN = "/belediye/Fen İşleri"


@pytest.fixture(scope="module")
def issuer(node: Node) -> Iterator[str]:
    with provider_of(BACK, OUT) as address:
        yield address


@pytest.fixture
def provider(issuer: str, settings: Any) -> str:
    settings.PUBLIC_URL = HOME
    settings.SIGN_ON_OIDC = {**settings.SIGN_ON_OIDC, **CLIENT, "issuer": issuer}
    return issuer


def _begin(browser: Browser, onward: str = "/admin/intake/") -> str:
    response = browser.get("/accounts/directory/", {"next": onward})
    assert response.status_code == 302
    return str(response.headers["Location"])


def _come(browser: Browser, who: str) -> Any:
    return _return(browser, signed_on(_begin(browser), who))


def _return(browser: Browser, target: str) -> Any:
    return browser.get(urlsplit(target).path, parse_qs(urlsplit(target).query))


def test_a_person_signs_on_and_has_what_the_table_gives(provider: str, cast: Cast) -> None:
    make_rule(cast.fen, FEN)
    browser = Browser()

    response = _come(browser, "8c1f")

    assert response.headers["Location"] == "/admin/intake/"
    assert browser.get("/admin/").status_code == 200
    user = User.objects.get(username="irmak.isik")
    with system():
        assert DepartmentGrant.dated.live().get(user=user).content_object == cast.fen
        assert DirectoryPerson.objects.get(user=user).subject == "8c1f"


def test_groups_that_are_not_said_take_nothing(provider: str, cast: Cast, settings: Any) -> None:
    make_rule(cast.fen, FEN)
    _come(Browser(), "8c1f")
    settings.SIGN_ON_OIDC = {**settings.SIGN_ON_OIDC, "groups_claim": "roles"}

    response = _come(Browser(), "8c1f")

    assert response.status_code == 403
    assert "gruplarınızı bildirmedi" in response.content.decode()
    with system():
        assert DepartmentGrant.dated.live().filter(user__username="irmak.isik").exists()


def test_another_with_the_same_name_is_another(provider: str, cast: Cast) -> None:
    make_rule(cast.fen, FEN)
    _come(Browser(), "8c1f")

    response = _come(Browser(), "77aa")

    assert response.status_code == 403
    assert "henüz bağlanmamış" in response.content.decode()


def test_the_secretarys_name_and_address_make_nobody_the_secretary(provider: str, cast: Cast) -> None:
    make_rule(cast.fen, FEN)
    with system():
        User.objects.filter(pk=cast.secretary.pk).update(email="sekreter@belediye.example")
    browser = Browser()

    response = _come(browser, "bad1")

    assert response.status_code == 403
    assert browser.get("/admin/").status_code == 302
    with system():
        assert [user for _person, user in directory.waiting()] == [cast.secretary]


def test_a_linked_account_opens_and_its_password_here_is_gone(provider: str, cast: Cast) -> None:
    _come(Browser(), "bad1")
    with system():
        actions.link(DirectoryPerson.objects.get(), cast.secretary, by=cast.administrator)
    browser = Browser()

    assert _come(browser, "bad1").status_code == 302
    assert browser.get("/admin/").context["user"] == cast.secretary


def test_who_has_no_duty_here_reads_it(provider: str, cast: Cast) -> None:
    response = _come(Browser(), "f00d")

    assert response.status_code == 403
    assert "Dizinde hesabınız var, ama burada bir göreviniz yok:" in response.content.decode()
    assert not User.objects.filter(username="yemekhane").exists()
    with system():
        assert not DirectoryPerson.objects.exists()


def test_who_declines_is_back_at_the_sign_in(provider: str, cast: Cast) -> None:
    browser = Browser()
    response = _return(browser, signed_on(_begin(browser), "8c1f", declined=True))
    assert response.headers["Location"] == "/accounts/login/"


def test_another_browser_a_second_time_and_forged_answers_do_not_get_in(provider: str, cast: Cast) -> None:
    make_rule(cast.fen, FEN)
    browser, other = Browser(), Browser()
    target = signed_on(_begin(browser), "8c1f")

    assert _return(other, target).status_code == 400
    assert other.get("/admin/").status_code == 302
    mixed = parse_qs(urlsplit(target).query) | {"iss": "https://evil.example"}
    assert browser.get("/accounts/directory/back/", mixed).status_code == 400
    assert _return(browser, target).status_code == 302
    assert _return(browser, target).status_code == 400
    state = parse_qs(urlsplit(_begin(browser)).query)["state"][0]
    assert browser.get("/accounts/directory/back/", {"code": "forged", "state": state}).status_code == 400


def test_the_nonce_and_the_issuer_are_looked_at(provider: str, cast: Cast, settings: Any) -> None:
    make_rule(cast.fen, FEN)
    browser = Browser()
    target = signed_on(_begin(browser), "8c1f")
    session = browser.session
    [key] = filter(lambda name: name.startswith("_state_directory_"), session.keys())
    session[key] = {**session[key], "data": {**session[key]["data"], "nonce": "of another answer"}}
    session.save()
    assert _return(browser, target).status_code == 400

    target = signed_on(_begin(browser), "8c1f")
    named = {"issuer": provider.replace("127.0.0.1", "localhost")}
    settings.SIGN_ON_OIDC = {**settings.SIGN_ON_OIDC, **named}
    oidc._registered.cache_clear()
    assert _return(browser, target).status_code == 400
    oidc._registered.cache_clear()


def test_it_leads_to_no_other_site(provider: str, cast: Cast) -> None:
    make_rule(cast.fen, FEN)
    browser = Browser()
    response = _return(browser, signed_on(_begin(browser, "//evil.example/"), "8c1f"))
    assert response.headers["Location"] == "/admin/"


def test_a_second_factor_of_the_provider_counts_where_the_settings_say_so(
    provider: str, cast: Cast, settings: Any
) -> None:
    settings.MFA_REQUIRED_FOR_STAFF = True
    make_rule(cast.fen, FEN)
    browser = Browser()
    _come(browser, "77aa")
    assert browser.get("/admin/").headers["Location"] == "/accounts/2fa/"  # nobody vouched for that

    settings.SIGN_ON_OIDC = {**settings.SIGN_ON_OIDC, "second_factor": ["otp"]}
    browser = Browser()
    _come(browser, "77aa")
    assert browser.get("/admin/").status_code == 200


def test_ours_is_asked_for_where_the_provider_had_none(provider: str, cast: Cast, settings: Any) -> None:
    settings.SIGN_ON_OIDC = {**settings.SIGN_ON_OIDC, "second_factor": ["otp"]}
    make_rule(cast.fen, FEN)
    _come(Browser(), "8c1f")
    user = User.objects.get(username="irmak.isik")
    ours = signed_in(user)
    ours.get("/accounts/2fa/totp/activate/")
    ours.post("/accounts/2fa/totp/activate/", {"code": _code(ours.session[totp.SECRET_SESSION_KEY])})

    browser = Browser()
    assert _come(browser, "8c1f").headers["Location"].startswith("/accounts/2fa/authenticate/")
    assert browser.get("/admin/").status_code == 302


def test_signing_out_leads_on_to_the_provider(provider: str, cast: Cast) -> None:
    make_rule(cast.fen, FEN)
    browser = Browser()
    _come(browser, "8c1f")

    page = browser.post("/accounts/logout/").content.decode()

    assert f"url={provider}/session/end?id_token_hint=" in page
    assert browser.get("/admin/").status_code == 302


def test_a_provider_that_is_away_says_so(provider: str, settings: Any) -> None:
    settings.SIGN_ON_OIDC = {**settings.SIGN_ON_OIDC, "issuer": "http://127.0.0.1:9"}
    response = Browser().get("/accounts/directory/")
    assert (response.status_code, response.headers["Retry-After"]) == (503, "60")
    assert "Dizine şu anda ulaşılamıyor" in response.content.decode()


def test_without_a_provider_there_is_no_door(db: None) -> None:
    assert Browser().get("/accounts/directory/").status_code == 404
    assert Browser().get("/accounts/directory/back/").status_code == 404
    assert "/accounts/directory/" not in Browser().get("/accounts/login/").content.decode()
