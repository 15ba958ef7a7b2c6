"""What an account must do before it may be used: choose a password of its own, then set up a second factor."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from backend.organization.models import User

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


@dataclass(frozen=True, eq=False)
class SetupStep:
    """A step that is missing, with the sentence that asks for it."""

    message: str | _StrPromise


OWN_PASSWORD = SetupStep(_("This password was given to you. Choose your own first."))
SECOND_FACTOR = SetupStep(_("Set up a second factor first: an authenticator app or a passkey."))


def missing_step(user: User) -> SetupStep | None:
    """Return what the account must do first, or None. A second factor is asked for by MFA_REQUIRED_FOR_STAFF."""
    if user.must_change_password:
        return OWN_PASSWORD
    if settings.MFA_REQUIRED_FOR_STAFF and not is_mfa_enabled(user):
        return SECOND_FACTOR
    return None
