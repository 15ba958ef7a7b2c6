"""A part of THE TABLE: streets, doors, landmarks and outlines of neighbourhoods."""

from __future__ import annotations

from typing import Any

from django.db.models import Model

from backend.places.models import Boundary, Door, Landmark, RegisterImport, Street
from permissions.core.filters import Action
from permissions.core.relations import administrator, everybody

_REGISTER: dict[str, Any] = {Action.VIEW: everybody, Action.CHANGE: administrator}

RULES: dict[type[Model], dict[str, Any]] = {
    **dict.fromkeys((Street, Door, Landmark, Boundary), _REGISTER),
    RegisterImport: _REGISTER | {Action.REGISTER: administrator},
}
