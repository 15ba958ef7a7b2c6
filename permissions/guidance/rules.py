"""A part of THE TABLE: pins and first steps, each their owner's alone; a program's token has no side bar."""

from __future__ import annotations

from typing import Any

from django.db.models import Model

from backend.guidance.models import FirstStep, Pin
from permissions.core.filters import Action
from permissions.core.relations import in_a_browser, own_in_a_browser

_OWN: dict[str, Any] = {
    Action.VIEW: own_in_a_browser,
    Action.CHANGE: own_in_a_browser,
    Action.REGISTER: in_a_browser,
}
RULES: dict[type[Model], dict[str, Any]] = {Pin: _OWN, FirstStep: _OWN}
