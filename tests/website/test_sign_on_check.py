"""Citizens' sign-on is refused at the start where it would not be safe, or not work."""

from typing import Any

import pytest

from website.checks import citizens_sign_on_over_tls


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
