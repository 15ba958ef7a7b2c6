"""What an account must do before it may be used: set up a second factor, where the installation asks for one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.utils.translation import gettext_lazy as _

from backend.organization.models import User

VOUCHED = "directory.second_factor"
"""In a session that the directory opened with a second factor of its own, which counts here."""

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


SECOND_FACTOR = _("Set up a second factor first: an authenticator app or a passkey.")


def missing_step(user: User, session: SessionBase) -> _StrPromise | None:
    """Return the sentence that says what the account must do first (MFA_REQUIRED_FOR_STAFF), or None."""
    if settings.MFA_REQUIRED_FOR_STAFF and VOUCHED not in session and not is_mfa_enabled(user):
        return SECOND_FACTOR
    return None
