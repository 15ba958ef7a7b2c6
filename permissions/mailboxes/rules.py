"""A part of THE TABLE: mailboxes, which Bilgi İşlem manages, and the mails that came in, which are their unit's."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, Model, OuterRef, Q

from backend.mailboxes.models import InboundFile, InboundMail, Mailbox
from permissions.core.filters import EVERYTHING, NOTHING, Action, Rule, either
from permissions.core.relations import administrator
from permissions.core.viewer import Viewer


def _of_unit(viewer: Viewer) -> Q:
    """The office sees all of them, a unit its own."""
    if viewer.sees_all:
        return EVERYTHING
    return Q(department__in=viewer.departments) if viewer.departments else NOTHING


def _mailboxes(viewer: Viewer) -> Q:
    return either([_of_unit(viewer), administrator(viewer)])


def _of_visible_mail(viewer: Viewer) -> Q:
    """A child row is visible exactly when its mail is."""
    if (rule := _of_unit(viewer)) in (EVERYTHING, NOTHING):
        return rule
    return Q(Exists(InboundMail.objects.filter(rule, pk=OuterRef("mail"))))


_CHILD: dict[str, Rule] = {Action.VIEW: _of_visible_mail}

RULES: dict[type[Model], dict[str, Any]] = {
    Mailbox: {Action.VIEW: _mailboxes, Action.CHANGE: administrator, Action.REGISTER: administrator},
    InboundMail: {Action.VIEW: _of_unit},
    InboundFile: _CHILD,
}
