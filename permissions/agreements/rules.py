"""A part of THE TABLE: who may do what to agreements with partners."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from django.db.models import Model, Q

from backend.agreements import actions  # noqa: F401 - declares the verbs
from backend.agreements.models import (
    Agreement,
    AgreementAttachment,
    AgreementLine,
    AgreementParty,
    Obligation,
)
from backend.agreements.moves import Verb, agreement_action
from permissions.core.filters import (
    EVERYTHING,
    NOTHING,
    Action,
    Allowed,
    Rule,
    SeenAsOwner,
    VerbTable,
    either,
)
from permissions.core.relations import office, served
from permissions.core.viewer import Viewer


class AgreementRelation(StrEnum):
    """What a viewer is to an agreement."""

    OFFICE = "OFFICE"  # works in the private office
    SERVED = "SERVED"  # the private office serves them: the mayor
    RESPONSIBLE = "RESPONSIBLE"  # works in the responsible department
    OBLIGED = "OBLIGED"  # works in a department that has an obligation
    OVERSEER = "OVERSEER"  # the deputy mayor of such a department


def _responsible(departments: frozenset[int]) -> Q:
    return Q(department__in=departments) if departments else NOTHING


def _obliged(departments: frozenset[int]) -> Q:
    return Q(departments__overlap=list(departments)) if departments else NOTHING


AGREEMENT_RELATIONS: dict[AgreementRelation, Rule] = {
    AgreementRelation.OFFICE: office,
    AgreementRelation.SERVED: served,
    AgreementRelation.RESPONSIBLE: lambda v: _responsible(v.staffs),
    AgreementRelation.OBLIGED: lambda v: _obliged(v.staffs),
    AgreementRelation.OVERSEER: lambda v: either([_responsible(v.oversees), _obliged(v.oversees)]),
}

_OFFICE = frozenset({AgreementRelation.OFFICE})
_WORKS_ON_IT = _OFFICE | {AgreementRelation.RESPONSIBLE, AgreementRelation.OBLIGED}

AGREEMENT_RULES: dict[str, Allowed] = {
    Action.VIEW: frozenset(AgreementRelation),
    Verb.CORRECT: _OFFICE,
    Verb.ADD_PARTY: _OFFICE,
    Verb.REMOVE_PARTY: _OFFICE,
    Verb.ADD_OBLIGATION: _OFFICE | {AgreementRelation.RESPONSIBLE},
    Verb.FULFIL: _WORKS_ON_IT,
    Verb.DROP: _OFFICE,
    Verb.SIGN: _OFFICE,
    Verb.RENEW: _OFFICE,
    Verb.END: _OFFICE,
    Verb.ATTACH: _WORKS_ON_IT,
}


def _agreements(viewer: Viewer) -> Q:
    if viewer.sees_all:
        return EVERYTHING
    return either([_responsible(viewer.departments), _obliged(viewer.departments)])


AGREEMENTS_TABLE = VerbTable(
    agreement_action,
    model=Agreement,
    relations=AGREEMENT_RELATIONS,
    rules=AGREEMENT_RULES,
    seen=_agreements,
)


_of_visible_agreement = SeenAsOwner(Agreement, _agreements, "agreement")


_CHILD: dict[str, Rule] = {Action.VIEW: _of_visible_agreement}

RULES: dict[type[Model], dict[str, Any]] = {
    Agreement: {**AGREEMENTS_TABLE.as_rules(), Action.REGISTER: office},
    AgreementParty: _CHILD,
    Obligation: _CHILD,
    AgreementLine: _CHILD,
    AgreementAttachment: _CHILD,
}
VERB_TABLES = (AGREEMENTS_TABLE,)
