"""What an account must do before it may be used: set up a second factor, where the installation asks for one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.utils.translation import gettext_lazy as _

from backend.core.session import fetch_one
from backend.organization.models import User

_HAS_FACTOR = "SELECT EXISTS (SELECT FROM mfa_authenticator WHERE user_id = $1)"
VOUCHED = "directory.second_factor"
"""In a session that the directory opened with a second factor of its own, which counts here."""

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


SECOND_FACTOR = _("Set up a second factor first: an authenticator app or a passkey.")


def missing_step(user: User, session: SessionBase) -> _StrPromise | None:
    """Return the sentence that says what the account must do first (MFA_REQUIRED_FOR_STAFF), or None."""
    is_asked = settings.MFA_REQUIRED_FOR_STAFF and VOUCHED not in session
    return SECOND_FACTOR if is_asked and fetch_one(_HAS_FACTOR, [user.pk]) == (False,) else None
