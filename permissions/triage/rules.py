"""A part of THE TABLE: versions of the router, what it proposed, and its published score."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from django.db.models import Model, Q

from backend.triage import actions  # noqa: F401 - declares the verbs
from backend.triage.models import RouterProposal, RouterScore, RouterVersion
from backend.triage.moves import Verb, router_action
from permissions.core.filters import Action, Allowed, VerbTable, all_if, either
from permissions.core.relations import administrator, everybody, office_head_or_administrator
from permissions.core.viewer import Viewer


class RouterRelation(StrEnum):
    """What a viewer is to a version of the router."""

    MANAGER = "MANAGER"  # Bilgi İşlem, or the head of the office, in a browser
    READER = "READER"  # sees every case


def _reads(viewer: Viewer) -> Q:
    return either([all_if(viewer.sees_all), administrator(viewer)])


_MANAGER = frozenset({RouterRelation.MANAGER})
ROUTER_RULES: dict[str, Allowed] = {
    Action.VIEW: frozenset(RouterRelation),
    Verb.PUT_IN_FORCE: _MANAGER,
    Verb.FOLLOW_NEWEST: _MANAGER,
}

ROUTERS = VerbTable(
    router_action,
    model=RouterVersion,
    relations={RouterRelation.MANAGER: office_head_or_administrator, RouterRelation.READER: _reads},
    rules=ROUTER_RULES,
    seen=_reads,
)

RULES: dict[type[Model], dict[str, Any]] = {
    RouterVersion: {**ROUTERS.as_rules(), Action.REGISTER: office_head_or_administrator},
    RouterProposal: {Action.VIEW: lambda v: all_if(v.sees_all)},
    RouterScore: {Action.VIEW: everybody},
}
VERB_TABLES = (ROUTERS,)
