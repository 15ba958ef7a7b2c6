"""Handing something over to another principal: into a programme of which the viewer decides too."""

from __future__ import annotations

from typing import Any

from backend.appointments import actions as appointments
from backend.appointments.models import AppointmentRequest
from backend.invitations import actions as invitations
from backend.invitations.models import Invitation
from backend.programme import actions as programme
from backend.programme.models import Entry, Principal
from permissions.core import scope
from permissions.core.scope import Action


def hand_over_entry(entry: Entry, *, by: Any, to: Principal, **facts: Any) -> Entry:
    """`programme.hand_over`, for keepers of both programmes. FORBIDDEN if the other is not theirs to plan."""
    _require_both(to)
    return programme.hand_over(entry, by=by, to=to, **facts)


def hand_over_request(
    request: AppointmentRequest, *, by: Any, to: Principal, **facts: Any
) -> AppointmentRequest:
    """`appointments.hand_over`, for keepers of both programmes."""
    _require_both(to)
    return appointments.hand_over(request, by=by, to=to, **facts)


def represent(
    invitation: Invitation, *, by: Any, deputy: Principal | None = None, **facts: Any
) -> Invitation:
    """`invitations.represent`; a representing principal is one whose programme the viewer keeps too."""
    if deputy is not None:
        scope.get(Principal, deputy.key, field="deputy", action=Action.PLAN)
    return invitations.represent(invitation, by=by, deputy=deputy, **facts)


def _require_both(to: Principal) -> None:
    scope.get(Principal, to.key, field="to", action=Action.PLAN)
