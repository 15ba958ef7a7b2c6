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
from permissions.core.filters import EVERYTHING, Action, Rule, all_if
from permissions.core.relations import office
from permissions.core.viewer import Viewer


def _everybody(viewer: Viewer) -> Q:
    return EVERYTHING


def _served(viewer: Viewer) -> Q:
    """The private office, and whom it serves."""
    return all_if(viewer.sees_all)


_PUBLIC: dict[str, Rule] = {Action.VIEW: _everybody, Action.CHANGE: office}
_OURS: dict[str, Rule] = {Action.VIEW: _served, Action.CHANGE: office}

RULES: dict[type[Model], dict[str, Any]] = {
    Office: _PUBLIC,
    PrecedenceList: _PUBLIC,
    PrecedenceEntry: {Action.VIEW: _everybody},
    Holding: _OURS,
    Snapshot: _OURS,
    SnapshotLine: {Action.VIEW: _served},
}
