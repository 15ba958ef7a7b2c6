"""A part of THE TABLE: exports, each its maker's alone."""

from __future__ import annotations

from typing import Any

from django.db.models import Model

from backend.exports.models import Export
from permissions.core.filters import Action
from permissions.core.relations import in_a_browser, own_in_a_browser

RULES: dict[type[Model], dict[str, Any]] = {
    Export: {
        Action.VIEW: own_in_a_browser,
        Action.CHANGE: own_in_a_browser,
        Action.REGISTER: in_a_browser,
    },
}
