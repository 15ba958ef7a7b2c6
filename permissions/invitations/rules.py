"""A part of THE TABLE: who may do what to invitations that a principal receives.

An invitation is seen as the entry it became: what was made confidential there, only by its named readers.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from django.db.models import Model, Q

from backend.invitations import actions  # noqa: F401 - declares the verbs
from backend.invitations.models import (
    GiftOrder,
    Invitation,
    InvitationAttachment,
    InvitationLine,
    InvitationNotice,
)
from backend.invitations.moves import Verb, invitation_action
from permissions.core.filters import NOTHING, Action, Allowed, Rule, SeenAsOwner, VerbTable, all_if
from permissions.core.viewer import Viewer
from permissions.programme.rules import is_open_entry


class InvitationRelation(StrEnum):
    """What a viewer is to an invitation."""

    KEEPER = "KEEPER"  # keeps the programme of whom it invites
    PRINCIPAL = "PRINCIPAL"  # they are invited
    OFFICE = "OFFICE"  # works in the private office
    SERVED = "SERVED"  # the private office serves them: the mayor


def _of(principals: frozenset[int]) -> Q:
    return Q(principal__in=principals) & is_open_entry() if principals else NOTHING


def _everywhere_if(condition: bool) -> Q:
    return is_open_entry() if condition else NOTHING


INVITATION_RELATIONS: dict[InvitationRelation, Rule] = {
    InvitationRelation.KEEPER: lambda v: _of(v.keeps),
    InvitationRelation.PRINCIPAL: lambda v: _of(v.principal_of),
    InvitationRelation.OFFICE: lambda v: _everywhere_if(v.is_office),
    InvitationRelation.SERVED: lambda v: _everywhere_if(v.sees_all and not v.is_office),
}

_KEEPS = frozenset({InvitationRelation.KEEPER, InvitationRelation.PRINCIPAL})
_DESK = _KEEPS | {InvitationRelation.OFFICE}

INVITATION_RULES: dict[str, Allowed] = {
    Action.VIEW: frozenset(InvitationRelation),
    Verb.ATTEND: _KEEPS,
    Verb.REPRESENT: _KEEPS,
    Verb.DECLINE: _KEEPS,
    Verb.CORRECT: _DESK,
    Verb.LINK_PARTNER: _DESK,
    Verb.CANCEL: _DESK,
    Verb.REOPEN: _KEEPS,
    Verb.ORDER: _DESK,
    Verb.FULFIL: _DESK,
    Verb.DROP: _DESK,
    Verb.ATTACH: _DESK,
}
"""Verb -> the relations that may perform it. Keepers of the programme decide on attendance."""


def _invitations(viewer: Viewer) -> Q:
    return is_open_entry() if viewer.sees_all else _of(viewer.kept)


INVITATIONS_TABLE = VerbTable(
    invitation_action,
    model=Invitation,
    relations=INVITATION_RELATIONS,
    rules=INVITATION_RULES,
    seen=_invitations,
)


_of_visible_invitation = SeenAsOwner(Invitation, _invitations, "invitation")


_CHILD: dict[str, Rule] = {Action.VIEW: _of_visible_invitation}

RULES: dict[type[Model], dict[str, Any]] = {
    Invitation: {
        **INVITATIONS_TABLE.as_rules(),
        Action.REGISTER: lambda v: all_if(v.is_office or bool(v.kept)),
    },
    InvitationLine: _CHILD,
    InvitationNotice: _CHILD,
    InvitationAttachment: _CHILD,
    GiftOrder: _CHILD,
}
VERB_TABLES = (INVITATIONS_TABLE,)
