"""Who speaks for citizens: the program of a third party, by a token with the rights of a portal."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from backend.core.errors import DomainError, ErrorCode
from backend.organization.models import User
from backend.portals.models import Scope
from permissions.core.scope import current_viewer, require_viewer


def account(right: Scope) -> User:
    """The account of the token that asks, if it bears this right of a portal. A person in a browser never does.

    UNAUTHENTICATED, FORBIDDEN: the same whatever is asked for.
    """
    return account_with_any(right)


def speaks_with(right: Scope) -> bool:
    """Whether a token asks that bears this right of a portal."""
    return right in (current_viewer().scopes or frozenset())


def reach() -> User | None:
    """Whose cases the token follows (FOLLOW): its account's own; None for every case by its code (TRACK)."""
    own = account(Scope.FOLLOW)
    return None if speaks_with(Scope.TRACK) else own


def account_with_any(*rights: Scope) -> User:
    """The same, for one of these rights."""
    viewer = require_viewer()
    if viewer.user is None or not (viewer.scopes or frozenset()).intersection(rights):
        message = _("This needs a token with the right %(right)s.")
        raise DomainError(ErrorCode.FORBIDDEN, message % {"right": rights[0].value})
    return viewer.user
