"""A part of THE TABLE: a call is of who is called alone; a program's token reads none, for it may read less."""

from __future__ import annotations

from typing import Any

from django.db.models import Model

from backend.telephone.models import Call
from permissions.core.filters import Action
from permissions.core.relations import own_in_a_browser

RULES: dict[type[Model], dict[str, Any]] = {
    Call: {Action.VIEW: own_in_a_browser, Action.CHANGE: own_in_a_browser}
}
