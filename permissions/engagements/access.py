"""Making an instruction of a decision: for who may do something to the meeting and record the principal's word."""

from __future__ import annotations

from typing import Any

from backend.engagements import actions
from backend.engagements.models import Engagement
from backend.instructions.models import Instruction
from backend.organization.models import User
from permissions.core import scope
from permissions.core.scope import Action, not_found


def instruct(engagement: Engagement, *, by: User, **facts: Any) -> Instruction:
    """`engagements.instruct`, in the block of `scope.acting`."""
    if not scope.can(Action.INSTRUCT, engagement.principal):
        raise not_found("principal")
    return actions.instruct(engagement, by=by, **facts)
