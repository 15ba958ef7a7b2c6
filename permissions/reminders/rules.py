"""A part of THE TABLE: reminders. Each is its person's alone, as long as they see the case."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from django.db.models import Exists, Model, OuterRef, Q

from backend.complaints.models import Complaint
from backend.reminders import actions  # noqa: F401 - declares the verbs
from backend.reminders.models import Reminder
from backend.reminders.moves import Verb, reminder_action
from permissions.complaints.rules import complaint_filter
from permissions.core.filters import EVERYTHING, NOTHING, Action, Allowed, VerbTable, all_if, both
from permissions.core.relations import own
from permissions.core.viewer import Viewer


class ReminderRelation(StrEnum):
    """What a viewer is to a reminder."""

    OWNER = "OWNER"  # made it, and sees the case


def _own(viewer: Viewer) -> Q:
    seen = complaint_filter(viewer)
    if seen in (EVERYTHING, NOTHING):
        return both(own(viewer), seen)
    return both(own(viewer), Q(Exists(Complaint.objects.filter(seen, pk=OuterRef("complaint")))))


_OWNER = frozenset({ReminderRelation.OWNER})
REMINDER_RULES: dict[str, Allowed] = {Action.VIEW: _OWNER, **dict.fromkeys(Verb, _OWNER)}

REMINDERS = VerbTable(
    reminder_action,
    model=Reminder,
    relations={ReminderRelation.OWNER: _own},
    rules=REMINDER_RULES,
    seen=_own,
)

RULES: dict[type[Model], dict[str, Any]] = {
    Reminder: {**REMINDERS.as_rules(), Action.REGISTER: lambda v: all_if(v.user is not None)}
}
VERB_TABLES = (REMINDERS,)
