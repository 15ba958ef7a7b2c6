"""Giving a time on the telephone: who may, and the approval of a request that was just received."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext_lazy as _

from backend.appointments import actions
from backend.appointments.actions.notices import default_means
from backend.appointments.models import AppointmentRequest
from backend.appointments.moves import Verb
from backend.core.errors import DomainError, ErrorCode
from backend.organization.models import User
from backend.programme.models import Principal
from permissions.core import scope


def may_give_times(principal: Principal | None = None) -> bool:
    """Whether the viewer decides who is received by this principal, or by any."""
    kept = scope.current_viewer().kept
    return bool(kept) if principal is None else principal.pk in kept


def give_time(
    received: AppointmentRequest, *, by: User, starts_at: dt.datetime, accept_unusual: bool, voice: str
) -> AppointmentRequest:
    """Approve a request at a time, in the transaction in which it was received.

    The applicant is notified by e-mail, else by `voice`: the means of the call. FORBIDDEN for who does not keep the
    programme; otherwise as `actions.approve`.
    """
    if not may_give_times(received.principal):
        message = _(
            "Whoever keeps this programme gives the time. Leave it empty: the request waits for them."
        )
        raise DomainError(ErrorCode.FORBIDDEN, message, "starts_at")
    with scope.authorized(Verb.APPROVE, AppointmentRequest, received.key) as row:
        means = default_means(row) or voice
        return actions.approve(row, by=by, starts_at=starts_at, accept_unusual=accept_unusual, means=means)
