"""Saying that one has a case open, for who works it, and seeing who else does.

Who only reads it is not shown: the mayor opens a case and no one learns of it.
"""

from __future__ import annotations

from uuid import UUID

from backend.complaints.models import Complaint
from backend.complaints.moves import Verb
from backend.presence import actions
from backend.presence.models import Presence
from permissions.core import scope
from permissions.core.filters import Action

MOST = 20
"""So many people are named; more have hardly one case open."""
WORKS = Verb.ATTACH
"""Who may do this works the case: the office, the unit that has it, and units that work along."""


def beat(key: UUID, *, writes: str = "") -> list[Presence]:
    """Say that the viewer has the case open, if they work it; the others who have. NOT_FOUND, INVALID."""
    case = scope.get(Complaint, key, field="id")
    if scope.can(WORKS, case):
        with scope.elevated_for(Presence, Action.REGISTER):
            actions.be_here(case, by=scope.require_user(), writes=writes)
    return others(case)


def left(key: UUID) -> None:
    """Say that the viewer closed the case."""
    case = scope.get(Complaint, key, field="id")
    with scope.elevated_for(Presence, Action.REGISTER):
        actions.leave(case, by=scope.require_user())


def others(case: Complaint) -> list[Presence]:
    """Who else has a visible case open, by name."""
    rows = scope.visible(Presence.objects.now()).filter(complaint=case)
    rows = rows.exclude(user=scope.current_viewer().user_id).select_related("user")
    return list(rows.order_by("user__first_name", "user__last_name", "pk")[:MOST])
