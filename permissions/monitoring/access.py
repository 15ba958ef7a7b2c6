"""Who sees the state of the installation: Bilgi İşlem, signed in. No token, and no user who works on cases."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from backend.core.errors import DomainError, ErrorCode
from backend.monitoring.measuring import measure
from backend.monitoring.status import StatusLine, status_lines
from permissions.core import scope
from permissions.core.filters import EVERYTHING
from permissions.core.relations import administrator


def may_see_status() -> bool:
    """Whether the viewer runs the installation."""
    return administrator(scope.current_viewer()) == EVERYTHING


def system_status() -> list[StatusLine]:
    """How everything stands. UNAUTHENTICATED, FORBIDDEN."""
    scope.require_viewer()
    if not may_see_status():
        raise DomainError(ErrorCode.FORBIDDEN, _("You are not allowed to do this."))
    return status_lines(measure())
