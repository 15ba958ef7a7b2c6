"""A part of THE TABLE: retention, holds and destruction. The private office's alone, and in a browser: no program
destroys anything. Who prepared a list does not approve it."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from django.db.models import Model, Q

from backend.retention import actions  # noqa: F401 - declares the verbs
from backend.retention.models import (
    DestructionItem,
    DestructionLine,
    DestructionRun,
    ErasureJob,
    LegalHold,
    RetentionRule,
    SubjectRequest,
    SubjectRequestLine,
)
from backend.retention.moves import Verb, destruction_action
from backend.retention.subject_requests import actions as request_actions  # noqa: F401 - declares the verbs
from backend.retention.subject_requests.moves import Verb as RequestVerb
from backend.retention.subject_requests.moves import subject_request_action
from permissions.core.filters import NOTHING, Action, Allowed, Rule, VerbTable, all_if, both
from permissions.core.viewer import Viewer


class DestructionRelation(StrEnum):
    """What a viewer is to a destruction run."""

    OFFICE = "OFFICE"  # works in the private office and may know every citizen
    SERVED = "SERVED"  # the private office serves them: the mayor
    APPROVER = "APPROVER"  # heads the office or is served by it, and did not prepare this run


def _in_person(viewer: Viewer) -> bool:
    return viewer.scopes is None


def _office(viewer: Viewer) -> Q:
    return all_if(viewer.is_office and viewer.sees_all_contacts and _in_person(viewer))


def _served(viewer: Viewer) -> Q:
    return all_if(viewer.sees_all and not viewer.is_office)


def _approver(viewer: Viewer) -> Q:
    stands_over = (viewer.heads_office or (viewer.sees_all and not viewer.is_office)) and _in_person(viewer)
    return (
        both(all_if(stands_over), ~Q(prepared_by=viewer.user_id)) if viewer.user_id is not None else NOTHING
    )


DESTRUCTION_RELATIONS: dict[DestructionRelation, Rule] = {
    DestructionRelation.OFFICE: _office,
    DestructionRelation.SERVED: _served,
    DestructionRelation.APPROVER: _approver,
}

DESTRUCTION_RULES: dict[str, Allowed] = {
    Action.VIEW: frozenset(DestructionRelation),
    Verb.APPROVE: frozenset({DestructionRelation.APPROVER}),
    Verb.REJECT: frozenset({DestructionRelation.OFFICE, DestructionRelation.APPROVER}),
    Verb.START: frozenset({DestructionRelation.OFFICE}),
    Verb.STOP: frozenset({DestructionRelation.OFFICE, DestructionRelation.APPROVER}),
}


def _seen(viewer: Viewer) -> Q:
    return all_if(viewer.sees_all)


DESTRUCTIONS_TABLE = VerbTable(
    destruction_action,
    model=DestructionRun,
    relations=DESTRUCTION_RELATIONS,
    rules=DESTRUCTION_RULES,
    seen=_seen,
)


class SubjectRelation(StrEnum):
    """What a viewer is to an application under KVKK m.11."""

    OFFICE = "OFFICE"  # works in the private office and may know every citizen
    HEAD = "HEAD"  # heads it: who answers for the data
    SERVED = "SERVED"  # the private office serves them: the mayor


SR, RV = SubjectRelation, RequestVerb

SUBJECT_RELATIONS: dict[SubjectRelation, Rule] = {
    SR.OFFICE: _office,
    SR.HEAD: lambda v: all_if(v.heads_office and v.sees_all_contacts and _in_person(v)),
    SR.SERVED: lambda v: all_if(v.sees_all_contacts and not v.is_office),
}

SUBJECT_RULES: dict[str, Allowed] = {
    Action.VIEW: frozenset(SR),
    RV.CORRECT: frozenset({SR.OFFICE}),
    RV.IDENTIFY: frozenset({SR.OFFICE}),
    RV.LINK: frozenset({SR.OFFICE}),
    RV.ANSWER: frozenset({SR.HEAD}),
    RV.SEND: frozenset({SR.OFFICE}),
    RV.WITHDRAW: frozenset({SR.OFFICE}),
}


def _knows_all(viewer: Viewer) -> Q:
    return all_if(viewer.sees_all_contacts)


SUBJECT_REQUESTS_TABLE = VerbTable(
    subject_request_action,
    model=SubjectRequest,
    relations=SUBJECT_RELATIONS,
    rules=SUBJECT_RULES,
    seen=_knows_all,
)

RULES: dict[type[Model], dict[str, Any]] = {
    RetentionRule: {
        Action.VIEW: _seen,
        Action.CHANGE: lambda v: all_if(v.heads_office and _in_person(v)),
    },
    LegalHold: {
        Action.VIEW: lambda v: all_if(v.sees_all_contacts),
        Action.REGISTER: _office,
        Action.CHANGE: _office,
    },
    DestructionRun: {**DESTRUCTIONS_TABLE.as_rules(), Action.REGISTER: _office},
    DestructionItem: {Action.VIEW: _seen},
    DestructionLine: {Action.VIEW: _seen},
    SubjectRequest: {**SUBJECT_REQUESTS_TABLE.as_rules(), Action.REGISTER: _office},
    SubjectRequestLine: {Action.VIEW: _knows_all},
    ErasureJob: {Action.VIEW: _knows_all},
}


def may_anonymise(viewer: Viewer) -> Q:
    """Forgetting a person cannot be undone: the head of the office, who may know every citizen, in a browser."""
    return all_if(viewer.heads_office and viewer.sees_all_contacts and _in_person(viewer))


VERB_TABLES = (DESTRUCTIONS_TABLE, SUBJECT_REQUESTS_TABLE)
