"""A part of THE TABLE: offices of the protocol, who holds them, and the order in which they stand.

Offices and orders are public: every member of staff reads them. Who holds an office is a person's row, and the order
of an event is the event's: both are the private office's, whose section the protocol is.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Model, Q

from backend.protocol.models import (
    Holding,
    Office,
    PrecedenceEntry,
    PrecedenceList,
    Snapshot,
    SnapshotLine,
)
from permissions.core.filters import Action, Rule, all_if
from permissions.core.relations import everybody, office
from permissions.core.viewer import Viewer


def _served(viewer: Viewer) -> Q:
    """The private office, and whom it serves."""
    return all_if(viewer.sees_all)


_PUBLIC: dict[str, Rule] = {Action.VIEW: everybody, Action.CHANGE: office}
_OURS: dict[str, Rule] = {Action.VIEW: _served, Action.CHANGE: office}

RULES: dict[type[Model], dict[str, Any]] = {
    Office: _PUBLIC,
    PrecedenceList: _PUBLIC,
    PrecedenceEntry: {Action.VIEW: everybody},
    Holding: _OURS,
    Snapshot: _OURS,
    SnapshotLine: {Action.VIEW: _served},
}
