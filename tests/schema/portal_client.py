"""Portals in tests: an account of a program without any grant, with a token of the rights of a portal."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.utils import timezone

from backend.contacts.models import PrivacyNotice, Purpose
from backend.core.session import system
from backend.organization.models import User
from backend.portals.actions import issue_token
from backend.portals.models import Scope
from tests.factories import make_user
from tests.schema.client import Asking

BOTH = (Scope.SUBMIT, Scope.FOLLOW)


def make_portal(name: str = "portal.ebelediye", scopes: Iterable[str] = BOTH) -> tuple[User, str]:
    """The account and the secret of its token."""
    user = make_user(name, "e-Belediye", "Portalı", is_staff=False)
    return user, token_of(user, scopes)


def token_of(user: User, scopes: Iterable[str] = BOTH) -> str:
    with system():
        expires = timezone.now() + dt.timedelta(days=30)
        _token, secret = issue_token(user=user, name="sınama", scopes=scopes, expires_at=expires, by=None)
    return secret


def portal(name: str = "portal.ebelediye", scopes: Iterable[str] = BOTH) -> Asking:
    """A portal at the endpoint."""
    return Asking(token=make_portal(name, scopes)[1])


def make_notices() -> None:
    """One text a purpose, in force for long."""
    with system():
        for purpose in Purpose:
            PrivacyNotice.objects.create(
                code=f"{purpose}-tr-1".lower(),
                purpose=purpose,
                version=1,
                text=f"Veri sorumlusu belediyedir; kişisel verileriniz bu amaçla işlenir ({purpose}).",
                valid_from=dt.date(2020, 1, 1),
                source="Başkanlık oluru",
            )
