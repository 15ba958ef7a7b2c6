"""A part of THE TABLE: the settings of the office."""

from __future__ import annotations

from typing import Any

from django.db.models import Model

from backend.configuration.models import SettingChange
from permissions.core.filters import Action
from permissions.core.relations import everybody, office_head_or_administrator

RULES: dict[type[Model], dict[str, Any]] = {
    SettingChange: {Action.VIEW: everybody, Action.CHANGE: office_head_or_administrator},
}
"""What is in force is on every paper; who changes it, Bilgi İşlem or the head of the office, does so in a browser."""
