"""Cases walked by the product's own actions at the moments of their stories."""

from __future__ import annotations

import datetime as dt
from typing import Any

from backend.complaints import actions, jobs
from backend.complaints.models import Complaint
from backend.complaints.moves import Verb, complaint_action
from backend.core.localtime import ISTANBUL, local_date
from backend.organization.calendar import working_calendar
from backend.organization.models import User
from permissions.demo.clock import MoveTo

NIGHT = dt.time(5, 15)


class Walker:
    """Says who says which verb when with which fields. What the verb does is left to its action."""

    def __init__(self, move_to: MoveTo) -> None:
        self.move_to, self.users, self.calendar = move_to, User.objects.in_bulk(), working_calendar()
        self._last: dict[int, dt.date] = {}

    def register(self, at: dt.datetime, actor: int, **facts: Any) -> Complaint:
        """Register a case that came at a moment."""
        self.move_to(at)
        case = actions.register(by=self.users[actor], receipt=False, recorder_has_code=True, **facts)
        self._last[case.pk] = case.registered_on
        return case

    def say(self, case: Complaint, verb: Verb, at: dt.datetime, actor: int, **facts: Any) -> None:
        """Let a member of staff act on the case at a moment, after the nights that lie before it."""
        self.warn(case, at)
        self.move_to(at)
        complaint_action[verb].function(case, by=self.users[actor], **facts)

    def warn(self, case: Complaint, until: dt.datetime) -> None:
        """Let the nightly job look at the case, on the nights up to a moment on which its dates ask for a warning."""
        day, self._last[case.pk] = self._last[case.pk], local_date(until)
        while day < local_date(until) and case.is_open and not case.replied_at:
            day += dt.timedelta(days=1)
            night = dt.datetime.combine(day, NIGHT, ISTANBUL)
            self.move_to(min(night, until))
            if night <= until and jobs.warnings_due(case, self.calendar):
                jobs.escalate(Complaint.objects.filter(pk=case.pk))
                case.refresh_from_db(fields=["escalation"])
