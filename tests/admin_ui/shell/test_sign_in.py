"""Signing in: with lockout, with a second factor where the setting asks for it, and without any signing
up.
"""

import re
from hashlib import sha1
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from backend.core.errors import DomainError, ErrorCode
from backend.core.session import system
from backend.core.words.addresses import client_address
from backend.organization.models import User
from backend.outbox import actions as outbox
from backend.outbox import mail
from backend.outbox.jobs import deliver
from backend.outbox.models import ACCOUNT_LINK, Message
from tests.admin_ui.shell.test_own_account import _code
from tests.cast import PASSWORD, Cast, signed_in
from tests.factories import refetch


@pytest.fixture(autouse=True)
def _nobody_tried_before() -> None:
    """The rates of an address are counted across tests, which all come from one."""
    cache.clear()


def test_a_member_of_staff_signs_in_and_comes_where_they_wanted(cast: Cast):
    client = Client()
    answer = client.post(
        "/accounts/login/?next=/admin/intake/", {"login": cast.secretary.username, "password": PASSWORD}
    )
    assert answer.status_code == 302
    assert answer["Location"] == "/admin/intake/"
    assert client.get("/admin/intake/").status_code == 200


def test_nobody_signs_up(db):
    body = Client().get("/accounts/signup/").content.decode()
    assert 'name="password1"' not in body
    answer = Client().post(
        "/accounts/signup/", {"username": "yeni", "password1": PASSWORD, "password2": PASSWORD}
    )
    assert not User.objects.filter(username="yeni").exists()
    assert answer.status_code in (200, 302, 403)


def test_too_many_wrong_passwords_lock_the_name(cast: Cast):
    client = Client()
    for _attempt in range(7):
        answer = client.post("/accounts/login/", {"login": cast.secretary.username, "password": "yanlış"})
    assert answer.status_code in (403, 429)
    assert "Bilgi İşlem" in answer.content.decode()
    right = client.post("/accounts/login/", {"login": cast.secretary.username, "password": PASSWORD})
    assert right.status_code in (403, 429)


def test_without_a_second_factor_the_admin_leads_to_setting_one_up(cast: Cast, settings):
    settings.MFA_REQUIRED_FOR_STAFF = True
    client = signed_in(cast.secretary)
    assert client.get("/admin/complaints/complaint/")["Location"] == reverse("mfa_index")
    assert client.get(reverse("mfa_index")).status_code == 200
    Authenticator.objects.create(user=cast.secretary, type=Authenticator.Type.TOTP, data={"secret": "x"})
    assert client.get("/admin/complaints/complaint/").status_code == 200


@pytest.mark.parametrize(
    "name",
    [
        "account_login",
        "account_logout",
        "account_change_password",
        "mfa_index",
        "mfa_activate_totp",
        "mfa_add_webauthn",
        "mfa_list_webauthn",
        "usersessions_list",
        "account_reauthenticate",
    ],
)
def test_pages_of_the_account_are_there(cast: Cast, name):
    client = Client() if name == "account_login" else signed_in(cast.secretary)
    assert client.get(reverse(name)).status_code in (200, 302)


@pytest.mark.parametrize("address", ["/admin/logout/", "/accounts/logout/"])
def test_signing_out_ends_the_session_and_empties_the_browsers_store(cast: Cast, address):
    client = signed_in(cast.secretary)
    assert "Clear-Site-Data" not in client.get("/admin/").headers
    answer = client.post(address)
    assert (answer.status_code, answer["Location"]) == (302, "/accounts/login/")
    assert answer["Clear-Site-Data"] == '"cache"'
    assert client.get("/admin/").status_code == 302


# -- the lock -----------------------------------------------------------------------------------------------------
def _wrong(name: str, **headers: str):
    return Client().post("/accounts/login/", {"login": name, "password": "yanlış"}, headers=headers)


def _signs_in(cast: Cast, name: str = "", **headers: str) -> bool:
    given = {"login": name or cast.fen_clerk.username, "password": PASSWORD}
    return Client().post("/accounts/login/", given, headers=headers).status_code == 302


def test_every_spelling_of_a_name_that_signs_in_counts_for_the_same_lock(cast: Cast):
    spellings = ["fen.memur", "FEN.memur", "Fen.Memur", " fen.memur ", "FEN.MEMUR", "feN.memur", "fEn.memur"]
    assert _signs_in(cast, "FEN.memur")
    for name in spellings:
        answer = _wrong(name)
    assert answer.status_code in (403, 429)
    assert not _signs_in(cast)
    assert not _signs_in(cast, "fEN.mEMUR")


def test_behind_a_proxy_one_visitor_locks_nobody_but_themselves_out(cast: Cast, settings):
    """What a visitor writes before the proxy's own entry changes nothing."""
    settings.PROXY_COUNT = 1
    for i in range(8):
        answer = _wrong("fen.memur", x_forwarded_for=f"192.0.2.{i}, 203.0.113.7")
    assert answer.status_code in (403, 429)
    assert not _signs_in(cast, x_forwarded_for="203.0.113.7")
    assert not _signs_in(cast, x_forwarded_for="198.51.100.20, 203.0.113.7")
    assert _signs_in(cast, x_forwarded_for="198.51.100.20")


def test_behind_a_proxy_the_rate_of_one_visitor_is_not_the_rate_of_all(cast: Cast, settings):
    settings.PROXY_COUNT = 1
    settings.ACCOUNT_RATE_LIMITS = {"login_failed": "2/m/ip", "login": "3/m/ip"}
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "rates"}
    }
    for name in ("a", "b", "c", "d", "e"):
        _wrong(name, x_forwarded_for="203.0.113.8")
    assert not _signs_in(cast, x_forwarded_for="203.0.113.8")
    assert _signs_in(cast, x_forwarded_for="198.51.100.21")


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "203.0.113.7", "127.0.0.1"),  # nobody is trusted
        (1, "203.0.113.7", "203.0.113.7"),
        (1, "10.0.0.1, 203.0.113.7", "203.0.113.7"),
        (2, "10.0.0.1, 203.0.113.7, 10.1.1.1", "203.0.113.7"),
        (2, "203.0.113.7", "203.0.113.7"),
        (1, "", "127.0.0.1"),
        (1, "unix:", "127.0.0.1"),
        (1, "2001:db8::1", "2001:db8::1"),
    ],
)
def test_the_address_of_a_visitor_is_what_our_own_proxies_saw(rf, settings, proxies, forwarded, address):
    settings.PROXY_COUNT = proxies
    assert client_address(rf.get("/", headers={"x-forwarded-for": forwarded})) == address


@pytest.mark.parametrize("name", ["fen\x00.memur", "x" * 3000, "", "İŞÇİ", "fen.memur\n"])
def test_a_strange_name_is_refused_and_nothing_breaks(cast: Cast, name):
    assert _wrong(name).status_code in (200, 403, 429)


# -- the first password ----------------------------------------------------------------------------------------------
def _link(page: str) -> str:
    """The way of the address that Bilgi İşlem is shown this once."""
    return re.search(r'class="ok-secret">https?://[^/]+(/accounts/[^<]+)<', page)[1]  # type: ignore[index]


def _reset(cast: Cast) -> str:
    reset = f"/admin/organization/user/{cast.fen_clerk.key}/password/"
    return _link(signed_in(cast.administrator).post(reset).content.decode())


def test_the_link_to_a_new_account_is_sent_to_its_address_and_the_outbox_forgets_it(
    cast: Cast, mailoutbox, settings
) -> None:
    opening = {"first_name": "Yeni", "last_name": "Kişi", "username": "yeni", "email": "yeni@example.org"}
    client = signed_in(cast.administrator)
    page = client.post("/admin/organization/user/new/", opening).content.decode()
    assert "<strong>yeni@example.org</strong>" in page
    with system():
        message = Message.objects.get(purpose=ACCOUNT_LINK)
    assert message.address == "yeni@example.org"
    assert f"{settings.PUBLIC_URL}{_link(page)}" in message.body.splitlines()
    assert "testserver" not in message.body
    assert ">Parolanızı belirleyiniz</a>" in mail.html_of(message)
    assert _link(page) not in message.subject
    deliver(str(message.pk))
    assert _link(page) in mailoutbox[0].body
    with system():
        message.refresh_from_db()
    assert message.body == "–"
    assert message.status == Message.Status.SENT
    with system():
        Message.objects.filter(pk=message.pk).update(status=Message.Status.FAILED)
        with pytest.raises(DomainError) as found:
            outbox.post_again(refetch(message))
    assert found.value.code is ErrorCode.WRONG_STATE
    client.post("/admin/organization/user/new/", opening | {"username": "adressiz", "email": ""})
    with system():
        assert Message.objects.filter(purpose=ACCOUNT_LINK).count() == 1


class _Typing(Client):
    """A browser that counts how often a password is typed."""

    typed = 0

    def post(self, path: Any, data: Any = None, *args: Any, **options: Any) -> Any:
        self.typed += sum("password" in name for name in data)
        return super().post(path, data, *args, **options)


def test_a_new_member_of_staff_types_a_password_once_and_is_in(cast: Cast, settings):
    """Also where a second factor is asked for, which is set up with no password more."""
    opening = {"first_name": "Yeni", "last_name": "Kişi", "username": "yeni"}
    page = signed_in(cast.administrator).post("/admin/organization/user/new/", opening).content.decode()
    settings.MFA_REQUIRED_FOR_STAFF = True
    client = _Typing()
    form = client.get(_link(page), follow=True)
    assert "yeni" in form.content.decode()
    entered = client.post(form.redirect_chain[-1][0], {"password": PASSWORD * 2})
    assert entered["Location"] == "/admin/"
    assert client.get("/admin/")["Location"] == reverse("mfa_index")
    assert client.get(reverse("mfa_activate_totp")).status_code == 200
    code = _code(client.session[totp.SECRET_SESSION_KEY])
    assert client.post(reverse("mfa_activate_totp"), {"code": code}).status_code == 302
    assert client.get("/admin/").status_code == 200
    assert client.typed == 1


def test_a_link_works_once_and_for_three_days(cast: Cast, settings):
    link = _reset(cast)
    first, second = Client(), Client()
    forms = [client.get(link, follow=True).redirect_chain[-1][0] for client in (first, second)]
    assert link not in forms, "the secret leaves the address"
    assert first.post(forms[0], {"password": PASSWORD * 2}).status_code == 302
    for page in (second.post(forms[1], {"password": "kimin parolası bu"}), Client().get(link)):
        assert "artık geçerli değildir" in page.content.decode()
    late = _reset(cast)
    settings.PASSWORD_RESET_TIMEOUT = -1
    assert "artık geçerli değildir" in Client().get(late).content.decode()
    assert not _signs_in(cast), "until it is used there is no password"


def _sum(password: str) -> str:
    return sha1(password.encode(), usedforsecurity=False).hexdigest().upper()


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("kısa", "En az 10 karakter"),
        ("1234567890", "genel"),
        ("qwerty123456", "genel"),
        ("fen.memur.1", "benzer"),
        ("Sancaktepe2026!", "tahmin edilebilir"),
        ("özel.kalem.34", "tahmin edilebilir"),
        ("Parola123456", "tahmin edilebilir"),
        ("çalıntı ama uzun", "çalıntı parola listelerinden"),
        ("yalnız başı yazılı", "çalıntı parola listelerinden"),
    ],
)
def test_a_password_that_is_easy_to_guess_is_refused_in_words(cast: Cast, settings, tmp_path, password, said):
    """And the link stays good. The file is as Pwned Passwords are published; beginnings of sums do as well."""
    sums = [_sum(f"başka {n}") for n in range(500)] + [
        _sum("çalıntı ama uzun"),
        _sum("yalnız başı yazılı")[:16],
    ]
    listed = tmp_path / "breached.txt"
    listed.write_text("\r\n".join(f"{one}:{n}" for n, one in enumerate(sorted(sums))))
    settings.BREACHED_PASSWORDS_FILE = str(listed)
    client = Client()
    form = client.get(_reset(cast), follow=True).redirect_chain[-1][0]
    refused = client.post(form, {"password": password})
    assert refused.status_code == 200
    assert said in refused.content.decode().partition('class="ok-errors"')[2]
    assert client.post(form, {"password": PASSWORD * 2}).status_code == 302


@pytest.mark.parametrize("password", ["73920175610394", "ğğğğ öö çç", "________!!", "🐎🔋📎🐎🔋📎🐎🔋📎🐎"])
def test_a_password_may_be_made_of_anything(cast: Cast, password):
    form = (client := Client()).get(_reset(cast), follow=True).redirect_chain[-1][0]
    assert client.post(form, {"password": password}).status_code == 302


def test_a_link_of_a_closed_account_opens_nothing(cast: Cast):
    link = _reset(cast)
    with system():
        User.objects.filter(pk=cast.fen_clerk.pk).update(is_active=False)
    assert "artık geçerli değildir" in Client().get(link).content.decode()


def test_whoever_has_a_second_factor_gives_it_after_a_new_password_too(cast: Cast):
    with system():
        Authenticator.objects.create(user=cast.fen_clerk, type=Authenticator.Type.TOTP, data={"secret": "x"})
    client = Client()
    form = client.get(_reset(cast), follow=True).redirect_chain[-1][0]
    assert client.post(form, {"password": PASSWORD * 2})["Location"] == reverse("mfa_authenticate")
    assert client.get("/admin/").status_code == 302


def test_a_reset_is_in_the_journal_and_ends_the_sessions_and_the_old_password(cast: Cast):
    before = signed_in(cast.fen_clerk)
    assert before.get("/admin/").status_code == 200
    _reset(cast)
    assert before.get("/admin/").status_code == 302
    assert not _signs_in(cast)
    journal = signed_in(cast.secretary).get("/admin/journal/auditlog/").content.decode()
    assert "fen.memur" in journal
    assert "Oya Güneş" in journal


def test_the_account_of_a_program_has_no_password(cast: Cast):
    administrator = signed_in(cast.administrator)
    program = {"username": "web.formu", "first_name": "Web formu", "is_program": "on"}
    page = administrator.post("/admin/organization/user/new/", program).content.decode()
    assert "ok-secret" not in page
    account = User.objects.get(username="web.formu")
    assert account.is_program
    assert not account.has_usable_password()
    refused = administrator.post(
        f"/admin/organization/user/{account.key}/password/", follow=True
    ).content.decode()
    assert "ok-secret" not in refused


def test_nobody_signs_in_with_the_account_of_a_program(cast: Cast):
    client = Client()
    client.post("/accounts/login/", {"login": cast.portal.username, "password": PASSWORD})
    assert "_auth_user_id" not in client.session
    asked = {"query": "{ complaints { totalCount } }"}
    answer = client.post("/graphql/", asked, content_type="application/json").json()
    assert answer["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"


def test_a_second_factor_can_be_set_up_whatever_became_of_an_address(cast: Cast):
    """An unverified address, left by a page that is no more, must not lock out where a second factor is forced."""
    with system():
        EmailAddress.objects.create(
            user=cast.secretary, email="zeynep@example.org", verified=False, primary=True
        )
    client = Client()
    client.post("/accounts/login/", {"login": cast.secretary.username, "password": PASSWORD})
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    assert client.get(reverse("mfa_activate_totp")).status_code == 200
    assert client.get("/accounts/email/").status_code == 404
    assert (
        client.post("/accounts/email/", {"action_add": "", "email": "baska@example.org"}).status_code == 404
    )


CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Safari/537.36"
PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"
    " Version/17.5 Mobile/15E148 Safari/604.1"
)


def test_my_sessions_are_named_by_browser_and_system_and_the_others_can_be_ended(cast: Cast):
    browsers = [Client(headers={"user-agent": agent}) for agent in (CHROME, PHONE, "curl/8.5")]
    for browser in browsers:
        browser.post("/accounts/login/", {"login": "fen.memur", "password": PASSWORD})
        assert browser.get("/admin/").status_code == 200
    page = browsers[0].get("/accounts/sessions/").content.decode()
    shown = re.findall(r'<span title="[^"]*">([^<]*?) ?<', page)
    assert [name for name in ("Chrome, Windows", "Safari, iPhone", "curl/8.5") if name not in shown] == []
    assert page.count("Bu oturum") == 1
    assert browsers[0].post("/accounts/sessions/").status_code == 302
    assert [browser.get("/admin/").status_code for browser in browsers] == [200, 302, 302]
