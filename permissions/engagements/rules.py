"""Permissions on meetings and visits. One with a confidential entry is visible to the entry's readers alone,
overriding every other relation."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from django.db.models import Exists, Model, OuterRef, Q

from backend.engagements import actions  # noqa: F401 - declares the verbs
from backend.engagements.models import (
    AgendaItem,
    Attendee,
    Decision,
    Engagement,
    EngagementAttachment,
    EngagementLine,
)
from backend.engagements.moves import Verb, engagement_action
from backend.partners.models import Role
from permissions.core.filters import (
    EVERYTHING,
    NOTHING,
    Action,
    Allowed,
    Rule,
    SeenAsOwner,
    VerbTable,
    both,
    either,
)
from permissions.core.relations import office, served
from permissions.core.viewer import Viewer
from permissions.partners.rules import known_roles
from permissions.programme.rules import is_open_entry


class EngagementRelation(StrEnum):
    """What a viewer is to an engagement."""

    KEEPER = "KEEPER"  # keeps the programme of who represents us
    PRINCIPAL = "PRINCIPAL"  # represents us
    OFFICE = "OFFICE"  # works in the private office
    SERVED = "SERVED"  # the private office serves them: the mayor
    PREPARER = "PREPARER"  # works in the department that prepares it
    OVERSEER = "OVERSEER"  # the deputy mayor of that department
    ATTENDEE = "ATTENDEE"  # takes part


def _of(principals: frozenset[int]) -> Q:
    return Q(principal__in=principals) if principals else NOTHING


def _prepared_by(departments: frozenset[int]) -> Q:
    return Q(department__in=departments) if departments else NOTHING


def _attending(viewer: Viewer) -> Q:
    """Participants, excluding anonymous viewers and Bilgi İşlem, whatever a row names."""
    is_person = viewer.user is not None and not viewer.user.is_superuser
    return Q(staff__overlap=[viewer.user_id]) if is_person else NOTHING


def _open(rule: Rule) -> Rule:
    return lambda v: both(rule(v), is_open_entry())


ENGAGEMENT_RELATIONS: dict[EngagementRelation, Rule] = {
    EngagementRelation.KEEPER: _open(lambda v: _of(v.keeps)),
    EngagementRelation.PRINCIPAL: _open(lambda v: _of(v.principal_of)),
    EngagementRelation.OFFICE: _open(office),
    EngagementRelation.SERVED: _open(served),
    EngagementRelation.PREPARER: _open(lambda v: _prepared_by(v.staffs)),
    EngagementRelation.OVERSEER: _open(lambda v: _prepared_by(v.oversees)),
    EngagementRelation.ATTENDEE: _open(_attending),
}

_DESK = frozenset({EngagementRelation.KEEPER, EngagementRelation.PRINCIPAL, EngagementRelation.OFFICE})
_PREPARES = _DESK | {EngagementRelation.PREPARER}

ENGAGEMENT_RULES: dict[str, Allowed] = {
    Action.VIEW: frozenset(EngagementRelation),
    Verb.CORRECT: _DESK,
    Verb.INVITE: _DESK,
    Verb.UNINVITE: _DESK,
    Verb.SET_AGENDA: _PREPARES,
    Verb.SET_LOGISTICS: _PREPARES,
    Verb.SCHEDULE: frozenset({EngagementRelation.KEEPER, EngagementRelation.PRINCIPAL}),
    Verb.HOLD: _PREPARES,
    Verb.RECORD_MINUTES: _PREPARES,
    Verb.DECIDE: _PREPARES,
    Verb.INSTRUCT: _DESK,
    Verb.ATTACH: _PREPARES | {EngagementRelation.ATTENDEE},
    Verb.CANCEL: _DESK,
    Verb.REOPEN: _DESK,
}
"""Who prepares it writes agenda and minutes; whose time it takes decides who keeps the programme. Whoever makes an
instruction of a decision may record the principal's word: the same people."""


def _engagements(viewer: Viewer) -> Q:
    if viewer.sees_all:
        return is_open_entry()
    theirs = either([_of(viewer.kept), _prepared_by(viewer.departments), _attending(viewer)])
    return both(theirs, is_open_entry())


ENGAGEMENTS_TABLE = VerbTable(
    engagement_action,
    model=Engagement,
    relations=ENGAGEMENT_RELATIONS,
    rules=ENGAGEMENT_RULES,
    seen=_engagements,
)


_of_visible_engagement = SeenAsOwner(Engagement, _engagements, "engagement")


def _attendees(viewer: Viewer) -> Q:
    """Participation does not make a role visible (KVKK m.6)."""
    roles = known_roles(viewer)
    if roles == EVERYTHING:
        return _of_visible_engagement(viewer)
    no_role = Q(role__isnull=True)
    known = (
        no_role if roles == NOTHING else no_role | Q(Exists(Role.objects.filter(roles, pk=OuterRef("role"))))
    )
    return both(_of_visible_engagement(viewer), known)


_CHILD: dict[str, Rule] = {Action.VIEW: _of_visible_engagement}

RULES: dict[type[Model], dict[str, Any]] = {
    Engagement: ENGAGEMENTS_TABLE.as_rules(),
    Attendee: {Action.VIEW: _attendees},
    AgendaItem: _CHILD,
    Decision: _CHILD,
    EngagementLine: _CHILD,
    EngagementAttachment: _CHILD,
}
VERB_TABLES = (ENGAGEMENTS_TABLE,)
