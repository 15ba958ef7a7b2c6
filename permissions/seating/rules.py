"""A part of THE TABLE: halls are everybody's to read; who sits where is seen by who sees the guests of the event."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, Model, OuterRef, Q

from backend.events.models import Event
from backend.seating.models import Hall, HallRow, PlanRow, PlanSeat, SeatingPlan
from permissions.core.filters import EVERYTHING, NOTHING, Action, Rule, SeenAsOwner, all_if, both, either
from permissions.core.relations import everybody, office
from permissions.core.viewer import Viewer
from permissions.events.rules import with_guests


def _at(rule: Q) -> Q:
    if rule in (EVERYTHING, NOTHING):
        return rule
    return Q(Exists(Event.objects.filter(rule, pk=OuterRef("event"))))


def _plans(viewer: Viewer) -> Q:
    """A plan is a list of persons, as the list of guests is."""
    return _at(with_guests(viewer))


def _plans_to_change(viewer: Viewer) -> Q:
    """Editors of the event: its keeper, the principal, the office."""
    kept = _at(Q(principal__in=viewer.kept)) if viewer.kept else NOTHING
    return both(_plans(viewer), either([all_if(viewer.is_office), kept]))


_of_visible_plan = SeenAsOwner(SeatingPlan, _plans, "plan")


_HALL: dict[str, Rule] = {Action.VIEW: everybody, Action.CHANGE: office}

RULES: dict[type[Model], dict[str, Any]] = {
    Hall: _HALL,
    HallRow: {Action.VIEW: everybody},
    SeatingPlan: {Action.VIEW: _plans, Action.CHANGE: _plans_to_change},
    PlanRow: {Action.VIEW: _of_visible_plan},
    PlanSeat: {Action.VIEW: _of_visible_plan},
}
