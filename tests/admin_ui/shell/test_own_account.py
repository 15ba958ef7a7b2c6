"""One's own account: the code of a second factor at the door, and the list of one's sessions."""

from __future__ import annotations

import time

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from backend.organization.models import User
from tests.cast import PASSWORD, Cast


def _entered(user: User, agent: str = "") -> Client:
    """Somebody who gave name and password at the door."""
    client = Client(headers={"user-agent": agent})
    given = {"login": user.username, "password": PASSWORD}
    assert client.post("/accounts/login/", given).status_code == 302
    return client


def _code(secret: str) -> str:
    return totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30))


def test_a_second_factor_is_set_up_and_asked_for_from_then_on(cast: Cast, settings):
    settings.MFA_REQUIRED_FOR_STAFF = True
    settings.MFA_TOTP_TOLERANCE = 1  # the half minute of a code may end while it is on its way
    client = _entered(cast.secretary)
    assert client.get("/admin/complaints/complaint/")["Location"] == reverse("mfa_index")
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    client.get(reverse("mfa_activate_totp"))
    secret = client.session[totp.SECRET_SESSION_KEY]
    assert client.post(reverse("mfa_activate_totp"), {"code": "000000"}).status_code == 200
    assert not Authenticator.objects.exists()
    assert client.post(reverse("mfa_activate_totp"), {"code": _code(secret)}).status_code == 302
    assert client.get("/admin/complaints/complaint/").status_code == 200

    later = _entered(cast.secretary)
    assert later.get("/admin/").status_code == 302, "the password alone opens nothing"
    later.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert later.get("/admin/").status_code == 302
    cache.clear()  # the same code is not taken twice within its half minute
    assert later.post(reverse("mfa_authenticate"), {"code": _code(secret)}).status_code == 302
    assert later.get("/admin/").status_code == 200


def test_ones_sessions_are_listed_and_the_others_ended(cast: Cast):
    desk, telephone = (
        _entered(cast.secretary, "Masa Tarayıcısı"),
        _entered(cast.secretary, "Telefon Tarayıcısı"),
    )
    strange = _entered(cast.fen_clerk, "Başkasının")
    for client in (desk, telephone, strange):
        assert client.get("/admin/").status_code == 200
    page = desk.get(reverse("usersessions_list")).content.decode()
    for agent in ("Masa Tarayıcısı", "Telefon Tarayıcısı"):
        assert agent in page, agent
    assert "Başkasının" not in page
    desk.post(reverse("usersessions_list"))
    assert telephone.get("/admin/").status_code == 302
    assert desk.get("/admin/").status_code == 200
    assert strange.get("/admin/").status_code == 200
