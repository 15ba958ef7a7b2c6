"""Who opens the page of settings."""

from __future__ import annotations

from backend.configuration.models import SettingChange
from permissions.core import scope
from permissions.core.filters import EVERYTHING, Action
from permissions.core.registry import RULES


def may_change() -> bool:
    """Whether the viewer may change the settings of the office."""
    return bool(RULES[SettingChange][Action.CHANGE](scope.current_viewer()) == EVERYTHING)
