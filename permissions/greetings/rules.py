"""Permissions on greetings, which belong to the private office alone.

Recipients, recorded days and bereavements are for its staff with access to all citizens.
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
from permissions.core.relations import office, served
from permissions.core.viewer import Viewer
from permissions.partners.rules import known_roles


class GreetingRelation(StrEnum):
    """What a viewer is to a batch of greetings."""

    OFFICE = "OFFICE"  # works in the private office
    SERVED = "SERVED"  # the private office serves them: the mayor


GREETING_RELATIONS: dict[GreetingRelation, Rule] = {
    GreetingRelation.OFFICE: office,
    GreetingRelation.SERVED: served,
}
_OFFICE = frozenset({GreetingRelation.OFFICE})

GREETING_RULES: dict[str, Allowed] = {
    Action.VIEW: frozenset(GreetingRelation),
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
    """Recipients: persons for viewers who may know every citizen, persons in a role for viewers of that role;
    departments and bodies for the whole office."""
    if viewer.sees_all_memberships:
        return EVERYTHING
    if viewer.sees_all_contacts:
        there = Exists(Role.objects.filter(known_roles(viewer), pk=OuterRef("role")))
        return Q(role__isnull=True) | Q(there)
    return Q(citizen__isnull=True) if viewer.sees_all else NOTHING


def _print_runs(viewer: Viewer) -> Q:
    """Print runs, which are one file: hidden from viewers who may not know a person in it."""
    if viewer.sees_all_memberships:
        return EVERYTHING
    return Q(names_members=False) if viewer.sees_all_contacts else NOTHING


def _office_that_knows(viewer: Viewer) -> Q:
    return all_if(viewer.is_office and viewer.sees_all_contacts)


RULES: dict[type[Model], dict[str, Any]] = {
    Occasion: {Action.VIEW: _seen, Action.REGISTER: office},
    Batch: {**GREETINGS_TABLE.as_rules(), Action.REGISTER: office},
    BatchLine: {Action.VIEW: _seen},
    Recipient: {Action.VIEW: _recipients},
    PrintRun: {Action.VIEW: _print_runs},
    KeptDay: {Action.VIEW: _knows_everybody, Action.CHANGE: _office_that_knows},
    Preference: {Action.VIEW: _knows_everybody, Action.CHANGE: _office_that_knows},
    Bereavement: {Action.VIEW: _knows_everybody},
}
VERB_TABLES = (GREETINGS_TABLE,)
