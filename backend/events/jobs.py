"""Jobs of events: sync groups, remind guests of their answer, report late tasks."""

from __future__ import annotations

import datetime as dt

from procrastinate.contrib.django import app

from backend.core.errors import DomainError
from backend.core.localtime import today
from backend.core.session import system
from backend.events import actions
from backend.events.actions.tasks import notify
from backend.events.choices import UPCOMING, Status
from backend.events.models import Event, EventTask

REMIND = dt.timedelta(days=3)


@app.periodic(cron="35 5 * * *")
@app.task(name="events.every_morning", queue="clock", queueing_lock="events.every_morning")
def every_morning(timestamp: int) -> None:
    """08:35 local: refresh the groups of open lists; remind invited guests without an answer once, three days
    before the last day; report tasks that were due yesterday."""
    with system():
        gather_open()
        remind_guests()
        notify_late()


def gather_open() -> int:
    """Events whose list is open; how many."""
    count = 0
    for event in Event.objects.filter(status__in=UPCOMING, frozen_at=None, groups__isnull=False).distinct():
        locked = Event.objects.select_for_update(of=("self",)).get(pk=event.pk)
        try:
            actions.sync_guests(locked, by=None)
            count += 1
        except DomainError:  # frozen or ended a moment ago
            continue
    return count


def remind_guests() -> int:
    events = Event.objects.filter(
        status=Status.ANNOUNCED, answer_by__gte=today(), answer_by__lte=today() + REMIND
    )
    return sum(actions.remind(event, by=None) for event in events.select_related("principal"))


def notify_late() -> int:
    """Report tasks that were due yesterday, so that each is reported once."""
    late = EventTask.objects.open().filter(due_on=today() - dt.timedelta(days=1), event__status__in=UPCOMING)
    values: dict[int, list[EventTask]] = {}
    for task in late.select_related("event", "department", "person"):
        values.setdefault(task.event_id, []).append(task)
    for tasks in values.values():
        notify(tasks[0].event, tasks, "task_late")
    return sum(map(len, values.values()))
