"""Viewers who see in the same way share a statement: what of a viewer it depends on, and one who stands for them."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any

from backend.core.symbolic import placeholder
from backend.organization.models import User
from permissions.core.viewer import Viewer

DEPARTMENTS = ("works_in", "heads", "oversees", "contacts_in", "memberships_in", "office")
PRINCIPALS = ("keeps", "principal_of", "reads_programmes", "press_of")
"""Sets of a viewer that hold numbers of one table each; what is equal in both tables is no relation."""


@dataclass(frozen=True)
class ViewerShape:
    """`shape` is the same for all who share a statement; `values` are this viewer's own, by number."""

    shape: Hashable
    values: tuple[Any, ...]


def viewer_shape(viewer: Viewer) -> ViewerShape:
    """Departments and principals count by what the viewer is to them, not by which they are."""
    departments, of_departments = _by_role(viewer, DEPARTMENTS)
    principals, of_principals = _by_role(viewer, PRINCIPALS)
    user = viewer.user
    flags = None if user is None else (user.is_superuser, user.is_active)
    shape = (flags, viewer.scopes, of_departments, of_principals)
    return ViewerShape(shape, (viewer.user_id, *departments, *principals))


def _by_role(viewer: Viewer, names: tuple[str, ...]) -> tuple[list[int], Hashable]:
    """The numbers in these sets, ordered by what they are in, and that order's roles."""
    held = [getattr(viewer, name) for name in names]
    masks: dict[int, tuple[bool, ...]] = {
        number: tuple(number in each for each in held) for number in frozenset().union(*held)
    }
    ordered = sorted(masks, key=lambda number: (masks[number], number))
    return ordered, tuple(masks[number] for number in ordered)


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
        ordered, _roles = _by_role(viewer, names)
        numbers = {number: placeholder(int, place + i) for i, number in enumerate(ordered)}
        held |= {name: frozenset(numbers[number] for number in getattr(viewer, name)) for name in names}
        place += len(ordered)
    return Viewer(user=user, scopes=viewer.scopes, **held)
