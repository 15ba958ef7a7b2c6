"""A part of THE TABLE: routing rules are the administrator's to change and the office's to read; both try them."""

from __future__ import annotations

from typing import Any

from django.db.models import Model

from backend.routing.models import RoutingRule, RuleTrial
from permissions.core.filters import Action
from permissions.core.relations import administrator, office_or_administrator

RULES: dict[type[Model], dict[str, Any]] = {
    RoutingRule: {Action.VIEW: office_or_administrator, Action.CHANGE: administrator},
    RuleTrial: {
        Action.VIEW: office_or_administrator,
        Action.REGISTER: office_or_administrator,
        Action.CHANGE: office_or_administrator,
    },
}
