"""A part of THE TABLE: who may do what to press releases. The office writes, its head publishes."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from django.db.models import Model, Q

from backend.news import actions, mailing  # noqa: F401 - declare the verbs
from backend.news.models import PressOptOut, Release, ReleaseLine, ReleaseMailing, ReleasePhoto
from backend.news.moves import Verb, release_action
from permissions.core.filters import Action, Allowed, Rule, VerbTable, all_if
from permissions.core.relations import office, served
from permissions.core.viewer import Viewer


class ReleaseRelation(StrEnum):
    """What a viewer is to a press release."""

    OFFICE = "OFFICE"  # works in the private office
    HEAD = "HEAD"  # heads the private office
    SERVED = "SERVED"  # the private office serves them: the mayor


RELEASE_RELATIONS: dict[ReleaseRelation, Rule] = {
    ReleaseRelation.OFFICE: office,
    ReleaseRelation.HEAD: lambda v: all_if(v.heads_office),
    ReleaseRelation.SERVED: served,
}

_WRITES = frozenset({ReleaseRelation.OFFICE, ReleaseRelation.HEAD})
_PUBLISHES = frozenset({ReleaseRelation.HEAD})

RELEASE_RULES: dict[str, Allowed] = {
    Action.VIEW: frozenset(ReleaseRelation),
    Verb.PUBLISH: _PUBLISHES,
    Verb.EDIT: _WRITES,
    Verb.ATTACH: _WRITES,
    Verb.DESCRIBE: _WRITES,
    Verb.DETACH: _WRITES,
    Verb.SEND: _WRITES,
    Verb.SEND_TEST: _WRITES,
    Verb.RECALL: _WRITES,
    Verb.CORRECT: _PUBLISHES,
    Verb.WITHDRAW: _PUBLISHES,
    Verb.REWRITE: _WRITES,
}


def _seen(viewer: Viewer) -> Q:
    return all_if(viewer.sees_all)


RELEASES_TABLE = VerbTable(
    release_action, model=Release, relations=RELEASE_RELATIONS, rules=RELEASE_RULES, seen=_seen
)
_CHILD: dict[str, Rule] = {Action.VIEW: _seen}

RULES: dict[type[Model], dict[str, Any]] = {
    Release: {**RELEASES_TABLE.as_rules(), Action.REGISTER: office},
    ReleasePhoto: _CHILD,
    ReleaseLine: _CHILD,
    ReleaseMailing: _CHILD,
    PressOptOut: _CHILD,
}
VERB_TABLES = (RELEASES_TABLE,)
