"""A part of THE TABLE: calendar feeds and reminders, each a person's own."""

from __future__ import annotations

from typing import Any

from django.db.models import Model

from backend.calendars.models import Feed, ReminderChoice
from permissions.core.filters import Action
from permissions.core.relations import in_a_browser, own

RULES: dict[type[Model], dict[str, Any]] = {
    Feed: {Action.VIEW: own, Action.REVOKE: own, Action.REGISTER: in_a_browser},
    ReminderChoice: {Action.VIEW: own, Action.CHANGE: own, Action.REGISTER: in_a_browser},
}
