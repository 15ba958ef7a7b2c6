"""A part of THE TABLE: drafts, each its writer's alone; a program's token reads none, for it may read less."""

from __future__ import annotations

from typing import Any

from django.db.models import Model

from backend.drafts.models import Draft
from permissions.core.filters import Action
from permissions.core.relations import in_a_browser, own_in_a_browser

RULES: dict[type[Model], dict[str, Any]] = {
    Draft: {
        Action.VIEW: own_in_a_browser,
        Action.CHANGE: own_in_a_browser,
        Action.REGISTER: in_a_browser,
    },
}
