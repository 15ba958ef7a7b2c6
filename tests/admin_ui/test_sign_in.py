"""Signing in: with lockout, with a second factor where the setting asks for it, and without any signing
up.
"""

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse

from tests.cast import PASSWORD, Cast, signed_in


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
    from backend.organization.models import User

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


def test_signing_out_ends_the_session(cast: Cast):
    client = signed_in(cast.secretary)
    assert client.post("/admin/logout/").status_code == 302
    assert client.get("/admin/").status_code == 302
