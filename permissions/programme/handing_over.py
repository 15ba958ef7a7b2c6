"""Handing something over to another principal: into a programme of which the viewer decides too."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from inspect import Parameter, signature
from typing import Any

from backend.appointments import actions as appointments
from backend.invitations import actions as invitations
from backend.programme import actions as programme
from backend.programme.models import Principal
from permissions.core import scope
from permissions.core.scope import Action


def _for_keepers_of_both[**P, R](action: Callable[P, R], field: str) -> Callable[P, R]:
    """The action, FORBIDDEN if the principal in `field` is not the viewer's to plan."""

    if signature(action).parameters[field].kind is not Parameter.KEYWORD_ONLY:
        raise TypeError(f"{field} of {action.__qualname__} must be named")

    @wraps(action)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        other: Any = kwargs.get(field)
        if other is not None:
            scope.get(Principal, other.key, field=field, action=Action.PLAN)
        return action(*args, **kwargs)

    return run


hand_over_entry = _for_keepers_of_both(programme.hand_over, "to")
hand_over_request = _for_keepers_of_both(appointments.hand_over, "to")
represent = _for_keepers_of_both(invitations.represent, "deputy")
