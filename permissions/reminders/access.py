"""Being reminded of a case that one sees."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db.models import QuerySet

from backend.complaints.models import Complaint
from backend.reminders import actions
from backend.reminders.models import Reminder
from permissions.core import scope
from permissions.core.filters import Action
from permissions.plans import querysets as plans


def remind_me(case: UUID, *, on: dt.date, note: str = "") -> Reminder:
    """Remind the viewer of a case on a day. NOT_FOUND for one that they do not see; INVALID."""
    row = scope.get(Complaint, case, field="id")
    with scope.elevated_for(Reminder, Action.REGISTER):
        return actions.remind(row, by=scope.require_user(), on=on, note=note)


def of_case(complaint: Complaint) -> Reminder | None:
    """The viewer's reminder of a case that still waits."""
    return next(iter(plans.rows("reminder of a case", _waiting_of, complaint.pk)), None)


def _waiting_of(case: int) -> QuerySet[Reminder]:
    rows = scope.visible(Reminder.objects.waiting()).filter(complaint=case)
    return scope.with_relations(rows).order_by("pk")[:1]
