"""A part of THE TABLE: who may do what to greetings. They are the private office's alone.

Who stands on a list, whose day is kept and who was bereaved is for those of the office who may know every citizen.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from django.db.models import Exists, Model, OuterRef, Q

from backend.contacts.models import Bereavement
from backend.greetings import actions  # noqa: F401 - declares the verbs
from backend.greetings.models import (
    Batch,
    BatchLine,
    KeptDay,
    Occasion,
    Preference,
    PrintRun,
    Recipient,
)
from backend.greetings.moves import Verb, batch_action
from backend.partners.models import Role
from permissions.core.filters import EVERYTHING, NOTHING, Action, Allowed, Rule, VerbTable, all_if
from permissions.core.viewer import Viewer
from permissions.partners.rules import known_roles


class GreetingRelation(StrEnum):
    """What a viewer is to a batch of greetings."""

    OFFICE = "OFFICE"  # works in the private office
    SERVED = "SERVED"  # the private office serves them: the mayor


R = GreetingRelation

GREETING_RELATIONS: dict[GreetingRelation, Rule] = {
    R.OFFICE: lambda v: all_if(v.is_office),
    R.SERVED: lambda v: all_if(v.sees_all and not v.is_office),
}
_OFFICE = frozenset({R.OFFICE})

GREETING_RULES: dict[str, Allowed] = {
    Action.VIEW: frozenset(R),
    **dict.fromkeys(Verb, _OFFICE),
}
"""Verb -> the relations that may say it: who works in the office prepares, sends and decides; the mayor looks."""


def _seen(viewer: Viewer) -> Q:
    return all_if(viewer.sees_all)


GREETINGS_TABLE = VerbTable(
    batch_action,
    model=Batch,
    relations=GREETING_RELATIONS,
    rules=GREETING_RULES,
    seen=_seen,
)


def _knows_everybody(viewer: Viewer) -> Q:
    return all_if(viewer.sees_all_contacts)


def _recipients(viewer: Viewer) -> Q:
    """Persons are for whoever may know every citizen, in a role for whoever may know them there; departments and bodies
    are no secret in the office."""
    if viewer.sees_all_memberships:
        return EVERYTHING
    if viewer.sees_all_contacts:
        there = Exists(Role.objects.filter(known_roles(viewer), pk=OuterRef("role")))
        return Q(role__isnull=True) | Q(there)
    return Q(citizen__isnull=True) if viewer.sees_all else NOTHING


def _print_runs(viewer: Viewer) -> Q:
    """All of its letters stand in one file: who may not know somebody there does not see it."""
    if viewer.sees_all_memberships:
        return EVERYTHING
    return Q(names_members=False) if viewer.sees_all_contacts else NOTHING


def _office(viewer: Viewer) -> Q:
    return all_if(viewer.is_office)


def _office_that_knows(viewer: Viewer) -> Q:
    return all_if(viewer.is_office and viewer.sees_all_contacts)


GREETINGS: dict[type[Model], dict[str, Any]] = {
    Occasion: {Action.VIEW: _seen, Action.REGISTER: _office},
    Batch: {**GREETINGS_TABLE.as_rules(), Action.REGISTER: _office},
    BatchLine: {Action.VIEW: _seen},
    Recipient: {Action.VIEW: _recipients},
    PrintRun: {Action.VIEW: _print_runs},
    KeptDay: {Action.VIEW: _knows_everybody, Action.CHANGE: _office_that_knows},
    Preference: {Action.VIEW: _knows_everybody, Action.CHANGE: _office_that_knows},
    Bereavement: {Action.VIEW: _knows_everybody},
}
