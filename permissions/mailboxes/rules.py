"""A part of THE TABLE: mailboxes, which Bilgi İşlem manages, and the mails that came in, which are their unit's."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from django.db.models import Exists, Model, OuterRef, Q

from backend.mailboxes import actions  # noqa: F401 - declares the verbs
from backend.mailboxes.models import InboundFile, InboundMail, Mailbox
from backend.mailboxes.moves import Verb, inbound_mail_action
from permissions.core.filters import EVERYTHING, NOTHING, Action, Allowed, Rule, VerbTable, either
from permissions.core.relations import administrator, office, served
from permissions.core.viewer import Viewer


class InboundMailRelation(StrEnum):
    """What a viewer is to a mail that came in."""

    OFFICE = "OFFICE"  # works in the private office, which coordinates what comes in
    SERVED = "SERVED"  # the private office serves them: the mayor
    WORKER = "WORKER"  # works in the unit on whose desk it lies
    OVERSEER = "OVERSEER"  # the deputy mayor of that unit


def _on_desk_of(departments: frozenset[int]) -> Q:
    return Q(department__in=departments) if departments else NOTHING


INBOUND_MAIL_RELATIONS: dict[InboundMailRelation, Rule] = {
    InboundMailRelation.OFFICE: office,
    InboundMailRelation.SERVED: served,
    InboundMailRelation.WORKER: lambda v: _on_desk_of(v.staffs),
    InboundMailRelation.OVERSEER: lambda v: _on_desk_of(v.oversees),
}
_DESK = frozenset({InboundMailRelation.OFFICE, InboundMailRelation.WORKER})
INBOUND_MAIL_RULES: dict[str, Allowed] = {
    Action.VIEW: frozenset(InboundMailRelation),
    Verb.MAKE_CASE: _DESK,
    Verb.ROUTE: _DESK,
    Verb.SET_ASIDE: _DESK,
    Verb.TAKE_UP: _DESK,
}
"""Every member of staff of the unit works its desk: refusing a petition is an offence (TCK 121)."""


def _of_unit(viewer: Viewer) -> Q:
    """The office sees all of them, a unit its own."""
    return EVERYTHING if viewer.sees_all else _on_desk_of(viewer.departments)


def _mailboxes(viewer: Viewer) -> Q:
    return either([_of_unit(viewer), administrator(viewer)])


INBOUND_MAILS_TABLE = VerbTable(
    inbound_mail_action,
    model=InboundMail,
    relations=INBOUND_MAIL_RELATIONS,
    rules=INBOUND_MAIL_RULES,
    seen=_of_unit,
)


def _of_visible_mail(viewer: Viewer) -> Q:
    """A child row is visible exactly when its mail is."""
    if (rule := _of_unit(viewer)) in (EVERYTHING, NOTHING):
        return rule
    return Q(Exists(InboundMail.objects.filter(rule, pk=OuterRef("mail"))))


_CHILD: dict[str, Rule] = {Action.VIEW: _of_visible_mail}

RULES: dict[type[Model], dict[str, Any]] = {
    Mailbox: {Action.VIEW: _mailboxes, Action.CHANGE: administrator, Action.REGISTER: administrator},
    InboundMail: INBOUND_MAILS_TABLE.as_rules(),
    InboundFile: _CHILD,
}
VERB_TABLES = (INBOUND_MAILS_TABLE,)
