"""Passwords of the directory: a person types them in our form, and the directory says whether they are right."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from backend.core.session import system
from backend.organization.models import User
from backend.organization.sign_on import ldap
from backend.organization.sign_on.found import DirectoryAwayError
from permissions.organization.directory import arrive

AWAY = _(
    "The directory cannot be reached at the moment, so passwords of the directory cannot be checked. Try again in a few"
    " minutes."
)


class DirectoryBackend(BaseBackend):
    """Asks the directory for every name that is not a local account's: those stay for emergencies."""

    def authenticate(
        self, request: Any, username: str | None = None, password: str | None = None, **other: Any
    ) -> User | None:
        """The account of whom the directory knows by this name and password. ValidationError, in words, where the
        password is right and there is nothing to do here, or where the directory is away."""
        if not ldap.asks_passwords() or not username or not password or _is_local(username):
            return None
        try:
            found = ldap.check(username, password)
        except DirectoryAwayError:
            raise ValidationError(AWAY, code="away") from None
        if found is None:
            return None
        arrival = arrive(found)
        if arrival.user is None:
            raise ValidationError(arrival.refusal, code="refused")
        return arrival.user

    def get_user(self, user_id: int) -> User | None:
        return User.objects.filter(pk=user_id, is_active=True).first()


def _is_local(username: str) -> bool:
    """Whether the account of this name has nothing to do with the directory, which then never gets its password."""
    with system():
        return User.objects.filter(username__iexact=username, is_active=True, directory_person=None).exists()
