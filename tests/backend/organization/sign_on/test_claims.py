"""What a provider says of a person, read without believing more than it says."""

from __future__ import annotations

from typing import Any

import pytest

from backend.organization.sign_on import oidc
from backend.organization.sign_on.found import LDAP, RefusedError

CLAIMS = {"sub": "1", "ldap_id": "a1", "preferred_username": "ayse"}


@pytest.fixture(autouse=True)
def _provider(settings: Any) -> None:
    settings.SIGN_ON_OIDC = {**settings.SIGN_ON_OIDC, "issuer": "https://kimlik.example"}


def test_groups_that_are_not_said_are_not_none() -> None:
    assert oidc._found(CLAIMS).groups is None
    assert oidc._found({**CLAIMS, "groups": []}).groups == ()
    assert oidc._found({**CLAIMS, "groups": "/fen"}).groups == ("/fen",)


def test_where_the_directory_is_read_its_groups_count_and_not_the_paths_of_the_provider(
    settings: Any,
) -> None:
    settings.SIGN_ON_OIDC = {**settings.SIGN_ON_OIDC, "subject_claim": "ldap_id"}
    settings.SIGN_ON_LDAP = {**settings.SIGN_ON_LDAP, "urls": ["ldaps://dc1.example"]}

    found = oidc._found({**CLAIMS, "groups": ["/fen"]})

    assert (found.source, found.subject, found.groups) == (LDAP, "a1", None)


def test_an_id_that_could_not_be_kept_whole_is_refused() -> None:
    with pytest.raises(RefusedError):
        oidc._found({**CLAIMS, "sub": "x" * 256})


def test_odd_values_are_no_second_factor(settings: Any) -> None:
    settings.SIGN_ON_OIDC = {**settings.SIGN_ON_OIDC, "second_factor": ["otp", "acr:2"]}
    assert not oidc._has_second_factor({"amr": [{"otp": 1}], "acr": None})
    assert oidc._has_second_factor({"amr": "otp"})
    assert oidc._has_second_factor({"acr": "2"})
