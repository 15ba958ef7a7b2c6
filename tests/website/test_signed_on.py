"""An application of somebody who signed on: the name is the provider's, it is signed, and has its number at once."""

from __future__ import annotations

import time
from typing import Any

import pytest

from tests.website.test_apply import Citizen, installed, the_case  # noqa: F401 - `installed` is a fixture of each test
from website import identity
from website.checks import citizens_sign_on_over_tls

AWAY = "http://127.0.0.1:9"


@pytest.fixture(autouse=True)
def provider(settings: Any) -> None:
    settings.CITIZEN_SIGN_ON = {**settings.CITIZEN_SIGN_ON, "issuer": AWAY, "client_id": "c"}


def signed_on(seconds: float = identity.SECONDS) -> Citizen:
    """As the provider's answer leaves the session; tests/clients asks a real one."""
    citizen = Citizen()
    citizen.get("/basvuru/ne/")
    session = citizen.browser.session
    session[identity.KEY] = {
        "first_name": "Ayşe Gül",
        "last_name": "Işık",
        "national_id": "10000000146",
        "until": time.time() + seconds,
    }
    session.save()
    citizen.browser.cookies["sessionid"] = session.session_key or ""
    return citizen


def test_a_petition_is_signed_by_it_and_registered_at_once() -> None:
    citizen = signed_on()
    citizen.answers("PETITION", first_name="Başka", last_name="Biri", address="Barış Sokak 5")
    assert "Ayşe Gül Işık" in citizen.get("/basvuru/iletisim/")

    citizen.sends("/basvuru/kontrol/")

    case = the_case()
    assert citizen.at == "/basvuru/alindi/"
    assert case.reference in citizen.text
    assert (case.signature_given, case.regime) == (True, "PETITION_3071")
    assert case.applicant is not None
    assert (case.applicant.first_name, case.applicant.last_name) == ("Ayşe Gül", "Işık")


def test_after_half_an_hour_the_name_is_asked_for_again() -> None:
    citizen = signed_on(seconds=-1)
    citizen.answers("PETITION", first_name="", last_name="", address="Barış Sokak 5")

    assert citizen.page.status_code == 422
    assert "e-Devlet ile giriş yap" in citizen.text


def test_it_is_offered_and_needs_nobody() -> None:
    citizen = Citizen()
    citizen.answers("PETITION", address="Barış Sokak 5")

    assert citizen.at == "/basvuru/kontrol/"
    assert "/giris/?next=/basvuru/iletisim/" in citizen.get("/basvuru/iletisim/")


def test_a_provider_that_is_away_lets_go_on() -> None:
    citizen = Citizen()
    citizen.answers("PETITION", address="Barış Sokak 5")
    citizen.get("/giris/?next=/basvuru/iletisim/")

    assert citizen.page.status_code == 503
    assert "Girişsiz devam et" in citizen.text


# -- the check at the start: not where it would not be safe, or not work ------------------------------------------
@pytest.mark.parametrize(
    ("environment", "issuer", "secret", "errors"),
    [
        ("production", "", "", []),
        ("production", "https://giris.example", "s", []),
        ("production", "http://giris.example", "s", ["website.E001"]),
        ("demo", "http://127.0.0.1:9000", "s", []),
        ("demo", "http://127.0.0.1:9000", "", ["website.E002"]),
    ],
)
def test_what_is_refused(
    settings: Any, environment: str, issuer: str, secret: str, errors: list[str]
) -> None:
    settings.ENVIRONMENT = environment
    settings.CITIZEN_SIGN_ON = {
        **settings.CITIZEN_SIGN_ON,
        "issuer": issuer,
        "client_id": "c",
        "client_secret": secret,
    }

    assert [error.id for error in citizens_sign_on_over_tls()] == errors
