"""Viewers who see in the same way share a statement: what of a viewer it depends on, and one who stands for them."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any

from backend.core.symbolic import stand_in
from backend.organization.models import User
from permissions.viewer import Viewer

HELD = ("works_in", "heads", "oversees", "contacts_in", "office")


@dataclass(frozen=True)
class Sight:
    """`shape` is the same for all who share a statement; `values` are this viewer's own, by number."""

    shape: Hashable
    values: tuple[Any, ...]


def sight_of(viewer: Viewer) -> Sight:
    """Departments count by what the viewer is in them, not by which they are."""
    held = [getattr(viewer, name) for name in HELD]
    masks: dict[int, tuple[bool, ...]] = {
        department: tuple(department in some for some in held) for department in frozenset().union(*held)
    }
    ordered = sorted(masks, key=lambda department: (masks[department], department))
    user = viewer.user
    flags = None if user is None else (user.is_superuser, user.is_active)
    shape = (flags, viewer.scopes, tuple(masks[department] for department in ordered))
    return Sight(shape, (viewer.user_id, *ordered))


def standing_for(viewer: Viewer) -> Viewer:
    """A viewer of the same shape, made of stand-ins: number 0 is the person, the departments follow."""
    sight = sight_of(viewer)
    numbers = {department: stand_in(int, i) for i, department in enumerate(sight.values) if i}
    user = None
    if viewer.user is not None:
        user = User(
            pk=stand_in(int, 0), is_superuser=viewer.user.is_superuser, is_active=viewer.user.is_active
        )
    held = {name: frozenset(numbers[department] for department in getattr(viewer, name)) for name in HELD}
    return Viewer(user=user, scopes=viewer.scopes, **held)
