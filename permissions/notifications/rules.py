"""A part of THE TABLE: notifications, and the mails that were or will be sent.

Notifications are one's own alone, with no relation that goes round that, and each only as long as one sees the row
that it is about.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce
from typing import Any

from django.db.models import Model, OuterRef, Q, Subquery
from django.db.models.lookups import IsNull

from backend.notifications.models import ABOUT, Notification, Preference
from backend.outbox.models import Message, SmsPart
from permissions.core.filters import EVERYTHING, NOTHING, Action, Rule, both
from permissions.core.relations import in_a_browser, office, own
from permissions.core.viewer import Viewer

Rules = Mapping[type[Model], Mapping[str, Rule]]


def rules_after(rules: Rules) -> dict[type[Model], dict[str, Rule]]:
    """Return the rules over notifications and mails; the first follow those over the rows that they are about."""
    return {
        Notification: dict.fromkeys((Action.VIEW, Action.CHANGE), _notifications(rules)),
        Message: dict.fromkeys((Action.VIEW, Action.CHANGE), office),
        SmsPart: {Action.VIEW: office},
        Preference: {Action.VIEW: own, Action.CHANGE: own, Action.REGISTER: in_a_browser},
    }


def _notifications(rules: Rules) -> Rule:
    """The rule over notifications, made of the rules over the rows that they are about."""

    def rule(viewer: Viewer) -> Q:
        if viewer.user_id is None:
            return NOTHING
        return reduce(both, (_none_or_seen(name, rules, viewer) for name in ABOUT), Q(user=viewer.user_id))

    return rule


def _none_or_seen(name: str, rules: Rules, viewer: Viewer) -> Q:
    """Those that are about no such row, or about one that the viewer sees. Not by EXISTS: behind an OR the planner
    reads every such row for it."""
    model: Any = Notification._meta.get_field(name).related_model
    seen = rules[model][Action.VIEW](viewer)
    if seen == EVERYTHING:
        return EVERYTHING
    none = Q(**{f"{name}__isnull": True})
    if seen == NOTHING:
        return none
    row = model._default_manager.filter(seen, pk=OuterRef(name)).values("pk")[:1]
    return none | Q(IsNull(Subquery(row), False))
