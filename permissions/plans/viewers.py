"""Viewers who see in the same way share a statement (`Viewer.shape`); one of placeholders stands for them."""

from __future__ import annotations

from typing import Any

from backend.core.symbolic import placeholder
from backend.organization.models import User
from permissions.core.viewer import DEPARTMENTS, PRINCIPALS, Viewer


def placeholder_for(viewer: Viewer) -> Viewer:
    """A viewer of the same shape, made of stand-ins: number 0 is the person, departments and principals follow."""
    user = None
    if viewer.user is not None:
        user = User(
            pk=placeholder(int, 0), is_superuser=viewer.user.is_superuser, is_active=viewer.user.is_active
        )
    held: dict[str, Any] = {}
    place = 1
    for names in (DEPARTMENTS, PRINCIPALS):
        ordered, _roles = viewer.by_role(names)
        numbers = {number: placeholder(int, place + i) for i, number in enumerate(ordered)}
        held |= {name: frozenset(numbers[number] for number in getattr(viewer, name)) for name in names}
        place += len(ordered)
    return Viewer(user=user, scopes=viewer.scopes, **held)
