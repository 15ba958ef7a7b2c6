"""A part of THE TABLE: the kept numbers of the map, of the cases that a viewer's departments have."""

from __future__ import annotations

from typing import Any

from django.db.models import Model, Q

from backend.map.models import KeptCell
from permissions.core.filters import EVERYTHING, NOTHING, Action
from permissions.core.viewer import Viewer


def _kept(viewer: Viewer) -> Q:
    """A case is seen by the departments that have it (`complaints.rules.RELATIONS`), and so is its number."""
    if viewer.sees_all:
        return EVERYTHING
    return Q(departments__overlap=list(viewer.departments)) if viewer.departments else NOTHING


RULES: dict[type[Model], dict[str, Any]] = {KeptCell: {Action.VIEW: _kept}}
