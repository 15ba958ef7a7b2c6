"""Making a reminder, and what becomes of it. It is private: no journal and no story mentions it."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.complaints.models import Complaint
from backend.core.errors import DomainError, ErrorCode
from backend.core.localtime import today
from backend.core.validation import short
from backend.journal.action_table import Field, Trait
from backend.journal.state_machine import change
from backend.organization.models import User
from backend.reminders.choices import Status
from backend.reminders.models import Reminder
from backend.reminders.moves import Verb, reminder_action

LONGEST_AHEAD = dt.timedelta(days=366)
KEPT = dt.timedelta(days=7)
"""So long an ended reminder stays."""

NewDay = Annotated[
    dt.date, Field(_("On which day"), api="The local day: today at the earliest, within a year.")
]


@transaction.atomic
def remind(complaint: Complaint, *, by: User, on: dt.date, note: str = "") -> Reminder:
    """Remind a person of a case on a day; one that waits already moves there. INVALID for a day that is over, or more
    than a year ahead."""
    day, text = _checked(on), short(note, "note", 200)
    User.objects.select_for_update(no_key=True).get(pk=by.pk)  # two windows make one
    waiting = Reminder.objects.waiting().filter(user=by, complaint=complaint).first()
    if waiting is None:
        return Reminder.objects.create(
            user=by, complaint=complaint, on=day, note=text, notified_at=_notified(day)
        )
    change(waiting, Status.WAITING, on=day, note=text or waiting.note, notified_at=_notified(day))
    return waiting


@reminder_action(Verb.DONE, event="done", source=Status.WAITING, target=Status.DONE, traits=Trait.PRIMARY)
def done(reminder: Reminder, *, by: User | None) -> Reminder:
    """It was looked at: the reminder goes."""
    reminder_action.require(Verb.DONE, reminder.status)
    change(reminder, Status.DONE, ended_at=timezone.now())
    return reminder


@reminder_action(Verb.MOVE, event="moved", source=Status.WAITING, traits=Trait.PRIMARY)
def move(reminder: Reminder, *, by: User | None, on: NewDay) -> Reminder:
    """Be reminded on another day."""
    reminder_action.require(Verb.MOVE, reminder.status)
    day = _checked(on)
    change(reminder, Status.WAITING, on=day, notified_at=_notified(day))
    return reminder


@reminder_action(Verb.CANCEL, event="cancelled", source=Status.WAITING, target=Status.CANCELLED)
def cancel(reminder: Reminder, *, by: User | None) -> Reminder:
    """Do without the reminder."""
    reminder_action.require(Verb.CANCEL, reminder.status)
    change(reminder, Status.CANCELLED, ended_at=timezone.now())
    return reminder


def _checked(on: dt.date) -> dt.date:
    if not today() <= on <= today() + LONGEST_AHEAD:
        message = _("Choose a day from today on, within a year.")
        raise DomainError(ErrorCode.INVALID, message, "on")
    return on


def _notified(on: dt.date) -> dt.datetime | None:
    """Who chooses today needs no notification of it."""
    return timezone.now() if on == today() else None


def remove_old(before: dt.datetime) -> int:
    """Delete reminders that ended before this moment, and those of closed accounts. Returns how many."""
    ended = Reminder.objects.filter(ended_at__lt=before).delete()[0]
    return ended + Reminder.objects.filter(user__is_active=False).delete()[0]
