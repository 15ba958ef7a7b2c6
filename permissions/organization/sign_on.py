"""Passwords of the directory: a person types them in our form, and the directory says whether they are right.

It is asked before the request has a transaction (`ask`), and its answer is taken within (`DirectoryBackend`).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from axes.handlers.proxy import AxesProxyHandler
from axes.helpers import get_client_username
from django.conf import settings
from django.contrib.auth.backends import BaseBackend
from django.core.exceptions import ValidationError
from django.db import connection
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.core.session import system
from backend.organization.models import User
from backend.organization.sign_on import ldap, once
from backend.organization.sign_on.found import DirectoryAwayError, Found
from permissions.core.backends import signed_in_user
from permissions.organization.directory import arrive

AWAY = _(
    "The directory cannot be reached at the moment, so passwords of the directory cannot be checked. Try again in a few"
    " minutes."
)
TRIED = _(
    "Too many wrong passwords were typed for this user name, so the directory is not asked any more: it would lock the"
    " account of the computer too. Try again in %(minutes)d minutes."
)
LONGEST = 150
_VERDICT = "directory_verdict"
"""Of a request: what the directory answered before its transaction."""


@dataclass(frozen=True)
class _Verdict:
    """What the directory answered about a name and a password."""

    username: str
    password: str
    found: Found | None = None
    refusal: ValidationError | None = None


def ask(request: HttpRequest) -> None:
    """Ask the directory about what is typed into the form of sign-in, with nothing open in the database meanwhile."""
    username, password = request.POST.get("login", "").strip(), request.POST.get("password", "")
    if not (ldap.asks_passwords() and username and password) or "\0" in username or len(username) > LONGEST:
        return
    with system():
        if _is_local(username) or not AxesProxyHandler.is_allowed(request, {"username": username}):
            return
        tried = _try(request, username)
    if not connection.in_atomic_block:
        connection.close()  # a pool may give it to another request
    setattr(request, _VERDICT, _asked(username, password, tried))


def _asked(username: str, password: str, tried: str) -> _Verdict:
    if not tried:
        minutes = settings.SIGN_ON_LDAP["tries_minutes"]
        refusal = ValidationError(TRIED, code="tried", params={"minutes": minutes})
        return _Verdict(username, password, refusal=refusal)
    try:
        found = ldap.check(username, password)
    except DirectoryAwayError:
        with system():
            once.give_back(tried)
        return _Verdict(username, password, refusal=ValidationError(AWAY, code="away"))
    if found is not None:
        with system():
            once.give_back(*_tries(username))
    return _Verdict(username, password, found)


def _try(request: HttpRequest, username: str) -> str:
    """Use one of the name's tries, before the directory is asked: "" if none is left.

    The last one is kept for browsers in which the person has signed in before, which no stranger's tries shut out.
    """
    tries = _tries(username)
    is_known = get_client_username(request, {"username": username}) != username.lower()
    until = timezone.now() + dt.timedelta(minutes=settings.SIGN_ON_LDAP["tries_minutes"])
    for one in tries if is_known or len(tries) == 1 else tries[:-1]:
        if once.use(one, until):
            return one
    return ""


def _tries(username: str) -> list[str]:
    return [f"try {username.casefold()} {number}" for number in range(settings.SIGN_ON_LDAP["tries"])]


class DirectoryBackend(BaseBackend):
    """Takes what the directory answered for every name that is not a local account's: those stay for emergencies."""

    def authenticate(
        self, request: Any, username: str | None = None, password: str | None = None, **other: Any
    ) -> User | None:
        """The account of whom the directory knows by this name and password. ValidationError, in words, where the
        password is right and there is nothing to do here, or where the directory is away."""
        verdict: _Verdict | None = getattr(request, _VERDICT, None)
        if verdict is None or (verdict.username, verdict.password) != (username, password):
            return None
        if verdict.refusal is not None:
            raise verdict.refusal
        if verdict.found is None:
            return None
        arrival = arrive(verdict.found)
        if arrival.user is None:
            raise ValidationError(arrival.refusal, code="refused")
        return arrival.user

    def get_user(self, user_id: int) -> User | None:
        return signed_in_user(user_id)


def _is_local(username: str) -> bool:
    """Whether the account of this name has nothing to do with the directory, which then never gets its password."""
    return User.objects.filter(username__iexact=username, is_active=True, directory_person=None).exists()
